"""What waits for a decision: one case for each, in the order of what it touches, with the grounds of its rank."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model.alert import Alert, AlertState
from monitor.model.page import Page, PageId
from monitor.model.procedure import Difference, DifferenceKind
from monitor.model.verdict import Aspect, Kind, Level, Quote, Reason
from monitor.pipeline.queue import Touched, case_of, queue, touched
from monitor.pipeline.review import Decider, approve_all
from tests.fakes import House, fake_world, page
from tests.published import alert

ADA = Decider("ada", "read both captures")
POLICY, GERMAN, HELP = page("policy"), page("policy-de"), page("help")
WORDS = (Quote("You can object at any time.", "You can object until September.", ("Your rights",)),)


def house_with(*alerts: Alert, pages: tuple[Page, ...] = (POLICY, GERMAN, HELP)) -> House:
    house = fake_world(*pages)
    house.store.told = {each.id: each for each in alerts}
    return house


def waits(number: int, **changes: object) -> Alert:
    """Return an alert of the policy that waits, about wording alone unless the test says more."""
    plain = {"page": POLICY.id, "state": AlertState.PENDING, "published": None, "aspects": (), "differences": ()}
    own = (Quote(f"Sentence {number} as it was.", f"Sentence {number} as it is.", ("Your rights",)),)
    return alert(number, **{**plain, "quotes": own, **changes})


def differs(kind: DifferenceKind) -> tuple[Difference, ...]:
    return (Difference(kind, "as it was", "as it is"),)


def test_cases_stand_in_the_order_of_what_they_touch() -> None:
    section = waits(1, kind=Kind.CAPTURE, priority=99)
    wording = waits(2, priority=95)
    link = waits(3, aspects=(Aspect.FORM_LINK,), priority=10)
    deadline = waits(4, differences=differs(DifferenceKind.DEADLINE_SET))
    field = waits(5, differences=differs(DifferenceKind.FIELD_REQUIRED))
    step = waits(6, aspects=(Aspect.STEP,), priority=1)
    house = house_with(section, wording, link, deadline, field, step)

    ranked = [(case.alert.id, case.touched) for case in queue(house.world)]

    assert ranked == [
        (step.id, Touched.PROCEDURE),
        (field.id, Touched.FORM_FIELD),
        (deadline.id, Touched.DEADLINE),
        (link.id, Touched.LINK_TARGET),
        (wording.id, Touched.WORDING),
        (section.id, Touched.SECTION_GONE),
    ]


def test_what_readers_would_be_woken_for_stands_before_what_the_digest_tells() -> None:
    step = waits(1, level=Level.DIGEST, aspects=(Aspect.STEP,))
    wording = waits(2)
    house = house_with(step, wording)

    assert [(case.alert.id, case.level) for case in queue(house.world)] == [
        (wording.id, Level.ALERT),
        (step.id, Level.DIGEST),
    ]


def test_how_much_of_a_page_changed_never_moves_a_case() -> None:
    vast = waits(1, other_lines=900)
    small = waits(2, other_lines=0, aspects=(Aspect.STEP,))
    house = house_with(vast, small)

    assert [case.alert.id for case in queue(house.world)] == [small.id, vast.id]


def test_a_persons_number_goes_before_the_rules_number_and_both_before_age() -> None:
    oldest, strong, grave = waits(1), waits(2, priority=80), waits(3, priority=5)
    house = house_with(oldest, strong, replace(grave, significance=4))

    ranked = [(case.alert.id, case.significance, case.priority) for case in queue(house.world)]

    assert ranked == [(grave.id, 4, 5), (strong.id, 0, 80), (oldest.id, 0, 0)]


def test_what_is_decided_is_not_in_the_queue() -> None:
    house = house_with(waits(1, state=AlertState.DISMISSED), waits(2, state=AlertState.HELD), alert(3))

    assert [case.alert.id for case in queue(house.world)] == [waits(2).id]


def test_the_same_words_on_several_pages_are_one_case() -> None:
    one, other = waits(1, quotes=WORDS), waits(2, page=HELP.id, quotes=WORDS)
    house = house_with(one, other, waits(3, page=HELP.id))

    cases = queue(house.world)

    assert [[each.id for each in case.alerts] for case in cases] == [[one.id, other.id], [waits(3).id]]


def test_case_and_typography_do_not_part_a_case() -> None:
    shouted = (Quote("YOU CAN OBJECT AT ANY TIME.", "You can object  until September.", ("Choices",)),)
    house = house_with(waits(1, quotes=WORDS), waits(2, page=HELP.id, quotes=shouted))

    assert len(queue(house.world)) == 1


def test_editions_in_other_languages_that_changed_alike_within_days_are_one_case() -> None:
    german = replace(GERMAN, edition_of=POLICY.id, language="de")
    shape = {"aspects": (Aspect.DEADLINE,), "differences": differs(DifferenceKind.DEADLINE_SET)}
    english = waits(1, **shape)
    other = waits(3, page=german.id, language="de", **shape)
    later = waits(30, page=german.id, language="de", **shape)
    house = house_with(english, other, later, pages=(POLICY, german))

    groups = [{each.id for each in case.alerts} for case in queue(house.world)]

    assert groups == [{english.id, other.id}, {later.id}]


@pytest.mark.parametrize(
    "unlike",
    [{"aspects": (Aspect.STEP,)}, {"differences": ()}, {"directions": ()}, {"language": "en"}],
    ids=["other aspects", "other differences", "other directions", "the same language"],
)
def test_editions_that_changed_otherwise_are_cases_of_their_own(unlike: dict[str, object]) -> None:
    german = replace(GERMAN, edition_of=POLICY.id, language="de")
    shape = {"aspects": (Aspect.DEADLINE,), "differences": differs(DifferenceKind.DEADLINE_SET)}
    other = waits(2, **{"page": german.id, "language": "de", **shape, **unlike})
    house = house_with(waits(1, **shape), other, pages=(POLICY, german))

    assert len(queue(house.world)) == 2


def test_two_alerts_of_one_page_are_two_decisions() -> None:
    house = house_with(waits(1, quotes=WORDS), waits(2, quotes=WORDS))

    assert len(queue(house.world)) == 2


def test_one_decision_decides_a_whole_case() -> None:
    one, other = waits(1, quotes=WORDS), waits(2, page=HELP.id, quotes=WORDS)
    house = house_with(one, other)
    (case,) = queue(house.world)

    approve_all(case.seen, ADA, house.world)

    assert queue(house.world) == ()
    assert [(review.alert, review.after) for review in house.store.decisions] == [
        (one.id, AlertState.APPROVED),
        (other.id, AlertState.APPROVED),
    ]


def test_a_case_says_how_many_reviews_each_of_its_alerts_had() -> None:
    house = house_with(waits(1, quotes=WORDS), waits(2, page=HELP.id, quotes=WORDS))
    (before,) = queue(house.world)
    approve_all(before.seen[1:], ADA, house.world)

    (after,) = queue(house.world)

    assert [seen.reviews for seen in before.seen] == [0, 0]
    assert [(seen.alert, seen.reviews) for seen in after.seen] == [(waits(1).id, 0)]


def test_the_case_of_an_alert_is_shown_from_that_alert() -> None:
    one, other = waits(1, quotes=WORDS), waits(2, page=HELP.id, quotes=WORDS)
    house = house_with(one, other)

    assert [each.id for each in case_of(other, house.world).alerts] == [other.id, one.id]


def test_the_grounds_name_cue_block_and_headings_the_weightiest_first() -> None:
    reasons = (
        Reason(rule="page-about-it", cue="policy", where="Rights", weight=0.5),
        Reason(rule="cue:until", cue="Until September", where="Your rights", weight=3.0),
        Reason(rule="cue:until", cue="Until September", where="Your rights", weight=3.0),
    )
    house = house_with(waits(1, quotes=WORDS, reasons=reasons))

    (case,) = queue(house.world)

    assert [(each.rule, each.cue, each.block, each.trail, each.weight) for each in case.grounds] == [
        ("cue:until", "Until September", "You can object until September.", ("Your rights",), 3.0),
        ("page-about-it", "policy", "", ("Rights",), 0.5),
    ]


def test_a_cue_of_the_headings_names_the_quote_that_stands_under_them() -> None:
    entry = Quote("", "Public posts", ("Use", "For all", "AI at Lumen", "What we use"))
    under = Reason(rule="under:ai", cue="AI at", where="For all > AI at Lumen > What we use", weight=3.0)
    house = house_with(waits(1, quotes=(*WORDS, entry), reasons=(under,)))

    (ground,) = queue(house.world)[0].grounds

    assert (ground.block, ground.trail) == ("Public posts", ("Use", "For all", "AI at Lumen", "What we use"))


def test_what_touches_nothing_of_the_way_out_stands_last() -> None:
    assert touched(waits(1, kind=Kind.SUBSTANTIVE)) is Touched.OTHER
    assert list(Touched)[-1] is Touched.OTHER


def test_alerts_of_pages_that_are_not_watched_any_more_are_still_cases() -> None:
    house = house_with(waits(1, page=PageId("gone"), raised=alert(1).raised + timedelta(days=1)))

    assert len(queue(house.world)) == 1
