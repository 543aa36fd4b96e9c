"""What readers are told, and the life of it: one table of states."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NewType

from monitor.model.capture import Digest
from monitor.model.page import PageId, ServiceId
from monitor.model.procedure import Difference
from monitor.model.verdict import BACK_AGAIN, GONE_AGAIN, NEXT_FETCH, Aspect, Direction, Kind, Level, Quote, Reason

AlertId = NewType("AlertId", str)


class AlertState(StrEnum):
    """Where an alert stands between being seen and being told."""

    HELD = "held"
    PENDING = "pending"
    APPROVED = "approved"
    DISMISSED = "dismissed"
    PUBLISHED = "published"
    CORRECTED = "corrected"


# The life of an alert. `held` waits for confirmation by later fetches, `pending` for a maintainer;
# `dismissed` can be taken back to where it was, `published` can only be corrected.
NEXT: Mapping[AlertState, frozenset[AlertState]] = {
    AlertState.HELD: frozenset({AlertState.PENDING, AlertState.APPROVED, AlertState.DISMISSED}),
    AlertState.PENDING: frozenset({AlertState.APPROVED, AlertState.DISMISSED}),
    AlertState.APPROVED: frozenset({AlertState.PUBLISHED, AlertState.PENDING}),
    AlertState.DISMISSED: frozenset({AlertState.PENDING, AlertState.HELD}),
    AlertState.PUBLISHED: frozenset({AlertState.CORRECTED}),
    AlertState.CORRECTED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Between which two captures a change lies (UTC moments and SHA-256 of the bytes), and what confirmed it."""

    before: Digest
    before_at: datetime
    after: Digest
    after_at: datetime
    confirmed_at: datetime | None = None
    url: str = ""
    region: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What changed for the reader: title, meaning, quotes before and after, and where the proof lies.

    `id` comes from content (page and both fingerprints), never from time, so that a second run makes the same alert.
    `corrects` names the published alert that this one puts right. `priority` is what the rules say, `significance` what
    a maintainer says: 1 (a detail) to 5 (whether people can opt out at all), 0 while nobody said.
    """

    id: AlertId
    page: PageId
    service: ServiceId
    kind: Kind
    level: Level
    title: str
    meaning: str
    quotes: tuple[Quote, ...]
    evidence: Evidence
    raised: datetime
    state: AlertState
    aspects: tuple[Aspect, ...] = ()
    directions: tuple[Direction, ...] = ()
    differences: tuple[Difference, ...] = ()
    reasons: tuple[Reason, ...] = ()
    waits_for: str = ""
    priority: int = 0
    other_lines: int = 0
    language: str = "en"
    published: datetime | None = None
    updated: datetime | None = None
    corrects: AlertId | None = None
    significance: int = 0

    @property
    def unconfirmed(self) -> bool:
        """Say whether one fetch alone shows it, so that nobody lets it out before another one agrees."""
        open_or_back = self.state in (AlertState.HELD, AlertState.DISMISSED)
        return open_or_back and self.waits_for.startswith((NEXT_FETCH, GONE_AGAIN, BACK_AGAIN))

    def confirmed(self, at: datetime) -> "Alert":
        """Return the alert as one that a later fetch agreed with, in the state that it is in."""
        return replace(self, waits_for="", evidence=replace(self.evidence, confirmed_at=at))

    def dropped(self) -> "Alert":
        """Return the alert dismissed as a later fetch no longer showed it: taken back, it waits for one that does."""
        return replace(self, state=AlertState.DISMISSED, waits_for=self.waits_for if self.unconfirmed else BACK_AGAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One decision about an alert: from which state to which, by whom, when (UTC) and why. Never rewritten."""

    alert: AlertId
    before: AlertState
    after: AlertState
    who: str
    at: datetime
    reason: str


def alert_id(page: PageId, before: str, after: str) -> AlertId:
    """Return the id of the alert for a page's way from one fingerprint to another: 20 hexadecimal digits."""
    return AlertId(sha256(f"{page}\n{before}\n{after}".encode()).hexdigest()[:20])
