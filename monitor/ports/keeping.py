"""Where it is kept what came and what it was: evidence, checks and histories, signals, outages."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model.alert import Alert, Review
from monitor.model.capture import Capture, Digest
from monitor.model.feed import Entry, FeedMark
from monitor.model.finding import Finding, History, Known, Newest
from monitor.model.page import Page, PageId
from monitor.model.proof import Anchor, Exhibits, Head, Pruned, References
from monitor.model.status import Check, Outage, Outcome, Standing, Version


class Evidence(Protocol):
    """Keeps exact bytes once, by SHA-256, never rewritten, and the readable text beside them."""

    def keep(self, capture: Capture) -> None:
        """Keep the capture and a line in the ledger before anything is made of it; keeping it twice does no harm."""
        ...

    def capture(self, digest: Digest) -> Capture | None:
        """Return the first capture with these bytes, or None."""
        ...

    def captures(self, page: PageId, *, after: datetime | None = None) -> Iterator[Capture]:
        """Yield every kept capture of a page in time order, one at a time; with `after` only those later than it."""
        ...

    def write_reading(self, page: Page, finding: Finding) -> None:
        """Write the newest text (Markdown) and way out (YAML) of a page, replacing the files whole."""
        ...

    def verify(self) -> Iterator[str]:
        """Yield one sentence for each damage found: digests, the ledger's chain, stamps; nothing when all is well."""
        ...

    def exhibits(self, alert: Alert, page: Page, checks_between: int) -> Exhibits | None:
        """Return all that is kept of one alert, or None when one of its captures has no line in the ledger."""
        ...

    def prune(
        self, references: Callable[[], References], *, before: datetime, at: datetime, rule: str, dry_run: bool
    ) -> Pruned:
        """Remove captures older than a moment that nothing refers to, each with a line that names the rule.

        With `dry_run` nothing is removed. What a page showed last always stays.
        """
        ...

    def head(self) -> Head | None:
        """Return the newest line of the ledger, or None when it has none."""
        ...

    def anchors(self) -> tuple[Anchor, ...]:
        """Return the time stamps that are kept, oldest first."""
        ...

    def anchor(self, head: Head, reply: bytes, at: datetime) -> Anchor:
        """Keep a time stamp over a line of the ledger, and a line about it."""
        ...


class Journal(Protocol):
    """Remembers what was checked and found. Every method is one transaction; repeating one does no harm."""

    def history(self, page: PageId, rules: str) -> History | None:
        """Return what is remembered of a page by these rules, or None when it must be made anew."""
        ...

    def known(self, page: PageId, rules: str) -> Known:
        """Return what is known of a page, by these rules; what it showed last is left out while that is undecided."""
        ...

    def record(
        self,
        page: Page,
        check: Check,
        finding: Finding,
        alerts: Iterable[Alert],
        dismissals: Iterable[Review] = (),
        newest: Newest | None = None,
    ) -> None:
        """Write check, version, change, history, what the page showed last and alerts together, or nothing of them.

        An alert whose id is known keeps its state, except that a confirmed `held` one moves on; one that still waits
        for a fetch waits for what the given one says. `dismissals` are what rules decide of these alerts: each holds
        for an alert that is new or moved with this record, and for no other, so that what a maintainer took back stays.
        """
        ...

    def missed(self, check: Check) -> None:
        """Write a check that brought no page, or nothing new, or that of a feed."""
        ...

    def unmoved(self, check: Check, rules: str, newest: Newest) -> None:
        """Write a check that brought what was read before, and what the page showed last by these rules."""
        ...

    def standing(self, page: PageId) -> Standing:
        """Return where a page stands; one never checked has no moments."""
        ...

    def standings(self) -> Mapping[PageId, Standing]:
        """Return where every page stands that was ever checked, each as `standing` says."""
        ...

    def unread(self) -> frozenset[PageId]:
        """Return the pages that were not read at some check, however long ago."""
        ...

    def tally(self) -> Mapping[tuple[Outcome, str], int]:
        """Return how many checks ended so; of those without the page also why, of all others with an empty text."""
        ...

    def put_off(self, after: datetime) -> frozenset[PageId]:
        """Return the pages with a check after a moment that was put off (`Check.put_off`)."""
        ...

    def checks(self, page: PageId, *, newest: int) -> tuple[Check, ...]:
        """Return the newest checks of a page, newest first."""
        ...

    def checked_between(self, page: PageId, first: datetime, last: datetime) -> int:
        """Return how often a page was checked between two moments, both included."""
        ...

    def referred(self) -> frozenset[Digest]:
        """Return the captures that versions, changes, histories, feeds and the newest checks of each page refer to."""
        ...

    def said(self, version: Version) -> tuple[str, ...] | None:
        """Return what a version says, folded, block by block; None when it was read before that was kept."""
        ...

    def versions(self, page: PageId | None = None) -> tuple[Version, ...]:
        """Return the versions of a page (or of all pages), oldest first."""
        ...


class Signals(Protocol):
    """Remembers what feeds said, so that every entry is looked at once."""

    def mark(self, feed: str) -> FeedMark | None:
        """Return where the reading of a feed stands, or None when it was never read."""
        ...

    def unseen(self, feed: str, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """Return the entries whose ids were never seen in this feed, each id once, in the given order."""
        ...

    def keep(
        self,
        mark: FeedMark,
        seen: Iterable[Entry],
        alerts: Iterable[Alert],
        nudges: Mapping[PageId, datetime],
        dismissals: Iterable[Review] = (),
    ) -> None:
        """Write mark, entries, alerts and nudges together, or nothing; an alert that is known stays as it is.

        `dismissals` are what rules decide of these alerts, as in `Journal.record`.
        """
        ...

    def nudges(self) -> Mapping[PageId, datetime]:
        """Return when each page was last named by an entry; pages that never were are left out."""
        ...


class Outages(Protocol):
    """Remembers which problems maintainers had a mail about, so that they have one of each."""

    def outages(self, page: PageId) -> tuple[Outage, ...]:
        """Return what maintainers were told of a page, oldest problem first."""
        ...

    def note(self, outage: Outage) -> None:
        """Write an outage as it is now."""
        ...
