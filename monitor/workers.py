"""The same work on many machines: what is due waits in PostgreSQL (Procrastinate), and any worker takes it.

Comes in: a world and the address of its database. `scheduled` hands over what is due, `worked` does it; any number of
either may run. Nothing in the queue is worth keeping: what is due follows from the journal, so the queue lies in a
schema of its own, named for Procrastinate's version, and a new version begins with an empty one.
Source: docs/decisions/0012-many-machines.md
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from monitor.model.errors import MonitorError, StoreError
from monitor.model.page import FeedSource, Page
from monitor.pipeline.deliver import Limits
from monitor.ports import World
from monitor.schedule.here import Here
from monitor.schedule.pacing import GRACE, paced
from monitor.schedule.turns import is_due

LOG = logging.getLogger(__name__)

PAGES, JOBS = "pages", "jobs"  # the queues: a machine may take from one of them only
SCHEMA = f"queue_{procrastinate.__version__.replace('.', '_')}"

HEARTBEAT = 5.0  # seconds between two signs of life of a worker
STALLED = 20.0  # seconds without one, after which its jobs are taken over
AGAIN = 5.0  # seconds until what was refused or held by another is tried again
IDLE, PROBE, PROBES = 10, 5, 3  # seconds of silence on the leader's connection, between probes of it; how many
MOST_LET_GO = 1000  # how often a job may be let go by workers that stop
# Advisory locks of PostgreSQL: any numbers, always the same; those of the store stand in `store.database`.
_SCHEMA_LOCK = 7_241_996_312
_LEADER_LOCK = 7_241_996_313


class LetGo(Exception):
    """A worker stopped before it had done a job; the next one does it."""


def scheduled(world: World, address: str, halt: threading.Event) -> None:
    """Hand over what is due, until `halt` is set. Of several schedulers one leads, and the others stand by.

    Raises:
        StoreError: the database does not answer.
    """
    app = queue_app(address, most=2)
    with _told(), app.open(), _leading(address, halt) as leads:
        if not halt.is_set():
            paced(world, Queue(app, halt, leads))


def worked(
    world: World, limits: Limits, address: str, halt: threading.Event, *, at_once: int, only_pages: bool
) -> None:
    """Do what is due, `at_once` jobs at a time, until `halt` is set; running work ends first or goes back.

    Raises:
        StoreError: the store is damaged or of another version, or the database does not answer.
    """
    here = Here(world, limits, halt)
    app = queue_app(address, most=at_once + 4)
    _add_tasks(app, here)
    with _told():
        asyncio.run(_worked(app, halt, at_once, [PAGES] if only_pages else [PAGES, JOBS]))
    if here.fatal is not None:
        raise here.fatal


class Queue:
    """Hands that pass on what they are asked to do; of each page, feed and job at most one waits in the queue.

    `leads` says whether this scheduler leads still; one that does not hands nothing over and ends.
    """

    def __init__(self, app: procrastinate.App, halt: threading.Event, leads: Callable[[], bool]) -> None:
        self.halt = halt
        self.fatal: MonitorError | None = None
        self._app = app
        self._leads = leads

    def check(self, page: Page) -> None:
        """Have a page checked; pages of one host come one after the other, whoever takes them."""
        self._pass_on("check", page.id, PAGES, lock=f"host {_host(page.url)}")

    def read(self, feed: FeedSource) -> None:
        """Have a feed read."""
        self._pass_on("read", feed.id, PAGES, lock=f"host {_host(feed.url)}")

    def do(self, job: str) -> None:
        """Have a job of the table done."""
        self._pass_on("do", job, JOBS, lock=JOBS)  # one after the other, as on one machine

    def wait(self, seconds: float) -> None:
        """Wait for nothing: what was passed on is in the queue."""

    def _pass_on(self, task: str, what: str, queue: str, *, lock: str) -> None:
        """Put a job into the queue, as soon as the database answers."""
        deferrer = self._app.configure_task(task, queue=queue, lock=lock, queueing_lock=f"{task} {what}")
        while not self.halt.is_set():
            if not self._leads():
                self.fatal = StoreError(
                    "the database let go of this scheduler, and another one may lead: start it again"
                )
                self.halt.set()
                return
            try:
                deferrer.defer(what=what)
            except AlreadyEnqueued:
                LOG.debug("%s %s: waits already", task, what)
            except ConnectorException as error:
                LOG.error("%s %s cannot be handed over: %s", task, what, _cause(error))  # noqa: TRY400 - said whole
                self.halt.wait(AGAIN)
                continue
            return


def _add_tasks(app: procrastinate.App, here: Here) -> None:
    """Tell the app what its tasks do. What they do may be asked for twice: the journal says whether it is due."""
    feeds = {feed.id: feed for feed in here.world.watchlist.feeds}

    def check(what: str) -> None:
        page = here.world.watchlist.page(what)
        if page is None:
            LOG.warning("page %s is not in this worker's watchlist", what)
        else:
            _taken(page, here, lambda: here.check(page))

    def read(what: str) -> None:
        feed = feeds.get(what)
        if feed is None:
            LOG.warning("feed %s is not in this worker's watchlist", what)
        else:
            _taken(feed.page, here, lambda: here.read(feed))

    def do(what: str) -> None:
        here.do(what)

    retry = procrastinate.RetryStrategy(max_attempts=MOST_LET_GO, retry_exceptions={LetGo})
    for name, act in (("check", check), ("read", read), ("do", do)):
        app.task(name=name, retry=retry)(act)


def _taken(page: Page, here: Here, act: Callable[[], None]) -> None:
    """Take a page's turn, unless it was taken meanwhile.

    Raises:
        LetGo: the program stopped before it was taken.
    """
    if not is_due(page, here.world):
        LOG.info("%s: not due any more", page.id)
        return
    act()
    if here.halt.is_set() and is_due(page, here.world):
        raise LetGo


class _Jobs(JobManager):
    """Puts jobs back into the queue, where another one for the same page may wait already: then that one is enough."""

    async def retry_job(self, job: Job, *how: Any, **more: Any) -> None:
        """Put a job back, or end it."""
        try:
            await super().retry_job(job, *how, **more)
        except UniqueViolation:
            await self.finish_job(job, Status.FAILED, delete_job=True)


async def _worked(app: procrastinate.App, halt: threading.Event, at_once: int, queues: list[str]) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(at_once + 1))
    async with app.open_async():
        working = asyncio.create_task(
            app.run_worker_async(
                queues=queues,
                concurrency=at_once,
                install_signal_handlers=False,
                shutdown_graceful_timeout=GRACE,
                delete_jobs="always",
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=STALLED,
            )
        )
        taking_over = asyncio.create_task(_take_over(app))
        stopped = asyncio.ensure_future(loop.run_in_executor(None, halt.wait))
        ends: set[asyncio.Future[Any]] = {working, taking_over, stopped}
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        halt.set()
        await _end(working, taking_over)


async def _end(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks and wait for all of them; raise what the first of them failed with."""
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome


