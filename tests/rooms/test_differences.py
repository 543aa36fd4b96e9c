"""Two ways out held beside each other: what a person who follows the old one must know."""

import pytest

from monitor.model.document import Field
from monitor.model.procedure import Difference, DifferenceKind, Procedure
from monitor.optout import differences_of, procedure_of
from monitor.optout.reading import Reader
from monitor.wiring import lexicons
from tests.rooms.documents import document


def read(lines: tuple[str, ...], fields: tuple[Field, ...], language: str) -> Procedure:
    return procedure_of(document(*lines, fields=fields, language=language), Reader(lexicons(), language))


def differ(before: tuple[str, ...], after: tuple[str, ...], language: str = "en") -> tuple[Difference, ...]:
    return differences_of(read(before, (), language), read(after, (), language))


def form(before: tuple[Field, ...], after: tuple[Field, ...]) -> tuple[Difference, ...]:
    head = ("# Object to AI training",)
    return differences_of(read(head, before, "en"), read(head, after, "en"))


HEAD = "# How to object to AI training"
OPEN, EXPLAIN, SEND = "1. Open the privacy page.", "1. Enter your reasons in the box.", "1. Tap Send."


def test_the_same_way_out_has_no_differences() -> None:
    assert differ((HEAD, OPEN, SEND), (HEAD, OPEN, SEND)) == ()


def test_a_step_that_came_is_added() -> None:
    found = differ((HEAD, OPEN, SEND), (HEAD, OPEN, EXPLAIN, SEND))

    assert found == (Difference(DifferenceKind.STEP_ADDED, "", "Enter your reasons in the box."),)


def test_a_step_that_went_is_removed() -> None:
    found = differ((HEAD, OPEN, EXPLAIN, SEND), (HEAD, OPEN, SEND))

    assert found == (Difference(DifferenceKind.STEP_REMOVED, "Enter your reasons in the box.", ""),)


def test_a_step_in_other_words_is_reworded() -> None:
    found = differ((HEAD, OPEN, SEND), (HEAD, "1. Open the new privacy page.", SEND))

    assert found == (Difference(DifferenceKind.STEP_REWORDED, "Open the privacy page.", "Open the new privacy page."),)


def test_steps_in_another_order_are_reordered() -> None:
    found = differ((HEAD, OPEN, EXPLAIN), (HEAD, EXPLAIN, OPEN))

    assert found == (
        Difference(
            DifferenceKind.STEPS_REORDERED,
            "Open the privacy page.; Enter your reasons in the box.",
            "Enter your reasons in the box.; Open the privacy page.",
        ),
    )


def test_steps_reordered_round_a_new_one_are_both() -> None:
    found = differ((HEAD, OPEN, EXPLAIN), (HEAD, EXPLAIN, SEND, OPEN))

    assert [each.kind for each in found] == [DifferenceKind.STEPS_REORDERED, DifferenceKind.STEP_ADDED]


def test_the_same_words_to_another_address_are_a_form_that_moved() -> None:
    before = (
        "You have the [right to object](https://m.example/contact/36). You can [object](https://m.example/contact/36)."
    )
    after = "You have the [right to object](https://h.example/privacy). You can [object](https://h.example/privacy)."

    found = differ(("# Policy", before), ("# Policy", after))

    assert found == (
        Difference(DifferenceKind.FORM_MOVED, "https://m.example/contact/36", "https://h.example/privacy"),
    )


def test_one_of_two_links_that_leads_elsewhere_is_a_form_that_moved() -> None:
    old, new = "https://m.example/contact/1", "https://m.example/contact/2"

    found = differ(
        ("# Policy", f"The [right to object]({old}).", f"You can [object]({old})."),
        ("# Policy", f"The [right to object]({old}).", f"You can [object]({new})."),
    )

    assert found == (Difference(DifferenceKind.FORM_MOVED, old, new),)


def test_a_form_under_other_words_came_and_one_that_is_gone_went() -> None:
    plain, linked = "You have the right to object.", "You have the [right to object](https://m.example/contact/1)."

    assert differ(("# Policy", plain), ("# Policy", linked)) == (
        Difference(DifferenceKind.FORM_ADDED, "", "https://m.example/contact/1"),
    )
    assert differ(("# Policy", linked), ("# Policy", plain)) == (
        Difference(DifferenceKind.FORM_REMOVED, "https://m.example/contact/1", ""),
    )


EMAIL = Field(name="email", label="E-mail", type="email", required=True)


def test_an_explanation_that_was_required_and_is_optional_now_is_told_and_the_other_way_round() -> None:
    required = Field(name="impact", label="How does this affect you?", required=True)
    optional = Field(name="impact", label="How does this affect you?")

    assert form((EMAIL, required), (EMAIL, optional)) == (
        Difference(DifferenceKind.FIELD_OPTIONAL, "How does this affect you?", "How does this affect you?"),
    )
    assert form((EMAIL, optional), (EMAIL, required)) == (
        Difference(DifferenceKind.FIELD_REQUIRED, "How does this affect you?", "How does this affect you?"),
    )


def test_a_field_that_came_and_one_that_went_are_told_by_their_labels() -> None:
    code = Field(name="code", label="One-time code", required=True)

    assert form((EMAIL,), (EMAIL, code)) == (Difference(DifferenceKind.FIELD_ADDED, "", "One-time code"),)
    assert form((EMAIL, code), (EMAIL,)) == (Difference(DifferenceKind.FIELD_REMOVED, "One-time code", ""),)


