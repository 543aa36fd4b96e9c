"""What blocks, links and fields are known by, wherever and whenever they stand."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b

from monitor.model.document import Block, BlockKind, Document, Field, Link, Part
from monitor.once import lately, once

# Headings and lead-in lines over an entry that belong to what it says. Three reach from an entry of the longest policy
# seen past "could include any of the following" to whom it is about; chapters further out come and go between layouts.
NEAR_HEADINGS = 3
_LISTED = frozenset({BlockKind.ITEM, BlockKind.STEP, BlockKind.ROW})


@lately(4096)
def _digest(what: str, over: str) -> str:
    return blake2b(f"{what}\x1f{over}".encode(), digest_size=8).hexdigest()


def mark(block: Block) -> str:
    """Return what a block is known by, as 16 hexadecimal digits.

    A sentence says the same wherever it stands. An entry of a list says what the headings over it say: the same entry
    under others is another statement.
    """
    listed = block.kind in _LISTED and block.part is not Part.NOTES
    return _digest(block.key, _near(block.trail) if listed else "")


@lately(8192)
def _near(trail: tuple[str, ...]) -> str:
    return "\x1f".join(trail[-NEAR_HEADINGS:]).casefold()


@lately(8192)
def link_mark(link: Link) -> str:
    """Return what a link is known by: its words and where they lead."""
    return _digest(f"link {link.text.casefold()}", link.target)


def field_mark(field: Field) -> str:
    """Return what a form field is known by: all that a reader has to do with it."""
    return _digest(f"field {field.name}", repr(field))


@once(3)
def marks(document: Document) -> frozenset[str]:
    """Return the marks of all blocks, links and fields of a document, furniture left out."""
    return frozenset(_all_marks(document.blocks))


def _all_marks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if block.part is Part.FURNITURE:
            continue
        yield mark(block)
        for link in block.links:
            yield link_mark(link)
        if block.field:
            yield field_mark(block.field)
