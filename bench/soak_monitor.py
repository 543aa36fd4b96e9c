"""The monitor itself, as `optout-monitor run` runs it, but by the clock of the soak; started anew after each kill.

    python bench/soak_monitor.py FOLDER DAYS

Its jobs are those of the real scheduler in their real threads. Only the waiting differs: when nothing runs, the clock
moves to the next job.
"""

import logging
import os
import resource
import sys
import threading
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import soak_plan
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_SUBMITTED
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import STATE_STOPPED
from soak_site import SharedClock

from monitor import schedule
from monitor.settings import settings
from monitor.wiring import limits, world

FULL_BYTES = 8_192  # no file grows beyond this while the disk is full
MOST_WAIT = 120.0  # seconds of this machine that a round of jobs may take before the soak gives up on it


class JumpingScheduler(BackgroundScheduler):  # type: ignore[misc]  # APScheduler has no types
    """The scheduler with a clock that jumps to the next job once nothing runs."""

    def __init__(
        self, *, clock: SharedClock, planned: soak_plan.Plan, halt: threading.Event, **options: object
    ) -> None:
        super().__init__(**options)
        self.clock, self.planned, self.halt = clock, planned, halt
        self._moved = threading.Condition()
        self._begun = self._ended = 0
        self.add_listener(self._count, EVENT_JOB_SUBMITTED | EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)

    def _main_loop(self) -> None:
        while self.state != STATE_STOPPED and not self.halt.is_set():
            wait = self._process_jobs()
            with self._moved:
                if not self._moved.wait_for(lambda: self._begun == self._ended, MOST_WAIT):
                    logging.critical("a job did not end in %s s", MOST_WAIT)
                    os._exit(1)
            due = self._next_due()
            self.clock.reach(due if due is not None else self.clock.seconds + (wait or 1.0))
            _fill_disk(self.planned, self.clock.seconds)
            if self.clock.seconds >= self.planned.seconds:
                self.halt.set()

    def _next_due(self) -> float | None:
        """Return when the next job is due, in seconds of the plan."""
        moments = [job.next_run_time for job in self.get_jobs()[:1]]
        return (moments[0] - soak_plan.START).total_seconds() if moments else None

    def _count(self, event: object) -> None:
        with self._moved:
            if event.code == EVENT_JOB_SUBMITTED:  # type: ignore[attr-defined]
                self._begun += 1
            else:
                self._ended += 1
            self._moved.notify_all()


def _fill_disk(planned: soak_plan.Plan, now: float) -> None:
    """Let no file grow while the plan says that the disk is full."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    full = any(each.kind == "full-disk" and each.at <= now < each.until for each in planned.faults)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL_BYTES if full else most, most))


def _tell_the_time(clock: SharedClock) -> None:
    """Let the scheduler's library read the soak's clock."""

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # the soak's own moment
            return clock().astimezone(tz)

    apscheduler.schedulers.base.datetime = apscheduler.triggers.interval.datetime = Moved


def main(folder: Path, days: float) -> None:
    clock, planned, halt = SharedClock(folder / "clock"), soak_plan.plan(days), threading.Event()
    _tell_the_time(clock)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    made = partial(JumpingScheduler, clock=clock, planned=planned, halt=halt)
    read = settings()
    with world(read, clock=clock, sleep=clock.sleep) as outside, outside.writing():
        schedule.run(outside, limits(read), halt, made=made)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
