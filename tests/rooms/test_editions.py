"""What differs between the editions of a page: ways out side by side."""

from dataclasses import replace
from datetime import UTC, datetime

from monitor.model.document import Field
from monitor.model.page import Page, PageId, PageKind
from monitor.model.procedure import Difference, DifferenceKind, Entry, Procedure, Stated
from monitor.model.status import EditionGap, Standing
from monitor.optout import edition_gaps

AT = datetime(2026, 7, 1, tzinfo=UTC)
OLD, NEW = "https://lumen.example/forms/17", "https://lumen.example/forms/18"
PAGE = Page(id=PageId("policy"), url="https://lumen.example/", kind=PageKind.POLICY, region="eu", language="en")
GERMAN = replace(PAGE, id=PageId("policy@de-de"), edition_of=PAGE.id, region="de", language="de")
BRITISH = replace(PAGE, id=PageId("policy@gb-en"), edition_of=PAGE.id, region="gb")

ENGLISH_WAY = Procedure(
    entries=(Entry(("Settings", "Privacy"), "https://lumen.example/rights", "Go to Settings."),),
    steps=(Stated("Open the form", "Open the form."), Stated("Send it", "Send it.")),
    forms=(Stated(NEW, "objection form"),),
    fields=(Field(name="why", label="Why", required=True),),
    login=Stated("required", "Log in."),
    eligibility=(Stated("EU", "People in the EU can object."),),
)
GERMAN_WAY = Procedure(
    entries=(Entry(("Einstellungen", "Datenschutz"), "https://lumen.example/rights", "Öffne die Einstellungen."),),
    steps=(Stated("Öffne das Formular", "Öffne das Formular."), Stated("Sende es ab", "Sende es ab.")),
    forms=(Stated(NEW, "Widerspruchsformular"),),
    fields=(Field(name="why", label="Warum", required=True),),
    login=Stated("required", "Melde dich an."),
    eligibility=(Stated("Personen in der EU", "Personen in der EU können widersprechen."),),
)


def gaps(edition: Page, way: Procedure, page_way: Procedure = ENGLISH_WAY) -> tuple[EditionGap, ...]:
    standings = {
        PAGE.id: Standing(page=PAGE.id, read=AT, procedure=page_way),
        edition.id: Standing(page=edition.id, read=AT, procedure=way),
    }
    return edition_gaps((PAGE, edition), standings)


def test_an_edition_that_says_the_same_in_another_language_has_no_gap() -> None:
    assert gaps(GERMAN, GERMAN_WAY) == ()


def test_a_german_edition_that_still_shows_the_old_form_is_told() -> None:
    found = gaps(GERMAN, replace(GERMAN_WAY, forms=(Stated(OLD, "Widerspruchsformular"),)))

    assert found == (
        EditionGap(
            page=PageId("policy"),
            edition=PageId("policy@de-de"),
            differences=(
                Difference(DifferenceKind.FORM_REMOVED, NEW, ""),
                Difference(DifferenceKind.FORM_ADDED, "", OLD),
            ),
        ),
    )


def test_what_languages_write_alike_is_compared_between_them() -> None:
    other = replace(
        GERMAN_WAY,
        steps=(*GERMAN_WAY.steps, Stated("Bestätige", "Bestätige.")),
        fields=(Field(name="why", label="Warum"), Field(name="mail", label="E-Mail")),
        login=None,
        deadline=Stated("2026-09-30", "Bis zum 30. September 2026."),
    )

    (gap,) = gaps(GERMAN, other)

    assert gap.differences == (
        Difference(DifferenceKind.STEP_REMOVED, "2", ""),
        Difference(DifferenceKind.STEP_ADDED, "", "3"),
        Difference(DifferenceKind.FIELD_OPTIONAL, "why", "why"),
        Difference(DifferenceKind.FIELD_ADDED, "", "mail"),
        Difference(DifferenceKind.DEADLINE_SET, "", "2026-09-30"),
        Difference(DifferenceKind.LOGIN_CHANGED, "required", ""),
    )


def test_editions_in_one_language_are_compared_word_by_word() -> None:
    other = replace(ENGLISH_WAY, steps=(ENGLISH_WAY.steps[0], Stated("Write a letter", "Write a letter.")))

    (gap,) = gaps(BRITISH, other)

    assert gap.differences == (
        Difference(DifferenceKind.STEP_REMOVED, "Send it", ""),
        Difference(DifferenceKind.STEP_ADDED, "", "Write a letter"),
    )


def test_an_edition_that_was_never_read_says_nothing_yet() -> None:
    standings = {PAGE.id: Standing(page=PAGE.id, read=AT, procedure=ENGLISH_WAY)}

    assert edition_gaps((PAGE, GERMAN), standings) == ()
    assert edition_gaps((PAGE, GERMAN), {**standings, GERMAN.id: Standing(page=GERMAN.id)}) == ()
    assert edition_gaps((GERMAN,), standings) == ()
