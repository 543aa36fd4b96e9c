"""What many machines promise: every page is checked, every alert told once, whoever is killed meanwhile."""

import asyncio
import gc
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from monitor.model.alert import AlertState
from monitor.model.page import PageId
from monitor.model.subscriber import PostState
from monitor.schedule.pacing import Hands
from monitor.store import Store
from tests.contract.conftest import fresh_database
from tests.contract.crowd import Crowd, Machines, State, opened, state, watched
from tests.fakes import fake_world, page

procrastinate = pytest.importorskip("procrastinate", reason="pip install 'optout-monitor[workers]'")

PAGES, MOST_SECONDS = 200, 200.0


@pytest.fixture
def server(postgresql: str) -> str:
    """Return the address of a server with nothing in it, as its own library reads it."""
    address = make_url(fresh_database(postgresql)).set(drivername="postgresql").render_as_string(hide_password=False)
    import psycopg

    from monitor.workers import SCHEMA

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    return address


@pytest.fixture
def machines(tmp_path: Path, server: str) -> Iterator[Machines]:
    made = Machines(folder=tmp_path, database=server, workers=2, at_once=3, chance=random.Random(7))
    yield made
    made.end()


def test_every_page_is_checked_and_every_alert_told_once_although_workers_are_killed(machines: Machines) -> None:
    crowd = Crowd(pages=PAGES, changing=20, hosts=20)
    store = opened(machines.folder, machines.database)
    whole = State(checked=PAGES, published=crowd.changed, mailed=crowd.changed)
    with crowd.served() as port:
        (machines.folder / "watchlist.yaml").write_text(crowd.watchlist(port), encoding="utf-8")
        machines.start()
        with handing_over(machines.database) as hands:

            def done() -> bool:
                hands.do("publication")
                hands.do("delivery")
                return state(store) == whole

            watched(machines, done, kills=[8.0, 12.0], seconds=MOST_SECONDS)

        codes = machines.stop()
    assert codes == [0, 0, 0, 0]
    assert machines.killed == 2
    _told_once(store, crowd)
    store.close()


@contextmanager
def handing_over(server: str) -> Iterator[Hands]:
    """Give hands that pass on jobs, so that a test need not wait for their minute."""
    from monitor.workers import Queue, queue_app

    app = queue_app(server, most=2)
    with app.open():
        yield Queue(app, threading.Event(), leads)


def leads() -> bool:
    """Say that a scheduler leads, as one does that is alone."""
    return True


def _told_once(store: Store, crowd: Crowd) -> None:
    """Hold what was done to what was to be done: nothing is missing, nothing came twice."""
    alerts = store.desk.alerts()
    assert {alert.page for alert in alerts} == {f"p{number:05}" for number in range(PAGES) if crowd.changes(number)}
    assert [alert.state for alert in alerts] == [AlertState.PUBLISHED] * crowd.changed
    assert len(store.outbox.posts()) == crowd.changed
    assert store.outbox.posts(PostState.PENDING) == ()
    slow = [PageId(f"p{number:05}") for number in range(PAGES) if not crowd.changes(number)]
    assert {name: len(store.journal.checks(name, newest=9)) for name in slow} == dict.fromkeys(slow, 1)
    assert list(store.evidence.verify()) == []


def test_of_each_page_one_job_waits_however_often_it_is_handed_over(server: str) -> None:
    from monitor.workers import Queue, queue_app

    halt = threading.Event()
    app = queue_app(server, most=2)
    with app.open():
        one, other = Queue(app, halt, leads), Queue(app, halt, leads)
        for hands in (one, other, one):
            hands.check(page("first"))
            hands.check(page("second"))
            hands.do("delivery")

        waiting = [(job.task_name, job.task_kwargs, job.lock) for job in app.job_manager.list_jobs()]

    assert sorted(waiting, key=str) == [
        ("check", {"what": "first"}, "host lumen.example"),
        ("check", {"what": "second"}, "host lumen.example"),
        ("do", {"what": "delivery"}, "jobs"),
    ]


def test_a_job_that_goes_back_while_another_waits_for_its_page_leaves_that_one(server: str) -> None:
    from monitor.workers import PAGES, queue_app

    async def waiting() -> list[tuple[str | None, bool]]:
        app = queue_app(server, most=2)
        task = app.configure_task("check", queue=PAGES, lock="host a", queueing_lock="check first")
        async with app.open_async():
            await task.defer_async(what="first")
            taken = await app.job_manager.fetch_job([PAGES], await app.job_manager.register_worker())
            assert taken is not None
            await task.defer_async(what="first")

            await app.job_manager.retry_job(taken)

            return [(job.status, job.id == taken.id) for job in await app.job_manager.list_jobs_async()]

    assert asyncio.run(waiting()) == [("todo", False)]


def test_a_second_scheduler_stands_by_until_the_first_is_gone(server: str) -> None:
    from monitor.workers import _leading, queue_app

    queue_app(server, most=2)
    first, second, led = threading.Event(), threading.Event(), threading.Event()

    def lead() -> None:
        with _leading(server, second):
            led.set()

    with _leading(server, first):
        other = threading.Thread(target=lead)
        other.start()
        assert not led.is_set()

    assert led.wait(20)
    other.join()


def test_a_scheduler_that_lost_its_lead_hands_nothing_over_and_ends(server: str) -> None:
    import psycopg

    from monitor.workers import Queue, _leading, queue_app

    halt, app = threading.Event(), queue_app(server, most=2)
    with app.open(), _leading(server, halt) as leads_still:
        hands = Queue(app, halt, leads_still)
        hands.check(page("first"))
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")

        hands.check(page("second"))

        waiting = [job.task_kwargs for job in app.job_manager.list_jobs()]
    assert waiting == [{"what": "first"}]
    assert halt.is_set()
    assert str(hands.fatal).startswith("the database let go of this scheduler")


def test_a_leader_whose_machine_is_gone_is_missed_within_half_a_minute(server: str) -> None:
    from monitor.workers import _watched

    with _watched(server) as connection:
        told = connection.execute(
            "SELECT name, reset_val FROM pg_settings WHERE name LIKE 'tcp_keepalives_%' ORDER BY name"
        ).fetchall()

    assert told == [("tcp_keepalives_count", "3"), ("tcp_keepalives_idle", "10"), ("tcp_keepalives_interval", "5")]


def test_of_two_things_that_fail_at_once_the_first_is_told_and_the_other_leaves_no_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    from monitor.workers import _end

    async def fails(words: str) -> None:
        raise ConnectionError(words)

    async def ends() -> None:
        tasks = [asyncio.create_task(fails(words)) for words in ("queue", "takeover")]
        await asyncio.wait(tasks)
        await _end(*tasks)

    with pytest.raises(ConnectionError, match="queue"):
        asyncio.run(ends())

    gc.collect()
    assert caplog.text == ""


def test_a_job_for_a_page_that_was_checked_meanwhile_asks_nobody() -> None:
    from monitor.pipeline.deliver import Limits
    from monitor.schedule.here import Here
    from monitor.workers import _taken

    house = fake_world()
    here = Here(house.world, Limits(), threading.Event())

    for _ in range(2):
        _taken(house.pages[0], here, lambda: here.check(house.pages[0]))

    assert len(house.store.written) == 1
