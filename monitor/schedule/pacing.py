"""APScheduler: waits for the next turn and has it taken.

Comes in: a world, and the hands that do the work. Nothing goes out: `paced` returns when it was told to stop. The turns
follow from the journal at the start, and again whenever the clock was set back; a clock that jumps forward, as after a
sleep, makes up by one turn what was missed.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor.model.errors import MonitorError
from monitor.model.page import FeedSource, Page, PageId
from monitor.ports import World
from monitor.schedule.jobs import JOBS, MINUTE
from monitor.schedule.turns import Cadence, early_looks, timetable

LOG = logging.getLogger(__name__)

GRACE = 7.0  # seconds that running work has to end after a stop
LOOK_SECONDS = 15.0  # between two looks at the clock
AGAIN = timedelta(minutes=30)  # until an early look is tried again of which nothing could be written down
CHECKS, TELLING = "checks", "telling"
EARLY = "early looks"


class Hands(Protocol):
    """Takes turns: here, or by handing them to other machines. No method raises for what a maintainer must mend."""

    halt: threading.Event
    fatal: MonitorError | None

    def check(self, page: Page) -> None:
        """Check a page."""

    def read(self, feed: FeedSource) -> None:
        """Read a feed."""

    def do(self, job: str) -> None:
        """Do a job of the table."""

    def wait(self, seconds: float) -> None:
        """Wait until nothing runs, and say after so many seconds what is waited for."""


def paced(world: World, hands: Hands, made: Callable[..., BaseScheduler] = BackgroundScheduler) -> None:
    """Have everything done when it is due, until the hands are told to stop; running work ends first.

    `made` makes the scheduler; one that keeps another time than this machine's lets a month pass in minutes.

    Raises:
        StoreError: the store is damaged or of another version; nothing goes on.
    """
    pace = Pace(world, hands, made)
    pace.start()
    try:
        while not hands.halt.wait(LOOK_SECONDS):
            pace.look()
    finally:
        hands.halt.set()
        pace.stop()
        hands.wait(GRACE)
    if hands.fatal is not None:
        raise hands.fatal


class Pace:
    """One job for each page, feed and line of the table; one thread checks, another one tells."""

    def __init__(self, world: World, hands: Hands, made: Callable[..., BaseScheduler]) -> None:
        self._world = world
        self._latest = world.now()
        self._brought: dict[PageId, tuple[datetime, datetime]] = {}  # which early look was last taken, and when
        self._scheduler = made(
            timezone=UTC,
            executors={CHECKS: ThreadPoolExecutor(1), TELLING: ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for page in filter(lambda page: page.asked_for, world.watchlist.pages):
            self._come_round(page, hands.check, page)
        for feed in world.watchlist.feeds:
            self._come_round(feed.page, hands.read, feed)
        for name, job in JOBS.items():
            self._repeat(name, job.every, hands.do, name)
        self._repeat(EARLY, MINUTE, self._look_early)

    def start(self) -> None:
        """Begin with the turns that follow from the journal."""
        self._scheduler.start(paused=True)
        self._plan()
        self._scheduler.resume()

    def look(self) -> None:
        """Look at the clock: it may have been set, and timers stand still while a machine sleeps."""
        now = self._world.now()
        if now < self._latest:
            self._plan()
        self._latest = now
        self._scheduler.wakeup()

    def stop(self) -> None:
        """Take no further turn."""
        self._scheduler.shutdown(wait=False)

    def _come_round(self, page: Page, act: Callable[..., None], watched: Page | FeedSource) -> None:
        cadence, name = Cadence(page), f"check of {page.id}"
        self._scheduler.add_job(act, cadence, args=(watched,), id=_id(page.id), name=name, executor=CHECKS)

    def _repeat(self, name: str, every: timedelta, act: Callable[..., None], *arguments: str) -> None:
        trigger = IntervalTrigger(seconds=every.total_seconds(), timezone=UTC)
        self._scheduler.add_job(act, trigger, args=arguments, id=name, name=name, executor=TELLING)

    def _plan(self) -> None:
        """Set every next turn by the journal and the clock as they are now."""
        names = {page.id for page in self._world.watchlist.with_feeds().pages}
        for turn in timetable(self._world):
            name = _id(turn.what) if turn.what in names else turn.what
            self._scheduler.modify_job(name, next_run_time=turn.at)
        self._scheduler.modify_job(EARLY, next_run_time=self._world.now() + MINUTE)

    def _look_early(self) -> None:
        """Bring forward the pages that something waits for; a store that is busy is asked again in a minute."""
        try:
            for page, (at, _) in early_looks(self._world).items():
                self._bring_forward(page, at)
        except MonitorError as error:
            LOG.error("early looks: %s", error)  # noqa: TRY400 - the sentence says what to do

    def _bring_forward(self, page: PageId, at: datetime) -> None:
        """Have a page checked earlier; where that was done and the journal does not know, a host is not asked at once.

        So it is while the disk is full: then the same look is due again every minute, for hours.
        """
        job, now = self._scheduler.get_job(_id(page)), self._world.now()
        look, taken = self._brought.get(page, (None, now))
        if job is None or at >= job.next_run_time or (look == at and now < taken + AGAIN):
            return
        self._brought[page] = (at, max(at, now))
        job.modify(next_run_time=max(at, now))


def _id(page: str) -> str:
    """Return a page's name among the jobs, which no job of the table has."""
    return f"page:{page}"
