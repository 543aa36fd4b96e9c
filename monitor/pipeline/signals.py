"""A feed asked for once: what its new entries signal becomes items of the digest, and pages are checked earlier.

Comes in: a declared feed and the world. Goes out: how the reading ended, as a check under the feed's id, so that feeds
have the same standing, problems and outages as pages. The first reading only remembers what is there: old news is no
signal.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias

from monitor.model.alert import Alert, AlertState, Evidence, alert_id
from monitor.model.errors import MonitorError
from monitor.model.feed import Entries, Entry, FeedMark, NoEntries, SameEntries
from monitor.model.page import FeedSource, PageId, Publication
from monitor.model.status import Check, Outcome
from monitor.optout import Signal, signal_of
from monitor.optout.reading import Reader
from monitor.pipeline.rules import ruled
from monitor.ports import World

LOG = logging.getLogger(__name__)
Found: TypeAlias = tuple[tuple[Entry, Signal], ...]  # entries with what each signals

# What a feed dates longer ago than this is no early signal: it was edited, or its ids were made anew.
FRESH = timedelta(days=7)
# More signals than this from one reading wait for a maintainer: a feed that was rebuilt shows everything as new.
MOST_AT_ONCE = 5


def read_feeds(feeds: Iterable[FeedSource], world: World) -> Iterator[Check]:
    """Yield how the reading of each feed ended, one after the other; a fault at one does not stop the others.

    Raises:
        StoreError: nothing can be kept; no further feed is asked for.
    """
    for feed in feeds:
        yield feed_read(feed, world)


def feed_read(feed: FeedSource, world: World) -> Check:
    """Return how the reading of a feed ended; a fault of ours is logged and ends only this reading.

    Raises:
        StoreError: nothing can be kept.
    """
    try:
        check = _read(feed, world)
    except MonitorError:
        raise
    except Exception as fault:
        LOG.exception("feed %s", feed.id, extra={"page": feed.id})
        check = _check(feed, world.now(), Outcome.MISSED, f"a fault of ours, see the log ({type(fault).__name__})")
    world.journal.missed(check)
    return check


def nudged(world: World) -> Mapping[PageId, datetime]:
    """Return when each page was named by an entry that came after its last check; it is due since then."""
    return {page: at for page, at in world.signals.nudges().items() if _unchecked_since(page, at, world)}


def _unchecked_since(page: PageId, at: datetime, world: World) -> bool:
    checked = world.journal.standing(page).checked
    return checked is None or checked < at


def _read(feed: FeedSource, world: World) -> Check:
    mark = world.signals.mark(feed.id)
    match world.feeds(feed, mark.etag if mark else "", mark.modified if mark else ""):
        case NoEntries() as missed:
            return _check(feed, missed.at, Outcome.MISSED, f"{missed.why}: {missed.detail}")
        case SameEntries() as same:
            return _check(feed, same.at, Outcome.UNCHANGED)
        case Entries() as came:
            return _looked_at(feed, mark, came, world)


def _looked_at(feed: FeedSource, mark: FeedMark | None, came: Entries, world: World) -> Check:
    """Write down what is new in a feed. Its bytes are kept when an entry is: they are what a signal is shown by."""
    if came.fault and not came.entries:
        return _malformed(feed, came)
    new = world.signals.unseen(feed.id, came.entries)
    signals = tuple(_signals(feed, new, came.at, world)) if mark is not None else ()
    after = _mark(mark, came, kept=bool(new))
    if new or after != mark:
        if after.capture == came.capture.digest:
            world.evidence.keep(came.capture)
        nudges = {page: came.at for _, signal in signals for page in signal.pages}
        alerts, dismissals = ruled(_alerts(feed, mark or after, came, signals), world)
        world.signals.keep(after, new, alerts, nudges, dismissals)
    return _told(feed, came, first=mark is None, new=len(new), signals=signals)


def _signals(feed: FeedSource, entries: Iterable[Entry], now: datetime, world: World) -> Iterator[tuple[Entry, Signal]]:
    reader = Reader(world.lexicons, feed.language)
    for entry in entries:
        if entry.at is None or entry.at >= now - FRESH:
            signal = signal_of(entry, feed, world.watchlist, reader)
            if signal is not None:
                yield entry, signal


def _mark(mark: FeedMark | None, came: Entries, *, kept: bool) -> FeedMark:
    """Return where the reading stands; a feed with a fault is asked for whole again, until it is mended."""
    after = FeedMark(feed=came.feed, etag=came.etag, modified=came.modified, capture=came.capture.digest, at=came.at)
    if came.fault:
        after = replace(after, etag="", modified="")
    return after if kept or mark is None else replace(after, capture=mark.capture, at=mark.at)


def _alerts(feed: FeedSource, before: FeedMark, came: Entries, signals: Found) -> Iterator[Alert]:
    many = len(signals) > MOST_AT_ONCE
    for entry, signal in signals:
        verdict = signal.verdict
        yield Alert(
            id=alert_id(PageId(feed.id), "", entry.id),
            page=PageId(feed.id),
            service=signal.service,
            kind=verdict.kind,
            level=verdict.level,
            title=verdict.title,
            meaning=verdict.meaning,
            quotes=verdict.quotes,
            evidence=_evidence(feed, before, came, entry),
            raised=came.at,
            state=AlertState.PENDING if many or feed.publish is Publication.REVIEW else AlertState.APPROVED,
            aspects=verdict.aspects,
            reasons=verdict.reasons,
            waits_for=f"a maintainer: one reading brought {len(signals)} such entries" if many else "",
            priority=verdict.priority,
            language=feed.language,
        )


def _evidence(feed: FeedSource, before: FeedMark, came: Entries, entry: Entry) -> Evidence:
    return Evidence(
        before=before.capture,
        before_at=before.at,
        after=came.capture.digest,
        after_at=came.at,
        url=entry.link or feed.url,
        language=feed.language,
    )


def _told(feed: FeedSource, came: Entries, *, first: bool, new: int, signals: Found) -> Check:
    """Return the check of a feed that came."""
    if came.fault:
        return _malformed(feed, came)
    if first:
        return _check(feed, came.at, Outcome.FIRST, f"read for the first time; entries: {new}, none of them news")
    if signals:
        said = "; ".join(signal.verdict.title for _, signal in signals[:MOST_AT_ONCE])
        return _check(feed, came.at, Outcome.NEWS, said)
    return _check(feed, came.at, Outcome.QUIET if new else Outcome.UNCHANGED, f"new entries: {new}" if new else "")


def _malformed(feed: FeedSource, came: Entries) -> Check:
    read = f"entries read all the same: {len(came.entries)}"
    return _check(feed, came.at, Outcome.REFUSED, f"malformed feed: {came.fault}; {read}")


def _check(feed: FeedSource, at: datetime, outcome: Outcome, detail: str = "") -> Check:
    return Check(page=PageId(feed.id), at=at, outcome=outcome, detail=detail)
