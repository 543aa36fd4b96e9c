"""What maintainers do at the review desk: decisions, rules that dismiss by themselves, quotes that must stay.

`decided` is the one place that says which decision is allowed; every store asks it inside its transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import NewType

from monitor.model.alert import NEXT, Alert, AlertId, AlertState, Review
from monitor.model.errors import NotAllowed, Overtaken, Unconfirmed
from monitor.model.page import PageId, ServiceId
from monitor.model.subscriber import Post
from monitor.model.verdict import Aspect, Kind

RuleId = NewType("RuleId", str)
PinId = NewType("PinId", str)


@dataclass(frozen=True, slots=True)
class Seen:
    """An alert as somebody read it: how many reviews it had then. A decision on it stands only while that is so."""

    alert: AlertId
    reviews: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One review with all that is written in its transaction.

    `edited` replaces the alert's words, `correction` is a new alert that puts a published one right (pending; it is
    approved by the same review). `seen` is how many reviews the alert had when it was read, or None when nobody says.
    """

    review: Review
    posts: tuple[Post, ...] = ()
    edited: Alert | None = None
    correction: Alert | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What dismisses alerts of a page or service by itself, from the moment it was made until it ended (UTC).

    It speaks of an alert that is of this page and service (an empty one is any), of this kind, whose aspects are all
    among `aspects`, and whose every quote holds `words` and stands under headings that hold `trail`. What is empty or
    None says nothing.
    """

    id: RuleId
    page: PageId = PageId("")
    service: ServiceId = ServiceId("")
    kind: Kind | None = None
    aspects: tuple[Aspect, ...] = ()
    words: str = ""
    trail: str = ""
    who: str
    at: datetime
    reason: str
    ended: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Words that must stay on a page, as a maintainer approved them (UTC); `ended` when they need not any more.

    An entry of a list (`listed`) says what the headings over it say: it must stay under those of `trail`.
    """

    id: PinId
    page: PageId
    words: str
    trail: tuple[str, ...] = ()
    listed: bool = False
    aspects: tuple[Aspect, ...] = ()
    who: str
    at: datetime
    ended: datetime | None = None


def content_id(*parts: str) -> str:
    """Return an id made of what something says: 12 hexadecimal digits."""
    return sha256("\n".join(parts).encode()).hexdigest()[:12]


def decided(stored: Alert, decision: Decision, earlier: Sequence[Review]) -> Alert:
    """Return an alert as a decision leaves it; quotes and evidence are what was captured and are never edited.

    `earlier` are the reviews that it has, oldest first.

    Raises:
        Overtaken: somebody else decided since it was read.
        Unconfirmed: one fetch alone shows it, and it would be let out.
        NotAllowed: the table of states has no such step.
    """
    review = decision.review
    _refuse_overtaken(stored, decision, earlier)
    kept = decision.edited is not None and review.after is stored.state
    if stored.state is not review.before or not (kept or review.after in NEXT[stored.state]):
        raise NotAllowed(f"alert {stored.id}", f"{stored.state}{_told(earlier)}", review.after)
    if stored.unconfirmed and review.after is AlertState.APPROVED:
        raise Unconfirmed(f"alert {stored.id}", stored.state, review.after)
    alert = _edited(stored, decision.edited, review.at) if decision.edited is not None else stored
    if review.after is AlertState.PUBLISHED and alert.published is None:
        alert = replace(alert, published=review.at)
    return replace(alert, state=review.after)


def _refuse_overtaken(stored: Alert, decision: Decision, earlier: Sequence[Review]) -> None:
    if decision.seen is None or decision.seen == len(earlier):
        return
    raise Overtaken(f"alert {stored.id}", stored.state, decision.review.after, _told(earlier))


def _told(earlier: Sequence[Review]) -> str:
    """Return who decided last, for whoever comes second; nothing when nobody did."""
    if not earlier:
        return ""
    last = earlier[-1]
    return f" ({last.who} decided so at {last.at:%Y-%m-%d %H:%M} UTC: {last.reason})"


def _edited(stored: Alert, edited: Alert, at: datetime) -> Alert:
    """Return the edited alert; readers see an update only where its words are others."""
    reworded = (edited.title, edited.meaning) != (stored.title, stored.meaning)
    return replace(
        edited,
        id=stored.id,
        page=stored.page,
        service=stored.service,
        quotes=stored.quotes,
        evidence=stored.evidence,
        raised=stored.raised,
        published=stored.published,
        updated=at if stored.published is not None and reworded else stored.updated,
    )
