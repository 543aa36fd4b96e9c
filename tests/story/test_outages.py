"""A page that stays unread is told to maintainers by mail: once when it lasts, once when it is over."""

from datetime import timedelta

from monitor.model.errors import DeliveryError
from monitor.model.page import PageId
from monitor.model.status import Staleness
from monitor.pipeline.check import check_all
from monitor.pipeline.outages import tell_outages
from monitor.pipeline.publish import publish
from tests.fakes import House, fake_world, page
from tests.story.lumen import policy

PATIENCE = Staleness(checks=2, mail_after=timedelta(days=1), maintainers=("ada@example.org", "bob@example.org"))
PAGE = PageId("lumen-policy")


def watched() -> House:
    """Return a house whose page was read once, half a day ago."""
    house = fake_world()
    house.staleness = PATIENCE
    house.serve(policy())
    looked(house)
    return house


def looked(house: House) -> None:
    """Check every page, let the job about outages run twice, and let half a day pass."""
    list(check_all(house.pages, house.world))
    tell_outages(house.world)
    tell_outages(house.world)
    house.clock.turn()


def gone(house: House, checks: int) -> None:
    """Let nothing stand at the page's address for so many checks, half a day apart."""
    house.site.bodies.clear()
    for _ in range(checks):
        looked(house)


def test_maintainers_are_told_once_when_it_has_lasted_long_enough() -> None:
    house = watched()

    gone(house, checks=8)

    assert house.siren.told == [("lumen-policy not read", ("ada@example.org", "bob@example.org"))]


def test_nobody_is_told_while_it_has_not_lasted_long_enough() -> None:
    house = watched()

    gone(house, checks=2)

    assert house.siren.told == []


def test_recovery_is_told_once_to_those_who_were_told() -> None:
    house = watched()
    gone(house, checks=3)

    house.serve(policy())
    looked(house)
    looked(house)

    assert [what for what, _ in house.siren.told] == ["lumen-policy not read", "lumen-policy read again"]


def test_recovery_of_what_nobody_was_told_of_is_told_to_nobody() -> None:
    house = watched()
    gone(house, checks=2)

    house.serve(policy())
    looked(house)

    assert house.siren.told == []


def test_a_second_outage_is_told_again() -> None:
    house = watched()
    gone(house, checks=3)
    house.serve(policy())
    looked(house)

    gone(house, checks=3)

    assert [what for what, _ in house.siren.told] == [
        "lumen-policy not read",
        "lumen-policy read again",
        "lumen-policy not read",
    ]


def test_a_mail_that_could_not_be_sent_is_sent_later() -> None:
    house = watched()
    house.siren.fails = DeliveryError("SendGrid cannot be reached")

    gone(house, checks=3)

    assert [what for what, _ in house.siren.told] == ["lumen-policy not read"]


def test_a_mail_whose_answer_was_lost_is_not_sent_again() -> None:
    house = watched()
    house.siren.fails = DeliveryError("the answer was lost", unknown=True)

    gone(house, checks=4)

    assert house.siren.told == []


def test_without_maintainers_nothing_is_noted_so_that_one_named_later_is_told() -> None:
    house = watched()
    house.staleness = Staleness(checks=2, mail_after=timedelta(days=1))
    gone(house, checks=4)

    house.staleness = PATIENCE
    looked(house)

    assert [what for what, _ in house.siren.told] == ["lumen-policy not read"]


def test_readers_are_told_after_as_many_checks_as_the_settings_say() -> None:
    house = watched()
    gone(house, checks=2)

    publish(house.world)

    (problem,) = house.board.seen[-1].problems
    assert (problem.page, problem.recovered) == (PAGE, None)
    assert problem.detail == "no-answer: connection refused"


def test_a_stop_between_two_pages_leaves_the_second_one_for_the_next_time() -> None:
    house = fake_world(page("one"), page("two"))
    house.staleness = PATIENCE
    for _ in range(3):
        list(check_all(house.pages, house.world))
        house.clock.turn()

    tell_outages(house.world, stopping=lambda: house.siren.told != [])
    before = [what for what, _ in house.siren.told]
    tell_outages(house.world)

    assert before == ["one not read"]
    assert [what for what, _ in house.siren.told] == ["one not read", "two not read"]
