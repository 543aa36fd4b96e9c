"""Sentences of the rules in another tongue: each one that they write is known, and no other is taken for one."""

import pytest

from monitor.model.document import Field
from monitor.model.page import Page
from monitor.model.verdict import Aspect
from monitor.optout.phrases import topic
from monitor.render import retold
from monitor.render.tongue import ENGLISH
from tests.rooms.documents import document
from tests.rooms.test_judge import FORM, HELP, NEW_FORM, OLD_FORM, POLICY, verdict
from tests.rooms.test_signals import signal

RIGHT = "You have the right to object to this use."
POSTS = "We use public posts to train our AI models."
LINKED, RELINKED = (f"You have the [right to object to]({address}) this use." for address in (OLD_FORM, NEW_FORM))
STEPS = ("# How to object", "1. Open the form.", "1. Send it.")
LISTED = ("- Public posts on your page", "- Interactions", "- Comments")
AI, CHILDREN = "# Developing and improving our AI", "## For people under 18"


@pytest.mark.parametrize(
    ("before", "after", "page"),
    [
        (("# Rights",), ("# Rights", RIGHT), POLICY),
        (("# Rights", RIGHT), ("# Rights",), POLICY),
        ((POSTS, "Hello."), (POSTS.replace("public", "all public"), "Hello."), POLICY),
        ((AI, CHILDREN, "- Posts", "- Likes"), (AI, CHILDREN, "- Likes"), POLICY),
        (("# Your rights", "# Right to object"), ("# Your rights",), POLICY),
        ((AI, *LISTED, "# Parcels", "- Boxes"), (AI, *LISTED[1:], "# Parcels", "- Boxes", LISTED[0]), POLICY),
        ((LINKED,), (RELINKED,), POLICY),
        ((LINKED,), (RIGHT,), POLICY),
        ((RIGHT,), (LINKED,), POLICY),
        (STEPS, (*STEPS, "1. Enter the code from the mail."), HELP),
        (STEPS, STEPS[:2], HELP),
        (STEPS, (STEPS[0], "1. Open the page.", STEPS[2]), HELP),
    ],
)
def test_what_the_rules_write_of_a_text_is_known_whole(
    before: tuple[str, ...], after: tuple[str, ...], page: Page
) -> None:
    found = verdict(document(*before), document(*after), page)

    assert found.relevant
    assert (retold.title(found.title, ENGLISH), retold.meaning(found.meaning, ENGLISH)) == (found.title, found.meaning)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((Field(name="why", label="Why"),), (Field(name="why", label="Why", required=True),)),
        ((Field(name="why", label="Why", required=True),), (Field(name="why", label="Why"),)),
        ((), (Field(name="why", label="Why"),)),
        ((Field(name="why", label="Why"),), ()),
        (
            (Field(name="why", label="Why", type="select", options=("One", "Two")),),
            (Field(name="why", label="Why", type="select", options=("One", "Three")),),
        ),
    ],
)
def test_what_the_rules_write_of_a_form_is_known_whole(before: tuple[Field, ...], after: tuple[Field, ...]) -> None:
    name = Field(name="name", label="Name")

    found = verdict(document("# Object", fields=(name, *before)), document("# Object", fields=(name, *after)), FORM)

    assert found.relevant
    assert (retold.title(found.title, ENGLISH), retold.meaning(found.meaning, ENGLISH)) == (found.title, found.meaning)


@pytest.mark.parametrize(
    ("title", "link"),
    [("Lumen will train its AI models on posts", ""), ("News", "https://www.lumen.example/policy/?lang=en")],
)
def test_what_the_rules_write_of_a_feed_is_known_whole(title: str, link: str) -> None:
    found = signal(title, link=link)

    assert found is not None
    written = found.verdict.title, found.verdict.meaning
    assert (retold.title(written[0], ENGLISH), retold.meaning(written[1], ENGLISH)) == written


@pytest.mark.parametrize(
    ("before", "after"),
    [("We use cookies.", "We sell lamps."), ("We train our AI on pubilc posts.", "We train our AI on public posts.")],
)
def test_what_the_rules_write_of_a_change_that_is_not_told_is_known(before: str, after: str) -> None:
    found = verdict(document(before), document(after))

    assert not found.relevant
    assert retold.title(found.title, ENGLISH) == found.title


@pytest.mark.parametrize("aspect", Aspect)
def test_every_subject_of_a_title_is_known(aspect: Aspect) -> None:
    title = f"A page: text on {topic([aspect])} was added"

    assert retold.title(title, ENGLISH) == title


@pytest.mark.parametrize("ending", ["is gone", "reads differently"])
def test_what_is_written_of_a_pinned_sentence_is_known(ending: str) -> None:
    title = f"A page: a sentence on opting out that maintainers pinned {ending}"

    assert retold.title(title, ENGLISH) == title


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Facebook: ",
        "Facebook: the form moved",
        "text was added",
        "Facebook: text on the weather was added",
        "Facebook: text was added, and a step",
        "Facebook: text on the right to obj…",
    ],
)
def test_words_of_a_person_and_words_that_end_in_between_are_taken_for_none_of_the_rules(words: str) -> None:
    assert (retold.title(words, ENGLISH), retold.meaning(words, ENGLISH)) == ("", "")


def test_a_title_that_was_cut_in_its_last_quote_is_known_too() -> None:
    cut = "Facebook: text was added in “A heading that was c…"

    assert retold.title(cut, ENGLISH) == "Facebook: text was added in “A heading that was c…”"


def test_a_page_named_with_a_colon_keeps_its_own_words() -> None:
    assert retold.title("Lumen: AI: text was added", ENGLISH) == ""


def test_words_that_look_like_a_form_stay_as_they_are() -> None:
    title = "Page: the link “%(topic)s in “x” 100 %” was removed"

    assert retold.title(title, ENGLISH) == title
