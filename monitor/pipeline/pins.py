"""Pinned quotes: words that a maintainer approved and that must stay; when a good reading lacks them, that is an alert.

Comes in: words of a page, or what a capture was found to be. Goes out: pins, and alerts about those that went: held
until a second fetch agrees, dropped when the words are back, none when an alert at hand tells of the same removal.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from monitor.assess import rules
from monitor.compare import NEAR_HEADINGS
from monitor.model.alert import Alert, AlertState, Evidence, alert_id
from monitor.model.desk import Pin, PinId, content_id
from monitor.model.document import Block, BlockKind, Document, Part
from monitor.model.errors import PinError
from monitor.model.finding import Finding, History, Sight
from monitor.model.page import Page, PageId, Publication
from monitor.model.verdict import Direction, Kind, Level, Quote, Reason
from monitor.once import once
from monitor.optout.sentences import sentences
from monitor.pipeline.review import Decider
from monitor.ports import World
from monitor.text import fold

RULE = "pinned-quote"
LEAST_WORDS = 3  # fewer stand on any page somewhere
PRIORITY = 90  # beside the strongest cues: a person said that these words matter
WAITS_FOR = "the next fetch, to confirm it"
BACK = "the pinned words are back"
UNPINNED = "the words are not pinned any more"
OPEN = (AlertState.HELD, AlertState.PENDING, AlertState.APPROVED)
# A block that shares this part of the pinned words is what became of them.
REWORDED = 0.5

_WORD = re.compile(r"\w+", re.UNICODE)
_LISTED = frozenset({BlockKind.ITEM, BlockKind.STEP, BlockKind.ROW})


def pin(page_id: str, words: str, by: Decider, world: World) -> Pin:
    """Pin words of a page: from now on it is an alert when a good reading lacks them. Pinning twice does no harm.

    An entry of a list is pinned in its first place: the same words under other headings say something else.

    Raises:
        PinError: the page is not watched or not read yet, or does not say these words now.
    """
    page = world.watchlist.page(page_id)
    if page is None:
        raise PinError(f"page {page_id}", "is not watched")
    if len(_words(words).split()) < LEAST_WORDS:
        raise PinError(f"page {page_id}", f"pin at least {LEAST_WORDS} words")
    block = next(_blocks_with(_newest(page, world), words), None)
    if block is None:
        raise PinError(f"page {page_id}", "does not say these words now: copy them from its newest reading")
    made = _pin(page, words, block, by, world)
    world.desk.write_pin(made)
    return made


def pin_quotes(alert: Alert, by: Decider, world: World) -> tuple[Pin, ...]:
    """Pin what an alert quotes as said now, as far as the page still says it; return the pins."""
    page = world.watchlist.page(alert.page)
    if page is None:
        return ()
    document = _newest(page, world)
    quotes = [quote for quote in alert.quotes if len(_words(quote.after).split()) >= LEAST_WORDS]
    made: dict[PinId, Pin] = {}
    for quote in quotes:
        blocks = _blocks_with(document, quote.after)
        block = next((block for block in blocks if block.trail == quote.trail), None)
        if block is not None:
            new = replace(_pin(page, quote.after, block, by, world), aspects=alert.aspects)
            made[new.id] = new
    for new in made.values():
        world.desk.write_pin(new)
    return tuple(made.values())


def _pin(page: Page, words: str, block: Block, by: Decider, world: World) -> Pin:
    listed = block.kind in _LISTED
    return Pin(
        id=PinId(content_id(page.id, _words(words), *(_near(block.trail) if listed else ()))),
        page=page.id,
        words=words.strip(),
        trail=block.trail,
        listed=listed,
        who=by.who,
        at=world.now(),
    )


def unpin(id: str, world: World) -> Pin:
    """End a pin (the beginning of its id is enough): the words may go.

    Raises:
        PinError: no pin in force has this id, or several begin so.
    """
    near = [each for each in active(world) if id and each.id.startswith(id)]
    if len(near) != 1:
        raise PinError(f"pin {id}", "there is none: `optout-monitor review pins` shows them")
    ended = replace(near[0], ended=world.now())
    world.desk.write_pin(ended)
    return ended


def active(world: World, page: PageId | None = None) -> tuple[Pin, ...]:
    """Return the pins in force, of one page or of all, oldest first."""
    return tuple(each for each in world.desk.pins() if each.ended is None and page in (None, each.page))


def is_about_pin(alert: Alert) -> bool:
    """Say whether an alert tells of a pinned quote that went."""
    return any(reason.rule == RULE for reason in alert.reasons)


def undecided(page: PageId, world: World) -> bool:
    """Say whether a pinned quote is missed and not confirmed yet: then the page is asked for whole."""
    return bool(_held(page, world))


def missed(page: Page, before: History, finding: Finding, told: Iterable[Alert], world: World) -> Iterator[Alert]:
    """Yield the alerts about pins that a capture raises or settles; `before` is the history that it came to.

    `told` are the capture's own alerts that no rule dismisses. A capture that is refused or suspect says nothing.
    """
    after, sight = finding.history, finding.sight
    if finding.refusal is not None or sight is None or after.newest is None or after.document is None:
        return
    if sight.fingerprint != after.newest.fingerprint:
        return
    pins = active(world, page.id)
    held = {_pin_of(one): one for one in _held(page.id, world)}
    known = [one for one in world.desk.alerts() if one.page == page.id] if pins else []
    for each in pins:
        here = _stands(after.document, each)
        waits = held.pop(each.id, None)
        if waits is not None:
            yield from _settled(page, waits, sight, here=here)
        elif not here and _went(before, each) and not _is_told(each, (*told, *known), sight):
            yield _raised(page, each, before, sight, after.document)
    yield from (replace(one, state=AlertState.DISMISSED, title=UNPINNED) for one in held.values())


def _held(page: PageId, world: World) -> list[Alert]:
    return [one for one in world.desk.alerts(AlertState.HELD) if one.page == page and is_about_pin(one)]


def _pin_of(alert: Alert) -> str:
    return next(reason.cue for reason in alert.reasons if reason.rule == RULE)


def _newest(page: Page, world: World) -> Document:
    history = world.journal.history(page.id, rules(page, world.lexicons))
    if history is None or history.document is None:
        raise PinError(f"page {page.id}", f"was not read by today's rules: `optout-monitor check {page.id}` does that")
    return history.document


def _words(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))


@once(8)
def _readings(document: Document) -> tuple[tuple[str, Block], ...]:
    return tuple((f" {_words(block.text)} ", block) for block in document.blocks if block.part is not Part.FURNITURE)


def _blocks_with(document: Document, words: str) -> Iterator[Block]:
    """Yield the blocks that say these words, whatever stands round them."""
    wanted = f" {_words(words)} "
    return (block for reading, block in _readings(document) if wanted in reading)


def _places(document: Document, pin: Pin) -> Iterator[Block]:
    """Yield the blocks that say what is pinned: an entry of a list under its own headings."""
    blocks = _blocks_with(document, pin.words)
    return (block for block in blocks if not pin.listed or _near(block.trail) == _near(pin.trail))


def _stands(document: Document, pin: Pin) -> bool:
    return next(_places(document, pin), None) is not None


def _near(trail: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_words(heading) for heading in trail[-NEAR_HEADINGS:])


def _went(before: History, pin: Pin) -> bool:
    return before.document is not None and _stands(before.document, pin)


def _is_told(pin: Pin, alerts: Iterable[Alert], sight: Sight) -> bool:
    """Say whether an alert at once, of this capture or still open, quotes the pinned words as gone."""
    at_once = (one for one in alerts if one.level is Level.ALERT and one.state is not AlertState.DISMISSED)
    near = (one for one in at_once if one.state in OPEN or one.evidence.after == sight.capture)
    wanted = f" {_words(pin.words)} "
    return any(_tells(quote, wanted) for one in near for quote in one.quotes)


def _tells(quote: Quote, wanted: str) -> bool:
    """Say whether a quote tells that words went: one of the two holds the other, and what is there now does not."""
    before, after = f" {_words(quote.before)} ", f" {_words(quote.after)} "
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
    block = next(_places(document, pin))
    return replace(pin, words=_verbatim(block, pin.words), trail=block.trail)


def _verbatim(block: Block, words: str) -> str:
    """Return the fewest sentences of a block, one after the other, that say these words."""
    wanted, said = f" {_words(words)} ", sentences(block.text)
    runs = ((last - first, said[first:last]) for first in range(len(said)) for last in range(first + 1, len(said) + 1))
    for _, run in sorted(runs, key=lambda one: one[0]):
        if wanted in f" {_words(' '.join(run))} ":
            return " ".join(run)
    return block.text


def _became(pin: Pin, document: Document) -> str:
    """Return the sentence that shares most words with a pin, or an empty text when none shares half of them.

    Where the same words stand elsewhere in the document, that is another statement and not what became of these.
    """
    said = f" {_words(pin.words)} "
    wanted = set(said.split())
    others = (text for words, block in _readings(document) if said not in words for text in sentences(block.text))
    shares = ((len(wanted & set(_words(text).split())) / len(wanted), text) for text in others)
    share, text = max(shares, default=(0.0, ""), key=lambda one: one[0])
    return text if share > REWORDED else ""
