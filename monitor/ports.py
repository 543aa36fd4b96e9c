"""What the shell asks of the outside, as protocols; `World` is all of it in one value.

Edges keep these promises (`tests/contract/` quotes them); `wiring.py` picks which edge stands behind which.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from monitor.model.alert import Alert, AlertId, AlertState, Review
from monitor.model.capture import Capture, Digest, Fetched, Validators
from monitor.model.desk import Decision, Pin, Rule
from monitor.model.feed import Entry, FeedFetched, FeedMark
from monitor.model.finding import Finding, History, Newest
from monitor.model.host import HostState
from monitor.model.maintainer import Maintainer, Session
from monitor.model.page import FeedSource, Page, PageId, Watchlist
from monitor.model.proof import Anchor, Exhibits, Head, Pruned, References
from monitor.model.status import Check, EditionGap, Outage, Outcome, Problem, Staleness, Standing, Version
from monitor.model.subscriber import Edition, MailEvent, Post, PostState, Subscriber, SubscriberId
from monitor.optout.lexicon import Lexicons


class Fetcher(Protocol):
    """Asks for a page once. Never raises for what the world does: the answer is a value."""

    def __call__(self, page: Page, since: Validators | None) -> Fetched:
        """Return what came; `since` tells the server which capture we hold."""
        ...


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

    def newest(self, page: PageId, rules: str) -> Newest | None:
        """Return what a page showed last, by these rules, or None while anything about it is undecided."""
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

        An alert whose id is known keeps its state, except that a confirmed `held` one moves on. `dismissals` are what
        rules decide of these alerts: each holds for an alert that is new or moved with this record, and for no other,
        so that what a maintainer took back stays so.
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

    def refused(self, after: datetime) -> frozenset[PageId]:
        """Return the pages of which something that was not the page came after a moment."""
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


class Desk(Protocol):
    """Holds alerts and the decisions about them, append-only."""

    def alert(self, id: str) -> Alert | None:
        """Return the alert with this id, or None."""
        ...

    def alerts(self, *states: AlertState) -> tuple[Alert, ...]:
        """Return alerts in these states (all when none is named), oldest first by when they were raised, then by id."""
        ...

    def decide(self, review: Review, posts: Iterable[Post] = (), *, edited: Alert | None = None) -> Alert:
        """Move an alert as the review says and write the posts with it; return it as it is now.

        `edited` replaces its words in the same transaction; with it, and only then, the state may stay as it is. An
        alert that becomes published is so from the review's moment on.

        Raises:
            UnknownAlert: no alert has this id.
            NotAllowed: the table of states has no such step, or another decision came first.
        """
        ...

    def decide_all(self, decisions: Iterable[Decision]) -> tuple[Alert, ...]:
        """Take several decisions in one transaction, all or none; return the alerts as they are now, in that order.

        A `correction` is kept with the decision on the alert that it puts right, and is approved by the same review.

        Raises:
            UnknownAlert: no alert has this id.
            Overtaken: somebody else decided since one of them was read.
            NotAllowed: the table of states has no such step.
        """
        ...

    def reviews(self, id: str | None = None) -> tuple[Review, ...]:
        """Return decisions, oldest first."""
        ...

    def rules(self) -> tuple[Rule, ...]:
        """Return every rule that dismisses by itself, those that ended too, oldest first."""
        ...

    def write_rule(self, rule: Rule) -> None:
        """Keep a rule as it is now; writing it twice does no harm."""
        ...

    def pins(self) -> tuple[Pin, ...]:
        """Return every pinned quote, those that ended too, oldest first."""
        ...

    def write_pin(self, pin: Pin) -> None:
        """Keep a pinned quote as it is now; writing it twice does no harm."""
        ...


class Readers(Protocol):
    """Holds subscribers: personal data, never under `snapshots/`."""

    def add(self, subscriber: Subscriber) -> Subscriber:
        """Keep a subscriber; an address already known keeps its id and consent record."""
        ...

    def add_all(self, subscribers: Iterable[Subscriber]) -> None:
        """Keep many subscribers in one transaction, each as `add` does."""
        ...

    def replace(self, subscriber: Subscriber) -> None:
        """Write a subscriber as it is now."""
        ...

    def subscribers(self) -> tuple[Subscriber, ...]:
        """Return all subscribers, in the order they came."""
        ...

    def subscriber(self, id: SubscriberId) -> Subscriber | None:
        """Return the subscriber with this id, or None."""
        ...

    def with_address(self, address: str) -> Subscriber | None:
        """Return the subscriber with exactly this address (in the form that is kept), or None."""
        ...

    def erase(self, address: str) -> bool:
        """Erase all that is held about an address; say whether there was anything."""
        ...


class Maintainers(Protocol):
    """Holds the accounts of those who review, and their sessions."""

    def accounts(self) -> tuple[Maintainer, ...]:
        """Return all accounts, by name."""
        ...

    def account(self, name: str) -> Maintainer | None:
        """Return the account of this name, or None."""
        ...

    def add(self, account: Maintainer, password: str) -> bool:
        """Keep a new account; say whether its name was free."""
        ...

    def replace(self, account: Maintainer) -> None:
        """Write an account as it is now."""
        ...

    def set_password(self, name: str, password: str) -> None:
        """Give an account another password, and end all its sessions."""
        ...

    def remove(self, name: str) -> bool:
        """Remove an account and its sessions; say whether there was one. Its decisions stay."""
        ...

    def knows(self, name: str, password: str) -> bool:
        """Say whether this is the password of an account; for a name that nobody has it takes as long."""
        ...

    def begin(self, session: Session) -> None:
        """Keep a session; those that had ended when it began are forgotten."""
        ...

    def session(self, token_digest: str) -> Session | None:
        """Return the session of a token (by its SHA-256), or None."""
        ...

    def end(self, token_digest: str) -> None:
        """Forget a session."""
        ...

    def end_all(self, name: str) -> None:
        """Forget all sessions of an account."""
        ...


class Outbox(Protocol):
    """Holds messages to be sent, unique on (alert, subscriber, edition)."""

    def due(self, now: datetime, *, most: int) -> tuple[Post, ...]:
        """Return pending posts that are due, oldest first."""
        ...

    def posts(self, *states: PostState) -> tuple[Post, ...]:
        """Return posts in these states; all when none is named."""
        ...

    def move(self, post: Post) -> None:
        """Write a post's new state.

        Raises:
            NotAllowed: the table of a message's life has no such step from the state that is stored now, so that of
                two processes taking one pending post the second is told; or there is no such post (any more).
        """
        ...

    def taken(self, since: datetime) -> tuple[Post, ...]:
        """Return the posts handed to the mail service whose `due` is at or after `since`.

        Those are the posts in `sending`, `accepted`, `unknown` or `failed`; their `due` is the moment they were taken.
        """
        ...

    def post(self, alert: AlertId, subscriber: SubscriberId, edition: Edition) -> Post | None:
        """Return one post, or None when there is none."""
        ...

    def unheard(self, events: Iterable[MailEvent]) -> tuple[MailEvent, ...]:
        """Return the events whose `key` was not heard before, each once, in the given order."""
        ...

    def hear(self, events: Iterable[MailEvent]) -> None:
        """Remember events by their `key`; hearing one twice does no harm."""
        ...

    def stopped(self) -> str:
        """Return why sending is stopped, or an empty string; it stays so over restarts."""
        ...

    def stop(self, why: str) -> None:
        """Stop sending until a maintainer resumes it; the first reason stays."""
        ...

    def resume(self) -> None:
        """Let sending go on; this is a maintainer's step, the program never takes it by itself."""
        ...


