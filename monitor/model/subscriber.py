"""Who is told by mail, what they asked for, and each message on its way to them. Personal data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NewType

from monitor.model.alert import AlertId
from monitor.model.page import PageId, ServiceId
from monitor.model.verdict import Level

SubscriberId = NewType("SubscriberId", str)


class SubscriberState(StrEnum):
    """Whether a subscriber may be written to."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    SUPPRESSED = "suppressed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Topics:
    """What a subscriber asked for; an empty set means all of them."""

    services: frozenset[ServiceId] = frozenset()
    pages: frozenset[PageId] = frozenset()
    languages: frozenset[str] = frozenset()
    level: Level = Level.ALERT


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """How and when an address agreed to be written to: source, wording version, and moments (UTC)."""

    source: str
    wording: str
    asked: datetime
    confirmed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What the form was filled in with for an address, until its owner confirms; nothing of it holds before.

    `token` is the SHA-256 of the one that was mailed, `letters` how many mails asked for the confirmation, `sent` when
    the newest did.
    """

    token: str
    consent: Consent
    topics: Topics = Topics()
    language: str = "en"
    letters: int = 0
    sent: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """One address with its topics, language of mails and consent record."""

    id: SubscriberId
    address: str
    state: SubscriberState
    consent: Consent
    topics: Topics = Topics()
    language: str = "en"
    asking: Asking | None = None


class Edition(StrEnum):
    """Which mail a message is: one alert at once, or one line in a digest."""

    ALERT = "alert"
    DIGEST = "digest"


class PostState(StrEnum):
    """Where a message stands. `unknown` is a send whose answer was never read: it is not sent again by itself."""

    PENDING = "pending"
    SENDING = "sending"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


# The life of a message. `pending` may be put off (another `due`), `unknown` and `failed` are sent again only when a
# maintainer says so, `accepted` may turn out to have bounced.
POST_NEXT: Mapping[PostState, frozenset[PostState]] = {
    PostState.PENDING: frozenset({PostState.PENDING, PostState.SENDING, PostState.SUPPRESSED}),
    PostState.SENDING: frozenset({PostState.ACCEPTED, PostState.UNKNOWN, PostState.FAILED, PostState.PENDING}),
    PostState.UNKNOWN: frozenset({PostState.ACCEPTED, PostState.FAILED, PostState.PENDING}),
    PostState.FAILED: frozenset({PostState.PENDING}),
    PostState.ACCEPTED: frozenset({PostState.FAILED}),
    PostState.SUPPRESSED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message to one subscriber about one alert, unique on (alert, subscriber, edition).

    `due` is from when on a pending post may be sent (None is at once); once taken, it is the moment that it was.
    `detail` says why it stands where it stands; of an accepted post it is the mail service's message id.
    """

    alert: AlertId
    subscriber: SubscriberId
    edition: Edition
    state: PostState = PostState.PENDING
    attempt: int = 0
    due: datetime | None = None
    detail: str = ""


class EventKind(StrEnum):
    """What the mail service tells of a message after it took it."""

    PROCESSED = "processed"
    DELIVERED = "delivered"
    DEFERRED = "deferred"
    BLOCKED = "blocked"
    BOUNCE = "bounce"
    DROPPED = "dropped"
    SPAM_REPORT = "spamreport"
    UNSUBSCRIBE = "unsubscribe"
    GROUP_UNSUBSCRIBE = "group_unsubscribe"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEvent:
    """One event of one of our messages, as the mail service signed it; `at` is its own moment (UTC).

    Duplicates are normal: events are equal that agree in `message_id`, `kind`, `address` and `at`.
    """

    kind: EventKind
    message_id: str
    address: str
    at: datetime
    subscriber: SubscriberId
    alerts: tuple[AlertId, ...]
    edition: Edition
    reason: str = ""

    @property
    def key(self) -> str:
        """Return what tells this event from others: 64 hexadecimal digits."""
        told = f"{self.message_id}\n{self.kind}\n{self.address}\n{self.at.timestamp():.0f}"
        return sha256(told.encode()).hexdigest()
