"""Small documents written as lists of lines, for tests of the quiet rooms.

`# Name` is a heading, `## Name` one below it, `- words` an item, `1. words` a step, `! words` a note; the rest is
paragraphs. `[words](address)` is a link.
"""

import re

from monitor.model.document import Block, BlockKind, Document, Field, Link, Part
from monitor.text import fold

_LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
_KINDS = (("- ", BlockKind.ITEM), ("1. ", BlockKind.STEP), ("", BlockKind.PARAGRAPH))


def document(*lines: str, fields: tuple[Field, ...] = (), language: str = "en") -> Document:
    """Return the document that the lines describe; its fingerprint is the lines and fields themselves."""
    blocks: list[Block] = []
    trail: list[str] = []
    for line in lines:
        if line.startswith("#"):
            level = len(line) - len(line.lstrip("#"))
            trail = [*trail[: level - 1], line[level + 1 :]]
            blocks.append(_block(BlockKind.HEADING, trail[-1], tuple(trail[:-1])))
        else:
            blocks.append(_text(line, tuple(trail)))
    blocks += [
        Block(kind=BlockKind.FIELD, text=field.label, key=fold(field.label), trail=tuple(trail), field=field)
        for field in fields
    ]
    return Document(blocks=tuple(blocks), fingerprint=repr((lines, fields)), language=language)


def _text(line: str, trail: tuple[str, ...]) -> Block:
    if line.startswith("! "):
        return _block(BlockKind.PARAGRAPH, line[2:], trail, Part.NOTES)
    mark, kind = next((mark, kind) for mark, kind in _KINDS if line.startswith(mark))
    return _block(kind, line[len(mark) :], trail)


def _block(kind: BlockKind, line: str, trail: tuple[str, ...], part: Part = Part.BODY) -> Block:
    links = tuple(Link(words, target) for words, target in _LINK.findall(line))
    text = _LINK.sub(r"\1", line)
    return Block(kind=kind, text=text, key=fold(text), trail=trail, links=links, part=part)