class FeedFetcher(Protocol):
    """Asks for a feed once. Never raises for what the world does: the answer is a value."""

    def __call__(self, feed: FeedSource, etag: str = "", modified: str = "") -> FeedFetched:
        """Return what came; `etag` and `modified` are those of the last `Entries`."""
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


class Warner(Protocol):
    """Tells maintainers by mail that a page stays unread, or that it is read again (`problem.recovered`)."""

    def __call__(self, problem: Problem, page: Page, addresses: Sequence[str]) -> str:
        """Send it and return the service's message id.

        Raises:
            DeliveryError: as `Mailer` does.
        """
        ...


class Authority(Protocol):
    """Attests, with its signature, when it was shown a line (RFC 3161)."""

    def __call__(self, line: bytes) -> bytes:
        """Return the reply over the SHA-256 of a line, once its signature was held against the authority's root.

        Raises:
            AuthorityError: it did not answer, refused, or answered what proves nothing.
        """
        ...


class HostBook(Protocol):
    """Remembers hosts for all who share it."""

    def change(self, host: str, step: Callable[[HostState], HostState]) -> HostState:
        """Replace what is remembered of a host by what `step` makes of it, and return that; nobody comes between.

        One never heard of is a `HostState` with nothing in it. `step` may be called more than once.
        """
        ...


