"""How an installation does, in numbers and in one word: what machines that watch over it ask for.

Comes in: the world. Goes out: values. `ready` names what is in the way; the doctor says what to do about it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from monitor.model.alert import AlertState
from monitor.model.errors import MonitorError
from monitor.model.page import PageId
from monitor.model.status import Outcome
from monitor.model.subscriber import PostState
from monitor.ports import World

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """What can be counted: checks by outcome and by why no page came, alerts and messages by state, moments (UTC)."""

    checks: Mapping[Outcome, int]
    misses: Mapping[str, int]
    alerts: Mapping[AlertState, int]
    posts: Mapping[PostState, int]
    read: Mapping[PageId, datetime]
    unread: Mapping[PageId, int]
    delivery_stopped: bool
    now: datetime


def gauges(world: World) -> Gauges:
    """Return the numbers as they are now.

    Raises:
        StoreError: the store cannot be read.
    """
    tally, standings = world.journal.tally(), world.journal.standings()
    checks: Counter[Outcome] = Counter()
    misses: Counter[str] = Counter()
    for (outcome, why), count in tally.items():
        checks[outcome] += count
        if why:
            misses[why] += count
    watched = [page for page in world.watchlist.with_feeds().pages if page.asked_for and page.id in standings]
    return Gauges(
        checks={outcome: checks[outcome] for outcome in Outcome},
        misses=misses,
        alerts=_counted(AlertState, (alert.state for alert in world.desk.alerts())),
        posts=_counted(PostState, (post.state for post in world.outbox.posts())),
        read={page.id: at for page in watched if (at := standings[page.id].read) is not None},
        unread={page.id: standings[page.id].misses for page in watched},
        delivery_stopped=bool(world.outbox.stopped()),
        now=world.now(),
    )


def _counted(states: type[S], found: Iterable[S]) -> Mapping[S, int]:
    counts = Counter(found)
    return {state: counts[state] for state in states}


def ready(world: World) -> tuple[str, ...]:
    """Return what keeps an installation from its work, a sentence each; nothing when all is well."""
    asked: tuple[tuple[str, Callable[[], object]], ...] = (
        ("the database", world.journal.unread),
        ("the evidence", world.evidence.anchors),
    )
    return tuple(f"{name} does not answer: {fault}" for name, ask in asked if (fault := _fault(ask)))


def _fault(ask: Callable[[], object]) -> str:
    """Return the kind of fault that asking meets, or nothing; its words can hold paths and stay inside."""
    try:
        ask()
    except MonitorError as error:
        return type(error).__name__
    return ""
