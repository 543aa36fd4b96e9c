"""The way out as a table: each fact as it was and as it is, with the kind of difference."""

from monitor.model.document import Field
from monitor.model.procedure import DifferenceKind, Entry, Procedure, Stated
from monitor.optout import differences_of, way_table


def table(before: Procedure, after: Procedure) -> list[tuple[str, str, str, tuple[DifferenceKind, ...]]]:
    rows = way_table(before, after, differences_of(before, after))
    return [(row.what, row.before, row.after, row.kinds) for row in rows]


def steps(*words: str) -> tuple[Stated, ...]:
    return tuple(Stated(word, word) for word in words)


def test_equal_ways_out_have_rows_and_no_differences() -> None:
    way = Procedure(steps=steps("Open the form.", "Send it."))

    assert table(way, way) == [
        ("step", "Open the form.", "Open the form.", ()),
        ("step", "Send it.", "Send it.", ()),
    ]


def test_steps_that_went_came_and_were_reworded_stand_in_the_order_of_before() -> None:
    before = Procedure(steps=steps("Open the form.", "Give your full name.", "Select Submit below."))
    after = Procedure(steps=steps("Open the form.", "Select Submit.", "Wait for our mail."))

    assert table(before, after) == [
        ("step", "Open the form.", "Open the form.", ()),
        ("step", "Give your full name.", "", (DifferenceKind.STEP_REMOVED,)),
        ("step", "Select Submit below.", "Select Submit.", (DifferenceKind.STEP_REWORDED,)),
        ("step", "", "Wait for our mail.", (DifferenceKind.STEP_ADDED,)),
    ]


def test_a_form_that_moved_stands_beside_its_new_address() -> None:
    before = Procedure(forms=(Stated("https://example.org/forms/1", "Use this form."),))
    after = Procedure(forms=(Stated("https://example.org/forms/2", "Use this form."),))

    assert table(before, after) == [
        ("form", "https://example.org/forms/1", "https://example.org/forms/2", (DifferenceKind.FORM_MOVED,))
    ]


def test_a_field_that_must_be_filled_in_now_says_so_with_its_options() -> None:
    before = Procedure(fields=(Field(name="land", label="Country", type="select", options=("AT", "CL")),))
    after = Procedure(fields=(Field(name="land", label="Country", type="select", required=True, options=("AT",)),))

    assert table(before, after) == [
        (
            "field",
            "Country (select, optional): AT, CL",
            "Country (select, required): AT",
            (DifferenceKind.FIELD_REQUIRED, DifferenceKind.OPTIONS_CHANGED),
        )
    ]


def test_fields_that_went_and_came_stand_alone() -> None:
    before = Procedure(fields=(Field(name="mail", label="E-mail"),))
    after = Procedure(fields=(Field(name="proof", label="Proof of identity", type="file"),))

    assert table(before, after) == [
        ("field", "E-mail (text, optional)", "", (DifferenceKind.FIELD_REMOVED,)),
        ("field", "", "Proof of identity (file, optional)", (DifferenceKind.FIELD_ADDED,)),
    ]


def test_a_field_without_a_name_is_known_by_its_label() -> None:
    before = Procedure(fields=(Field(name="f1", label="Why?"),))
    after = Procedure(fields=(Field(name="f2", label="Why?"),))

    assert table(before, after) == [("field", "Why? (text, optional)", "Why? (text, optional)", ())]


def test_a_deadline_is_shown_with_the_words_that_state_it() -> None:
    before = Procedure(entries=(Entry(("Settings",), "", "Go to Settings."),))
    after = Procedure(
        entries=(Entry(("Settings",), "https://example.org/", "Go to Settings."),),
        deadline=Stated("2026-09-30", "Object before 30 September 2026."),
        login=Stated("required", "Log in."),
    )

    assert table(before, after) == [
        ("entry", "Settings", "", (DifferenceKind.ENTRY_CHANGED,)),
        ("entry", "", "Settings https://example.org/", (DifferenceKind.ENTRY_CHANGED,)),
        ("login", "", "required: Log in.", (DifferenceKind.LOGIN_CHANGED,)),
        ("deadline", "", "2026-09-30: Object before 30 September 2026.", (DifferenceKind.DEADLINE_SET,)),
    ]


def test_pages_without_a_way_out_have_no_rows() -> None:
    assert way_table(Procedure(), Procedure(), ()) == ()
