"""What stands outside in a test: a clock to turn, pages and feeds to serve, and whoever is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from monitor.model.alert import Alert
from monitor.model.capture import Capture, Digest, Fetched, Miss, MissReason, Validators
from monitor.model.feed import FeedFetched, NoEntries
from monitor.model.page import (
    FeedSource,
    Page,
    PageId,
    Publication,
    PublicationRule,
)
from monitor.model.status import Problem
from monitor.model.subscriber import Post, Subscriber
from monitor.ports import Published

START = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """A clock that a test turns."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def turn(self, span: timedelta = timedelta(hours=12)) -> None:
        self.at += span


@dataclass(slots=True)
class Site:
    """A fetcher that answers from a script: the body that stands under an address now, or a miss when none does.

    `asked` holds what each page was asked with; `faults` raises for a page, as a fault of ours would.
    """

    clock: Clock
    bodies: dict[PageId, bytes] = field(default_factory=dict)
    answers: dict[PageId, Fetched] = field(default_factory=dict)
    faults: dict[PageId, Exception] = field(default_factory=dict)
    asked: list[tuple[PageId, Digest | None]] = field(default_factory=list)

    def __call__(self, page: Page, since: Validators | None) -> Fetched:
        self.asked.append((page.id, since.capture if since else None))
        if page.id in self.faults:
            raise self.faults[page.id]
        if page.id in self.answers:
            return self.answers[page.id]
        body = self.bodies.get(page.id)
        if body is None:
            return Miss(page=page.id, at=self.clock.now(), why=MissReason.NO_ANSWER, detail="connection refused")
        return Capture(
            page=page.id,
            url=page.url,
            at=self.clock.now(),
            body=body,
            headers=(("Content-Type", "text/html; charset=utf-8"),),
            final_url=page.url,
        )


@dataclass(slots=True)
class Newsstand:
    """Feeds by id: what each says now; one that is not there brings nothing. `asked` notes id and etag."""

    answers: dict[str, FeedFetched] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, feed: FeedSource, etag: str = "", modified: str = "") -> FeedFetched:
        self.asked.append((feed.id, etag))
        nothing = NoEntries(feed=feed.id, at=START, why=MissReason.NO_ANSWER, detail="connection refused")
        return self.answers.get(feed.id, nothing)


BY_HAND = PublicationRule()
AUTOMATIC = PublicationRule(alert=Publication.AUTOMATIC, digest=Publication.AUTOMATIC)


@dataclass(slots=True)
class Board:
    """A publisher that notes what it was given."""

    seen: list[Published] = field(default_factory=list)
    fails: Exception | None = None

    def __call__(self, record: Published) -> tuple[str, ...]:
        if self.fails is not None:
            failure, self.fails = self.fails, None
            raise failure
        self.seen.append(record)
        return ("board.txt",)


@dataclass(slots=True)
class Postman:
    """A mailer that notes what it was given."""

    sent: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def __call__(self, alert: Alert, subscriber: Subscriber, post: Post) -> str:
        return self._note(subscriber, (alert,))

    def digest(self, alerts: Sequence[Alert], subscriber: Subscriber, post: Post) -> str:
        return self._note(subscriber, alerts)

    def _note(self, subscriber: Subscriber, alerts: Iterable[Alert]) -> str:
        self.sent.append((subscriber.address, tuple(alert.id for alert in alerts)))
        return f"msg-{len(self.sent)}"


@dataclass(slots=True)
class Siren:
    """A warner that notes whom it told of what; `fails` is raised once by the next warning."""

    told: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    fails: Exception | None = None

    def __call__(self, problem: Problem, page: Page, addresses: Sequence[str]) -> str:
        if self.fails is not None:
            failure, self.fails = self.fails, None
            raise failure
        what = "read again" if problem.recovered else "not read"
        self.told.append((f"{page.id} {what}", tuple(addresses)))
        return f"msg-{len(self.told)}"
