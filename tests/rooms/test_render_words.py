"""Which words went and came, and how that is shown."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.change import Edit, EditKind
from monitor.model.verdict import Quote
from monitor.render.cut import cut
from monitor.render.tongue import ENGLISH
from monitor.render.words import PAIRS_LIMIT, after_html, before_html, quote_edits, word_edits

KEPT, GONE, COME = EditKind.KEPT, EditKind.GONE, EditKind.COME


def text(edits: tuple[Edit, ...], side: EditKind) -> str:
    return "".join(edit.text for edit in edits if edit.kind in (side, KEPT))


def test_only_the_words_that_changed_are_marked() -> None:
    edits = word_edits("You can object at any time.", "You can object until 30 June.")

    assert edits == (
        Edit(KEPT, "You can object "),
        Edit(GONE, "at any time"),
        Edit(COME, "until 30 June"),
        Edit(KEPT, "."),
    )


def test_changes_with_only_spaces_or_marks_between_them_are_one() -> None:
    edits = word_edits("a, b c end", "x, y z end")

    assert edits == (Edit(GONE, "a, b c"), Edit(COME, "x, y z"), Edit(KEPT, " end"))


def test_a_word_kept_between_changes_stays_unmarked() -> None:
    edits = word_edits("old may old", "new may new")

    assert edits == (
        Edit(GONE, "old"),
        Edit(COME, "new"),
        Edit(KEPT, " may "),
        Edit(GONE, "old"),
        Edit(COME, "new"),
    )


def test_an_address_is_one_word() -> None:
    edits = word_edits("see https://a.example/old/form.", "see https://b.example/new/form.")

    assert edits == (
        Edit(KEPT, "see "),
        Edit(GONE, "https://a.example/old/form"),
        Edit(COME, "https://b.example/new/form"),
        Edit(KEPT, "."),
    )


def test_equal_texts_are_one_kept_run_and_empty_ones_none() -> None:
    assert word_edits("same words", "same words") == (Edit(KEPT, "same words"),)
    assert word_edits("", "") == ()


def test_a_side_that_was_not_there_is_wholly_marked() -> None:
    assert quote_edits(Quote("", "New right")) == (Edit(COME, "New right"),)
    assert quote_edits(Quote("Old right", "")) == (Edit(GONE, "Old right"),)


def test_texts_too_long_to_align_are_shown_as_replaced() -> None:
    words = int(PAIRS_LIMIT**0.5)
    before = " ".join(f"a{number}" for number in range(words))
    after = " ".join(f"b{number}" for number in range(words))

    assert word_edits(before, after) == (Edit(GONE, before), Edit(COME, after))


def test_in_a_long_text_sentences_are_found_before_words() -> None:
    same = " ".join(f"Sentence {number} stays." for number in range(300))

    edits = word_edits(f"An old start. Short one. {same} An old end.", f"A new start. Short one. {same} A new end.")

    assert [edit.text for edit in edits if edit.kind is not KEPT] == ["An old", "A new", "An old", "A new"]
    assert text(edits, COME) == f"A new start. Short one. {same} A new end."


def test_texts_of_too_many_sentences_are_shown_as_replaced() -> None:
    before = " ".join(f"a{number}." for number in range(610))
    after = " ".join(f"b{number}." for number in range(610))

    assert word_edits(before, after) == (Edit(GONE, before[:-1]), Edit(COME, after[:-1]), Edit(KEPT, "."))


@given(st.text("ab .,-é", max_size=60), st.text("ab .,-é", max_size=60))
def test_the_edits_hold_both_texts_whole(before: str, after: str) -> None:
    edits = word_edits(before, after)

    assert text(edits, GONE) == before
    assert text(edits, COME) == after
    assert all(edit.text for edit in edits)


def test_what_went_is_deleted_and_what_came_inserted() -> None:
    edits = word_edits("Use the <old> form", "Use the <new> form")

    assert before_html(edits) == "Use the &lt;<del>old</del>&gt; form"
    assert after_html(edits) == "Use the &lt;<ins>new</ins>&gt; form"


def test_spaces_at_the_ends_of_a_change_are_not_marked() -> None:
    edits = (Edit(KEPT, "You may"), Edit(COME, " always "), Edit(KEPT, "object"), Edit(COME, " "))

    assert after_html(edits) == "You may <ins>always</ins> object "


def test_a_label_is_there_for_those_who_hear_the_page() -> None:
    html = before_html((Edit(GONE, "old"),), label="removed:")

    assert html == '<del><span class="heard">removed: </span>old</del>'


LONG = " ".join(f"Sentence {number} says how information is used." for number in range(250))


@pytest.mark.parametrize("limit", [100, 300, 900])
def test_a_quote_of_ten_thousand_characters_is_cut_round_what_changed(limit: int) -> None:
    edits = word_edits(f"{LONG} You may object. {LONG}", f"{LONG} You may no longer object. {LONG}")

    shown = cut(edits, limit, ENGLISH)

    assert [edit.text for edit in shown if edit.kind is COME] == ["no longer "]
    assert len(text(shown, COME)) <= limit + 40
    assert text(shown, GONE).startswith("…")
    assert text(shown, GONE).endswith("…")
    assert "You may object." in text(shown, GONE)


def test_words_between_two_changes_are_cut_in_their_middle() -> None:
    edits = word_edits(f"Before one. {LONG} Before two.", f"After one. {LONG} After two.")

    shown = cut(edits, 200, ENGLISH)

    assert [edit.text for edit in shown if edit.kind is not KEPT] == ["Before", "After", "Before", "After"]
    assert text(shown, COME).startswith("After one. Sentence 0")
    assert text(shown, COME).endswith("is used. After two.")
    assert text(shown, COME).count("…") == 1


def test_a_short_quote_is_not_cut() -> None:
    edits = word_edits("You may object.", "You may not object.")

    assert cut(edits, 100, ENGLISH) is edits


def test_a_change_too_long_by_itself_ends_with_what_is_missing() -> None:
    shown = cut((Edit(GONE, LONG),), 300, ENGLISH)

    assert len(shown) == 1
    assert shown[0].text.startswith("Sentence 0 says how information is used.")
    assert shown[0].text.endswith("… [10\u202f399 more characters]")
    assert len(shown[0].text) <= 300


def test_a_change_a_little_too_long_is_shown_whole() -> None:
    edits = (Edit(COME, "This holds thirty-five characters.."),)

    assert cut(edits, 30, ENGLISH) == edits


def test_several_long_changes_share_the_room() -> None:
    edits = (Edit(GONE, "a " * 400), Edit(KEPT, "middle"), Edit(GONE, "b " * 400), Edit(KEPT, " end"))

    shown = cut(edits, 400, ENGLISH)

    assert len(text(shown, GONE)) <= 450
    assert "middle" in text(shown, GONE)


def test_equal_long_texts_are_cut_at_their_end() -> None:
    assert (
        text(cut((Edit(KEPT, LONG),), 60, ENGLISH), COME)
        == "Sentence 0 says how information is used. Sentence 1 says how …"
    )


def test_a_text_without_spaces_is_cut_anyway() -> None:
    before, after = word_edits("x" * 500 + " old", "x" * 500 + " new"), cut

    shown = after(before, 100, ENGLISH)

    assert all(one.kind is not two.kind or one.kind is KEPT for one, two in pairwise(shown))
    assert len(text(shown, COME)) <= 140
