"""What a change means: invented pages, written-out verdicts."""

from importlib.resources import files

import pytest

from monitor.compare import compare
from monitor.model.document import Document, Field
from monitor.model.page import Page, PageId, PageKind
from monitor.model.verdict import Aspect, Direction, Kind, Level, Verdict
from monitor.optout import judge, parse_lexicon
from monitor.optout.reading import Reader
from tests.rooms.documents import document

ENGLISH = (files("monitor.optout") / "lexicons" / "en.toml").read_text(encoding="utf-8")
READER = Reader({"en": parse_lexicon("en.toml", ENGLISH)}, "en")
POLICY = Page(id=PageId("p"), url="https://example.org/policy", kind=PageKind.POLICY, title="Murmel policy")
FORM = Page(id=PageId("f"), url="https://example.org/form", kind=PageKind.FORM, title="Murmel form")
HELP = Page(id=PageId("h"), url="https://example.org/help", kind=PageKind.HELP, title="Murmel help")
OLD_FORM = "https://example.org/help/contact/111111"
NEW_FORM = "https://example.org/help/contact/222222"


def verdict(before: Document, after: Document, page: Page = POLICY) -> Verdict:
    return judge(page, compare(before, after), after, READER).verdict


def test_a_new_right_to_object_is_told_at_once() -> None:
    after = document("# Your rights", "We use cookies.", "You have the right to object to this use.")

    result = verdict(document("# Your rights", "We use cookies."), after)

    assert (result.kind, result.level, result.held) == (Kind.OPTOUT, Level.ALERT, False)
    assert Aspect.RIGHT_TO_OBJECT in result.aspects
    assert result.quotes[0].after == "You have the right to object to this use."


def test_a_right_that_is_gone_waits_for_the_next_fetch() -> None:
    before = document("# Your rights", "We use cookies.", "You have the right to object to this use.")

    result = verdict(before, document("# Your rights", "We use cookies."))

    assert (result.level, result.held, result.confirmable) == (Level.ALERT, True, True)
    assert result.waits_for == "the next fetch, to confirm that it is gone"
    assert result.directions == (Direction.REMOVED,)


def test_an_item_without_any_cue_matters_under_a_heading_about_training() -> None:
    lines = ("# Developing and improving our AI", "## For people under 18", "- Public posts", "- Interactions")

    result = verdict(document(*lines), document(lines[0], lines[1], lines[3]))

    assert (result.level, result.quotes[0].before) == (Level.ALERT, "Public posts")
    assert result.quotes[0].trail == ("Developing and improving our AI", "For people under 18")


def test_the_same_item_under_another_heading_means_nothing() -> None:
    lines = ("# How we deliver parcels", "- Public posts", "- Interactions")

    result = verdict(document(*lines), document(lines[0], lines[2]))

    assert (result.kind, result.level) == (Kind.SUBSTANTIVE, Level.NONE)


def test_an_objection_link_that_moved_is_told_with_both_addresses() -> None:
    before = document("# Object", f"You have the [right to object to]({OLD_FORM}) this use.")
    after = document("# Object", f"You have the [right to object to]({NEW_FORM}) this use.")

    result = verdict(before, after)

    assert (result.level, result.held) == (Level.ALERT, False)
    assert Aspect.FORM_LINK in result.aspects
    assert result.quotes[0].before == f"right to object to → {OLD_FORM}"
    assert result.quotes[0].after == f"right to object to → {NEW_FORM}"
    assert result.title == "Murmel policy: the link “right to object to” now leads to another address"


def test_the_same_form_at_an_equivalent_address_is_no_news() -> None:
    before = document(f"You can [object]({OLD_FORM}) to this.")
    after = document("You can [object](https://help.example.org/en/contact/111111) to this.")

    assert verdict(before, after).level is Level.NONE


def test_a_repaired_typo_in_a_sentence_about_training_is_noise() -> None:
    before = document("We train our AI models on pubilc posts.")
    after = document("We train our AI models on public posts.")

    assert verdict(before, after).kind is Kind.NOISE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("We train our AI models on posts of people aged 16.", "We train our AI models on posts of people aged 18."),
        ("We do not train AI models on your photos.", "We train AI models on your photos."),
        ("You may object until 1 May 2026.", "You may object until 1 June 2026."),
        ("Training AI on your posts is legal.", "Training AI on your posts is illegal."),
    ],
)
def test_a_number_a_negation_or_a_date_is_never_a_typo(before: str, after: str) -> None:
    assert verdict(document(before), document(after)).level is Level.ALERT


def test_a_date_written_otherwise_is_noise() -> None:
    before = document("You may object until 1 May 2026 by post.")
    after = document("You may object until May 1, 2026 by post.")

    assert not compare(before, after)


def test_a_form_field_that_becomes_required_is_told() -> None:
    field = Field(name="why", label="Explanation")
    required = Field(name="why", label="Explanation", required=True)

    result = verdict(document("# Object", fields=(field,)), document("# Object", fields=(required,)), FORM)

    assert (result.level, result.title) == (Level.ALERT, "Murmel form: the form field “Explanation” is now required")
    assert result.quotes[0].after == "Explanation, text, required"


def test_a_step_added_to_the_way_out_is_told() -> None:
    before = document("# How to object", "1. Open the form.", "1. Send it.")
    after = document("# How to object", "1. Open the form.", "1. Enter the code from the mail.", "1. Send it.")

    result = verdict(before, after, HELP)

    assert (result.level, result.title) == (Level.ALERT, "Murmel help: a step was added in “How to object”")
    assert Aspect.STEP in result.aspects


def test_an_opt_out_from_ads_is_a_line_in_the_digest() -> None:
    before = document("# Ads", "Ads are shown.")
    after = document("# Ads", "Ads are shown.", "You can opt out of personalised ads.")

    assert verdict(before, after).level is Level.DIGEST


def test_a_change_without_a_cue_in_a_policy_is_not_told() -> None:
    before = document("# Transfers", "We send data to Ireland under the old framework.")
    after = document("# Transfers", "We send data to Ireland under the new framework.")

    result = verdict(before, after)

    assert (result.kind, result.level) == (Kind.SUBSTANTIVE, Level.NONE)


def test_a_long_sentence_is_quoted_around_what_changed() -> None:
    filler = "and much else that nobody reads " * 30
    before = document(f"We train AI models on posts {filler}until May.")
    after = document(f"We train AI models on posts {filler}until June.")

    [quote] = verdict(before, after).quotes

    assert quote.after.endswith("until June.")
    assert len(quote.after) <= 404


def test_every_relevant_verdict_has_a_quote_and_a_reason() -> None:
    result = verdict(document("# Object"), document("# Object", "You can object by post."))

    assert result.quotes
    assert result.reasons[0].rule == "cue:right-to-object"
