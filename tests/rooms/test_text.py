"""Text: what stays as shown, and what is folded away because no reader would call it a change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import LONGEST_BLOCK, clean, fold, lowered, sentences


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("  You  can\n\tobject ", "You can object"),
        ("non\u00a0breaking", "non breaking"),
        ("word\u2060joiner and soft\u00adhyphen \ufeff", "wordjoiner and softhyphen"),
        ("safe\u202egnp.exe\u202c", "safegnp.exe"),
        ("a\x00b", "ab"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("Cafe\u0301", "Café"),
        ("“Curly” – as written", "“Curly” – as written"),
    ],
)
def test_clean_text_is_single_spaced_and_holds_nothing_invisible(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Your Rights", "YOUR RIGHTS"),
        ("“You can’t”", '"You can\'t"'),
        ("data – for example", "data — for example"),
        ("ﬁle an objection", "file an objection"),
        ("partners[12] and", "partners[13] and"),
        ("• Public content", "Public content"),
        ("1. Open settings", "Open settings"),
        ("(a) Open settings", "Open settings"),
        ("Effective January 12, 2026", "Effective 12 January 2026"),
        ("Effective Jan 12, 2026", "Effective 12th January 2026"),
        ("Gültig ab 12. Januar 2026", "Gültig ab 12 Januar 2026"),
        ("en vigor desde el 3 de mayo de 2025", "en vigor desde el 3 mayo 2025"),
        ("personalised behaviour at the centre", "personalized behavior at the center"),
        ("we organise and analyse licences", "we organize and analyze licenses"),
        ("You can object.", "You can object"),
        ("content , and", "content, and"),
    ],
)
def test_typography_marks_dates_and_spelling_fold_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("british", "american"),
    [
        *(("behaviour", "behavior"), ("colour", "color"), ("favour", "favor"), ("honour", "honor")),
        *(("neighbour", "neighbor"), ("labour", "labor"), ("endeavour", "endeavor"), ("centres", "centers")),
        *(("theatre", "theater"), ("fibre", "fiber"), ("analyse", "analyze"), ("paralysing", "paralyzing")),
        *(("licences", "licenses"), ("defence", "defense"), ("offence", "offense"), ("programme", "program")),
        *(("catalogue", "catalog"), ("dialogue", "dialog"), ("cancelled", "canceled"), ("labelling", "labeling")),
        *(("modelled", "modeled"), ("travelling", "traveling"), ("fulfilled", "fulfiled"), ("enrolling", "enroling")),
    ],
)
def test_a_word_spelt_in_two_countries_is_one_word(british: str, american: str) -> None:
    assert fold(f"the {british} it is") == f"the {american} it is"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("You can object", "You cannot object"),
        ("within 30 days", "within 14 days"),
        ("before 27 May 2025", "before 28 May 2025"),
        ("Public content you create", "Public content you or others create"),
        ("exercise your right", "exercise your rights"),
    ],
)
def test_words_and_numbers_are_never_folded_together(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("do 12 stycznia 2026", "do 2026-01-12"),
        ("em 1º de maio de 2025", "em 2025-05-01"),
        ("dal 1° maggio 2025", "dal 2025-05-01"),
        ("el 27 de mayo del 2025", "el 2025-05-27"),
        ("ab 5. Jänner 2026", "ab 2026-01-05"),
        ("9 Sept. 2025", "2025-09-09"),
    ],
)
def test_dates_of_every_language_have_one_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_words_that_both_countries_spell_alike_stay() -> None:
    assert fold("We promise to exercise and advertise") == "we promise to exercise and advertise"


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=80))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(max_size=80))
def test_what_a_reader_sees_the_same_folds_the_same(text: str) -> None:
    assert fold(clean(text)) == fold(text)


def test_lowered_text_keeps_its_marks() -> None:
    assert lowered("This page  isn’t available.") == "this page isn't available."


def test_a_short_text_is_one_sentence() -> None:
    assert sentences("One. Two.") == ["One. Two."]


def test_a_long_text_is_cut_after_sentences() -> None:
    long = " ".join(["We use information to improve our products."] * 40)

    pieces = sentences(long)

    assert set(pieces) == {"We use information to improve our products."}
    assert len(pieces) == 40


def test_a_text_without_sentences_is_cut_between_words() -> None:
    pieces = sentences("word " * 1000)

    assert max(map(len, pieces)) <= LONGEST_BLOCK
    assert " ".join(pieces).split() == ["word"] * 1000


@given(st.text(alphabet="ab. A[", min_size=1400, max_size=3200))
def test_no_piece_is_longer_than_a_block_and_no_letter_is_lost(text: str) -> None:
    pieces = sentences(text)

    assert max(map(len, pieces), default=0) <= max(LONGEST_BLOCK, len(text) if len(text) <= LONGEST_BLOCK else 0)
    assert "".join("".join(pieces).split()) == "".join(text.split())
