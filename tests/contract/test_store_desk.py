"""What the desk promises (`ports.Desk`), over SQLite and PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from monitor.model.alert import AlertId, AlertState
from monitor.model.desk import Decision, Pin, PinId, Rule, RuleId
from monitor.model.errors import NotAllowed, Overtaken, UnknownAlert
from monitor.model.page import PageId
from monitor.model.verdict import Aspect, Kind, Quote
from monitor.store import Store
from tests.contract.stored import HOUR, NOON, PAGE, alert, check, finding, post, review

PENDING, APPROVED, PUBLISHED = AlertState.PENDING, AlertState.APPROVED, AlertState.PUBLISHED


def raised(store: Store, *, state: AlertState = PENDING) -> None:
    store.journal.record(PAGE, check(), finding(), [alert(state=state)])


def published(store: Store) -> None:
    raised(store)
    store.desk.decide(review(PENDING, APPROVED))
    store.desk.decide(review(APPROVED, PUBLISHED), [post()])


def test_an_alert_comes_back_as_it_was(store: Store, another: Callable[[], Store]) -> None:
    raised(store)

    assert another().desk.alert("a1") == alert()
    assert store.desk.alert("unknown") is None


def test_alerts_come_oldest_first_by_when_they_were_raised_and_then_by_id(store: Store) -> None:
    younger = replace(alert("a0"), raised=NOON + HOUR)
    held = replace(alert("a3", AlertState.HELD), raised=NOON - HOUR)
    store.journal.record(PAGE, check(), finding(), [younger, alert("a2"), alert("a1"), held])

    assert [one.id for one in store.desk.alerts()] == ["a3", "a1", "a2", "a0"]
    assert [one.id for one in store.desk.alerts(PENDING)] == ["a1", "a2", "a0"]
    assert [one.id for one in store.desk.alerts(AlertState.HELD, APPROVED)] == ["a3"]


def test_the_alerts_of_one_page_can_be_asked_for_alone(store: Store) -> None:
    elsewhere = replace(alert("a2"), page=PageId("elsewhere"))
    held = replace(alert("a3", AlertState.HELD), page=PageId("elsewhere"))
    store.journal.record(PAGE, check(), finding(), [alert("a1"), elsewhere, held])

    assert [one.id for one in store.desk.alerts(page=PageId("elsewhere"))] == ["a2", "a3"]
    assert [one.id for one in store.desk.alerts(PENDING, page=PageId("elsewhere"))] == ["a2"]
    assert store.desk.alerts(page=PageId("nowhere")) == ()


def test_a_decision_is_kept_with_its_posts_and_its_moment(store: Store) -> None:
    raised(store)
    store.desk.decide(review(PENDING, APPROVED))

    told = store.desk.decide(review(APPROVED, PUBLISHED), [post(), post(), post(reader="s2")])

    assert (told.state, told.published, told.updated) == (PUBLISHED, NOON, None)
    assert store.desk.alert("a1") == told
    assert store.outbox.posts() == (post(), post(reader="s2"))
    assert [one.after for one in store.desk.reviews()] == [APPROVED, PUBLISHED]
    assert store.desk.reviews("a1")[0] == review(PENDING, APPROVED)
    assert store.desk.reviews("another") == ()


def test_the_second_of_two_maintainers_is_told_what_the_first_decided(
    store: Store, another: Callable[[], Store]
) -> None:
    raised(store)
    store.desk.decide(review(PENDING, AlertState.DISMISSED, "ada"))

    with pytest.raises(
        NotAllowed, match=r"dismissed \(ada decided so at 2026-02-25 12:00 UTC: seen\) and cannot become"
    ):
        another().desk.decide(review(PENDING, APPROVED, "bob"), [post()])

    assert store.outbox.posts() == ()
    assert [one.who for one in store.desk.reviews()] == ["ada"]


def test_a_step_that_the_table_does_not_have_is_refused(store: Store) -> None:
    raised(store)

    with pytest.raises(NotAllowed, match="alert a1 is pending and cannot become published"):
        store.desk.decide(review(PENDING, PUBLISHED), [post()])

    assert (store.outbox.posts(), store.desk.reviews()) == ((), ())


def test_staying_where_one_is_needs_other_words(store: Store) -> None:
    raised(store)

    with pytest.raises(NotAllowed, match="alert a1 is pending and cannot become pending"):
        store.desk.decide(review(PENDING, PENDING))


def test_an_alert_that_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(UnknownAlert, match="no alert 'a1'"):
        store.desk.decide(review(PENDING, APPROVED))


def test_an_edit_before_publication_replaces_the_words_and_is_no_update(store: Store) -> None:
    raised(store)
    edited = replace(alert(), title="Murmel: a step is new")

    now = store.desk.decide(review(PENDING, PENDING), edited=edited)

    assert (now.title, now.state, now.id, now.updated) == ("Murmel: a step is new", PENDING, "a1", None)
    assert store.desk.alert("a1") == now


def test_an_edit_after_publication_is_an_update_and_keeps_when_it_was_published(store: Store) -> None:
    published(store)
    later = replace(review(PUBLISHED, PUBLISHED), at=NOON + HOUR)

    now = store.desk.decide(later, edited=replace(alert(), meaning="Look at the page."))

    assert (now.meaning, now.published, now.updated) == ("Look at the page.", NOON, NOON + HOUR)


def test_an_edit_cannot_touch_quotes_evidence_or_identity(store: Store) -> None:
    raised(store)
    forged = replace(
        alert("a9"),
        quotes=(Quote("", "You cannot object."),),
        evidence=replace(alert().evidence, url="https://elsewhere.example/"),
        raised=NOON - timedelta(days=9),
        published=NOON,
    )

    now = store.desk.decide(review(PENDING, APPROVED), edited=forged)

    assert now == replace(alert(), state=APPROVED)


def test_a_dismissed_alert_can_be_taken_back_and_every_step_is_remembered(store: Store) -> None:
    raised(store)
    steps = [PENDING, AlertState.DISMISSED, PENDING, APPROVED, PENDING, APPROVED, PUBLISHED, AlertState.CORRECTED]

    for before, after in pairwise(steps):
        store.desk.decide(review(before, after))

    assert [one.after for one in store.desk.reviews("a1")] == steps[1:]
    assert [one.state for one in store.desk.alerts()] == [AlertState.CORRECTED]


def test_publishing_writes_thousands_of_posts_at_once(store: Store) -> None:
    raised(store, state=APPROVED)
    many = [post(reader=f"reader-{number}") for number in range(5_000)]

    store.desk.decide(review(APPROVED, PUBLISHED), many)

    assert [one.subscriber for one in store.outbox.posts()] == [f"reader-{number}" for number in range(5_000)]


def test_posts_of_alerts_stand_beside_each_other(store: Store) -> None:
    published(store)
    store.journal.record(PAGE, check(NOON + HOUR), finding(), [alert("a2", APPROVED)])

    store.desk.decide(review(APPROVED, PUBLISHED, id="a2"), [post("a2")])

    assert [one.alert for one in store.outbox.posts()] == [AlertId("a1"), AlertId("a2")]


def dismissed(id: str = "a1", *, seen: int | None = None) -> Decision:
    return Decision(review=review(PENDING, AlertState.DISMISSED, id=id), seen=seen)


def test_decisions_taken_together_come_back_in_their_order(store: Store) -> None:
    store.journal.record(PAGE, check(), finding(), [alert("a1"), alert("a2")])

    done = store.desk.decide_all([dismissed("a2"), dismissed("a1")])

    assert [(one.id, one.state) for one in done] == [("a2", AlertState.DISMISSED), ("a1", AlertState.DISMISSED)]
    assert store.desk.decide_all([]) == ()


def test_of_decisions_taken_together_all_are_kept_or_none(store: Store) -> None:
    store.journal.record(PAGE, check(), finding(), [alert("a1"), alert("a2", APPROVED)])

    with pytest.raises(NotAllowed):
        store.desk.decide_all([dismissed("a1"), dismissed("a2")])
    with pytest.raises(UnknownAlert):
        store.desk.decide_all([dismissed("a1"), dismissed("a3")])

    assert store.desk.reviews() == ()
    assert [one.id for one in store.desk.alerts(PENDING)] == ["a1"]


def test_a_decision_on_an_alert_that_was_decided_since_it_was_read_is_told_who_was_first(
    store: Store, another: Callable[[], Store]
) -> None:
    raised(store)
    store.desk.decide(review(PENDING, PENDING), edited=replace(alert(), title="Murmel: a step is new"))

    with pytest.raises(Overtaken, match=r"pending since you read it \(ada decided so at 2026-02-25 12:00 UTC: seen\)"):
        another().desk.decide_all([dismissed(seen=0)])

    assert store.desk.decide_all([dismissed(seen=1)])[0].state is AlertState.DISMISSED


def test_a_correction_is_kept_with_the_decision_on_what_it_corrects(store: Store) -> None:
    published(store)
    right = replace(alert("c1"), title="Murmel: no step was added", corrects=AlertId("a1"))
    decision = Decision(review=review(PUBLISHED, AlertState.CORRECTED), correction=right)

    (old,) = store.desk.decide_all([decision])

    assert (old.state, old.published) == (AlertState.CORRECTED, NOON)
    assert store.desk.alert("c1") == replace(right, state=APPROVED)
    assert store.desk.reviews("c1") == (review(PENDING, APPROVED, id="c1"),)


def test_a_correction_that_is_refused_leaves_no_alert(store: Store) -> None:
    raised(store)
    decision = Decision(review=review(PUBLISHED, AlertState.CORRECTED), correction=alert("c1"))

    with pytest.raises(NotAllowed):
        store.desk.decide_all([decision])

    assert store.desk.alert("c1") is None


def by_rule(id: str = "a1", before: AlertState = PENDING) -> Decision:
    return Decision(review=review(before, AlertState.DISMISSED, "rule r1", id))


def test_what_a_rule_dismisses_is_recorded_dismissed_with_its_review(store: Store) -> None:
    rule = by_rule().review
    store.journal.record(PAGE, check(), finding(), [alert("a1"), alert("a2")], [rule])

    assert [(one.id, one.state) for one in store.desk.alerts()] == [("a1", AlertState.DISMISSED), ("a2", PENDING)]
    assert store.desk.reviews() == (rule,)


def test_what_was_taken_back_from_a_rule_is_not_dismissed_by_it_again(store: Store) -> None:
    rule = by_rule().review
    store.journal.record(PAGE, check(), finding(), [alert()], [rule])
    store.desk.decide(review(AlertState.DISMISSED, PENDING))

    store.journal.record(PAGE, check(NOON + HOUR), finding(), [alert()], [rule])

    assert [one.state for one in store.desk.alerts()] == [PENDING]


def test_a_rule_dismisses_what_was_held_when_a_later_fetch_lets_it_out(store: Store) -> None:
    store.journal.record(PAGE, check(), finding(), [alert(state=AlertState.HELD)])
    rule = by_rule(before=APPROVED).review

    store.journal.record(PAGE, check(NOON + HOUR), finding(), [alert(state=PENDING)], [rule])

    assert [one.state for one in store.desk.alerts()] == [AlertState.DISMISSED]
    assert [(one.before, one.after) for one in store.desk.reviews()] == [
        (AlertState.HELD, PENDING),
        (PENDING, AlertState.DISMISSED),
    ]


def test_a_dismissed_alert_is_confirmed_where_it_lies(store: Store) -> None:
    once = replace(alert(state=AlertState.HELD), waits_for="the next fetch, to confirm it")
    store.journal.record(PAGE, check(), finding(), [once])
    store.desk.decide(review(AlertState.HELD, AlertState.DISMISSED))
    agreed = replace(alert(state=PENDING), evidence=replace(once.evidence, confirmed_at=NOON + HOUR))

    store.journal.record(PAGE, check(NOON + HOUR), finding(), [agreed])

    (kept,) = store.desk.alerts()
    assert (kept.state, kept.waits_for, kept.evidence.confirmed_at) == (AlertState.DISMISSED, "", NOON + HOUR)
    assert [one.after for one in store.desk.reviews()] == [AlertState.DISMISSED]


def test_a_held_alert_waits_for_what_the_newest_capture_says_and_keeps_its_words(store: Store) -> None:
    once = replace(alert(state=AlertState.HELD), waits_for="the next fetch, to confirm it")
    store.journal.record(PAGE, check(), finding(), [once])
    store.desk.decide(review(AlertState.HELD, AlertState.HELD), edited=replace(once, title="As Ada says"))
    gone_again = replace(once, waits_for="a maintainer: what had come was gone again at the next fetch")

    store.journal.record(PAGE, check(NOON + HOUR), finding(), [gone_again])

    (kept,) = store.desk.alerts()
    assert (kept.state, kept.title) == (AlertState.HELD, "As Ada says")
    assert kept.waits_for == "a maintainer: what had come was gone again at the next fetch"


def test_a_rule_keeps_an_alert_of_an_automatic_page_from_being_published(store: Store) -> None:
    store.journal.record(
        PAGE, check(), finding(), [alert(state=AlertState.HELD)], [by_rule(before=AlertState.HELD).review]
    )

    store.journal.record(PAGE, check(NOON + HOUR), finding(), [alert(state=APPROVED)])

    assert [one.state for one in store.desk.alerts()] == [AlertState.DISMISSED]


def test_rules_and_pins_come_back_as_they_were_the_oldest_first(store: Store, another: Callable[[], Store]) -> None:
    old = Rule(
        id=RuleId("r2"), page=PAGE.id, kind=Kind.OPTOUT, aspects=(Aspect.STEP,), who="ada", at=NOON, reason="weekly"
    )
    young = replace(old, id=RuleId("r1"), kind=None, words="cookie table", at=NOON + HOUR)
    pin = Pin(id=PinId("p1"), page=PageId("p"), words="You can object.", trail=("Rights",), who="ada", at=NOON)
    for rule in (young, old):
        store.desk.write_rule(rule)
    store.desk.write_pin(pin)

    assert another().desk.rules() == (old, young)
    assert another().desk.pins() == (pin,)


def test_a_rule_or_a_pin_that_ended_stays_and_says_when(store: Store) -> None:
    rule = Rule(id=RuleId("r1"), page=PAGE.id, words="cookies", who="ada", at=NOON, reason="weekly")
    pin = Pin(id=PinId("p1"), page=PAGE.id, words="You can object.", who="ada", at=NOON)
    store.desk.write_rule(rule)
    store.desk.write_pin(pin)

    store.desk.write_rule(replace(rule, ended=NOON + HOUR))
    store.desk.write_pin(replace(pin, ended=NOON + HOUR))

    assert [each.ended for each in store.desk.rules()] == [NOON + HOUR]
    assert [each.ended for each in store.desk.pins()] == [NOON + HOUR]
