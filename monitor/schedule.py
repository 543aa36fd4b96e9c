"""What is due when, on one machine: each page on its own interval, early looks, publication, delivery.

Comes in: a world. Nothing goes out: `run` returns when it was told to stop. When a page is due follows from its last
check, so that a restart forgets nothing and repeats nothing.
"""

import logging
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from monitor.model.alert import AlertState
from monitor.model.capture import Capture, Fetched
from monitor.model.errors import MonitorError, StoreDamaged, StoreTooNew
from monitor.model.page import FeedSource, Page, PageId
from monitor.pipeline.check import checked
from monitor.pipeline.confirm import next_looks
from monitor.pipeline.deliver import Limits, deliver
from monitor.pipeline.outages import tell_outages
from monitor.pipeline.publish import publish
from monitor.pipeline.signals import feed_read, nudged
from monitor.ports import Fetcher, World

LOG = logging.getLogger(__name__)

# A page is asked for up to this share of its interval earlier or later, so that pages of one host do not come at once.
JITTER = 0.05
MOST_JITTER = timedelta(minutes=10)
OUTAGES = timedelta(minutes=10)  # how often is looked whether maintainers are to be told of a page
UPKEEP = timedelta(minutes=1)  # how often is looked whether anything is to be published or delivered
GRACE = 7.0  # seconds that running work has to end after a stop
LATE = 9.0  # seconds after which a stop does not wait for anything any more
LOOK_SECONDS = 0.2  # how often a fetch that is waited for looks whether the program stops
CHECKS, TELLING = "checks", "telling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When something is due next (UTC), how often it comes round, and why at that moment."""

    what: str
    at: datetime
    every: timedelta
    cron: str = ""
    why: str = ""


def timetable(world: World) -> tuple[Turn, ...]:
    """Return the next turn of everything, the next one first."""
    now, early = world.now(), _early(world)
    turns = [_turn(page, world, now, early.get(page.id)) for page in world.watchlist.with_feeds().pages]
    turns += [
        Turn(what="publication", at=now + UPKEEP, every=UPKEEP, why="of what is approved or was checked"),
        Turn(what="delivery", at=now + UPKEEP, every=UPKEEP, why="of messages that are due"),
        Turn(what="outages", at=now + OUTAGES, every=OUTAGES, why="mail to maintainers of pages not read for long"),
    ]
    return tuple(sorted(turns, key=lambda turn: (turn.at, turn.what)))


