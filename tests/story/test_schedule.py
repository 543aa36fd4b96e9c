"""What runs when, and a real process that watches a page until it is told to stop."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from socket import socket

import pytest

from monitor.model.alert import Alert, AlertState
from monitor.model.capture import Fetched, Validators
from monitor.model.errors import StoreDamaged, StoreFull
from monitor.model.feed import FeedFetched
from monitor.model.page import FeedSource, Page, PageId
from monitor.model.status import Check, Outcome
from monitor.model.subscriber import Edition, PostState, Subscriber
from monitor.model.verdict import Level
from monitor.pipeline.check import checked
from monitor.pipeline.deliver import Limits, deliver
from monitor.ports import Published, World
from monitor.publish.files import Shelf
from monitor.schedule import run, timetable
from monitor.schedule.here import Here
from monitor.schedule.stopping import letting_go
from tests.contract.servers import Request, serving
from tests.fakes import START, House, fake_world, page
from tests.published import alert
from tests.story.installed import ENTRY, Pages, environment
from tests.story.lumen import policy
from tests.story.test_deliver import House as Mailing
from tests.story.test_deliver import Postman, reader

SOON = 10.0  # seconds that a process may take to stop


def turns(house: House) -> dict[str, tuple[timedelta, str]]:
    return {turn.what: (turn.at - house.clock.now(), turn.why) for turn in timetable(house.world)}


def test_a_page_never_checked_is_due_at_once() -> None:
    house = fake_world()

    assert turns(house)["lumen-policy"] == (timedelta(0), "never checked")


def test_a_page_is_due_its_interval_after_its_last_check_whatever_restarts_between() -> None:
    house = fake_world()
    house.store.missed(Check(page=PageId("lumen-policy"), at=START, outcome=Outcome.UNCHANGED))
    house.clock.turn(timedelta(hours=3))

    assert turns(house)["lumen-policy"] == (timedelta(hours=9), "last checked 2026-07-01 08:00")


def test_turns_missed_while_the_machine_slept_are_made_up_by_one() -> None:
    house = fake_world()
    house.store.missed(Check(page=PageId("lumen-policy"), at=START, outcome=Outcome.UNCHANGED))
    house.clock.turn(timedelta(days=9))

    assert turns(house)["lumen-policy"] == (timedelta(0), "last checked 2026-07-01 08:00")


def test_a_page_with_a_cron_is_due_at_its_next_moment_in_utc() -> None:
    house = fake_world(replace(page(), cron="30 6 * * mon"))
    house.store.missed(Check(page=PageId("lumen-policy"), at=START, outcome=Outcome.UNCHANGED))

    assert [turn.at.isoformat() for turn in timetable(house.world) if turn.what == "lumen-policy"] == [
        "2026-07-06T06:30:00+00:00"
    ]


def test_a_page_with_a_held_alert_is_looked_at_before_its_turn() -> None:
    house = fake_world()
    house.store.missed(Check(page=PageId("lumen-policy"), at=START, outcome=Outcome.HELD))
    held = replace(alert(), page=PageId("lumen-policy"), state=AlertState.HELD, raised=START)
    house.store.told[held.id] = held

    assert turns(house)["lumen-policy"] == (timedelta(hours=1), "an alert waits to be seen again")


@contextmanager
def running(world: World) -> Iterator[None]:
    """Run the schedule in a thread until the block ends; it must end soon after."""
    halt = threading.Event()
    thread = threading.Thread(target=run, args=(world, Limits(), halt))
    thread.start()
    try:
        yield
    finally:
        halt.set()
        thread.join(SOON)
        assert not thread.is_alive()


def test_a_page_that_is_being_asked_for_is_let_go_at_a_stop_and_nothing_of_it_is_kept() -> None:
    house = fake_world()
    asked, never = threading.Event(), threading.Event()

    def silent(page: Page, since: Validators | None) -> Fetched:
        asked.set()
        never.wait()
        raise AssertionError("nobody waits for this any more")

    with running(replace(house.world, fetchers={"plain": silent})):
        assert asked.wait(SOON)

    never.set()
    assert house.store.written == []
    assert house.evidence.kept == []


def test_a_long_publication_stops_between_two_files_and_leaves_none_that_is_not_known_as_ours(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    house, begun = fake_world(), threading.Event()

    def endless(record: Published) -> tuple[str, ...]:
        shelf = Shelf(tmp_path, "site", record.stopping)
        for number in count():
            shelf.put(f"{number}.html", lambda: b"lamp")
            begun.set()
        raise AssertionError("it counts for ever")

    with caplog.at_level(logging.INFO), running(replace(house.world, publishers={"site": endless})):
        assert begun.wait(SOON)

    written = {path.name for path in tmp_path.glob("*.html")}
    assert "site: let go, the program stops" in caplog.text
    assert set(Shelf(tmp_path, "site").close()) == written


def test_a_store_that_is_damaged_ends_the_run() -> None:
    house = fake_world()
    house.serve(policy())
    house.store.fails = StoreDamaged("monitor.db", "not a database")

    with pytest.raises(StoreDamaged):
        run(house.world, Limits(), threading.Event())


def test_a_full_disk_is_logged_and_the_run_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    house = fake_world(page("one"), page("two"))
    house.serve(policy(), "one")
    house.serve(policy(), "two")
    house.store.fails = StoreFull("monitor.db", "disk full")
    done = threading.Event()
    ask = house.site

    def second(page: Page, since: Validators | None) -> Fetched:
        fetched = ask(page, since)
        if page.id == "two":
            done.set()
        return fetched

    with running(replace(house.world, fetchers={"plain": second})):
        assert done.wait(SOON)

    assert "disk full" in caplog.text


class Told:
    """A site whose page is at first as it was, and sets an event when it was asked for."""

    def __init__(self) -> None:
        self.pages = Pages({"/policy": policy()})
        self.asked = threading.Event()

    def respond(self, request: Request, connection: socket) -> None:
        self.pages.respond(request, connection)
        if request.path == "/policy":
            self.asked.set()


@contextmanager
def process(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a process of its own, killed at the end if it still lives."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPTOUT_")}
    started = subprocess.Popen(
        [sys.executable, "-m", "monitor", *arguments],
        env={**kept, **environment(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def watchlist(folder: Path, url: str) -> None:
    folder.mkdir(exist_ok=True)
    entry = ENTRY.format(id="policy", url=url, publish="automatic")
    (folder / "watchlist.yaml").write_text(f"services:\n  lumen:\n    name: Lumen\npages:{entry}")


def until(stream: Iterator[str], wanted: Callable[[str], bool]) -> str:
    """Read lines until one is wanted; the test's own time limit is the process's end."""
    return next(line for line in stream if wanted(line))


def test_a_real_run_checks_at_once_and_stops_cleanly_on_sigterm(tmp_path: Path) -> None:
    site, folder = Told(), tmp_path / "lumen"
    with serving(site.respond) as server:
        watchlist(folder, server.url)
        with process(folder, "run") as running_one:
            assert running_one.stderr is not None
            until(iter(running_one.stderr), lambda line: "page policy: first" in line)

            running_one.send_signal(signal.SIGTERM)
            out, err = running_one.communicate(timeout=SOON)

    assert running_one.returncode == 0
    assert "Stopped; nothing is half done." in out
    assert "Traceback" not in err


def test_a_second_run_is_told_who_holds_the_store(tmp_path: Path) -> None:
    site, folder = Told(), tmp_path / "lumen"
    with serving(site.respond) as server:
        watchlist(folder, server.url)
        with process(folder, "run") as first:
            assert first.stderr is not None
            until(iter(first.stderr), lambda line: "page policy: first" in line)

            with process(folder, "run") as second:
                _, err = second.communicate(timeout=SOON)

    assert second.returncode == 1
    assert f"process {first.pid}" in err
    assert "Traceback" not in err


def test_a_run_stops_soon_although_a_server_does_not_answer(tmp_path: Path) -> None:
    folder, asked, let_go = tmp_path / "lumen", threading.Event(), threading.Event()

    def silent(request: Request, connection: socket) -> None:
        asked.set()
        let_go.wait(2 * SOON)

    with serving(silent) as server:
        watchlist(folder, server.url)
        with process(folder, "run") as stopped:
            assert asked.wait(SOON)

            stopped.send_signal(signal.SIGTERM)
            out, err = stopped.communicate(timeout=SOON)
        let_go.set()

    assert stopped.returncode == 0
    assert "check of page policy: let go, the program stops" in err
    assert "Stopped; nothing is half done." in out


def test_a_run_that_is_killed_while_it_waits_for_an_answer_leaves_a_store_that_goes_on(tmp_path: Path) -> None:
    folder, asked = tmp_path / "lumen", threading.Event()
    let_go = threading.Event()

    def silent(request: Request, connection: socket) -> None:
        asked.set()
        let_go.wait(SOON)

    with serving(silent) as server:
        watchlist(folder, server.url)
        with process(folder, "run") as killed:
            assert asked.wait(SOON)
            killed.kill()
            killed.communicate()
        let_go.set()
    site = Told()
    with serving(site.respond) as server:
        watchlist(folder, server.url)
        with process(folder, "check") as after:
            out, err = after.communicate(timeout=3 * SOON)

    assert after.returncode == 0, err
    assert "policy" in out


def test_a_feed_that_is_being_asked_for_is_let_go_at_a_stop_and_nothing_of_it_is_kept() -> None:
    house = fake_world()
    house.feeds = (FeedSource(id="board", url="https://board.example/feed", title="The Board"),)
    asked, never = threading.Event(), threading.Event()

    def silent(feed: FeedSource, etag: str = "", modified: str = "") -> FeedFetched:
        asked.set()
        never.wait()
        raise AssertionError("nobody waits for this any more")

    with running(replace(house.world, feeds=silent)):
        assert asked.wait(SOON)

    never.set()
    assert [check for check in house.store.written if check.page == "board"] == []


@pytest.mark.parametrize("edition", [Edition.ALERT, Edition.DIGEST])
def test_a_mail_that_is_not_answered_before_a_stop_may_have_gone_out_and_is_not_sent_again(edition: Edition) -> None:
    halt, never = threading.Event(), threading.Event()

    class Silent(Postman):
        def _note(self, subscriber: Subscriber, alerts: Iterable[Alert]) -> str:
            halt.set()
            never.wait()
            raise AssertionError("nobody waits for this any more")

    house = Mailing(postman=Silent())
    house.join(reader(1, level=Level(edition)))
    house.publish(alert(1), alert(2))
    house.now += timedelta(days=8)  # the digest goes out once a week

    deliver(letting_go(house.world, halt, last_answer=0.0), stopping=halt.is_set)

    never.set()
    states = [post.state for post in house.shelf.box.values()]
    details = {post.detail for post in house.shelf.box.values() if post.state is PostState.UNKNOWN}
    assert states.count(PostState.SENDING) == 0
    assert [detail.partition(":")[0] for detail in details] == ["the program stopped before the answer came"]


def test_a_mail_that_is_answered_soon_after_a_stop_is_sent() -> None:
    halt = threading.Event()

    class Late(Postman):
        def _note(self, subscriber: Subscriber, alerts: Iterable[Alert]) -> str:
            halt.set()
            return Postman._note(self, subscriber, alerts)

    house = Mailing(postman=Late())
    house.join(reader(1))
    house.publish(alert(1))

    deliver(letting_go(house.world, halt), stopping=halt.is_set)

    assert house.shelf.states() == [("reader-1", PostState.ACCEPTED)]


def test_a_time_stamp_that_is_being_asked_for_is_let_go_at_a_stop(caplog: pytest.LogCaptureFixture) -> None:
    house, halt, never = fake_world(), threading.Event(), threading.Event()
    house.serve(policy())
    checked(house.pages[0], house.world)

    def silent(line: bytes) -> bytes:
        halt.set()
        never.wait()
        raise AssertionError("nobody waits for this any more")

    with caplog.at_level(logging.INFO):
        Here(replace(house.world, authority=silent), Limits(), halt).do("time stamp")

    never.set()
    assert "time stamp: let go, the program stops" in caplog.text


class Heard(logging.Handler):
    """Sets an event at the first warning."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.warned = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.warned.set()


def test_a_stop_is_over_when_the_work_is_and_not_before() -> None:
    house, let_go, begun, heard = fake_world(), threading.Event(), threading.Event(), Heard()

    def long(record: Published) -> tuple[str, ...]:
        begun.set()
        let_go.wait()
        return ()

    hands = Here(replace(house.world, publishers={"site": long}), Limits(), threading.Event())
    working = threading.Thread(target=hands.do, args=("site",))
    waiting = threading.Thread(target=hands.wait, args=(0.01,))
    logging.getLogger("monitor.schedule.here").addHandler(heard)
    working.start()
    assert begun.wait(SOON)
    waiting.start()
    assert heard.warned.wait(SOON)

    waiting.join(0.2)
    over_early = not waiting.is_alive()
    let_go.set()
    waiting.join(SOON)

    logging.getLogger("monitor.schedule.here").removeHandler(heard)
    assert not over_early
    assert not waiting.is_alive()