async def _take_over(app: procrastinate.App) -> None:
    """Put the jobs of dead workers back into the queue, for ever."""
    while True:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
            await _put_back(app, job)
        await asyncio.sleep(AGAIN)


async def _put_back(app: procrastinate.App, job: Job) -> None:
    try:
        await app.job_manager.retry_job(job)
    except ConnectorException as error:
        LOG.info("%s: another worker takes it over (%s)", job.call_string, _cause(error))
        return
    LOG.warning("%s: taken over from a worker that died", job.call_string)


def queue_app(address: str, *, most: int) -> procrastinate.App:
    """Return an app over a queue that is there; `most` is how many connections it may hold."""
    with _told():
        _prepare(address)
    options = {"options": f"-c search_path={SCHEMA}"}
    connector = procrastinate.PsycopgConnector(conninfo=address, min_size=1, max_size=most, kwargs=options)
    app = procrastinate.App(connector=connector)
    app.job_manager = _Jobs(connector)
    return app


def _prepare(address: str) -> None:
    """Make the queue, unless it is there."""
    with psycopg.connect(address, options=f"-c search_path={SCHEMA}") as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        made = connection.execute("SELECT to_regclass(%s)", (f"{SCHEMA}.procrastinate_jobs",)).fetchone()
        if made == (None,):
            connection.execute(procrastinate.schema.SchemaManager.get_schema())


@contextmanager
def _leading(address: str, halt: threading.Event) -> Iterator[Callable[[], bool]]:
    """Wait until this scheduler leads or is told to stop, and give what says whether it leads still.

    PostgreSQL lets go of the lock when the connection ends: with the process that leads, with the server, and half a
    minute after the machine or the way to it is gone.
    """
    with _watched(address) as connection:
        query, waited = "SELECT pg_try_advisory_lock(%s)", False
        while connection.execute(query, (_LEADER_LOCK,)).fetchone() != (True,):
            if not waited:
                LOG.info("another scheduler leads; standing by")
            waited = True
            if halt.wait(AGAIN):
                break
        else:
            LOG.info("leading: the other scheduler is gone" if waited else "leading")
        yield lambda: _answers(connection)


def _watched(address: str) -> psycopg.Connection:
    """Return a connection of which either side notices within half a minute that the other one is gone."""
    server = f"-c tcp_keepalives_idle={IDLE} -c tcp_keepalives_interval={PROBE} -c tcp_keepalives_count={PROBES}"
    return psycopg.connect(
        address,
        autocommit=True,
        options=server,
        keepalives_idle=IDLE,
        keepalives_interval=PROBE,
        keepalives_count=PROBES,
        tcp_user_timeout=1000 * (IDLE + PROBE * PROBES),
    )


def _answers(connection: psycopg.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def _told() -> Iterator[None]:
    """Tell of a database that does not answer in a sentence.

    Raises:
        StoreError: it does not.
    """
    try:
        yield
    except (psycopg.OperationalError, ConnectorException) as error:
        raise StoreError(f"the queue's database does not answer: {_cause(error)}") from error


def _cause(error: BaseException) -> str:
    return " ".join(str(error.__cause__ or error).split())


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
