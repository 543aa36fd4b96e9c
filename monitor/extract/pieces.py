"""What the reader hands to the outline: runs of text in reading order, before they stand under headings."""

from dataclasses import dataclass
from typing import NamedTuple

from monitor.model.document import BlockKind, Field


class Mark:
    """What the markup says about a run of text besides its kind: bits, joined by `|` (plain integers: they are hot)."""

    BOLD = 1  # every word stands in bold type
    LINKED = 2  # every word stands in a link
    FURNITURE = 4  # stands in navigation, footer and the like
    DIALOG = 8  # stands in a dialog
    NOTE = 16  # stands in a footnote or annotation
    CELL = 32  # stands in a table
    RULE = 64  # no text: a rule across the page


class Anchor(NamedTuple):
    """Words that lead somewhere, the address still as written."""

    text: str
    href: str


@dataclass(slots=True)
class Piece:
    """One run of text: cleaned, with its anchors; `level` is that of a heading, 0 for all else."""

    kind: BlockKind
    text: str
    level: int = 0
    anchors: tuple[Anchor, ...] = ()
    marks: int = 0
    depth: int = 0
    section: str = ""
    field: Field | None = None
    under: tuple[str, ...] = ()
