"""All that a maintainer reads before deciding: an alert's captures, what differs, what came between, who decided."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model.alert import Alert, AlertState
from monitor.model.capture import Digest, Miss, MissReason
from monitor.model.errors import UnknownAlert, UnknownCapture
from monitor.model.page import PageId, Recipe
from monitor.model.procedure import DifferenceKind
from monitor.model.status import Outcome
from monitor.pipeline.check import check
from monitor.pipeline.comparison import archive_link, compare_captures
from monitor.pipeline.dossier import dossier
from monitor.pipeline.pins import pin
from monitor.pipeline.review import Decider, Words, correct, dismiss
from tests.fakes import START, House, fake_world
from tests.story.lumen import DEADLINE, MINORS, WALL, policy

ADA = Decider("ada", "read both captures")


def told(*bodies: bytes) -> tuple[House, Alert]:
    """Return a house whose page was served so, half a day apart, and its newest alert."""
    house = fake_world()
    for body in bodies:
        house.serve(body)
        check(house.pages[0], house.world)
    return house, house.store.alerts()[-1]


def test_what_changed_is_shown_in_its_place_with_two_blocks_round_it() -> None:
    house, alert = told(policy(), policy(minors=""))

    read = dossier(house.world, alert.id)

    (passage,) = read.quoted
    assert [(row.kind.value, row.block.text) for row in passage] == [
        ("kept", "Write to Lumen Lighting, 4 Wick Lane, or ask in any of our shops on weekdays."),
        ("kept", "AI at Lumen"),
        ("removed", MINORS),
        ("kept", "Your right to object"),
        ("kept", "You can object to our use of your posts for training AI at any time with the objection form."),
    ]
    assert passage[2].block.trail == ("Privacy policy", "AI at Lumen")


def test_what_went_says_since_when_it_stood_there() -> None:
    house, alert = told(policy(), policy(footer="x"), policy(minors=""))

    read = dossier(house.world, alert.id)

    assert read.comparison is not None
    assert [read.comparison.first_seen(row) for row in read.quoted[0] if row.changed] == [START + timedelta(hours=12)]


def test_what_the_alert_does_not_quote_stands_apart() -> None:
    moved = policy(DEADLINE).replace(b"ninety days", b"a hundred days")
    house, alert = told(policy(), moved)

    read = dossier(house.world, alert.id)

    assert [row.block.text for passage in read.quoted for row in passage if row.changed] == [DEADLINE]
    assert [row.kind.value for passage in read.others for row in passage if row.changed] == ["reworded"]


def test_all_blocks_stand_side_by_side() -> None:
    house, alert = told(policy(), policy(DEADLINE))

    compared = dossier(house.world, alert.id).comparison

    assert compared is not None
    assert [(row.before is None, row.after is None) for row in compared.rows if row.changed] == [(True, False)]
    assert sum(not row.changed for row in compared.rows) == len(compared.rows) - 1


def test_the_way_out_is_a_table_of_both_with_typed_differences() -> None:
    house, alert = told(policy(), policy(DEADLINE))

    compared = dossier(house.world, alert.id).comparison

    assert compared is not None
    assert [
        (row.what, row.before, row.after, row.kinds) for row in compared.way if row.what in ("step", "deadline")
    ] == [
        ("step", "Open Settings.", "Open Settings.", ()),
        ("step", "Select Privacy.", "Select Privacy.", ()),
        ("step", "Select Object to AI training.", "Select Object to AI training.", ()),
        ("deadline", "", f"2026-09-30: {DEADLINE}", (DifferenceKind.DEADLINE_SET,)),
    ]


def test_both_captures_are_named_with_all_that_came_round_them() -> None:
    house, alert = told(policy(), policy(DEADLINE))

    compared = dossier(house.world, alert.id).comparison

    assert compared is not None
    before, after = compared.before, compared.after
    assert (before.digest, before.at, before.status) == (alert.evidence.before, START + timedelta(hours=12), 200)
    assert (after.digest, after.at) == (alert.evidence.after, START + timedelta(hours=24))
    assert (after.final_url, after.size_bytes) == ("https://lumen.example/lumen-policy", len(policy(DEADLINE)))
    assert compared.archive == (
        "https://web.archive.org/web/diff/20260701200000/20260702080000/https://lumen.example/lumen-policy"
    )


def test_what_came_between_and_was_not_the_page_is_listed() -> None:
    house, alert = told(policy(), WALL, policy(DEADLINE), WALL, policy(DEADLINE))

    read = dossier(house.world, alert.id)

    assert [(each.at, each.outcome) for each in read.suspects] == [
        (START + timedelta(hours=24), Outcome.REFUSED),
        (START + timedelta(hours=48), Outcome.REFUSED),
    ]
    assert read.suspects[0].capture == house.evidence.kept[1].digest
    assert read.suspects[0].detail.startswith("login-wall: ")
    assert read.checks_between == 3


def test_a_check_that_brought_nothing_is_listed_without_a_capture() -> None:
    house, _ = told(policy(), policy(DEADLINE))
    name = PageId("lumen-policy")
    at = house.clock.now() + timedelta(hours=1)
    house.site.answers[name] = Miss(page=name, at=at, why=MissReason.TIMED_OUT, detail="no answer in 60 s")
    check(house.pages[0], house.world)
    house.site.answers.clear()
    house.serve(policy(DEADLINE))
    check(house.pages[0], house.world)

    (one,) = house.store.alerts()

    assert [(each.capture, each.detail) for each in dossier(house.world, one.id).suspects] == [
        (None, "timed-out: no answer in 60 s")
    ]


def test_pins_reviews_and_the_case_stand_beside_the_alert() -> None:
    house, alert = told(policy(), policy(DEADLINE))
    pin("lumen-policy", MINORS, ADA, house.world)
    dismiss(alert.id, ADA, house.world)

    read = dossier(house.world, alert.id[:6])

    assert [each.words for each in read.pins] == [MINORS]
    assert [(one.who, one.after) for one in read.reviews] == [("ada", AlertState.DISMISSED)]
    assert (read.seen.alert, read.seen.reviews) == (alert.id, 1)
    assert [each.id for each in read.case.alerts] == [alert.id]


def test_a_corrected_alert_names_its_correction() -> None:
    house, alert = told(policy(), policy(DEADLINE))
    house.store.told[alert.id] = replace(alert, state=AlertState.PUBLISHED, published=START)
    right = correct(alert.id, Words(title="Lumen: the deadline is a proposal"), ADA, house.world)

    assert dossier(house.world, alert.id).corrected_by == right
    assert dossier(house.world, right.id).corrected_by is None


def test_captures_are_read_by_todays_recipe() -> None:
    house, alert = told(policy(), policy(DEADLINE))
    house.pages = (replace(house.pages[0], recipe=Recipe(select=("footer",))),)

    compared = dossier(house.world, alert.id).comparison

    assert compared is not None
    assert compared.rows == ()


def test_a_dossier_without_its_captures_says_why_and_shows_the_rest() -> None:
    house, alert = told(policy(), policy(DEADLINE))
    house.evidence.kept.clear()

    read = dossier(house.world, alert.id)

    assert read.comparison is None
    assert read.missing.startswith(f"no capture '{alert.evidence.before}' of a watched page is kept")
    assert read.quoted == ()
    assert read.alert == alert


def test_a_page_that_is_not_watched_any_more_has_no_recipe_to_read_by() -> None:
    house, alert = told(policy(), policy(DEADLINE))
    house.pages = ()

    assert dossier(house.world, alert.id).comparison is None


def test_an_unknown_alert_has_no_dossier() -> None:
    with pytest.raises(UnknownAlert):
        dossier(fake_world().world, "beef")


def test_any_two_captures_of_a_page_compare_in_either_direction() -> None:
    house, _ = told(policy(), policy(DEADLINE), policy(DEADLINE, minors=""))
    first, _, last = (capture.digest for capture in house.evidence.kept)

    there = compare_captures(house.world, first, last)
    back = compare_captures(house.world, last, first)

    assert {(row.kind.value, row.block.text) for row in there.rows if row.changed} == {
        ("removed", MINORS),
        ("added", DEADLINE),
    }
    assert {(row.kind.value, row.block.text) for row in back.rows if row.changed} == {
        ("added", MINORS),
        ("removed", DEADLINE),
    }


def test_the_beginning_of_a_digest_is_enough_when_one_version_begins_so() -> None:
    house, alert = told(policy(), policy(DEADLINE))
    proof = alert.evidence

    compared = compare_captures(house.world, proof.before[:6], proof.after[:8])

    assert (compared.before.digest, compared.after.digest) == (proof.before, proof.after)
    with pytest.raises(UnknownCapture):
        compare_captures(house.world, proof.before[:5], proof.after)


def test_a_capture_that_is_not_kept_cannot_be_compared() -> None:
    house, alert = told(policy(), policy(DEADLINE))

    with pytest.raises(UnknownCapture, match="no capture 'beef'"):
        compare_captures(house.world, alert.evidence.before, Digest("beef"))


def test_an_address_that_is_none_has_no_comparison_at_the_archive() -> None:
    assert archive_link("javascript:alert(1)", START, START) == ""
