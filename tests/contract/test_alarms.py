"""Alarms that cut requests off: they go off once, in time, and never after they were taken back."""

import logging
import threading
import time

import pytest

from monitor.fetch.alarms import Alarms

SOON, LATER = 0.05, 30.0
PATIENCE = 10.0


def in_seconds(seconds: float) -> float:
    return time.monotonic() + seconds


def test_an_alarm_goes_off_at_its_moment_and_only_once() -> None:
    alarms, gone_off = Alarms(), list[float]()
    rang = threading.Event()
    due = in_seconds(SOON)

    def act() -> None:
        gone_off.append(time.monotonic())
        rang.set()

    alarms.set("one", due, act)

    assert rang.wait(PATIENCE)
    time.sleep(2 * SOON)
    assert len(gone_off) == 1
    assert gone_off[0] >= due


def test_one_that_is_due_sooner_than_those_before_is_not_kept_waiting() -> None:
    alarms, rang = Alarms(), threading.Event()

    alarms.set("later", in_seconds(LATER), rang.set)
    time.sleep(SOON)  # its thread waits for the later one by now
    alarms.set("soon", in_seconds(SOON), rang.set)

    assert rang.wait(PATIENCE)


def test_one_that_was_taken_back_never_goes_off() -> None:
    alarms, rang, other = Alarms(), threading.Event(), threading.Event()
    alarms.set("one", in_seconds(SOON), rang.set)
    alarms.clear("one")
    alarms.clear("one")  # once more does no harm

    alarms.set("other", in_seconds(2 * SOON), other.set)

    assert other.wait(PATIENCE)
    assert not rang.is_set()


def test_taking_one_back_waits_until_what_began_is_done() -> None:
    alarms, begun, done = Alarms(), threading.Event(), threading.Event()

    def act() -> None:
        begun.set()
        time.sleep(4 * SOON)
        done.set()

    alarms.set("one", in_seconds(0), act)
    assert begun.wait(PATIENCE)
    alarms.clear("one")

    assert done.is_set()


def test_a_fault_in_one_is_logged_and_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    alarms, rang = Alarms(), threading.Event()

    def fault() -> None:
        raise RuntimeError("no socket")

    with caplog.at_level(logging.ERROR):
        alarms.set("one", in_seconds(0), fault)
        alarms.set("other", in_seconds(SOON), rang.set)
        assert rang.wait(PATIENCE)

    assert "no socket" in caplog.text


def test_a_thousand_alarms_share_one_thread() -> None:
    alarms, before = Alarms(), threading.active_count()

    for number in range(1_000):
        alarms.set(number, in_seconds(LATER), lambda: None)

    assert threading.active_count() == before + 1
    for number in range(1_000):
        alarms.clear(number)
