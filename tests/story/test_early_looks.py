"""When pages are looked at before their turn: what waits to be seen again, and what was put off."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model.alert import Alert, AlertState
from monitor.model.status import Check, Outcome
from monitor.pipeline.confirm import looks_for_put_off, next_looks
from monitor.schedule.turns import early_looks
from tests.fakes import START, House, fake_world, page
from tests.published import alert

HOUR = timedelta(hours=1)
PAGE = page()


def house_with(*alerts: Alert) -> House:
    house = fake_world(PAGE)
    house.store.told = {each.id: replace(each, page=PAGE.id) for each in alerts}
    return house


def held() -> Alert:
    return alert(1, state=AlertState.HELD, published=None, raised=START)


def test_a_held_alert_is_looked_at_again_after_one_two_and_four_hours() -> None:
    house = house_with(held())
    looks = []

    for _ in range(4):
        look = next_looks(house.world).get(PAGE.id)
        looks.append(look)
        if look is not None:
            house.store.missed(Check(page=PAGE.id, at=look, outcome=Outcome.MISSED))

    assert looks == [START + HOUR, START + 2 * HOUR, START + 4 * HOUR, None]


@pytest.mark.parametrize(
    ("outcome", "detail"),
    [
        (Outcome.REFUSED, "login-wall: a password field"),
        (Outcome.MISSED, "left-alone: lumen.example asked us to wait"),
    ],
)
def test_a_page_that_was_put_off_is_looked_for_after_one_two_and_four_hours(outcome: Outcome, detail: str) -> None:
    house = house_with()
    at, looks = house.clock.at, []

    for _ in range(4):
        house.store.missed(Check(page=PAGE.id, at=at, outcome=outcome, detail=detail))
        house.clock.at = at
        look = looks_for_put_off(house.world).get(PAGE.id)
        looks.append(look - at if look else None)
        at = look or at

    assert looks == [HOUR, 2 * HOUR, 4 * HOUR, None]


@pytest.mark.parametrize("detail", ["timed-out: nothing came", "rate-limited: HTTP 429; asked to wait 1800 s"])
def test_a_page_that_was_asked_for_in_vain_keeps_its_own_schedule(detail: str) -> None:
    house = house_with()
    house.store.missed(Check(page=PAGE.id, at=house.clock.at, outcome=Outcome.MISSED, detail=detail))

    assert looks_for_put_off(house.world) == {}


def test_a_look_for_which_nobody_was_asked_is_made_up_for() -> None:
    house = house_with(held())
    put_off = Check(page=PAGE.id, at=START + HOUR, outcome=Outcome.MISSED, detail="left-alone: a.example rests")
    house.store.missed(put_off)
    house.clock.at = put_off.at

    assert early_looks(house.world)[PAGE.id][0] == START + 2 * HOUR

    house.store.missed(Check(page=PAGE.id, at=START + 2 * HOUR, outcome=Outcome.MISSED, detail="timed-out: no answer"))

    assert next_looks(house.world)[PAGE.id] == START + 3 * HOUR


def test_a_page_that_came_again_is_not_looked_for_early() -> None:
    house = house_with()
    house.store.missed(Check(page=PAGE.id, at=house.clock.at, outcome=Outcome.REFUSED))
    house.store.missed(Check(page=PAGE.id, at=house.clock.at + HOUR, outcome=Outcome.UNCHANGED))

    assert looks_for_put_off(house.world) == {}


def test_a_page_without_held_alerts_keeps_its_own_schedule() -> None:
    house = house_with(alert(1, state=AlertState.PENDING, published=None), alert(2))

    assert next_looks(house.world) == {}
