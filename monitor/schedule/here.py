"""The work done in this process: pages checked, feeds read, jobs done, each until the program stops.

Comes in: a world. What a maintainer must mend is logged and the work goes on; what damages the store ends it (`fatal`).
"""

import logging
import threading
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler

from monitor.model.errors import MonitorError, Stopping, StoreDamaged, StoreTooNew
from monitor.model.page import FeedSource, Page
from monitor.pipeline.check import SEEN, checked
from monitor.pipeline.deliver import Limits
from monitor.pipeline.signals import feed_read
from monitor.ports import World
from monitor.schedule.heap import give_back
from monitor.schedule.jobs import JOBS, Round
from monitor.schedule.pacing import paced
from monitor.schedule.stopping import letting_go

LOG = logging.getLogger(__name__)


def run(
    world: World,
    limits: Limits,
    halt: threading.Event,
    *,
    made: Callable[..., BaseScheduler] = BackgroundScheduler,
) -> None:
    """Watch, publish and deliver in this process until `halt` is set; running work ends first.

    A page that is being asked for is let go: nothing of it was kept yet, and the next start asks again. A publication
    stops between two files, and the next one goes on from there. `made` makes the scheduler; one that keeps another
    time than this machine's lets a month pass in minutes (`bench/soak.py`).

    Raises:
        StoreError: the store is damaged or of another version; nothing goes on.
    """
    paced(world, Here(world, limits, halt), made)


class Here:
    """Does what is due; `halt` is set by what stops the program, and by what damages the store."""

    def __init__(self, world: World, limits: Limits, halt: threading.Event) -> None:
        self.world = letting_go(world, halt)
        self.halt = halt
        self.fatal: MonitorError | None = None
        self._round = Round(world=self.world, limits=limits, stopping=halt.is_set)
        self._idle = threading.Condition()
        self._busy = 0

    def check(self, page: Page) -> None:
        """Check a page."""
        self._do(f"check of page {page.id}", lambda: self._check(page))

    def read(self, feed: FeedSource) -> None:
        """Read a feed."""
        self._do(f"feed {feed.id}", lambda: self._read(feed))

    def do(self, job: str) -> None:
        """Do a job of the table."""
        self._do(job, lambda: JOBS[job].act(self._round))
        give_back()

    def wait(self, seconds: float) -> None:
        """Wait until nothing runs, and say after so many seconds what is waited for."""
        with self._idle:
            if not self._idle.wait_for(lambda: self._busy == 0, seconds):
                LOG.warning(
                    "%d jobs run on after %.0f s; if they do not end, the next start repeats them", self._busy, seconds
                )
                self._idle.wait_for(lambda: self._busy == 0)

    def _check(self, page: Page) -> None:
        told = checked(page, self.world)
        LOG.info("page %s: %s %s", page.id, told.outcome, told.detail, extra={"page": page.id})
        if told.outcome not in SEEN:
            give_back()

    def _read(self, feed: FeedSource) -> None:
        told = feed_read(feed, self.world)
        LOG.info("feed %s: %s %s", feed.id, told.outcome, told.detail, extra={"page": feed.id})

    def _do(self, what: str, act: Callable[[], None]) -> None:
        with self._idle:
            if self.halt.is_set():
                return
            self._busy += 1
        try:
            act()
        except Stopping:
            LOG.info("%s: let go, the program stops", what)
        except (StoreDamaged, StoreTooNew) as error:
            self.fatal = error
            self.halt.set()
        except MonitorError as error:
            LOG.error("%s: %s", what, error)  # noqa: TRY400 - the sentence says what to do; a traceback would hide it
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()
