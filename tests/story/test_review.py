"""Decisions about alerts, and publication: once, with its messages, whatever fails in between."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from monitor.model.alert import Alert, AlertId, AlertState, Review
from monitor.model.errors import NotAllowed, Overtaken, PublishError, Unconfirmed, UnknownAlert
from monitor.model.status import Check, Outcome
from monitor.model.subscriber import Consent, Edition, Subscriber, SubscriberId, SubscriberState
from monitor.pipeline.publish import publish
from monitor.pipeline.review import (
    Decider,
    Words,
    approve,
    approve_all,
    correct,
    dismiss,
    dismiss_all,
    edit,
    found,
    read,
    undo,
    undo_all,
)
from tests.fakes import START, House, MemoryStore, fake_world, page
from tests.fakes.outside import Board
from tests.published import alert

ADA = Decider("ada", "read both captures")
PAGE = page()


def house_with(*alerts: Alert) -> House:
    house = fake_world(PAGE)
    house.store.told = {each.id: replace(each, page=PAGE.id) for each in alerts}
    return house


def pending(number: int = 1, **changes: object) -> Alert:
    return alert(number, state=AlertState.PENDING, published=None, **changes)


def subscriber(name: str = "ada") -> Subscriber:
    return Subscriber(
        id=SubscriberId(name),
        address=f"{name}@example.org",
        state=SubscriberState.CONFIRMED,
        consent=Consent(source="letter", wording="1", asked=START, confirmed=START),
    )


def test_a_decision_keeps_name_moment_and_reason() -> None:
    house = house_with(pending())

    one = approve(pending().id, ADA, house.world)

    (review,) = house.store.decisions
    assert one.state is AlertState.APPROVED
    assert (review.who, review.reason, review.at) == ("ada", "read both captures", START)
    assert (review.before, review.after) == (AlertState.PENDING, AlertState.APPROVED)


def test_an_alert_that_is_held_can_be_let_out_by_a_maintainer() -> None:
    house = house_with(replace(pending(), state=AlertState.HELD))

    assert approve(pending().id, ADA, house.world).state is AlertState.APPROVED


def test_what_one_fetch_alone_shows_is_let_out_by_nobody() -> None:
    seen_once = replace(pending(), state=AlertState.HELD, waits_for="the next fetch, to confirm that it is gone")
    house = house_with(seen_once)

    with pytest.raises(Unconfirmed, match="was seen at one fetch alone"):
        approve(seen_once.id, ADA, house.world)

    assert house.store.told[seen_once.id].state is AlertState.HELD
    assert dismiss(seen_once.id, ADA, house.world).state is AlertState.DISMISSED


def test_approving_twice_is_one_decision() -> None:
    house = house_with(pending())
    approve(pending().id, ADA, house.world)

    approve(pending().id, ADA, house.world)

    assert len(house.store.decisions) == 1


def test_what_was_dismissed_comes_back_by_undo() -> None:
    house = house_with(pending())
    dismiss(pending().id, ADA, house.world)

    one = undo(pending().id, Decider("ada", "wrong one"), house.world)

    assert one.state is AlertState.PENDING
    assert [review.after for review in house.store.decisions] == [AlertState.DISMISSED, AlertState.PENDING]


def test_what_one_fetch_alone_shows_is_held_again_by_undo() -> None:
    seen_once = replace(pending(), state=AlertState.HELD, waits_for="the next fetch, to confirm that it is gone")
    house = house_with(seen_once)
    dismiss(seen_once.id, ADA, house.world)

    assert undo(seen_once.id, ADA, house.world).state is AlertState.HELD
    with pytest.raises(Unconfirmed, match="was seen at one fetch alone"):
        approve(seen_once.id, ADA, house.world)


def test_what_was_confirmed_while_it_was_dismissed_waits_for_a_maintainer_after_undo() -> None:
    seen_once = replace(pending(), state=AlertState.HELD, waits_for="the next fetch, to confirm that it is gone")
    house = house_with(seen_once)
    dismiss(seen_once.id, ADA, house.world)
    house.store.told[seen_once.id] = house.store.told[seen_once.id].confirmed(START)

    assert undo(seen_once.id, ADA, house.world).state is AlertState.PENDING
    assert approve(seen_once.id, ADA, house.world).state is AlertState.APPROVED


def test_what_is_published_cannot_be_taken_back() -> None:
    house = house_with(alert())

    with pytest.raises(NotAllowed, match="is published and cannot become undecided again"):
        undo(alert().id, ADA, house.world)


def test_an_edit_replaces_words_and_leaves_quotes_and_state() -> None:
    house = house_with(pending())

    one = edit(pending().id, Words(title="Lumen: the form moved"), ADA, house.world)

    assert one.title == "Lumen: the form moved"
    assert one.meaning == pending().meaning
    assert one.quotes == pending().quotes
    assert one.state is AlertState.PENDING


def test_a_maintainers_number_stands_beside_the_rules_number() -> None:
    house = house_with(pending(priority=70))

    one = edit(pending().id, Words(significance=5), ADA, house.world)

    assert (one.priority, one.significance, one.title) == (70, 5, pending().title)


def test_how_much_it_matters_to_maintainers_is_no_update_for_readers() -> None:
    house = house_with(alert())

    rated = edit(alert().id, Words(significance=4), ADA, house.world)
    reworded = edit(alert().id, Words(meaning="Start from the new address."), ADA, house.world)

    assert (rated.significance, rated.updated) == (4, None)
    assert (reworded.significance, reworded.updated) == (4, START)


def test_whoever_read_an_alert_before_another_decided_is_told_and_overwrites_nothing() -> None:
    house = house_with(pending())
    as_read = read(house.store.told[pending().id], house.world)
    dismiss(pending().id, ADA, house.world)

    with pytest.raises(Overtaken) as told:
        approve(pending().id, Decider("bob", "fine"), house.world, seen=as_read.reviews)

    assert str(told.value) == (
        f"alert {pending().id} is dismissed since you read it (ada decided so at 2026-07-01 08:00 UTC: "
        "read both captures): read it again before it becomes approved"
    )
    assert [review.who for review in house.store.decisions] == ["ada"]


def test_an_edit_that_somebody_did_not_see_stops_their_decision_too() -> None:
    house = house_with(pending())
    edit(pending().id, Words(title="Lumen: the form moved"), ADA, house.world, seen=0)

    with pytest.raises(Overtaken):
        approve(pending().id, Decider("bob", "fine"), house.world, seen=0)

    assert house.store.told[pending().id].title == "Lumen: the form moved"


@dataclass(slots=True)
class Busy(MemoryStore):
    """A desk at which Bob edits each alert just after somebody counted its reviews, once."""

    meddled: bool = False

    def reviews(self, id: str | None = None) -> tuple[Review, ...]:
        counted = MemoryStore.reviews(self, id)
        if id is not None and not self.meddled:
            self.meddled = True
            stored = self.told[AlertId(id)]
            review = Review(alert=stored.id, before=stored.state, after=stored.state, who="bob", at=START, reason="x")
            self.decide(review, edited=replace(stored, meaning="Bob's words."))
        return counted


def test_words_that_somebody_else_gave_meanwhile_are_not_written_over() -> None:
    house = house_with(pending())
    house.store = Busy(told=house.store.told)

    with pytest.raises(Overtaken, match="bob decided so"):
        edit(pending().id, Words(title="Lumen: the form moved"), ADA, house.world)

    assert house.store.told[pending().id].meaning == "Bob's words."


def test_the_alerts_of_a_case_are_decided_each_with_a_review_of_its_own() -> None:
    house = house_with(pending(1), pending(2))
    case = [read(alert, house.world) for alert in house.store.alerts()]

    decided = approve_all(case, ADA, house.world)

    assert [one.state for one in decided] == [AlertState.APPROVED, AlertState.APPROVED]
    assert [review.alert for review in house.store.decisions] == [pending(1).id, pending(2).id]


def test_a_case_of_which_one_alert_was_decided_meanwhile_is_not_decided_at_all() -> None:
    house = house_with(pending(1), pending(2))
    case = [read(alert, house.world) for alert in house.store.alerts()]
    approve(pending(2).id, ADA, house.world)

    with pytest.raises(Overtaken, match="ada decided so"):
        dismiss_all(case, Decider("bob", "noise"), house.world)

    assert house.store.told[pending(1).id].state is AlertState.PENDING


def test_a_case_is_taken_back_as_it_was_decided() -> None:
    house = house_with(pending(1), pending(2))
    approve_all([read(alert, house.world) for alert in house.store.alerts()], ADA, house.world)

    back = undo_all([read(alert, house.world) for alert in house.store.alerts()], ADA, house.world)

    assert [one.state for one in back] == [AlertState.PENDING, AlertState.PENDING]


def test_a_case_of_which_one_alert_is_published_is_not_taken_back_at_all() -> None:
    house = house_with(replace(pending(1), state=AlertState.DISMISSED), alert(2))

    with pytest.raises(NotAllowed, match="is published and cannot become undecided again"):
        undo_all([read(one, house.world) for one in house.store.alerts()], ADA, house.world)

    assert house.store.decisions == []


def test_a_correction_is_an_alert_of_its_own_that_links_the_one_it_puts_right() -> None:
    house = house_with(alert())
    house.clock.turn()

    right = correct(alert().id, Words(title="Lumen: only one form moved"), ADA, house.world)

    old = house.store.told[alert().id]
    assert (old.state, old.title, old.published) == (AlertState.CORRECTED, alert().title, alert().published)
    assert (right.state, right.corrects, right.published) == (AlertState.APPROVED, alert().id, None)
    assert (right.title, right.meaning) == ("Lumen: only one form moved", alert().meaning)
    assert (right.quotes, right.evidence) == (alert().quotes, replace(alert(), page=PAGE.id).evidence)
    assert right.raised == START + timedelta(hours=12)
    assert [(one.alert, one.who) for one in house.store.decisions] == [(alert().id, "ada"), (right.id, "ada")]


def test_a_correction_is_told_with_messages_of_its_own() -> None:
    house = house_with(alert())
    house.store.add(subscriber())
    right = correct(alert().id, Words(title="Lumen: only one form moved"), ADA, house.world)

    publish(house.world)

    (seen,) = house.board.seen
    assert {(each.id, each.state) for each in seen.alerts} == {
        (alert().id, AlertState.CORRECTED),
        (right.id, AlertState.PUBLISHED),
    }
    assert [post.alert for post in house.store.posts()] == [right.id]


def test_what_is_not_published_is_edited_and_not_corrected() -> None:
    house = house_with(pending())

    with pytest.raises(NotAllowed, match="is pending and cannot become corrected"):
        correct(pending().id, Words(title="x"), ADA, house.world)

    assert len(house.store.told) == 1


def test_the_second_of_two_corrections_is_told_of_the_first() -> None:
    house = house_with(alert())
    correct(alert().id, Words(title="Lumen: only one form moved"), ADA, house.world)

    with pytest.raises(NotAllowed, match="is corrected"):
        correct(alert().id, Words(title="Lumen: no form moved"), Decider("bob", "looked"), house.world)

    assert len(house.store.told) == 2


def test_a_correction_is_not_taken_back_but_corrected_again() -> None:
    house = house_with(alert())
    right = correct(alert().id, Words(title="Lumen: only one form moved"), ADA, house.world)

    with pytest.raises(NotAllowed):
        undo(right.id, ADA, house.world)
    publish(house.world)
    again = correct(right.id, Words(title="Lumen: both forms moved"), ADA, house.world)

    assert again.corrects == right.id


def test_a_dismissed_alert_is_not_edited() -> None:
    house = house_with(replace(pending(), state=AlertState.DISMISSED))

    with pytest.raises(NotAllowed):
        edit(pending().id, Words(title="x"), ADA, house.world)


def test_the_beginning_of_an_id_is_enough_when_it_names_one_alert() -> None:
    house = house_with(pending(1), pending(2))

    assert found(pending(1).id[:6], house.world).id == pending(1).id
    with pytest.raises(UnknownAlert):
        found(pending(1).id[:3], house.world)
    with pytest.raises(UnknownAlert):
        found("beef", house.world)


def test_publication_writes_the_messages_with_the_last_step() -> None:
    house = house_with(pending())
    house.store.add(subscriber())
    approve(pending().id, ADA, house.world)
    house.clock.turn()

    done = publish(house.world)

    assert [each.state for each in done.published] == [AlertState.PUBLISHED]
    assert done.published[0].published == START + timedelta(hours=12)
    assert [(post.subscriber, post.edition) for post in house.store.posts()] == [("ada", Edition.ALERT)]
    assert [each.id for each in house.board.seen[0].alerts] == [pending().id]
    assert done.changed == {"board": ("board.txt",)}


def test_a_publisher_that_fails_is_asked_again_and_nothing_is_published_twice(
    caplog: pytest.LogCaptureFixture,
) -> None:
    house = house_with(pending())
    house.store.add(subscriber())
    approve(pending().id, ADA, house.world)
    house.board.fails = OSError("no space left")

    first = publish(house.world)
    second = publish(house.world)

    assert (first.failed, second.failed) == (("board",), ())
    assert [len(first.published), len(second.published)] == [1, 0]
    assert len(house.store.posts()) == 1
    assert [each.id for each in house.board.seen[0].alerts] == [pending().id]
    assert "publisher board" in caplog.text


def test_a_publisher_without_room_says_one_sentence_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    house = house_with(alert(1))
    full = PublishError("public/feeds/all.rss", "No space left on device")
    house.board.fails = full
    other = Board()
    world = replace(house.world, publishers={"feeds": house.board, "site": other})

    done = publish(world)

    assert (done.failed, done.changed) == (("feeds",), {"site": ("board.txt",)})
    assert [(record.getMessage(), record.exc_info) for record in caplog.records] == [(f"publisher feeds: {full}", None)]


def test_nothing_that_waits_is_shown_to_the_public() -> None:
    house = house_with(pending(1), replace(pending(2), state=AlertState.HELD), alert(3))
    dismiss(pending(1).id, ADA, house.world)

    publish(house.world)

    (seen,) = house.board.seen
    assert [each.id for each in seen.alerts] == [alert(3).id]
    assert seen.reviews == ()


def test_a_page_not_read_three_times_in_a_row_is_a_problem_told_to_the_public() -> None:
    house = fake_world(PAGE)
    for _ in range(3):
        house.clock.turn()
        house.store.missed(Check(page=PAGE.id, at=house.clock.now(), outcome=Outcome.MISSED, detail="timed-out"))

    publish(house.world)

    (problem,) = house.board.seen[0].problems
    assert problem.since == START + timedelta(hours=12)
    assert problem.told == START + timedelta(hours=36)