def test_a_field_sent_under_another_name_is_the_same_field() -> None:
    assert form((EMAIL,), (Field(name="x7f", label="E-mail", type="email", required=True),)) == ()


def test_a_country_that_can_no_longer_be_chosen_is_told() -> None:
    before = Field(name="country", label="Country", type="select", options=("Brazil", "Germany", "UK"))
    after = Field(name="country", label="Country", type="select", options=("Germany", "Brazil"))

    assert form((before,), (after,)) == (Difference(DifferenceKind.OPTIONS_CHANGED, "Country: UK", ""),)


def test_choices_in_another_order_are_no_difference() -> None:
    before = Field(name="country", label="Country", options=("Brazil", "Germany"))
    after = Field(name="country", label="Country", options=("Germany", "Brazil"))

    assert form((before,), (after,)) == ()


NO_DATE = "You can object to AI training."
MAY, JUNE = "You can object to AI training until 27 May 2025.", "You can object to AI training until 30 June 2025."


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (NO_DATE, MAY, DifferenceKind.DEADLINE_SET),
        (MAY, JUNE, DifferenceKind.DEADLINE_MOVED),
        (JUNE, NO_DATE, DifferenceKind.DEADLINE_LIFTED),
    ],
)
def test_a_deadline_is_set_moved_and_lifted(before: str, after: str, kind: DifferenceKind) -> None:
    found = differ(("# Notice", before), ("# Notice", after))

    assert found == (Difference(kind, before if before != NO_DATE else "", after if after != NO_DATE else ""),)


def test_the_same_date_written_otherwise_is_no_difference() -> None:
    assert differ(("# Notice", MAY), ("# Notice", "Object to AI training before May 27, 2025.")) == ()


WIDE, NARROW = "People in the EU and Brazil can object to AI training.", "People in the EU can object to AI training."
ANYBODY, ELSEWHERE = "People can object to AI training.", "People in the United Kingdom can object to AI training."


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        (WIDE, NARROW, Difference(DifferenceKind.NO_LONGER_OFFERED, "Brazil", "")),
        (NARROW, WIDE, Difference(DifferenceKind.NOW_OFFERED, "", "Brazil")),
        (NARROW, ANYBODY, Difference(DifferenceKind.ELIGIBILITY_CHANGED, "EU", "")),
        (ANYBODY, NARROW, Difference(DifferenceKind.ELIGIBILITY_CHANGED, "", "EU")),
        (NARROW, ELSEWHERE, Difference(DifferenceKind.ELIGIBILITY_CHANGED, "EU", "United Kingdom")),
    ],
)
def test_where_it_is_offered_narrows_widens_or_changes(before: str, after: str, difference: Difference) -> None:
    assert differ(("# Notice", before), ("# Notice", after)) == (difference,)


def test_having_to_sign_in_is_told() -> None:
    found = differ((HEAD, "Fill in the form."), (HEAD, "Fill in the form.", "You must be logged in to use this form."))

    assert found == (Difference(DifferenceKind.LOGIN_CHANGED, "", "You must be logged in to use this form"),)


def test_data_listed_for_fewer_people_names_the_people() -> None:
    head, entry = "# Developing and improving AI", "- Public posts"

    found = differ((head, "## Adults", entry, "## Minors", entry), (head, "## Adults", entry, "## Minors"))

    assert found == (Difference(DifferenceKind.SCOPE_CHANGED, "Public posts (Minors)", ""),)


def test_a_promise_of_a_mail_that_is_gone_is_told() -> None:
    promise = "We'll send an e-mail confirming your objection."

    found = differ((HEAD, promise), (HEAD,))

    assert found == (
        Difference(DifferenceKind.CONFIRMATION_CHANGED, "We'll send an e-mail confirming your objection", ""),
    )


def test_a_menu_path_that_changed_is_another_way_in() -> None:
    found = differ(
        (HEAD, "You can object under Settings > Privacy."),
        (HEAD, "You can object under Settings > AI."),
    )

    assert found == (Difference(DifferenceKind.ENTRY_CHANGED, "Settings > Privacy", "Settings > AI"),)


@pytest.mark.parametrize(
    ("language", "head", "step", "before", "after"),
    [
        (
            "de",
            "# So widersprichst du dem Training unserer KI",
            "1. Tippe auf Absenden.",
            "Du kannst bis zum 27. Mai 2025 widersprechen.",
            "Du kannst bis zum 30. Juni 2025 widersprechen.",
        ),
        (
            "fr",
            "# S'opposer à l'entraînement de notre IA",
            "1. Appuyez sur Envoyer.",
            "Vous pouvez vous opposer avant le 27 mai 2025.",
            "Vous pouvez vous opposer avant le 30 juin 2025.",
        ),
    ],
)
def test_other_languages_differ_alike(language: str, head: str, step: str, before: str, after: str) -> None:
    found = differ((head, before), (head, after, step), language)

    assert found == (
        Difference(DifferenceKind.STEP_ADDED, "", step[3:]),
        Difference(DifferenceKind.DEADLINE_MOVED, before, after),
    )
