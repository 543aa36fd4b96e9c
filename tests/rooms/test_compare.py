"""What differs between two documents, and what does not."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.compare import compare, mark, word_edits
from monitor.model.change import Change, Edit, EditKind
from monitor.model.document import Field
from tests.rooms.documents import document

OLD_FORM = "https://example.org/help/contact/111111"
NEW_FORM = "https://example.org/help/contact/222222"


def texts(change: Change) -> dict[str, list[str]]:
    return {
        "removed": [block.text for block in change.removed],
        "added": [block.text for block in change.added],
        "reworded": [f"{pair.before.text} => {pair.after.text}" for pair in change.reworded],
    }


def test_the_same_document_does_not_differ() -> None:
    page = document("# Rights", "You can object.", "- posts", "- photos")

    assert not compare(page, page)


def test_blocks_in_another_order_do_not_differ() -> None:
    before = document("# Rights", "- posts", "- photos")
    after = document("# Rights", "- photos", "- posts")

    assert not compare(before, after)


def test_one_item_gone_is_one_block_removed() -> None:
    before = document("# For adults", "- Public posts", "# For minors", "- Public posts", "- Interactions")
    after = document("# For adults", "- Public posts", "# For minors", "- Interactions")

    change = compare(before, after)

    assert texts(change) == {"removed": ["Public posts"], "added": [], "reworded": []}
    assert change.removed[0].trail == ("For minors",)


def test_an_item_that_goes_to_another_heading_has_moved() -> None:
    before = document("# For adults", "- Public posts", "- Likes", "# For minors", "- Interactions")
    after = document("# For adults", "- Likes", "# For minors", "- Public posts", "- Interactions")

    change = compare(before, after)

    assert [(one.before.trail, one.after.trail) for one in change.moved] == [(("For adults",), ("For minors",))]
    assert texts(change) == {"removed": [], "added": [], "reworded": []}


def test_a_renamed_heading_moves_nothing_under_it() -> None:
    before = document("# Your rights", "You can object.")
    after = document("# Rights that you have", "You can object.")

    change = compare(before, after)

    assert change.moved == ()
    assert texts(change)["added"] + [pair.after.text for pair in change.reworded] == ["Rights that you have"]


def test_a_link_that_leads_elsewhere_is_found_though_no_word_changed() -> None:
    before = document("# Object", f"You have the [right to object to]({OLD_FORM}) this.")
    after = document("# Object", f"You have the [right to object to]({NEW_FORM}) this.")

    change = compare(before, after)

    assert [(one.before, one.after) for one in change.relinked] == [
        (before.blocks[1].links[0], after.blocks[1].links[0])
    ]
    assert texts(change) == {"removed": [], "added": [], "reworded": []}


def test_a_link_that_is_gone_from_the_same_words_is_found() -> None:
    before = document(f"You can [object]({OLD_FORM}).")
    after = document("You can object.")

    [gone] = compare(before, after).relinked

    assert gone.after is None


def test_a_field_that_becomes_required_is_found() -> None:
    reason = Field(name="reason", label="Explanation")
    required = Field(name="reason", label="Explanation", required=True)

    change = compare(document(fields=(reason,)), document(fields=(required,)))

    assert [(one.before, one.after) for one in change.refielded] == [(reason, required)]


def test_entries_glued_together_on_one_line_do_not_differ() -> None:
    before = document("- Ad preferences", "- Cookie settings", "- Off-site activity")
    after = document("Ad preferencesCookie settingsOff-site activity")

    assert not compare(before, after)


def test_a_paragraph_cut_in_two_does_not_differ() -> None:
    before = document("You can object to this. We will answer by mail.")
    after = document("You can object to this.", "We will answer by mail.")

    assert not compare(before, after)


def test_a_sentence_that_is_only_repeated_does_not_differ() -> None:
    before = document("# Use", "We use posts.", "# Rights", "We use posts.")

    assert not compare(before, document("# Use", "We use posts.", "# Rights"))


def test_similar_blocks_are_one_block_reworded() -> None:
    before = document("# Use", "We use your account photos to find impostors.", "Nothing else matters here at all.")
    after = document("# Use", "We use your profile photo to find impostors.", "Nothing else matters here at all.")

    assert texts(compare(before, after)) == {
        "removed": [],
        "added": [],
        "reworded": ["We use your account photos to find impostors. => We use your profile photo to find impostors."],
    }


def test_word_edits_keep_whole_words() -> None:
    edits = word_edits("You may object by mail.", "You must object by mail.")

    assert edits == (
        Edit(EditKind.KEPT, "You "),
        Edit(EditKind.GONE, "may"),
        Edit(EditKind.COME, "must"),
        Edit(EditKind.KEPT, " object by mail."),
    )


def test_texts_of_too_many_words_are_replaced_whole() -> None:
    before, after = "a b " * 3000, "c d " * 3000

    assert word_edits(before, after) == (Edit(EditKind.GONE, before), Edit(EditKind.COME, after))


WORDS = st.lists(st.sampled_from(["object", "to", "posts", "we", "use", "your", "data", ".", "never"]), max_size=30)


@given(WORDS, WORDS)
def test_edits_joined_are_both_texts(old: list[str], new: list[str]) -> None:
    before, after = " ".join(old), " ".join(new)

    edits = word_edits(before, after)

    assert "".join(edit.text for edit in edits if edit.kind is not EditKind.COME) == before
    assert "".join(edit.text for edit in edits if edit.kind is not EditKind.GONE) == after


LINES = st.lists(
    st.sampled_from(["# Rights", "# Use", "- posts", "- photos", "We use posts.", "You can object.", "1. Open it."]),
    max_size=12,
)


@given(LINES, LINES)
def test_nothing_is_invented_and_nothing_lost(old: list[str], new: list[str]) -> None:
    before, after = document(*old), document(*new)

    change = compare(before, after)

    assert set(change.removed) <= set(before.blocks)
    assert set(change.added) <= set(after.blocks)
    assert {mark(block) for block in change.removed} & {mark(block) for block in after.blocks} == set()
    assert {mark(block) for block in change.added} & {mark(block) for block in before.blocks} == set()
