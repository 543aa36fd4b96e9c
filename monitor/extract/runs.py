"""Text gathered between the edges of blocks, and cut into pieces."""

import re
from itertools import pairwise

from monitor.extract.pieces import Anchor, Mark, Piece
from monitor.model.document import BlockKind
from monitor.text import clean

# Stands for a line break among the parts of a run; no text node can hold it alone.
BREAK = "\x1e\n"

_BULLET = re.compile(r"[*•◦‣▪·–-]\s+")
_NUMBERED = re.compile(r"\d{1,2}[.)]\s+")
_HEADING_MARK = re.compile(r"#{1,6}\s+")
_NOTE_MARK = re.compile(r"\s*\[\d{1,3}\]")
_NOTE_TARGET = re.compile(r"#(?:annotation|footnote|endnote|fn|cite_note)[-_:]?\w{0,8}$", re.IGNORECASE)


class Run:
    """Parts of text since the last edge of a block, with the anchors among them as (start, end, href).

    `plain` says that words stand outside bold type, `loose` that words stand outside links.
    """

    __slots__ = ("anchors", "broken", "loose", "parts", "plain")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.anchors: list[tuple[int, int, str]] = []
        self.broken = self.plain = self.loose = False

    def line_break(self) -> None:
        """Note a line break."""
        self.parts.append(BREAK)
        self.broken = True

    def cut(self, mould: Piece) -> list[Piece]:
        """Return the pieces of the run, each like the mould, and begin a new run."""
        if not self.plain:
            mould.marks |= Mark.BOLD
        if not self.loose:
            mould.marks |= Mark.LINKED
        lines = _lines(self.parts) if self.broken else [(0, len(self.parts), False)]
        pieces = [self._piece(start, end, mould, listed=listed) for start, end, listed in lines]
        self.parts, self.anchors = [], []
        self.broken = self.plain = self.loose = False
        return [piece for piece in pieces if piece.text]

    def _piece(self, start: int, end: int, mould: Piece, *, listed: bool) -> Piece:
        """Return one stretch of the run as a piece like the mould."""
        parts = self.parts
        text, kind = shown(parts[start] if end == start + 1 else "".join(parts[start:end])), mould.kind
        anchors = self._anchors(start, end) if self.anchors else ()
        if listed:
            text, kind = _unmarked(text, kind)
        return Piece(kind, text, mould.level, anchors, mould.marks, mould.depth, mould.section)

    def _anchors(self, start: int, end: int) -> tuple[Anchor, ...]:
        """Return the anchors of one stretch, but those that only lead to a note."""
        parts = self.parts
        return tuple(
            [
                Anchor(shown(parts[first] if last == first + 1 else "".join(parts[first:last])), href)
                for first, last, href in self.anchors
                if start <= first < last <= end and not ("#" in href and _NOTE_TARGET.search(href))
            ]
        )


def shown(raw: str) -> str:
    """Return text as a reader sees it, without the numbers of notes."""
    return clean(_NOTE_MARK.sub("", raw) if "[" in raw else raw)


def _lines(parts: list[str]) -> list[tuple[int, int, bool]]:
    """Return the stretches between empty lines and before list marks, as (start, end, whether marked as of a list)."""
    stretches: list[tuple[int, int, bool]] = []
    start, listed, empty = 0, False, False
    for begin, end, line in _plain_lines(parts):
        marked = bool(_BULLET.match(line) or _NUMBERED.match(line))
        if begin and (empty or marked or listed or _HEADING_MARK.match(line)):
            stretches.append((start, begin, listed))
            start, listed = begin, False
        listed, empty = listed or marked, not line
        if end == len(parts):
            stretches.append((start, end, listed))
    return stretches


def _plain_lines(parts: list[str]) -> list[tuple[int, int, str]]:
    """Return the lines between breaks: where they begin and end among the parts, and their words."""
    breaks = [i for i, part in enumerate(parts) if part is BREAK]
    edges = [0, *(i + 1 for i in breaks), len(parts)]
    return [
        (begin, end, "".join(part for part in parts[begin:end] if part is not BREAK).strip())
        for begin, end in pairwise(edges)
    ]


def _unmarked(text: str, kind: BlockKind) -> tuple[str, BlockKind]:
    """Return a line without its list mark, as the item or step that the mark makes of it."""
    for mark, made in ((_BULLET, BlockKind.ITEM), (_NUMBERED, BlockKind.STEP)):
        match = mark.match(text)
        if match:
            return text[match.end() :], made
    return text, kind
