"""Which blocks of a document say some words, whatever stands round them and however they are dressed."""

import re
from collections.abc import Iterator

from monitor.model.document import Block, Document, Part
from monitor.once import once
from monitor.text import fold

_WORD = re.compile(r"\w+", re.UNICODE)


def spoken(text: str) -> str:
    """Return the words of a text as they would be read aloud: folded, without punctuation, a space round each."""
    words = " ".join(_WORD.findall(fold(text)))
    return f" {words} " if words else " "


def blocks_saying(document: Document, words: str) -> Iterator[Block]:
    """Yield the blocks of a document that say these words one after the other, furniture left out."""
    wanted = spoken(words)
    return (block for reading, block in _readings(document) if wanted in reading)


@once(8)
def _readings(document: Document) -> tuple[tuple[str, Block], ...]:
    return tuple((spoken(block.text), block) for block in document.blocks if block.part is not Part.FURNITURE)
