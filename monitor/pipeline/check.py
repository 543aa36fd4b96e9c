"""One page asked for once: fetch, keep, assess, write down. The order is here; every decision is in `assess`.

Comes in: a declared page and the world. Goes out: how the check ended. The bytes are kept before anything is made of
them, and a capture counts as read only when its check is written down, so that a crash between any two steps repeats
safely: what was kept and not read is read with the next capture.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from monitor.assess import alerts_of, assess, rules
from monitor.extract import Opened, opened
from monitor.model.alert import Alert, AlertId, AlertState
from monitor.model.capture import Capture, Digest, Miss, Unchanged, validators_of
from monitor.model.errors import MonitorError, StoreDamaged, StoreError, StoreTooNew
from monitor.model.finding import Finding, History, Known, Newest, newest_of
from monitor.model.page import Page
from monitor.model.status import Check, Outcome
from monitor.model.verdict import Kind
from monitor.once import forget
from monitor.pipeline import pins
from monitor.pipeline.missed import missed_pins
from monitor.pipeline.rules import ruled
from monitor.ports import World

LOG = logging.getLogger(__name__)
DETAIL_CHARS = 500
FAULT = "a fault of ours, see the log; what came is kept and will be read"

# Checks that read what was read before.
SEEN = frozenset({Outcome.UNCHANGED, Outcome.QUIET})

# Marks in `Capture.source` what came with a miss: it is evidence, and never a reading of the page.
MISS_MARK = "miss"
QUIET = {
    Kind.FIRST: "seen for the first time: nothing to compare with",
    Kind.NOISE: "nothing that a reader would notice",
    Kind.FLAP: "a text seen before",
    Kind.CAPTURE: "the capture differs, not the page",
    Kind.SUBSTANTIVE: "changed, and nothing about opting out",
}
NOT_READ = frozenset({Outcome.MISSED, Outcome.REFUSED})


def check_all(pages: Iterable[Page], world: World) -> Iterator[Check]:
    """Yield how the check of each page ended, one after the other; a fault at one page does not stop the others.

    Raises:
        StoreError: nothing can be kept; no further page is asked for.
    """
    for page in pages:
        yield checked(page, world)


def checked(page: Page, world: World) -> Check:
    """Return how the check of a page ended; a fault of ours is logged and ends only this check.

    Raises:
        StoreError: nothing can be kept.
    """
    try:
        return check(page, world)
    except MonitorError:
        raise
    except Exception as fault:
        LOG.exception("check of page %s", page.id, extra={"page": page.id})
        detail = f"{FAULT} ({type(fault).__name__})"
        return Check(page=page.id, at=world.now(), outcome=Outcome.MISSED, detail=detail)


def check(page: Page, world: World) -> Check:
    """Ask for a page once, keep what came, and write down what it means; return how that ended.

    What came when nothing could be kept is kept first: while that fails, nobody is asked for what would be lost. The
    page is asked for whole then, since what waited may change what is known of it.

    Raises:
        StoreError: nothing can be kept; what came waits in memory for the next check.
    """
    late, known = _kept_late(page, world), world.journal.known(page.id, rules(page, world.lexicons))
    newest = None if late else _decided(page, known, world)
    fetched = world.fetchers[page.fetcher](page, newest.validators if newest else None)
    match fetched:
        case Capture():
            _keep(fetched, world)
            if _read_left_over(page, known, fetched.at, world):
                newest = _newest(page, world)
            return _recorded(page, fetched, newest, world)
        case Unchanged():
            _read_left_over(page, known, fetched.at, world)
            return _noted(world, unchanged(fetched))
        case Miss():
            if fetched.capture is not None:
                _keep(_marked(fetched, fetched.capture), world)
            _read_left_over(page, known, fetched.at, world)
            return _noted(world, missed(fetched))


def outcome(finding: Finding) -> Outcome:
    """Return how a check ended that found this."""
    verdict = finding.verdict
    if finding.refusal is not None:
        return Outcome.REFUSED
    if (verdict.relevant and not verdict.held) or any(one.confirmed for one in finding.settled):
        return Outcome.NEWS
    if verdict.held:
        return Outcome.HELD
    return {Kind.FIRST: Outcome.FIRST, Kind.SAME: Outcome.UNCHANGED}.get(verdict.kind, Outcome.QUIET)


def detail(finding: Finding) -> str:
    """Return what a check found, in a sentence or two for maintainers."""
    if finding.refusal is not None:
        return _short(f"{finding.refusal.why}: {'; '.join(finding.refusal.evidence)}")
    said = [one.verdict.title for one in finding.settled]
    said.append(finding.verdict.title)
    if finding.verdict.held:
        said.append(f"waits for {finding.verdict.waits_for}")
    words = [each for each in said if each] or [QUIET.get(finding.verdict.kind, "")]
    return _short("; ".join(filter(None, (*words, *finding.remarks))))


def unchanged(fetched: Unchanged) -> Check:
    """Return the check of a page that the server says is as it was."""
    return Check(page=fetched.page, at=fetched.at, outcome=Outcome.UNCHANGED, capture=fetched.since)


def missed(fetched: Miss) -> Check:
    """Return the check of a page that did not come."""
    return Check(
        page=fetched.page,
        at=fetched.at,
        outcome=Outcome.MISSED,
        capture=fetched.capture.digest if fetched.capture else None,
        detail=_short(f"{fetched.why}: {fetched.detail}"),
    )


def folded(page: Page, captures: Iterable[Capture], world: World) -> History:
    """Return what is remembered of a page after these captures; nothing is told and nothing written."""
    history = History(rules=rules(page, world.lexicons))
    for capture in captures:
        if MISS_MARK not in capture.source:
            history = assess(page, history, capture, world.lexicons).history
    return history


def _kept_late(page: Page, world: World) -> bool:
    """Keep what came of a page and could not be kept at its last check; say whether there was anything."""
    waiting = world.unkept.of(page.id)
    if waiting is None:
        return False
    world.evidence.keep(waiting)
    world.unkept.let_go(page.id)
    return True


def _keep(capture: Capture, world: World) -> None:
    """Keep a capture; one that cannot be kept now waits.

    What it shows must not be lost: of a page that shows two versions by turns, answers that are lost could leave the
    same version twice in a row, and that is what confirms a change.
    """
    try:
        world.evidence.keep(capture)
    except (StoreDamaged, StoreTooNew):
        raise
    except StoreError:
        world.unkept.hold(capture)
        raise


def _newest(page: Page, world: World) -> Newest | None:
    return _decided(page, world.journal.known(page.id, rules(page, world.lexicons)), world)


def _decided(page: Page, known: Known, world: World) -> Newest | None:
    """Return what a page showed last, or None while something about it is undecided.

    Then it is asked for whole and read as a whole: a doubt is settled by bytes, not by a word of the server's.
    """
    return None if known.held and pins.undecided(page.id, world) else known.newest


def _read_left_over(page: Page, known: Known, before: datetime, world: World) -> bool:
    """Read the captures that an earlier run kept and did not come to read; say whether there were any."""
    if known.last is None or not known.left_over:
        return False
    found = False
    for capture in world.evidence.captures(page.id, after=known.last.at):
        if capture.at < before and MISS_MARK not in capture.source:
            _recorded(page, capture, _newest(page, world), world)
            found = True
    return found


def _recorded(page: Page, capture: Capture, newest: Newest | None, world: World) -> Check:
    """Assess a capture and write down what it is, in one transaction.

    The readable text is written first: it stands beside evidence that is kept already, and a second run writes the
    same again, whereas a recorded capture is not read twice.
    """
    opening = None
    if newest is not None:
        opening = opened(capture, page.recipe)
        if newest.source == opening.name:
            return _unmoved(page, capture, newest, world)
    known = world.journal.history(page.id, rules(page, world.lexicons))
    history = known if known is not None else _anew(page, capture, world)
    if history.newest is None:
        opening = _read_alone(page, capture)
    finding = assess(page, history, capture, world.lexicons, opening)
    if known is None and finding.document is None and finding.refusal is None:
        finding = _first_written(page, capture, finding, world)
    for remark in finding.remarks:
        LOG.warning("page %s: %s", page.id, remark, extra={"page": page.id})
    if finding.document is not None and finding.history.newest == finding.sight:
        world.evidence.write_reading(page, finding)
    alerts, dismissals = ruled(_alerts(page, finding, world), world)
    dismissed = {review.alert for review in dismissals}
    lost = tuple(missed_pins(page, history, finding, (one for one in alerts if one.id not in dismissed), world))
    told = _told(capture, finding, lost)
    shown = newest_of(finding.history, capture) if finding.refusal is None else newest
    if finding.history is known and not (alerts or lost):
        return _noted(world, told) if shown is None else _noted_as(shown, told, known.rules, world)
    bounded = _bounded((*alerts, *lost), finding, history, world)
    world.journal.record(page, told, finding, bounded, dismissals, shown)
    return told


def _read_alone(page: Page, capture: Capture) -> Opened:
    """Return a capture of a page that is not known, read; what reading it left for speed goes before it is judged.

    Nothing of it comes again soon, and it would lie beside all that judging leaves.
    """
    opening = opened(capture, page.recipe)
    opening.read()
    forget()
    return opening


def _unmoved(page: Page, capture: Capture, newest: Newest, world: World) -> Check:
    """Write down a capture that is read as the newest one was, without reading it."""
    kind = Kind.SAME if newest.sight.capture == capture.digest else Kind.NOISE
    outcome = Outcome.UNCHANGED if kind is Kind.SAME else Outcome.QUIET
    told = Check(page=page.id, at=capture.at, outcome=outcome, capture=capture.digest, detail=QUIET.get(kind, ""))
    shown = replace(newest, validators=validators_of(capture))
    return _noted_as(shown, told, rules(page, world.lexicons), world)


def _told(capture: Capture, finding: Finding, lost: Iterable[Alert]) -> Check:
    """Return the check of a capture; a pinned quote that it lacks, or confirms as gone, is news as any other."""
    told = Check(
        page=capture.page, at=capture.at, outcome=outcome(finding), capture=capture.digest, detail=detail(finding)
    )
    for one in lost:
        told = replace(told, detail=_short("; ".join(filter(None, (told.detail, one.title)))))
        if told.outcome in SEEN and one.state is not AlertState.DISMISSED:
            told = replace(told, outcome=Outcome.HELD if one.state is AlertState.HELD else Outcome.NEWS)
    return told


def _anew(page: Page, capture: Capture, world: World) -> History:
    """Return the history before a capture, made anew by today's rules from what is kept; its news is old.

    What these rules would have held then goes on waiting only where it was held: nothing old becomes news.
    """
    earlier = (each for each in world.evidence.captures(page.id) if each.at < capture.at)
    history = folded(page, earlier, world)
    known = _known(page, world) if history.waiting else {}
    return replace(history, waiting=tuple(one for one in history.waiting if one.sight.capture in known))


def _first_written(page: Page, capture: Capture, finding: Finding, world: World) -> Finding:
    """Return a finding of nothing new as that of a first sight, where no version of the page is written down.

    A process that was killed at the first sight left a capture and nothing else, as a lost database leaves many.
    """
    if world.journal.versions(page.id):
        return finding
    first = assess(page, History(rules=finding.history.rules), capture, world.lexicons)
    return replace(first, history=replace(finding.history, newest=first.sight, document=first.document))


def _known(page: Page, world: World) -> Mapping[Digest, AlertId]:
    """Return the alerts of a page by the capture that each is about; corrections and missed pins are told beside."""
    own = world.desk.alerts(page=page.id)
    return {alert.evidence.after: alert.id for alert in own if not (alert.corrects or pins.is_about_pin(alert))}


def _alerts(page: Page, finding: Finding, world: World) -> Iterator[Alert]:
    """Yield the alerts of a finding; one about a capture that has an alert already keeps that one's id.

    Ids come from readings, and other rules read otherwise: what was told must not be told again after an upgrade.
    """
    alerts = alerts_of(page, finding)
    known = _known(page, world) if alerts else {}
    return (replace(one, id=known.get(one.evidence.after, one.id)) for one in alerts)


def _bounded(alerts: tuple[Alert, ...], finding: Finding, history: History, world: World) -> tuple[Alert, ...]:
    """Return alerts whose evidence begins with the last check that still read as before, where that is known."""
    newest = next(iter(world.journal.checks(alerts[0].page, newest=1)), None) if alerts else None
    if newest is None or newest.outcome not in SEEN or finding.before != history.newest:
        return alerts
    return tuple(_from(newest, alert) for alert in alerts)


def _from(seen: Check, alert: Alert) -> Alert:
    evidence = alert.evidence
    if seen.capture is None or not evidence.before_at < seen.at < evidence.after_at:
        return alert
    return replace(alert, evidence=replace(evidence, before=seen.capture, before_at=seen.at))


def _marked(miss: Miss, capture: Capture) -> Capture:
    return replace(capture, source={**capture.source, MISS_MARK: miss.why.value})


def _noted(world: World, told: Check) -> Check:
    world.journal.missed(told)
    return told


def _noted_as(newest: Newest, told: Check, rules: str, world: World) -> Check:
    world.journal.unmoved(told, rules, newest)
    return told


def _short(text: str) -> str:
    return text if len(text) <= DETAIL_CHARS else f"{text[: DETAIL_CHARS - 1]}…"
