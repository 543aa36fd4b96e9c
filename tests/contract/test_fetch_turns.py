"""What turns at a host promise: one at a time, a pause, a budget, and a wait that widens."""

import threading
from datetime import UTC, datetime, timedelta

from monitor.fetch.turns import NotNow, PoliteTurns
from tests.contract.servers import Clock

HOST = "book.example"


def turns(clock: Clock, *, pause: float = 10, budget: int = 100) -> PoliteTurns:
    return PoliteTurns(clock.now, clock.sleep, pause=timedelta(seconds=pause), daily_budget=budget)


def test_the_first_turn_comes_at_once_and_the_next_after_the_pause() -> None:
    clock = Clock()
    turn = turns(clock)

    for _ in range(3):
        with turn(HOST) as not_now:
            assert not_now is None

    assert clock.slept == [10, 10]


def test_time_that_has_passed_counts_towards_the_pause() -> None:
    clock = Clock()
    turn = turns(clock)
    with turn(HOST):
        pass
    clock.at += timedelta(seconds=7)

    with turn(HOST):
        pass

    assert clock.slept == [3]


def test_the_pause_counts_from_the_end_of_the_request_before() -> None:
    clock = Clock()
    turn = turns(clock)
    with turn(HOST):
        clock.at += timedelta(seconds=60)

    with turn(HOST):
        pass

    assert clock.slept == [10]


def test_hosts_do_not_wait_for_each_other() -> None:
    clock = Clock()
    turn = turns(clock)

    with turn(HOST), turn("other.example"):
        pass

    assert clock.slept == []


def test_a_host_is_asked_by_one_at_a_time() -> None:
    clock = Clock()
    turn = turns(clock, pause=0)
    inside, most = 0, 0
    count = threading.Lock()

    def ask() -> None:
        nonlocal inside, most
        for _ in range(50):
            with turn(HOST):
                with count:
                    inside += 1
                    most = max(most, inside)
                with count:
                    inside -= 1

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 1


def test_a_turn_that_ends_in_an_error_frees_the_host_and_counts() -> None:
    clock = Clock()
    turn = turns(clock)
    try:
        with turn(HOST):
            raise KeyError
    except KeyError:
        pass

    with turn(HOST) as not_now:
        assert not_now is None

    assert clock.slept == [10]


def test_a_clock_that_was_set_back_costs_one_pause() -> None:
    clock = Clock()
    turn = turns(clock)
    with turn(HOST):
        pass
    clock.at -= timedelta(days=3)

    with turn(HOST):
        pass

    assert clock.slept == [10]


def test_the_budget_is_for_a_day_and_begins_anew_at_midnight_utc() -> None:
    clock = Clock(at=datetime(2026, 1, 5, 23, 0, tzinfo=UTC))
    turn = turns(clock, pause=0, budget=2)

    seen = []
    for _ in range(3):
        with turn(HOST) as not_now:
            seen.append(not_now)
    clock.at = datetime(2026, 1, 6, 0, 0, tzinfo=UTC)
    with turn(HOST) as not_now:
        seen.append(not_now)

    spent = NotNow("the budget of 2 requests a day to book.example is spent", timedelta(hours=1))
    assert seen == [None, None, spent, None]


def test_the_wait_widens_while_refused_and_starts_anew_after_a_welcome() -> None:
    turn = turns(Clock())

    waits = [turn.refused(HOST, None) for _ in range(12)]
    turn.welcomed(HOST)
    again = turn.refused(HOST, None)

    assert waits[:4] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert waits[-1] == timedelta(hours=6)
    assert again == timedelta(seconds=30)


def test_a_host_that_goes_on_refusing_after_the_time_it_named_is_asked_more_seldom_all_the_same() -> None:
    turn = turns(Clock())

    waits = [turn.refused(HOST, timedelta(seconds=45)) for _ in range(5)]

    assert [wait.total_seconds() for wait in waits] == [45, 60, 120, 240, 480]


def test_a_wait_that_the_host_names_is_kept_up_to_a_day() -> None:
    clock = Clock()
    turn = turns(clock)

    named = turn.refused(HOST, timedelta(minutes=5))
    with turn(HOST) as not_now:
        assert not_now == NotNow("book.example asked us to wait", timedelta(minutes=5))
    for_ever = turn.refused(HOST, timedelta(days=400))

    assert (named, for_ever) == (timedelta(minutes=5), timedelta(days=1))
