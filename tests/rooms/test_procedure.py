"""What a page says of the way out, read as data: entry points, steps, forms, fields, who, until when, what."""

import pytest

from monitor.model.document import Document, Field
from monitor.model.procedure import Effort, Entry, Procedure, Stated
from monitor.optout import procedure_of
from monitor.optout.reading import Reader
from monitor.wiring import lexicons
from tests.rooms.documents import document


def read(*lines: str, fields: tuple[Field, ...] = (), language: str = "en") -> Procedure:
    return procedure_of(document(*lines, fields=fields, language=language), Reader(lexicons(), language))


def values(stated: tuple[Stated, ...]) -> list[str]:
    return [fact.value for fact in stated]


def test_a_page_about_something_else_describes_no_way_out() -> None:
    found = read(
        "# Parcels", "Open the box before 3 May 2025.", "1. Go to the post office.", "[Form](https://m.example/form)"
    )

    assert not found
    assert found == Procedure()


@pytest.mark.parametrize(
    ("sentence", "path"),
    [
        (
            "Go to Settings & privacy > Privacy Centre > Object and then tap Submit.",
            ("Settings & privacy", "Privacy Centre", "Object"),
        ),
        ("You can object in your Settings → Privacy → AI at Murmel.", ("Settings", "Privacy", "AI at Murmel")),
        ("To object, open “Settings” > “Data controls”.", ("Settings", "Data controls")),
        ("Then select “Menu › Privacy › Your objection”.", ("Menu", "Privacy", "Your objection")),
        ("Visit Settings and Privacy -> AI.", ("Settings and Privacy", "AI")),
    ],
)
def test_menu_paths_are_read_without_the_words_that_lead_to_them(sentence: str, path: tuple[str, ...]) -> None:
    found = read("# How to object to AI training", sentence)

    assert found.entries == (Entry(path, "", sentence),)


def test_a_comparison_outside_the_way_out_is_no_menu_path() -> None:
    found = read("# Storage", "A year > a month in this table.")

    assert found.entries == ()


def test_the_link_of_a_sentence_about_opting_out_is_an_entry_point() -> None:
    sentence = "You can opt out of training through our [privacy portal](https://privacy.m.example/start)."

    found = read("# Your data", sentence)

    assert found.entries == (
        Entry(
            ("privacy portal",),
            "https://privacy.m.example/start",
            "You can opt out of training through our privacy portal.",
        ),
    )


def test_a_link_alone_under_a_heading_about_objecting_is_an_entry_point() -> None:
    found = read("# Help", "## How to object", "Some words first.", "[Create a request](https://m.example/t#ts=115)")

    assert found.entries == (Entry(("Create a request",), "https://m.example/t#ts=115", "Create a request"),)


def test_numbered_entries_under_a_heading_about_objecting_are_steps_in_order() -> None:
    found = read("# How to object", "1. Open the form. It is short.", "1. Explain what worries you.", "1. Tap Send.")

    assert values(found.steps) == ["Open the form. It is short.", "Explain what worries you.", "Tap Send."]


def test_a_numbered_list_of_rights_holds_no_steps() -> None:
    found = read(
        "# How can I object?",
        "You may have the right to:",
        "1. Object to the processing of your data, or",
        "1. Ask for your data to be corrected.",
    )

    assert found.steps == ()


def test_instructions_that_follow_the_way_out_in_its_paragraph_are_steps() -> None:
    found = read("# Policy", "You have the right to object. Open the form. Then tap Send. We read every form.")

    assert values(found.steps) == ["Open the form.", "Then tap Send."]


def test_instructions_elsewhere_are_no_steps() -> None:
    found = read("# Policy", "You have the right to object.", "# Cookies", "Open the cookie banner.")

    assert found.steps == ()


def test_a_link_named_as_the_way_out_is_a_form_wherever_it_leads() -> None:
    found = read("# Policy", "You have the [right to object](https://m.example/support/start) to this.")

    assert found.forms == (Stated("https://m.example/support/start", "right to object", ("Policy",)),)


def test_an_address_of_a_form_beside_the_way_out_is_a_form_whatever_it_is_called() -> None:
    found = read("# Policy", "To object to AI training, use [our service page](https://m.example/help/contact/12).")

    assert found.forms == (Stated("https://m.example/help/contact/12", "our service page", ("Policy",)),)


def test_a_place_further_down_the_page_is_no_form() -> None:
    found = read("# Policy", "- [How you can object](https://m.example/policy#right_to_object)")

    assert found.forms == ()


