"""What a book of hosts promises, in memory and in both databases, and turns among machines that share one."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.fetch.turns import MemoryBook, NotNow, PoliteTurns
from monitor.model.host import HostState
from monitor.ports import HostBook
from monitor.store import Store
from tests.contract.servers import Clock

HOST = "book.example"


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def book(request: pytest.FixtureRequest) -> HostBook:
    if request.param == "memory":
        return MemoryBook()
    request.getfixturevalue("address")
    store: Store = request.getfixturevalue("store")
    return store.hosts


@pytest.fixture
def address(request: pytest.FixtureRequest) -> str:
    """Return the address of the kind of database that the book asks for."""
    kind = request.node.callspec.params["book"]
    if kind == "sqlite":
        return f"sqlite:///{request.getfixturevalue('tmp_path') / 'state' / 'monitor.db'}"
    from tests.contract.conftest import fresh_database

    return fresh_database(request.getfixturevalue("postgresql"))


def machine(clock: Clock, book: HostBook, *, pause: float = 10, budget: int = 100) -> PoliteTurns:
    return PoliteTurns(clock.now, clock.sleep, pause=timedelta(seconds=pause), daily_budget=budget, book=book)


def test_a_host_never_heard_of_has_nothing_in_its_state(book: HostBook) -> None:
    seen: list[HostState] = []

    def step(known: HostState) -> HostState:
        seen.append(known)
        return known

    book.change(HOST, step)

    assert seen == [HostState()]


def test_a_state_comes_back_as_it_was_written(book: HostBook) -> None:
    now = Clock().now()
    state = HostState(last=now, day=now.date(), asked=3, refusals=2, until=now, holder="one", held_until=now)

    book.change(HOST, lambda _: state)

    assert book.change(HOST, lambda known: known) == state


def test_no_change_is_lost_among_many(book: HostBook) -> None:
    def count() -> None:
        for _ in range(25):
            book.change(HOST, lambda known: replace(known, asked=known.asked + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert book.change(HOST, lambda known: known).asked == 100


def test_machines_that_share_a_book_keep_one_pause_between_them(book: HostBook) -> None:
    clock = Clock()
    one, other = machine(clock, book), machine(clock, book)

    for each in (one, other, one):
        with each(HOST) as not_now:
            assert not_now is None

    assert clock.slept == [10, 10]


def test_machines_that_share_a_book_keep_one_budget_between_them(book: HostBook) -> None:
    clock = Clock()
    one, other = machine(clock, book, pause=0, budget=2), machine(clock, book, pause=0, budget=2)

    seen = []
    for each in (one, other, one):
        with each(HOST) as not_now:
            seen.append(not_now)

    assert seen == [
        None,
        None,
        NotNow("the budget of 2 requests a day to book.example is spent", timedelta(hours=16)),
    ]


def test_what_a_host_asked_of_one_machine_holds_for_all(book: HostBook) -> None:
    clock = Clock()
    one, other = machine(clock, book), machine(clock, book)

    one.refused(HOST, timedelta(minutes=5))

    with other(HOST) as not_now:
        assert not_now == NotNow("book.example asked us to wait", timedelta(minutes=5))


def test_a_machine_waits_while_another_one_has_its_turn(book: HostBook) -> None:
    clock = Clock()
    one, other = machine(clock, book, pause=0), machine(clock, book, pause=0)
    held = ExitStack()
    held.enter_context(one(HOST))
    released: list[float] = []

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        if len(clock.slept) == 3:
            held.close()
            released.append(len(clock.slept))

    waiting = PoliteTurns(clock.now, sleep, pause=timedelta(0), daily_budget=100, book=book)
    with waiting(HOST) as not_now:
        assert not_now is None

    assert (released, clock.slept) == ([3], [1.0, 1.0, 1.0])
    with other(HOST) as not_now:
        assert not_now is None


def test_a_machine_that_died_in_its_turn_holds_nothing_up_for_longer_than_its_lease(book: HostBook) -> None:
    clock = Clock()
    dead, alive = machine(clock, book, pause=0), machine(clock, book, pause=0)
    lost = dead(HOST)
    lost.__enter__()  # and never left
    begun = clock.now()

    with alive(HOST) as not_now:
        assert not_now is None

    assert clock.now() - begun == timedelta(minutes=3)


def test_a_lease_of_a_clock_that_was_wrong_by_a_year_holds_nothing_up(book: HostBook) -> None:
    wrong, clock = Clock(), Clock()
    wrong.at += timedelta(days=365)
    lost = machine(wrong, book, pause=0)(HOST)
    lost.__enter__()  # and never left

    with machine(clock, book, pause=0)(HOST) as not_now:
        assert not_now is None

    assert clock.slept == []


def test_the_turns_of_many_processes_do_not_overlap(book: HostBook) -> None:
    count = threading.Lock()
    inside = most = 0

    def ask(machine: Callable[[], PoliteTurns]) -> None:
        nonlocal inside, most
        turn = machine()
        for _ in range(10):
            with turn(HOST):
                with count:
                    inside += 1
                    most = max(most, inside)
                with count:
                    inside -= 1

    def own() -> PoliteTurns:
        return PoliteTurns(Clock().now, lambda _: None, pause=timedelta(0), daily_budget=1000, book=book)

    threads = [threading.Thread(target=ask, args=(own,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 1
