"""Dismissals as rules: what they match, what a dry run says, and what they do when an alert is recorded."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model.alert import Alert, AlertState
from monitor.model.errors import RuleError
from monitor.model.page import PageId, ServiceId
from monitor.model.verdict import Aspect, Kind, Quote
from monitor.pipeline.check import check
from monitor.pipeline.review import Decider, dismiss, undo
from monitor.pipeline.rules import Matching, add, dry_run, matches, proposed, remove, rule_of, ruled
from tests.fakes import AUTOMATIC, START, House, fake_world, page
from tests.published import alert
from tests.story.lumen import DEADLINE, policy

ADA = Decider("ada", "their weekly reshuffle")
PAGE = page()
COOKIES = Quote("The table of cookies was here.", "The table of cookies is there.", ("Cookies", "Table"))


def house_with(*alerts: Alert) -> House:
    house = fake_world(PAGE, page("other"))
    house.store.told = {each.id: each for each in alerts}
    return house


def raised(number: int = 1, *quotes: Quote, **changes: object) -> Alert:
    plain = {"page": PAGE.id, "service": PAGE.service, "state": AlertState.PENDING, "published": None}
    return alert(number, **{**plain, "quotes": quotes or (COOKIES,), "aspects": (Aspect.STEP,), **changes})


def spoken(matching: Matching, *alerts: Alert) -> list[str]:
    """Return which of the alerts a rule speaks of."""
    rule = rule_of(matching, ADA, house_with().world)
    return [each.id for each in alerts if matches(rule, each)]


def test_a_rule_speaks_of_its_page_alone() -> None:
    own, other = raised(1), raised(2, page=PageId("other"))

    assert spoken(Matching(page=PAGE.id, words="cookies"), own, other) == [own.id]


def test_a_rule_of_a_service_speaks_of_all_its_pages() -> None:
    own, other = raised(1), raised(2, page=PageId("other"))
    stranger = raised(3, service=ServiceId("murmel"))

    assert spoken(Matching(service=PAGE.service, words="cookies"), own, other, stranger) == [own.id, other.id]


def test_words_are_met_whatever_their_case_and_typography() -> None:
    assert spoken(Matching(page=PAGE.id, words="the TABLE  of cookies"), raised()) == [raised().id]


def test_an_alert_that_says_something_else_too_is_not_hidden() -> None:
    both = raised(1, COOKIES, Quote("", "Object before September.", ("Cookies", "Table")))

    assert spoken(Matching(page=PAGE.id, words="table of cookies"), both) == []


def test_an_alert_without_quotes_is_not_matched_by_words() -> None:
    silent = replace(raised(), quotes=())

    assert spoken(Matching(page=PAGE.id, words="cookies"), silent) == []


def test_headings_are_met_by_their_words() -> None:
    elsewhere = raised(2, replace(COOKIES, trail=("Your rights",)))

    assert spoken(Matching(page=PAGE.id, trail="cookies > table"), raised(), elsewhere) == [raised().id]


def test_aspects_hide_what_touches_nothing_but_these() -> None:
    step, both = raised(1), raised(2, aspects=(Aspect.STEP, Aspect.DEADLINE))
    neither = raised(3, aspects=())

    assert spoken(Matching(page=PAGE.id, aspects=(Aspect.STEP, Aspect.SCOPE)), step, both, neither) == [step.id]


def test_a_kind_is_met_exactly() -> None:
    capture = raised(2, kind=Kind.CAPTURE)

    assert spoken(Matching(page=PAGE.id, kind=Kind.CAPTURE), raised(1), capture) == [capture.id]


def test_no_rule_speaks_of_a_correction() -> None:
    assert spoken(Matching(page=PAGE.id, words="cookies"), raised(1, corrects=alert(2).id)) == []


@pytest.mark.parametrize(
    ("matching", "problem"),
    [
        (Matching(words="cookies"), "rule: name the page or the service that it is about"),
        (Matching(page=PAGE.id), "rule: say what it matches"),
        (Matching(page=PAGE.id, words=" . "), "rule: say what it matches"),
        (Matching(page=PageId("polcy"), words="cookies"), "rule: page: 'polcy' is not watched"),
        (Matching(service=ServiceId("lumn"), words="cookies"), "rule: service: 'lumn' is not watched"),
    ],
)
def test_a_rule_that_says_nothing_or_too_much_is_refused(matching: Matching, problem: str) -> None:
    with pytest.raises(RuleError) as refused:
        rule_of(matching, ADA, house_with().world)

    assert str(refused.value).startswith(problem)


def test_a_dry_run_lists_what_would_have_been_hidden_and_changes_nothing() -> None:
    house = house_with(raised(1), raised(2, state=AlertState.DISMISSED), raised(3, page=PageId("other")))
    rule = rule_of(Matching(page=PAGE.id, words="cookies"), ADA, house.world)

    run = dry_run(rule, house.world)

    assert [each.id for each in run.hidden] == [raised(1).id, raised(2).id]
    assert (run.told, run.warning) == ((), "")
    assert house.store.rules() == ()
    assert house.store.decisions == []


def test_a_dry_run_warns_of_what_readers_were_told() -> None:
    published = raised(2, state=AlertState.PUBLISHED, title="Lumen: a step was removed")
    house = house_with(raised(1), published)

    run = dry_run(rule_of(Matching(page=PAGE.id, words="cookies"), ADA, house.world), house.world)

    assert [each.id for each in run.told] == [published.id]
    assert run.warning == "this rule would have hidden 1 alert that was told to readers: Lumen: a step was removed"


def test_a_rule_made_of_a_dismissal_takes_its_page_kind_aspects_and_headings() -> None:
    other = Quote("", "Another table.", ("Cookies", "Others"))

    assert proposed(raised(1, COOKIES, other)) == Matching(
        page=PAGE.id, kind=Kind.OPTOUT, aspects=(Aspect.STEP,), trail="Cookies"
    )


def test_where_quotes_share_no_heading_none_is_proposed() -> None:
    assert proposed(raised(1, COOKIES, Quote("", "Object.", ("Your rights",)))).trail == ""


def test_the_same_rule_is_kept_once() -> None:
    house = house_with()
    matching = Matching(page=PAGE.id, words="cookies")

    first = add(rule_of(matching, ADA, house.world), house.world)
    second = add(rule_of(matching, Decider("bob", "same"), house.world), house.world)

    assert first.id == second.id
    assert len(house.store.rules()) == 1


def deadline_house(publish: str = "by hand") -> House:
    """Return a house whose page was read once, with a rule about deadlines under the right to object."""
    watched = page(publish=AUTOMATIC) if publish == "automatic" else page()
    house = fake_world(watched)
    house.serve(policy())
    check(watched, house.world)
    add(rule_of(Matching(page=watched.id, words="30 September 2026"), ADA, house.world), house.world)
    return house


def serve_deadline(house: House, times: int = 2) -> None:
    for _ in range(times):
        house.serve(policy(DEADLINE))
        check(house.pages[0], house.world)


def test_what_a_rule_matches_is_dismissed_when_it_is_recorded_and_stays_listed() -> None:
    house = deadline_house()
    house.clock.turn(timedelta(0))

    serve_deadline(house)

    (one,) = house.store.alerts()
    (review,) = house.store.decisions
    (rule,) = house.store.rules()
    assert one.state is AlertState.DISMISSED
    assert (review.who, review.reason) == (f"rule {rule.id}", "their weekly reshuffle (rule of ada)")
    assert (review.before, review.after) == (AlertState.HELD, AlertState.DISMISSED)
    assert review.at == START + timedelta(hours=24)


def test_a_page_that_publishes_by_itself_obeys_rules_too() -> None:
    house = deadline_house("automatic")

    serve_deadline(house)

    assert [one.state for one in house.store.alerts()] == [AlertState.DISMISSED]


def test_what_would_go_out_by_itself_is_dismissed_too_and_taken_back_it_waits_for_a_maintainer() -> None:
    house = deadline_house("automatic")
    weekly = rule_of(Matching(page=house.pages[0].id, words="personal sounds"), ADA, house.world)
    add(weekly, house.world)
    kept, dismissals = ruled([raised(1, Quote("", "Personal sounds."), state=AlertState.APPROVED)], house.world)

    assert [one.state for one in kept] == [AlertState.PENDING]
    assert [(one.before, one.after) for one in dismissals] == [(AlertState.PENDING, AlertState.DISMISSED)]


def test_a_held_alert_that_its_page_takes_back_is_dropped_once_whatever_a_rule_says() -> None:
    house = fake_world(PAGE)
    for body in (policy(), policy(minors="")):
        house.serve(body)
        check(PAGE, house.world)
    add(rule_of(Matching(page=PAGE.id, words="private messages"), ADA, house.world), house.world)

    house.serve(policy())
    check(PAGE, house.world)

    assert [one.state for one in house.store.alerts()] == [AlertState.DISMISSED]


def test_what_a_rule_dismissed_can_be_taken_back_and_stays_so() -> None:
    house = deadline_house()
    serve_deadline(house, 1)
    (dismissed,) = house.store.alerts()

    undo(dismissed.id, Decider("bob", "this one matters"), house.world)
    serve_deadline(house)

    assert [one.state for one in house.store.alerts()] == [AlertState.PENDING]


def test_a_rule_that_ended_dismisses_nothing_more() -> None:
    house = deadline_house()
    ended = remove(house.store.rules()[0].id[:6], house.world)

    serve_deadline(house)

    assert ended.ended == house.store.rules()[0].ended
    assert [one.state for one in house.store.alerts()] == [AlertState.PENDING]


def test_an_unknown_rule_says_where_to_look() -> None:
    with pytest.raises(RuleError, match="rule beef: no such rule is in force: `optout-monitor review rules list`"):
        remove("beef", house_with().world)


def test_what_waits_already_is_left_to_people() -> None:
    house = house_with(raised(1))
    add(rule_of(Matching(page=PAGE.id, words="cookies"), ADA, house.world), house.world)

    assert dismiss(raised(1).id, ADA, house.world).state is AlertState.DISMISSED