def test_a_date_to_act_by_is_given_in_digits_with_its_sentence() -> None:
    found = read("# Notice", "You can object to AI training until 27 May 2025.")

    assert found.deadline == Stated("2025-05-27", "You can object to AI training until 27 May 2025.", ("Notice",))


def test_of_the_dates_of_a_notice_the_latest_is_the_one_to_act_by() -> None:
    found = read(
        "# Notice",
        "We updated our policy on April 7, 2025. You have the right to object to AI training. "
        "These changes go into effect on May 27, 2025.",
    )

    assert found.deadline == Stated("2025-05-27", "These changes go into effect on May 27, 2025.", ("Notice",))


def test_a_span_is_a_deadline_as_written() -> None:
    found = read("# Notice", "You may object to AI training only by writing to us within 30 days.")

    assert found.deadline is not None
    assert found.deadline.value == "within 30 days"


def test_the_day_a_help_page_was_written_is_no_deadline() -> None:
    found = read("# How to object", "This page was last changed on 3 March 2026.")

    assert found.deadline is None


def test_regions_are_listed_by_their_names_alone() -> None:
    found = read("# Form", "This form to object to AI training is for people in Brazil, the European Union and the UK.")

    assert values(found.eligibility) == ["Brazil, European Union, UK"]


def test_an_age_keeps_the_words_that_make_sense_of_it() -> None:
    found = read("# Notice", "We train our AI models with public posts from accounts of people aged 18 or older.")

    assert values(found.eligibility) == ["people aged 18 or older"]


def test_who_may_object_without_a_name_is_the_clause_that_says_so() -> None:
    found = read("# Policy", "You can object to AI training, even if you don't have an account, at any time.")

    assert values(found.eligibility) == ["even if you don't have an account"]


def test_data_used_for_training_is_covered_and_data_that_is_not_is_excluded() -> None:
    found = read(
        "# AI at Murmel",
        "We use public posts and your voice to train our AI models.",
        "We do not use your private messages to train our AI models.",
    )

    assert values(found.covered) == ["public posts, voice"]
    assert values(found.excluded) == ["We do not use your private messages to train our AI models"]


def test_a_list_entry_under_a_heading_about_training_is_covered_as_a_whole() -> None:
    found = read("# Developing and improving AI", "- Public content you or others share, like posts", "- Weather")

    assert values(found.covered) == ["Public content you or others share, like posts"]


def test_a_condition_without_data_is_no_exclusion() -> None:
    found = read("# Policy", "Your objection will be upheld, unless we have compelling grounds.")

    assert found.excluded == ()


def test_one_objection_for_several_accounts_is_what_is_covered() -> None:
    found = read("# Object", "Your objection applies to all accounts in the same Accounts Centre.")

    assert values(found.covered) == ["Your objection applies to all accounts in the same Accounts Centre"]


def test_the_same_data_for_two_groups_of_people_are_two_facts() -> None:
    entry = "- Public posts"

    found = read("# Developing and improving AI", "## Adults", entry, "## Minors", entry)

    assert [(fact.value, fact.trail[-1]) for fact in found.covered] == [
        ("Public posts", "Adults"),
        ("Public posts", "Minors"),
    ]


FORM_2024 = (
    Field(name="country", label="Country of residence", type="select", required=True, options=("Brazil", "Germany")),
    Field(name="email", label="E-mail", type="email", required=True),
    Field(name="impact", label="How does this affect you?", type="textarea", required=True),
    Field(name="code", label="One-time code", required=True),
)
FORM_2025 = (
    Field(name="email", label="E-mail", type="email", required=True, prefilled="ana@example.org"),
    Field(name="impact", label="How does this affect you?", type="textarea"),
)


def test_a_form_with_country_explanation_and_code_asks_for_four_things() -> None:
    found = read(
        "# Object to the use of your data for AI", "You don't need to log in to use this form.", fields=FORM_2024
    )

    assert found.fields == FORM_2024
    assert found.login is not None
    assert found.login.value == "You don't need to log in to use this form"
    assert found.effort == Effort(paragraph=2, share=0.5524, steps=0, required_fields=4)


