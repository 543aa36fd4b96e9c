"""Two documents side by side: what stands beside what, what is called a change, and what is shown round it."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.compare import Row, aligned, compare, passages
from monitor.model.document import Document, Field
from tests.rooms.documents import document

WORDS = st.sampled_from(
    ("# Rights", "## Forms", "- posts", "- photos", "You can object here.", "You can object there.")
)


def rows(before: Document, after: Document) -> tuple[Row, ...]:
    return aligned(before, after, compare(before, after))


def shown(found: tuple[Row, ...]) -> list[tuple[str, str, str]]:
    return [
        (row.kind.value, row.before.text if row.before else "", row.after.text if row.after else "") for row in found
    ]


def test_equal_documents_stand_beside_each_other_and_nothing_changed() -> None:
    page = document("# Rights", "You can object.", "- posts")

    assert shown(rows(page, page)) == [
        ("kept", "Rights", "Rights"),
        ("kept", "You can object.", "You can object."),
        ("kept", "posts", "posts"),
    ]
    assert passages(rows(page, page)) == ()


def test_blocks_that_went_and_came_stand_in_their_section() -> None:
    before = document("# Use", "We use posts.", "# Rights", "- email", "- letter")
    after = document("# Use", "We use posts.", "# Rights", "- email", "- the objection form")

    assert shown(rows(before, after)) == [
        ("kept", "Use", "Use"),
        ("kept", "We use posts.", "We use posts."),
        ("kept", "Rights", "Rights"),
        ("kept", "email", "email"),
        ("removed", "letter", ""),
        ("added", "", "the objection form"),
    ]


def test_a_reworded_block_stands_beside_what_it_became_with_its_word_edits() -> None:
    before = document("# Rights", "You can object at any time with the form.")
    after = document("# Rights", "You can object at any time with the new form.")

    row = rows(before, after)[1]

    assert row.kind == "reworded"
    assert [(edit.kind.value, edit.text) for edit in row.edits] == [
        ("kept", "You can object at any time with the "),
        ("come", "new "),
        ("kept", "form."),
    ]


def test_a_section_under_another_heading_stays_beside_itself() -> None:
    before = document("# Your rights", "You can object.", "- posts", "# Contact", "Write to us.")
    after = document("# Your choices", "You can object.", "- posts", "# Contact", "Write to us.")

    assert shown(rows(before, after))[-4:] == [
        ("kept", "You can object.", "You can object."),
        ("kept", "posts", "posts"),
        ("kept", "Contact", "Contact"),
        ("kept", "Write to us.", "Write to us."),
    ]


def test_a_list_that_every_section_repeats_stays_under_its_own_headings() -> None:
    repeated = ("- names", "- posts", "- photos")
    before = document("# Ads", *repeated, "# Safety", *repeated, "# Research", *repeated)
    after = document("# Ads", *repeated, "# Research", *repeated)

    assert [(row.before is None, row.after is None, row.block.trail) for row in rows(before, after)][4:8] == [
        (False, True, ()),
        (False, True, ("Safety",)),
        (False, True, ("Safety",)),
        (False, True, ("Safety",)),
    ]


@given(st.lists(WORDS, max_size=12), st.lists(WORDS, max_size=12))
def test_every_block_stands_in_a_row_and_what_is_there_now_in_its_order(old: list[str], new: list[str]) -> None:
    before, after = document(*old), document(*new)

    found = rows(before, after)

    assert [row.after for row in found if row.after is not None] == list(after.blocks)
    assert sorted(id(row.before) for row in found if row.before is not None) == sorted(map(id, before.blocks))
    assert all(row.before is not None or row.after is not None for row in found)


def test_a_sentence_that_went_to_another_section_is_shown_once_and_where_it_is_now() -> None:
    before = document("# Use", "We use posts for many things that you like.", "# Rights", "Write to us.")
    after = document("# Use", "We sell lamps.", "# Rights", "Write to us.", "We use posts for many things you like.")

    said = shown(rows(before, after))

    sentence = ("reworded", "We use posts for many things that you like.", "We use posts for many things you like.")
    assert said.count(sentence) == 1
    assert said[-1] == sentence


def test_a_link_that_leads_elsewhere_is_a_change_of_its_block() -> None:
    before = document("# Rights", "Use the [form](https://example.org/forms/1).")
    after = document("# Rights", "Use the [form](https://example.org/forms/2).")

    assert shown(rows(before, after))[1] == ("relinked", "Use the form.", "Use the form.")


def test_a_field_that_came_is_a_change() -> None:
    before = document("# Object", fields=(Field(name="mail", label="E-mail"),))
    after = document("# Object", fields=(Field(name="mail", label="E-mail"), Field(name="why", label="Reason")))

    assert shown(rows(before, after)) == [
        ("kept", "Object", "Object"),
        ("kept", "E-mail", "E-mail"),
        ("field", "", "Reason"),
    ]


def test_a_change_is_shown_with_two_blocks_before_and_after_it() -> None:
    lines = [f"- entry number {number}" for number in range(9)]
    before = document("# List", *lines)
    after = document("# List", *lines[:4], *lines[5:])

    (passage,) = passages(rows(before, after))

    assert [row.block.text for row in passage] == [f"entry number {number}" for number in (2, 3, 4, 5, 6)]
    assert [row.kind.value for row in passage] == ["kept", "kept", "removed", "kept", "kept"]


def test_changes_near_each_other_are_one_passage_and_far_ones_are_two() -> None:
    lines = [f"- entry number {number}" for number in range(20)]
    before = document("# List", *lines)
    near = document("# List", *(line for at, line in enumerate(lines) if at not in (4, 7)))
    far = document("# List", *(line for at, line in enumerate(lines) if at not in (4, 14)))

    assert [len(passage) for passage in passages(rows(before, near))] == [8]
    assert [len(passage) for passage in passages(rows(before, far))] == [5, 5]


def test_more_blocks_of_context_can_be_asked_for() -> None:
    lines = [f"- entry number {number}" for number in range(20)]
    before, after = document("# List", *lines), document("# List", *lines[:10], *lines[11:])

    assert [len(passage) for passage in passages(rows(before, after), context=4)] == [9]
