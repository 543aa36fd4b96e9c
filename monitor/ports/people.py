"""Where it is kept what people do: decisions of maintainers, their accounts, who reads."""

from collections.abc import Iterable
from typing import Protocol

from monitor.model.alert import Alert, AlertState, Review
from monitor.model.desk import Decision, Pin, Rule
from monitor.model.maintainer import Maintainer, Session
from monitor.model.page import PageId
from monitor.model.subscriber import Post, Subscriber, SubscriberId


class Desk(Protocol):
    """Holds alerts and the decisions about them, append-only."""

    def alert(self, id: str) -> Alert | None:
        """Return the alert with this id, or None."""
        ...

    def alerts(self, *states: AlertState, page: PageId | None = None) -> tuple[Alert, ...]:
        """Return alerts in these states (all when none is named), oldest first by when they were raised, then by id.

        With `page` only those of that page: what a check asks must not grow with what waits elsewhere.
        """
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