def test_a_form_behind_a_login_with_an_optional_explanation_asks_for_one() -> None:
    found = read(
        "# Object to the use of your data for AI",
        "You must be logged in to use this form.",
        "We'll send an e-mail confirming your objection within minutes.",
        fields=FORM_2025,
    )

    assert found.fields[0].prefilled == "ana@example.org"
    assert found.login is not None
    assert found.login.quote == "You must be logged in to use this form."
    assert values(found.confirmation) == ["We'll send an e-mail confirming your objection within minutes"]
    assert found.effort is not None
    assert found.effort.required_fields == 1


def test_a_form_that_offers_an_objection_as_a_choice_is_a_way_out() -> None:
    choice = Field(
        name="topic",
        label="What is it about?",
        type="radio",
        options=("I lost my phone", "How can I make an objection to the use of my data?"),
    )

    found = read("# Contact us", fields=(choice,))

    assert found.fields == (choice,)


def test_a_search_box_and_a_form_about_something_else_are_no_way_out() -> None:
    search, order = Field(name="q", label="Search", type="search"), Field(name="size", label="Size", required=True)

    assert read("# How to object", "You have the right to object.", fields=(search,)).fields == ()
    assert read("# Shoes", fields=(order,)) == Procedure()


def test_the_address_of_a_form_is_quoted_by_its_heading() -> None:
    page = document("# Object to AI training", fields=FORM_2025)
    sent = Document(blocks=page.blocks, fingerprint="x", language="en", form="https://m.example/contact/6")

    found = procedure_of(sent, Reader(lexicons(), "en"))

    assert found.forms == (Stated("https://m.example/contact/6", "Object to AI training", ("Object to AI training",)),)


def test_effort_counts_what_stands_before_the_link() -> None:
    found = read(
        "# Policy",
        "We train our AI models with public posts.",
        "We keep them for a year.",
        "You have the right to object.",
        "[Object](https://m.example/contact/1)",
    )

    assert found.effort == Effort(paragraph=4, share=0.9434, steps=0, required_fields=0)


def test_a_german_help_page_is_read_alike() -> None:
    found = read(
        "# So widersprichst du der Nutzung deiner Daten für KI",
        "Du kannst bis zum 27. Mai 2025 Widerspruch einlegen, wenn du in der EU oder in der Schweiz lebst.",
        "Du musst angemeldet sein, um das Formular zu nutzen.",
        "1. Gehe zu „Einstellungen und Datenschutz“ > „Datenschutzcenter“ > „KI bei Murmel“.",
        "1. Tippe auf [Widersprechen](https://m.example/hilfe/contact/77).",
        "1. Fülle das Formular aus.",
        "Personen unter 18 Jahren sind davon ausgenommen.",
        "Wir schicken dir eine E-Mail, die deinen Widerspruch bestätigt.",
        language="de",
    )

    assert [entry.path for entry in found.entries] == [
        ("Einstellungen und Datenschutz", "Datenschutzcenter", "KI bei Murmel")
    ]
    assert len(found.steps) == 3
    assert values(found.forms) == ["https://m.example/hilfe/contact/77"]
    assert found.deadline is not None
    assert found.deadline.value == "2025-05-27"
    assert found.login is not None
    assert values(found.eligibility) == ["EU, Schweiz"]
    assert values(found.excluded) == ["Personen unter 18 Jahren sind davon ausgenommen"]
    assert values(found.confirmation) == ["Wir schicken dir eine E-Mail, die deinen Widerspruch bestätigt"]


def test_a_french_help_page_is_read_alike() -> None:
    found = read(
        "# S'opposer à l'utilisation de vos données pour l'IA",
        "Si vous résidez dans l'Union européenne ou en Suisse, vous pouvez vous y opposer avant le 27 mai 2025.",
        "Pour vous opposer, accédez à « Paramètres et confidentialité » > « IA ». Ensuite, appuyez sur "
        "[S'opposer](https://m.example/aide/contact/9). Puis confirmez avec le code reçu.",
        "Vous devez être connecté pour utiliser ce formulaire.",
        "Nous vous enverrons un e-mail pour confirmer votre opposition.",
        language="fr",
    )

    assert [entry.path for entry in found.entries] == [("Paramètres et confidentialité", "IA")]
    assert len(found.steps) == 3
    assert values(found.forms) == ["https://m.example/aide/contact/9"]
    assert found.deadline is not None
    assert found.deadline.value == "2025-05-27"
    assert found.login is not None
    assert values(found.eligibility) == ["Union européenne, Suisse"]
    assert values(found.confirmation) == ["Nous vous enverrons un e-mail pour confirmer votre opposition"]
