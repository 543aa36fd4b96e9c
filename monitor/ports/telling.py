"""How readers and maintainers are told: what is published, the outbox, one message."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.model.alert import Alert, AlertId, Review
from monitor.model.page import Page, PageId, Watchlist
from monitor.model.proof import Exhibits
from monitor.model.status import EditionGap, Problem, Standing, Version
from monitor.model.subscriber import Edition, MailEvent, Post, PostState, Subscriber, SubscriberId


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """All that the public may see, for publishers: no subscriber, no unpublished alert.

    `problems` are those of all pages (`problems_of` their checks), `gaps` what differs between editions (`edition_gaps`
    of the standings), `reviews` the decisions about these alerts.
    `exhibits` gathers what is kept of an alert; `stamped` are the moments of the ledger's time stamps, oldest first.
    `stopping` says whether the program was told to end, so that a publisher of many files does not hold it up.
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
    stopping: Callable[[], bool] = lambda: False


class Publisher(Protocol):
    """Makes something readable of all that is published: feeds, site. Byte-identical when nothing changed."""

    def __call__(self, record: "Published") -> tuple[str, ...]:
        """Write what must be written, whole files at a time; return the paths that changed, relative to its root.

        Raises:
            PublishError: a file cannot be written; what was written before stands.
            Stopping: the program ends; what was written before stands, and the next publication goes on from there.
        """
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


class Warner(Protocol):
    """Tells maintainers by mail that a page stays unread, or that it is read again (`problem.recovered`)."""

    def __call__(self, problem: Problem, page: Page, addresses: Sequence[str]) -> str:
        """Send it and return the service's message id.

        Raises:
            DeliveryError: as `Mailer` does.
        """
        ...
