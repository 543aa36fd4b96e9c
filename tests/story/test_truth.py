"""Decisions as labelled truth: which changes get a label, and what it says."""

from monitor.model.alert import AlertState
from monitor.model.capture import Capture
from monitor.model.verdict import Aspect, Kind, Level
from monitor.pipeline.check import check
from monitor.pipeline.past import import_captures
from monitor.pipeline.pins import pin
from monitor.pipeline.publish import publish
from monitor.pipeline.review import Decider, Words, approve, correct, dismiss, undo
from monitor.pipeline.rules import Matching, add, rule_of
from monitor.pipeline.truth import Label, labels
from tests.fakes import AUTOMATIC, House, fake_world, page
from tests.story.lumen import DEADLINE, MINORS, policy

ADA = Decider("ada", "read both captures")


def named(index: int, capture: Capture) -> str:
    return f"{index}.html"


def told(*bodies: bytes, automatic: bool = False) -> House:
    house = fake_world(page(publish=AUTOMATIC) if automatic else page())
    for body in bodies:
        house.serve(body)
        check(house.pages[0], house.world)
    return house


def truth(house: House) -> list[Label]:
    return list(labels(house.pages[0], house.world, named))


def test_what_was_let_out_is_labelled_as_it_was_told() -> None:
    house = told(policy(), policy(DEADLINE), policy(DEADLINE))
    (alert,) = house.store.alerts()
    approve(alert.id, ADA, house.world)

    assert truth(house) == [
        Label(
            index=1,
            file="1.html",
            kind=Kind.OPTOUT,
            level=Level.ALERT,
            aspects=alert.aspects,
            what=f"{alert.title} (ada: read both captures)",
            before="",
            after=DEADLINE,
        )
    ]
    assert Aspect.DEADLINE in alert.aspects


def test_what_was_dismissed_is_noise_for_nobody() -> None:
    house = told(policy(), policy(DEADLINE))
    dismiss(house.store.alerts()[0].id, ADA, house.world)

    assert [(one.index, one.kind, one.level, one.aspects) for one in truth(house)] == [(1, Kind.NOISE, Level.NONE, ())]


def test_a_rule_decides_in_the_name_of_who_made_it() -> None:
    house = told(policy())
    add(rule_of(Matching(page=house.pages[0].id, words="must send your objection"), ADA, house.world), house.world)
    house.serve(policy(DEADLINE))
    check(house.pages[0], house.world)

    assert [(one.index, one.level) for one in truth(house)] == [(1, Level.NONE)]


def test_what_nobody_decided_has_no_label() -> None:
    waiting = told(policy(), policy(DEADLINE), policy(DEADLINE))
    by_itself = told(policy(), policy(DEADLINE), policy(DEADLINE), automatic=True)
    publish(by_itself.world)

    assert truth(waiting) == []
    assert [one.state for one in by_itself.store.alerts()] == [AlertState.PUBLISHED]
    assert truth(by_itself) == []


def test_a_decision_that_was_taken_back_is_none() -> None:
    house = told(policy(), policy(DEADLINE))
    (alert,) = house.store.alerts()
    dismiss(alert.id, ADA, house.world)
    undo(alert.id, ADA, house.world)

    assert truth(house) == []


def test_a_correction_and_a_pin_that_went_are_no_verdict_about_a_capture() -> None:
    lamps = "Installers see the address of your house for as long as they work on your lamps."
    house = told(policy(), policy(DEADLINE), policy(DEADLINE))
    pin(house.pages[0].id, lamps, ADA, house.world)
    (alert,) = house.store.alerts()
    approve(alert.id, ADA, house.world)
    publish(house.world)
    correct(alert.id, Words(title="Lumen: the deadline is a proposal"), ADA, house.world)
    for _ in range(2):
        house.serve(policy(DEADLINE).replace(lamps.encode(), b"Nobody sees your lamps."))
        check(house.pages[0], house.world)
    lost = house.store.alerts(AlertState.PENDING)[0]
    dismiss(lost.id, ADA, house.world)

    assert [(one.index, one.level) for one in truth(house)] == [(1, Level.ALERT)]


def recorded(*bodies: bytes) -> list[Capture]:
    return told(*bodies).evidence.kept


def test_a_past_that_is_imported_for_review_waits_for_people_even_where_pages_publish_by_themselves() -> None:
    captures = recorded(policy(), policy(DEADLINE), policy(DEADLINE, minors=""), policy(DEADLINE, minors=""))
    house = fake_world(page(publish=AUTOMATIC))

    import_captures(house.pages[0], captures, house.world, for_review=True)

    assert [(one.state, one.quotes[0].before or one.quotes[0].after) for one in house.store.alerts()] == [
        (AlertState.PENDING, DEADLINE),
        (AlertState.PENDING, MINORS),
    ]


def test_a_past_that_is_imported_twice_keeps_what_was_decided() -> None:
    captures = recorded(policy(), policy(DEADLINE), policy(DEADLINE))
    house = fake_world()
    import_captures(house.pages[0], captures, house.world, for_review=True)
    dismiss(house.store.alerts()[0].id, ADA, house.world)

    import_captures(house.pages[0], captures, house.world, for_review=True)

    assert [one.state for one in house.store.alerts()] == [AlertState.DISMISSED]


def test_a_past_that_is_only_imported_is_no_news() -> None:
    house = fake_world()

    import_captures(house.pages[0], recorded(policy(), policy(DEADLINE), policy(DEADLINE)), house.world)

    assert house.store.alerts() == ()