def run(
    world: World,
    limits: Limits,
    halt: threading.Event,
    *,
    made: Callable[..., BackgroundScheduler] = BackgroundScheduler,
) -> None:
    """Watch, publish and deliver until `halt` is set; running work ends first.

    A page that is being asked for is let go: nothing of it was kept yet, and the next start asks again. `made` makes
    the scheduler; one that keeps another time than this machine's lets a month pass in minutes (`bench/soak.py`).

    Raises:
        StoreError: the store is damaged or of another version; nothing goes on.
    """
    work = _Work(world, limits, halt)
    scheduler = made(
        timezone=UTC,
        executors={CHECKS: ThreadPoolExecutor(1), TELLING: ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    _fill(scheduler, work)
    scheduler.start()
    try:
        halt.wait()
    finally:
        halt.set()
        scheduler.shutdown(wait=False)
        work.wait(GRACE)
    if work.fatal is not None:
        raise work.fatal


@contextmanager
def halted_by_signals(halt: threading.Event, late: Callable[[], None]) -> Iterator[None]:
    """Set `halt` at SIGTERM or SIGINT, and call `late` when the process still lives `LATE` seconds after."""

    def stop(number: int, _: FrameType | None) -> None:
        LOG.info("%s: stopping, running work ends first", signal.Signals(number).name)
        if not halt.is_set():
            last = threading.Timer(LATE, late)
            last.daemon = True
            last.start()
        halt.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Stopping(BaseException):
    """The program ends while a page is being asked for; no Exception, so that nobody takes it for a fault."""


class _Work:
    """What the jobs do. One thread checks, another one publishes and delivers."""

    def __init__(self, world: World, limits: Limits, halt: threading.Event) -> None:
        fetchers = {name: _let_go(fetcher, halt) for name, fetcher in world.fetchers.items()}
        self.world = replace(world, fetchers=fetchers)
        self.fatal: MonitorError | None = None
        self._limits = limits
        self._halt = halt
        self._fresh = threading.Event()
        self._fresh.set()
        self._idle = threading.Condition()
        self._busy = 0

    def check(self, page: Page, scheduler: BackgroundScheduler) -> None:
        """Check a page, and look at it again before its turn when something waits for that."""
        self._do(f"check of page {page.id}", lambda: self._check(page, scheduler))

    def read(self, feed: FeedSource, scheduler: BackgroundScheduler) -> None:
        """Read a feed, and check the pages that its entries name before their turn."""
        self._do(f"feed {feed.id}", lambda: self._read(feed, scheduler))

    def publish(self) -> None:
        """Publish what is approved, and what readers see of new checks."""
        self._do("publication", self._publish)

    def deliver(self) -> None:
        """Send what is due."""
        self._do("delivery", self._deliver)

    def tell_outages(self) -> None:
        """Tell maintainers of pages that stay unread, and of those that are read again."""
        self._do("mail to maintainers", self._tell_outages)

    def wait(self, seconds: float) -> None:
        """Wait until nothing runs, at most so long."""
        with self._idle:
            if not self._idle.wait_for(lambda: self._busy == 0, seconds):
                LOG.warning("%d jobs run on after %.0f s; the next start repeats them", self._busy, seconds)

    def _check(self, page: Page, scheduler: BackgroundScheduler) -> None:
        told = checked(page, self.world)
        LOG.info("page %s: %s %s", page.id, told.outcome, told.detail)
        self._fresh.set()
        look = next_looks(self.world).get(page.id)
        if look is not None:
            self._bring_forward(page.id, look, scheduler)

    def _read(self, feed: FeedSource, scheduler: BackgroundScheduler) -> None:
        told = feed_read(feed, self.world)
        LOG.info("feed %s: %s %s", feed.id, told.outcome, told.detail)
        self._fresh.set()
        for page, at in nudged(self.world).items():
            self._bring_forward(page, at, scheduler)

    def _bring_forward(self, page: PageId, at: datetime, scheduler: BackgroundScheduler) -> None:
        job = scheduler.get_job(_job(page))
        if job is not None and at < job.next_run_time:
            job.modify(next_run_time=max(at, self.world.now()))

    def _publish(self) -> None:
        if not self._fresh.is_set() and not self.world.desk.alerts(AlertState.APPROVED):
            return
        self._fresh.clear()
        done = publish(self.world)
        for alert in done.published:
            LOG.info("alert %s published: %s", alert.id, alert.title)
        if done.failed:
            self._fresh.set()

    def _deliver(self) -> None:
        done = deliver(self.world, self._limits, stopping=self._halt.is_set)
        if done.moved:
            LOG.info("delivery: %d messages moved", len(done.moved))
        if done.stopped:
            LOG.error("delivery is stopped until a maintainer resumes it: %s", done.stopped)

    def _tell_outages(self) -> None:
        for told in tell_outages(self.world):
            what = "read again" if told.problem.recovered else "not read"
            LOG.info("maintainers told of page %s, %s: %s", told.problem.page, what, told.message)

    def _do(self, what: str, act: Callable[[], None]) -> None:
        """Do a job unless the program stops; log what a maintainer must mend, and stop at what damages the store."""
        with self._idle:
            if self._halt.is_set():
                return
            self._busy += 1
        try:
            act()
        except _Stopping:
            LOG.info("%s: let go, the program stops", what)
        except (StoreDamaged, StoreTooNew) as error:
            self.fatal = error
            self._halt.set()
        except MonitorError as error:
            LOG.error("%s: %s", what, error)  # noqa: TRY400 - the sentence says what to do; a traceback would hide it
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()


def _let_go(fetcher: Fetcher, halt: threading.Event) -> Fetcher:
    """Return the fetcher so that a stop does not wait for an answer."""

    def ask(page: Page, since: Capture | None) -> Fetched:
        answer: Future[Fetched] = Future()
        asking = threading.Thread(target=_answer, args=(answer, fetcher, page, since), name=page.id, daemon=True)
        asking.start()
        while not wait((answer,), timeout=LOOK_SECONDS).done:
            if halt.is_set():
                raise _Stopping
        return answer.result()

    return ask


def _answer(answer: "Future[Fetched]", fetcher: Fetcher, page: Page, since: Capture | None) -> None:
    try:
        answer.set_result(fetcher(page, since))
    except BaseException as error:  # noqa: BLE001 - it is raised again where the answer is waited for
        answer.set_exception(error)


def _fill(scheduler: BackgroundScheduler, work: _Work) -> None:
    world = work.world
    turns = {turn.what: turn for turn in timetable(world)}
    pages = [(page, work.check, (page, scheduler)) for page in world.watchlist.pages]
    feeds = [(feed.page, work.read, (feed, scheduler)) for feed in world.watchlist.feeds]
    for page, act, arguments in (*pages, *feeds):
        turn = turns[page.id]
        scheduler.add_job(
            act,
            _trigger(page, turn.at),
            args=arguments,
            id=_job(page.id),
            name=f"check of {page.id}",
            executor=CHECKS,
            next_run_time=turn.at,
        )
    jobs = (("publication", work.publish, UPKEEP), ("delivery", work.deliver, UPKEEP))
    for name, act, span in (*jobs, ("outages", work.tell_outages, OUTAGES)):
        every = IntervalTrigger(seconds=span.total_seconds(), timezone=UTC)
        scheduler.add_job(act, every, id=name, name=name, executor=TELLING)


def _job(page: PageId) -> str:
    return f"page:{page}"


def _trigger(page: Page, first: datetime) -> BaseTrigger:
    if page.cron:
        return CronTrigger.from_crontab(page.cron, timezone=UTC)
    jitter = min(page.every * JITTER, MOST_JITTER).total_seconds()
    return IntervalTrigger(seconds=page.every.total_seconds(), start_date=first, jitter=jitter, timezone=UTC)


def _early(world: World) -> Mapping[PageId, tuple[datetime, str]]:
    """Return what brings a page's next turn forward: when it is due, and why."""
    looks = {page: (at, "an alert waits to be seen again") for page, at in next_looks(world).items()}
    named = {page: (at, "an entry of a feed speaks of it") for page, at in nudged(world).items()}
    early = dict(looks)
    for page, turn in named.items():
        early[page] = min(turn, early.get(page, turn))
    return early


def _turn(page: Page, world: World, now: datetime, early: tuple[datetime, str] | None) -> Turn:
    """Return a page's next turn: at once when it was missed, earlier than usual for a second look."""
    last = world.journal.standing(page.id).checked
    if last is None:
        due, why = now, "never checked"
    else:
        due, why = _after(page, last), f"last checked {last:%Y-%m-%d %H:%M}"
    if early is not None and early[0] < due:
        due, why = early
    return Turn(what=page.id, at=max(due, now), every=page.every, cron=page.cron, why=why)


def _after(page: Page, last: datetime) -> datetime:
    """Return when a page is due after a check."""
    if not page.cron:
        return last + page.every
    trigger = CronTrigger.from_crontab(page.cron, timezone=UTC)
    due: datetime = trigger.get_next_fire_time(None, last + timedelta(seconds=1))
    return due
