"""What is kept and proven: the daily time stamp and the retention rule in a world in memory."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model.alert import AlertState
from monitor.model.capture import Capture
from monitor.model.errors import AuthorityError
from monitor.model.page import PageId
from monitor.pipeline.anchor import anchor, anchor_when_due
from monitor.pipeline.deliver import Limits
from monitor.pipeline.prune import prune, references
from monitor.ports import Authority, World
from monitor.schedule import timetable
from monitor.schedule.jobs import JOBS, Round
from tests.fakes import START, House, fake_world
from tests.published import alert

HOUR = timedelta(hours=1)


class Notary:
    """An authority that notes what it was shown, and fails as told."""

    def __init__(self) -> None:
        self.shown: list[bytes] = []
        self.fails = False

    def __call__(self, line: bytes) -> bytes:
        if self.fails:
            raise AuthorityError("https://time.example/", "did not answer")
        self.shown.append(line)
        return b"stamp of " + line


def kept(made: House, number: int) -> Capture:
    capture = Capture(page=PageId("p"), url="https://lumen.example/", at=made.clock.at, body=f"text {number}".encode())
    made.evidence.keep(capture)
    return capture


def attested(made: House, notary: Authority) -> World:
    return replace(made.world, authority=notary)


def test_the_ledger_is_time_stamped_once_a_day() -> None:
    made, notary = fake_world(), Notary()
    world = attested(made, notary)

    for number in range(30):
        kept(made, number)
        anchor_when_due(world)
        made.clock.turn(HOUR)

    assert notary.shown == [b"line 1", b"line 25"]
    assert [each.at for each in made.evidence.stamped] == [START, START + 24 * HOUR]


def test_nothing_is_asked_where_no_authority_is_set_or_nothing_is_kept() -> None:
    made, notary = fake_world(), Notary()

    assert anchor_when_due(made.world) is None
    assert anchor_when_due(attested(made, notary)) is None
    assert notary.shown == []


def test_a_ledger_to_which_nothing_but_its_stamp_was_added_is_not_stamped_again() -> None:
    made, notary = fake_world(), Notary()
    kept(made, 0)
    anchor(attested(made, notary))

    assert anchor(attested(made, notary)) is None
    assert notary.shown == [b"line 1"]


def test_an_authority_out_of_order_is_asked_again_at_the_next_turn() -> None:
    made, notary = fake_world(), Notary()
    kept(made, 0)
    notary.fails = True
    with pytest.raises(AuthorityError, match="did not answer"):
        anchor_when_due(attested(made, notary))

    notary.fails = False

    assert anchor_when_due(attested(made, notary)) is not None


def test_time_stamps_and_retention_come_round() -> None:
    found = {turn.what: turn.every for turn in timetable(fake_world().world)}

    assert (found["time stamp"], found["retention"]) == (HOUR, 6 * HOUR)


def test_both_jobs_do_nothing_where_nothing_is_set_and_what_is_set_where_it_is() -> None:
    made, notary = fake_world(), Notary()
    old = kept(made, 0)
    made.clock.turn(timedelta(weeks=105))
    kept(made, 1)
    for world in (made.world, replace(attested(made, notary), retention=timedelta(weeks=104))):
        told = Round(world=world, limits=Limits(), stopping=lambda: False)
        for job in ("time stamp", "retention"):
            JOBS[job].act(told)

    assert notary.shown == [b"line 2"]
    assert old not in made.evidence.kept


@pytest.mark.parametrize("state", AlertState)
def test_what_alerts_of_any_state_name_is_referred_to(state: AlertState) -> None:
    made = fake_world()
    one = alert(1, state=state)
    made.store.told[one.id] = one

    found = references(made.world)

    assert found.captures == {one.evidence.before, one.evidence.after}
    assert found.moments == {
        (one.page, one.evidence.before_at),
        (one.page, one.evidence.after_at),
        (one.page, one.evidence.confirmed_at),
    }


def test_what_is_older_than_the_rule_goes_by_todays_clock() -> None:
    made = fake_world()
    old = kept(made, 0)
    made.clock.turn(timedelta(weeks=105))
    kept(made, 1)

    gone = prune(made.world, timedelta(weeks=104))

    assert gone.files == (old.digest,)
    assert [capture.body for capture in made.evidence.kept] == [b"text 1"]
