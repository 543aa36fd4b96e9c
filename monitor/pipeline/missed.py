"""What becomes of pinned quotes: a capture's finding in, alerts about those that its page no longer says out.

A loss is held until a second fetch agrees and dropped when the words are back; it is none when an alert at hand tells
of the same removal.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from monitor.compare import blocks_saying, spoken
from monitor.model.alert import Alert, AlertState, Evidence, alert_id
from monitor.model.desk import Pin
from monitor.model.document import Block, Document, Part
from monitor.model.finding import Finding, History, Sight
from monitor.model.page import Page, Publication
from monitor.model.verdict import NEXT_FETCH, Direction, Kind, Level, Quote, Reason
from monitor.optout.sentences import sentences
from monitor.pipeline.pins import LEAST_WORDS, RULE, active, places, undecided
from monitor.ports import World

PRIORITY = 90  # beside the strongest cues: a person said that these words matter
WAITS_FOR = f"{NEXT_FETCH}, to confirm it"
BACK = "the pinned words are back"
UNPINNED = "the words are not pinned any more"
OPEN = (AlertState.HELD, AlertState.PENDING, AlertState.APPROVED)
# A sentence that shares more than this part of the pinned words is what became of them.
REWORDED = 0.5


def missed_pins(page: Page, before: History, finding: Finding, told: Iterable[Alert], world: World) -> Iterator[Alert]:
    """Yield the alerts about pins that a capture raises or settles; `before` is the history that it came to.

    `told` are the capture's own alerts that no rule dismisses. A capture that is refused or suspect says nothing.
    """
    after, sight = finding.history, finding.sight
    if finding.refusal is not None or sight is None or after.newest is None or after.document is None:
        return
    if sight.fingerprint != after.newest.fingerprint:
        return
    pins = active(world, page.id)
    held = {_pin_of(one): one for one in undecided(page.id, world)}
    known = world.desk.alerts(page=page.id) if pins else ()
    for each in pins:
        here = _stands(after.document, each)
        waits = held.pop(each.id, None)
        if waits is not None:
            yield from _settled(page, waits, sight, here=here)
        elif not here and _went(before, each) and not _is_told(each, (*told, *known), sight):
            yield _raised(page, each, before, sight, after.document)
    yield from (replace(one, state=AlertState.DISMISSED, title=UNPINNED) for one in held.values())


def _pin_of(alert: Alert) -> str:
    return next(reason.cue for reason in alert.reasons if reason.rule == RULE)


def _stands(document: Document, pin: Pin) -> bool:
    return next(places(document, pin), None) is not None


def _went(before: History, pin: Pin) -> bool:
    return before.document is not None and _stands(before.document, pin)


def _is_told(pin: Pin, alerts: Iterable[Alert], sight: Sight) -> bool:
    """Say whether an alert at once, of this capture or still open, quotes the pinned words as gone."""
    at_once = (one for one in alerts if one.level is Level.ALERT and one.state is not AlertState.DISMISSED)
    near = (one for one in at_once if one.state in OPEN or one.evidence.after == sight.capture)
    wanted = spoken(pin.words)
    return any(_tells(quote, wanted) for one in near for quote in one.quotes)


def _tells(quote: Quote, wanted: str) -> bool:
    """Say whether a quote tells that words went: one of the two holds the other, and what is there now does not."""
    before, after = spoken(quote.before), spoken(quote.after)
    both = wanted in before or (len(before.split()) >= LEAST_WORDS and before in wanted)
    return both and wanted not in after


def _settled(page: Page, held: Alert, sight: Sight, *, here: bool) -> Iterator[Alert]:
    """Yield a held alert as a later good reading leaves it."""
    if here:
        yield replace(held, state=AlertState.DISMISSED, title=BACK, evidence=replace(held.evidence, confirmed_at=None))
    elif sight.at > held.evidence.after_at:
        automatic = page.publish.alert is Publication.AUTOMATIC
        state = AlertState.APPROVED if automatic else AlertState.PENDING
        yield replace(held, state=state, waits_for="", evidence=replace(held.evidence, confirmed_at=sight.at))


def _raised(page: Page, pin: Pin, before: History, sight: Sight, document: Document) -> Alert:
    assert before.newest is not None  # the pinned words stood in its reading
    assert before.document is not None
    was, now = _said(before.document, pin), _became(pin, document)
    what = "reads differently" if now else "is gone"
    return Alert(
        id=alert_id(page.id, f"pin {pin.id}", sight.fingerprint),
        page=page.id,
        service=page.service,
        kind=Kind.OPTOUT,
        level=Level.ALERT,
        title=f"{page.title or page.id}: a sentence on opting out that maintainers pinned {what}",
        meaning="Read the page before you rely on what it said: these words no longer stand on it.",
        quotes=(Quote(was.words, now, was.trail),),
        evidence=Evidence(
            before=before.newest.capture,
            before_at=before.newest.at,
            after=sight.capture,
            after_at=sight.at,
            url=page.url,
            region=page.region,
            language=page.language,
        ),
        raised=sight.at,
        state=AlertState.HELD,
        aspects=pin.aspects,
        directions=(Direction.REWORDED if now else Direction.REMOVED,),
        reasons=(Reason(rule=RULE, cue=pin.id, where=" > ".join(pin.trail[-3:]), weight=float(PRIORITY)),),
        waits_for=WAITS_FOR,
        priority=PRIORITY,
        language=page.language or "en",
    )


def _said(document: Document, pin: Pin) -> Pin:
    """Return a pin with the sentences of a document that say it, letter for letter, and their headings there."""
    block = next(places(document, pin))
    return replace(pin, words=_verbatim(block, pin.words), trail=block.trail)


def _verbatim(block: Block, words: str) -> str:
    """Return the fewest sentences of a block, one after the other, that say these words."""
    wanted, said = spoken(words), sentences(block.text)
    runs = ((last - first, said[first:last]) for first in range(len(said)) for last in range(first + 1, len(said) + 1))
    for _, run in sorted(runs, key=lambda one: one[0]):
        if wanted in spoken(" ".join(run)):
            return " ".join(run)
    return block.text


def _became(pin: Pin, document: Document) -> str:
    """Return the sentence that shares most words with a pin, or an empty text when none shares half of them.

    Where the same words stand elsewhere in the document, that is another statement and not what became of these.
    """
    wanted, same = set(spoken(pin.words).split()), {id(block) for block in blocks_saying(document, pin.words)}
    others = (block for block in document.blocks if block.part is not Part.FURNITURE and id(block) not in same)
    told = (sentence for block in others for sentence in sentences(block.text))
    shares = ((len(wanted & set(spoken(sentence).split())) / len(wanted), sentence) for sentence in told)
    share, sentence = max(shares, default=(0.0, ""), key=lambda one: one[0])
    return sentence if share > REWORDED else ""
