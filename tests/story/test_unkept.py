"""Captures that cannot be kept, as while the disk is full, wait in memory; no doubt is settled without them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model.alert import AlertState
from monitor.model.capture import Capture, Unchanged
from monitor.model.errors import StoreBusy, StoreDamaged, StoreError, StoreFull
from monitor.model.page import PageId
from monitor.model.status import Outcome
from monitor.pipeline.check import check
from monitor.ports.unkept import MOST_BYTES, Unkept
from tests.fakes import AUTOMATIC, START, House, fake_world, page
from tests.story.lumen import DEADLINE, WALL, policy

FULL = StoreFull("snapshots", "no space left")
OWN = PageId("lumen-policy")


def watched() -> House:
    house = fake_world(page(publish=AUTOMATIC))
    house.serve(policy())
    check(house.pages[0], house.world)
    return house


def cannot_keep(house: House, body: bytes, why: StoreError = FULL) -> None:
    house.serve(body)
    house.evidence.fails = why
    with pytest.raises(type(why)):
        check(house.pages[0], house.world)


def room_again(house: House, body: bytes) -> None:
    house.serve(body)
    house.evidence.fails = None
    check(house.pages[0], house.world)


def outcomes(house: House) -> list[Outcome]:
    return [told.outcome for told in house.store.written]


def states(house: House) -> list[AlertState]:
    return [alert.state for alert in house.store.told.values()]


def test_two_versions_by_turns_confirm_nothing_when_every_second_answer_finds_a_full_disk() -> None:
    house = watched()
    house.serve(policy(minors=""))
    check(house.pages[0], house.world)
    cannot_keep(house, policy())

    room_again(house, policy(minors=""))

    assert outcomes(house) == [Outcome.FIRST, Outcome.HELD, Outcome.QUIET, Outcome.QUIET]
    assert states(house) == [AlertState.DISMISSED]


def test_a_second_look_that_came_on_a_full_disk_confirms_before_the_page_shows_something_else() -> None:
    house = watched()
    house.serve(policy(DEADLINE))
    check(house.pages[0], house.world)
    cannot_keep(house, policy(DEADLINE))

    room_again(house, policy())

    assert outcomes(house) == [Outcome.FIRST, Outcome.HELD, Outcome.NEWS, Outcome.QUIET]
    assert states(house) == [AlertState.APPROVED]


def test_nobody_is_asked_while_what_came_cannot_be_kept() -> None:
    house = watched()
    cannot_keep(house, policy(DEADLINE))
    asked = list(house.site.asked)

    for _ in range(3):
        cannot_keep(house, policy())

    assert house.site.asked == asked
    assert outcomes(house) == [Outcome.FIRST]


def test_it_is_kept_once_as_of_the_moment_when_it_came() -> None:
    house = watched()
    cannot_keep(house, policy(DEADLINE))
    came = house.clock.at
    cannot_keep(house, policy())

    room_again(house, policy())
    room_again(house, policy())

    with_deadline = [capture.at for capture in house.evidence.kept if DEADLINE.encode() in capture.body]
    assert with_deadline == [came]


def test_a_page_of_which_something_waited_is_asked_for_whole() -> None:
    house = watched()
    cannot_keep(house, policy(DEADLINE))

    room_again(house, policy())

    assert house.site.asked[-1] == (OWN, None)


def test_what_waited_is_read_although_the_page_is_as_it_was_then() -> None:
    house = watched()
    cannot_keep(house, policy(DEADLINE))
    since = house.evidence.kept[0].digest
    house.site.answers[OWN] = Unchanged(page=OWN, at=START + timedelta(days=9), since=since)

    room_again(house, policy())

    assert outcomes(house) == [Outcome.FIRST, Outcome.HELD, Outcome.UNCHANGED]


def test_a_store_that_another_process_holds_loses_nothing_either() -> None:
    house = watched()
    cannot_keep(house, policy(DEADLINE), StoreBusy("snapshots", "another process"))

    room_again(house, policy(DEADLINE))

    assert outcomes(house) == [Outcome.FIRST, Outcome.HELD, Outcome.NEWS]


def test_a_wall_that_waited_is_evidence_and_never_a_reading() -> None:
    house = watched()
    cannot_keep(house, WALL)

    room_again(house, policy())

    assert outcomes(house) == [Outcome.FIRST, Outcome.REFUSED, Outcome.UNCHANGED]


def test_a_damaged_store_ends_the_program_and_nothing_waits() -> None:
    house = watched()

    cannot_keep(house, policy(DEADLINE), StoreDamaged("ledger", "its chain is broken"))

    assert house.world.unkept.of(OWN) is None


def capture_of(name: str, size: int) -> Capture:
    return Capture(page=PageId(name), url="https://lumen.example/", at=START, body=b"x" * size)


@pytest.mark.parametrize(
    "made", [lambda size: capture_of("b", size), lambda size: replace(capture_of("b", 0), screenshot=b"x" * size)]
)
def test_memory_is_bounded(made: Callable[[int], Capture]) -> None:
    unkept = Unkept()
    unkept.hold(capture_of("a", MOST_BYTES // 2))

    unkept.hold(made(MOST_BYTES // 2 + 1))
    assert unkept.of(PageId("b")) is None

    unkept.let_go(PageId("a"))
    unkept.hold(made(MOST_BYTES // 2 + 1))
    assert unkept.of(PageId("b")) is not None


def test_of_one_page_the_first_is_held() -> None:
    unkept = Unkept()
    unkept.hold(capture_of("a", 1))

    unkept.hold(capture_of("a", 2))

    waiting = unkept.of(PageId("a"))
    assert waiting is not None
    assert waiting.body == b"x"