class Publisher(Protocol):
    """Makes something readable of all that is published: feeds, site. Byte-identical when nothing changed."""

    def __call__(self, record: "Published") -> tuple[str, ...]:
        """Write what must be written, whole files at a time; return the paths that changed, relative to its root."""
        ...


class Mailer(Protocol):
    """Sends one message to one subscriber: one alert, or several in one digest."""

    def __call__(self, alert: Alert, subscriber: Subscriber, post: Post) -> str:
        """Send it and return the service's message id.

        Raises:
            DeliveryError: refused for good, out of order, or sent with the answer lost (`unknown`).
        """
        ...

    def digest(self, alerts: Sequence[Alert], subscriber: Subscriber, post: Post) -> str:
        """Send one message about several alerts, newest last, and return the service's message id.

        `post` is the first of the posts that it stands for.

        Raises:
            DeliveryError: as above.
        """
        ...


class Inviter(Protocol):
    """Asks an address, by one mail, to confirm what the form was filled in with for it."""

    def __call__(self, subscriber: Subscriber, link: str) -> str:
        """Send it and return the service's message id; `link` leads to the page that confirms.

        Raises:
            DeliveryError: as `Mailer` does.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """All that the public may see, for publishers: no subscriber, no unpublished alert.

    `problems` are those of all pages (`problems_of` their checks), `gaps` what differs between editions (`edition_gaps`
    of the standings), `reviews` the decisions about these alerts.
    `exhibits` gathers what is kept of an alert; `stamped` are the moments of the ledger's time stamps, oldest first.
    """

    watchlist: Watchlist
    alerts: tuple[Alert, ...]
    standings: Mapping[PageId, Standing]
    versions: tuple[Version, ...]
    mail_is_sent: bool
    problems: tuple[Problem, ...] = ()
    gaps: tuple[EditionGap, ...] = ()
    reviews: tuple[Review, ...] = ()
    exhibits: Callable[[Alert], Exhibits | None] = lambda _: None
    stamped: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything outside that the shell may touch, as values and callables."""

    watchlist: Watchlist
    lexicons: Lexicons
    fetchers: Mapping[str, Fetcher]
    evidence: Evidence
    journal: Journal
    desk: Desk
    readers: Readers
    maintainers: Maintainers
    outbox: Outbox
    publishers: Mapping[str, Publisher]
    feeds: FeedFetcher
    signals: Signals
    outages: Outages
    warner: Warner
    mailer: Mailer
    mail_is_sent: bool
    now: Callable[[], datetime]
    writing: Callable[[], AbstractContextManager[None]]
    staleness: Staleness = Staleness()
    authority: Authority | None = None
    retention: timedelta | None = None


__all__ = [
    "Authority",
    "Desk",
    "Evidence",
    "FeedFetcher",
    "Fetcher",
    "HostBook",
    "Inviter",
    "Journal",
    "Mailer",
    "Maintainers",
    "Outages",
    "Outbox",
    "Published",
    "Publisher",
    "Readers",
    "Signals",
    "Warner",
    "World",
]
