"""Every piece of a change with what the rules saw in it."""

from monitor.compare import compare
from monitor.model.page import Page, PageId, PageKind
from monitor.model.verdict import Level
from monitor.optout.explain import Line, Seen, explain
from monitor.optout.items import ItemKind
from monitor.optout.lexicon import Strength
from monitor.optout.reading import Reader
from monitor.wiring import lexicons
from tests.rooms.documents import document

PAGE = Page(id=PageId("murmel"), url="https://murmel.example/privacy", kind=PageKind.POLICY, language="en")


def explained(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[Line, ...]:
    old, new = document(*before), document(*after)
    return explain(PAGE, compare(old, new), new, Reader(lexicons(), "en"))


def test_no_change_needs_no_line() -> None:
    assert explained(("# Policy", "A sentence."), ("# Policy", "A sentence.")) == ()


def test_a_new_sentence_shows_each_cue_with_its_words_and_strength() -> None:
    (line,) = explained(("# Policy",), ("# Policy", "You can object to AI training."))

    assert (line.what, line.before, line.after) == (ItemKind.ADDED, "", "You can object to AI training.")
    assert (line.trail, line.block, line.part) == (("Policy",), "paragraph", "body")
    assert Seen("right-to-object", Strength.STRONG, "can object", "after") in line.cues
    assert ("cue:right-to-object", 3.0) in [(rule.rule, rule.weight) for rule in line.rules]
    assert (line.weight, line.level) == (3.0, Level.ALERT)


def test_an_entry_without_a_cue_shows_the_heading_that_made_it_matter() -> None:
    head = "# Developing and improving AI"

    (line,) = explained((head, "- Public posts", "- Weather"), (head, "- Public posts"))

    assert line.cues == (Seen("develop-ai", Strength.STRONG, "developing", "heading"),)
    assert [rule.rule for rule in line.rules] == ["under:develop-ai"]


def test_a_link_shows_the_cues_of_its_words_and_both_addresses() -> None:
    before = "You have the [right to object](https://murmel.example/contact/1) to this."

    (line,) = explained(("# Policy", before), ("# Policy", before.replace("contact/1", "start")))

    assert line.what is ItemKind.RELINKED
    assert (line.before, line.after) == ("https://murmel.example/contact/1", "https://murmel.example/start")
    assert {(cue.id, cue.where) for cue in line.cues} == {
        ("right-to-object", "before"),
        ("right-to-object", "after"),
    }
    assert [rule.rule for rule in line.rules] == ["link:the-way-out"]


def test_what_says_the_same_is_shown_with_the_rule_for_silence() -> None:
    (line,) = explained(
        ("# Policy", "You can object to the traning of AI models with posts."),
        ("# Policy", "You can object to the training of AI models with posts."),
    )

    assert [rule.rule for rule in line.rules] == ["same-meaning"]
    assert (line.weight, line.level) == (0.0, Level.NONE)


def test_the_weightiest_line_stands_first() -> None:
    lines = explained(("# Policy",), ("# Policy", "We moved to another street.", "You can object to AI training."))

    assert [line.weight for line in lines] == [3.0, 0.0]
