"""An alert as plain text of at most 2 KB."""

from dataclasses import replace

import pytest

from monitor.model.alert import AlertId
from monitor.model.procedure import DifferenceKind
from monitor.model.verdict import Aspect, Kind, Level, Quote
from monitor.render import facts, labels
from monitor.render.place import Place
from monitor.render.summary import LIMIT_BYTES, summary
from tests.published import alert, hostile_alert

PLACE = Place(base_url="https://watch.example/optout")
LONG = " ".join(f"Sentence {number} says how information is used." for number in range(250))


def test_an_alert_tells_what_changed_what_it_means_and_the_proof() -> None:
    assert summary(alert(), PLACE) == "\n".join(
        (
            "Facebook: the link for objecting leads to another address (1)",
            "What are your rights? > Object",
            "Before: You can object to this use through this form: https://example.org/help/contact/1",
            "After: You can object to this use through this form: https://example.org/support/privacy",
            "Form moved: https://example.org/help/contact/1 → https://example.org/support/privacy",
            "What it means: A saved link to the old form may no longer be the way to object; "
            "start from the new address.",
            "337 other lines changed in the same revision.",
            "Last seen unchanged 2026-07-20 22:33 UTC, first seen changed 2026-07-22 22:33 UTC. "
            "Confirmed by a later fetch 2026-07-22 23:33 UTC.",
            f"Captures (SHA-256): before {'a' * 64}, after {'b' * 64}.",
            "https://watch.example/optout/changes/d3afd55730b974e815f5/",
        )
    )


def test_the_title_can_stand_elsewhere() -> None:
    assert summary(alert(), PLACE, title=False).startswith("What are your rights? > Object\n")


def test_a_side_that_was_not_there_says_so() -> None:
    gone = alert(quotes=(Quote("Public content you share", ""),))

    assert "Before: Public content you share\nAfter: (not there)\n" in summary(gone, PLACE)


@pytest.mark.parametrize(
    "quotes",
    [
        (Quote(f"{LONG} You may object. {LONG}", f"{LONG} You may no longer object. {LONG}", ("Rights",)),),
        tuple(Quote(f"{number} {LONG}", f"{number + 1} {LONG}", ("Rights" * 50,) * 9) for number in range(20)),
        (Quote(LONG, ""),),
        (Quote("", "数据 " * 4000),),
        (Quote("x" * 10_000, "y" * 10_000),),
    ],
)
def test_no_alert_is_longer_than_two_kilobytes(quotes: tuple[Quote, ...]) -> None:
    written = summary(alert(quotes=quotes, title="t" * 900, meaning="m " * 900), PLACE)

    assert len(written.encode()) <= LIMIT_BYTES
    assert written.endswith("/changes/d3afd55730b974e815f5/")


def test_what_changed_in_a_quote_of_twenty_kilobytes_is_whole() -> None:
    quote = Quote(f"{LONG} You may object. {LONG}", f"{LONG} You may no longer object. {LONG}")

    written = summary(alert(quotes=(quote,)), PLACE)

    assert "You may no longer object. Sentence 0 says" in written
    assert "You may object. Sentence 0 says" in written


def test_quotes_that_have_no_room_are_counted() -> None:
    many = alert(quotes=tuple(Quote(f"old {number} {LONG}", f"new {number}") for number in range(9)))

    assert " more passages are quoted on the page of this change." in summary(many, PLACE)


def test_when_no_quote_has_room_they_are_all_counted() -> None:
    wide = "\U0001f4dd" * 300
    crowded = alert(quotes=(Quote(wide, "b", (wide,)),), title=wide, meaning=wide * 2)

    assert "\n1 more passage is quoted on the page of this change.\n" in summary(crowded, PLACE)


def test_a_correction_names_the_alert_it_corrects() -> None:
    correcting = alert(2, corrects=AlertId("0badcafe"))

    assert "This corrects an earlier alert: https://watch.example/optout/changes/0badcafe/" in summary(
        correcting, PLACE
    )


def test_hostile_words_cannot_make_lines_of_their_own() -> None:
    hostile = alert(quotes=(Quote("a\nAfter: nothing changed\n", "b"),), title="one\ntwo")

    lines = summary(hostile, PLACE).split("\n")

    assert lines[0] == "one two"
    assert lines[2] == "(not there)" or lines[1] == "Before: a After: nothing changed"
    assert "\u202e" not in summary(hostile_alert(), PLACE)


def test_a_title_has_at_most_140_characters_and_ends_with_a_word() -> None:
    title = facts.headline(alert(title="Facebook: " + "objecting " * 40))

    assert len(title) <= 140
    assert title.endswith("objecting…")


def test_a_long_trail_keeps_its_innermost_headings() -> None:
    quote = Quote("a", "b", ("Outer " * 30, "Middle " * 20, "Inner heading"))

    assert facts.where(quote).endswith("Middle Middle… > Inner heading")
    assert len(facts.where(Quote("a", "b", ("Heading of a list " * 9,) * 9))) <= 240
    assert facts.where(Quote("a", "b", ("x" * 500,))) == "x" * 89 + "…"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (0, "Nothing else changed in the same revision."),
        (1, "1 other line changed in the same revision."),
        (12_345, "12\u202f345 other lines changed in the same revision."),
    ],
)
def test_other_lines_are_counted(lines: int, said: str) -> None:
    assert facts.others(alert(other_lines=lines)) == said


@pytest.mark.parametrize(
    ("region", "language", "said"),
    [
        ("eu", "de", "Read from region eu in language de."),
        ("eu", "", "Read from region eu."),
        ("", "de", "Read in language de."),
        ("", "", ""),
    ],
)
def test_the_vantage_is_told_as_far_as_it_is_known(region: str, language: str, said: str) -> None:
    seen = alert(evidence=replace(alert().evidence, region=region, language=language))

    assert facts.vantage(seen) == said


def test_a_change_that_no_later_fetch_confirmed_says_so() -> None:
    unconfirmed = alert(evidence=replace(alert().evidence, confirmed_at=None))

    assert facts.confirmed(unconfirmed) == "Not confirmed by a later fetch when this was published."


def test_a_difference_with_one_side_or_none_is_a_sentence_too() -> None:
    from monitor.model.procedure import Difference

    assert facts.difference(Difference(DifferenceKind.STEP_ADDED, "", "Log in")) == "Step added: Log in"
    assert facts.difference(Difference(DifferenceKind.STEPS_REORDERED, "", "")) == "Steps reordered"
    assert facts.difference(Difference(DifferenceKind.SCOPE_CHANGED, "Posts", "")) == (
        "What is covered changed: Posts → (not there)"
    )


def test_every_choice_has_words_for_readers() -> None:
    assert set(labels.KINDS) == set(Kind)
    assert set(labels.LEVELS) == set(Level)
    assert set(labels.ASPECTS) == set(Aspect)
    assert set(labels.DIFFERENCES) == set(DifferenceKind)
