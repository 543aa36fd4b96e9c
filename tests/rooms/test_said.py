"""Which blocks say some words, however both are dressed."""

import pytest

from monitor.compare import blocks_saying, spoken
from tests.rooms.documents import document

PAGE = document(
    "# Your rights", "You can object “at any time”, and it’s free.", "- posts", "! Posts are what you share."
)


@pytest.mark.parametrize(
    "words",
    ["You can object at any time", "YOU CAN OBJECT", "object, at any  time; and it's free", 'any time" and'],
)
def test_case_typography_and_punctuation_do_not_matter(words: str) -> None:
    assert [block.text for block in blocks_saying(PAGE, words)] == ["You can object “at any time”, and it’s free."]


@pytest.mark.parametrize("words", ["object any time", "bject at any", "at any tim", "rights You can"])
def test_words_are_met_whole_in_their_order_and_in_one_block(words: str) -> None:
    assert list(blocks_saying(PAGE, words)) == []


def test_every_block_that_says_them_comes_in_reading_order() -> None:
    assert [block.text for block in blocks_saying(PAGE, "posts")] == ["posts", "Posts are what you share."]


def test_a_text_without_words_says_nothing() -> None:
    assert spoken(" – … ") == " "
