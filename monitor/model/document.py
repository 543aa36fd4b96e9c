"""What a page says: blocks in reading order, under their headings, with links and form fields."""

from dataclasses import dataclass, field
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is to its reader."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    STEP = "step"
    ROW = "row"
    FIELD = "field"
    BUTTON = "button"


class Part(StrEnum):
    """Which part of a document a block belongs to; notes come and go by themselves and are compared apart."""

    BODY = "body"
    NOTES = "notes"
    NOTICE = "notice"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere; `target` is canonical: unwrapped, without tracking, one form a host."""

    text: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One form control: its label as shown, its name as sent, and what a reader must do with it."""

    name: str
    label: str = ""
    type: str = "text"
    required: bool = False
    prefilled: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of text as a reader sees it: NFC, single-spaced, with its heading trail (outermost first).

    `text` is as shown; `key` is folded for comparison (case, typography, list marks, note marks, dates),
    so that equal keys mean equal reading. `section` is the id of the nearest enclosing section, if any.
    """

    kind: BlockKind
    text: str
    key: str
    trail: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    field: Field | None = None
    part: Part = Part.BODY
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A page's content, in reading order; `fingerprint` is equal when a reader and a form would notice nothing.

    `missing` names selectors of the recipe that matched nothing, `dropped_chars` counts the characters that
    its `drop` took away, `form` is the address the page's first form is sent to, `chars` is the length of all
    that is not furniture. `source` names what it was read from: equal names, equal documents; it is empty where a
    reading depends on more than has a name (`extract.source`).
    """

    blocks: tuple[Block, ...]
    fingerprint: str
    title: str = ""
    language: str = ""
    missing: tuple[str, ...] = ()
    dropped_chars: int = 0
    form: str = ""
    source: str = field(default="", compare=False)
    chars: int = field(init=False)

    def __post_init__(self) -> None:
        furniture = Part.FURNITURE
        main = [len(block.text) for block in self.blocks if block.part is not furniture]
        object.__setattr__(self, "chars", sum(main))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """All that is visible on a capture, recipe or not: what tells a page from a wall.

    `text` is the visible text (at most 20,000 characters, single-spaced), `chars` its full length,
    `refresh` the target of a meta refresh, `fields` every form control, `present` the selectors of the
    page's `present.selectors` that matched.
    """

    title: str
    language: str
    text: str
    chars: int
    headings: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    refresh: str = ""
    present: tuple[str, ...] = ()


def said_by(document: Document) -> tuple[str, ...]:
    """Return what a document says for search: the folded text of each block, furniture left out, each once."""
    return tuple(dict.fromkeys(block.key for block in document.blocks if block.part is not Part.FURNITURE))
