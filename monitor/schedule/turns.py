"""When each page's turn is: its interval or cron after the last check in the journal, or an early look.

Comes in: a world. Goes out: turns. Nothing is remembered here, so that a restart forgets nothing and repeats nothing.
All moments are UTC, and a cron is read in UTC: the change to and from daylight saving time moves no turn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from monitor.model.page import Page, PageId
from monitor.pipeline.confirm import looks_for_put_off, next_looks
from monitor.pipeline.signals import nudged
from monitor.ports import World
from monitor.schedule.jobs import JOBS, MINUTE

# A page is asked for up to this share of its interval later, so that pages of one host do not come at once.
JITTER = 0.05
MOST_JITTER = timedelta(minutes=10)

Early = tuple[datetime, str]  # when a page is due before its turn, and why


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When something is due next (UTC), how often it comes round, and why at that moment."""

    what: str
    at: datetime
    every: timedelta
    cron: str = ""
    why: str = ""


class Cadence(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """How often a page comes round: its interval with jitter counted from its last turn, or its cron.

    What was missed is made up by one turn: after a long sleep the next one is an interval after now.
    """

    __slots__ = ("_page",)

    def __init__(self, page: Page) -> None:
        self._page = page

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return the next turn; it is never before `now`."""
        last = max(filter(None, (previous_fire_time, now)))
        if self._page.cron:
            return due_after(self._page, last)
        jittered: datetime = self._apply_jitter(last + self._page.every, jitter(self._page).total_seconds(), now)
        return jittered


def timetable(world: World) -> tuple[Turn, ...]:
    """Return the next turn of everything, the next one first."""
    now, early, known = world.now(), early_looks(world), world.journal.standings()
    turns = [
        _turn(page, now, known[page.id].checked if page.id in known else None, early.get(page.id))
        for page in world.watchlist.with_feeds().pages
        if page.asked_for
    ]
    turns += [
        Turn(what=name, at=now + min(job.every, MINUTE), every=job.every, why=f"{job.why} (counted from a start now)")
        for name, job in JOBS.items()
    ]
    return tuple(sorted(turns, key=lambda turn: (turn.at, turn.what)))


def early_looks(world: World) -> Mapping[PageId, Early]:
    """Return what brings a page's next turn forward: when it is due, and why."""
    early: dict[PageId, Early] = {}
    for why, looks in (
        ("an alert waits to be seen again", next_looks(world)),
        ("something else came in its place, or its host asked us to wait", looks_for_put_off(world)),
        ("an entry of a feed speaks of it", nudged(world)),
    ):
        for page, at in looks.items():
            early[page] = min((at, why), early.get(page, (at, why)))
    return early


def turn_of(page: Page, world: World, early: Early | None) -> Turn:
    """Return a page's next turn: at once when it was missed, earlier than usual for a second look."""
    return _turn(page, world.now(), world.journal.standing(page.id).checked, early)


def _turn(page: Page, now: datetime, last: datetime | None, early: Early | None) -> Turn:
    """Return the next turn of a page last checked then.

    A last check that lies further ahead than an interval was written by a clock that has been set back since: the page
    is due at once.
    """
    if last is None:
        due, why = now, "never checked"
    elif last > now + page.every:
        due, why = now, f"last checked {last:%Y-%m-%d %H:%M}, and the clock was set back since"
    else:
        due, why = due_after(page, last), f"last checked {last:%Y-%m-%d %H:%M}"
    if early is not None and early[0] < due:
        due, why = early
    return Turn(what=page.id, at=max(due, now), every=page.every, cron=page.cron, why=why)


def is_due(page: Page, world: World) -> bool:
    """Say whether a page's turn has come, as the journal tells now: so no turn is taken twice.

    The clocks of two machines may be apart by the jitter, or by a minute.
    """
    latest = world.now() + max(jitter(page), min(MINUTE, page.every / 4))
    if turn_of(page, world, None).at <= latest:
        return True
    early = early_looks(world).get(page.id)
    return early is not None and early[0] <= latest


def due_after(page: Page, last: datetime) -> datetime:
    """Return when a page is due after a check, without jitter."""
    if not page.cron:
        return last + page.every
    trigger = CronTrigger.from_crontab(page.cron, timezone=UTC)
    due: datetime = trigger.get_next_fire_time(None, last + timedelta(seconds=1))
    return due


def jitter(page: Page) -> timedelta:
    """Return how much later than its interval a page's turn may come."""
    return timedelta(0) if page.cron else min(page.every * JITTER, MOST_JITTER)
