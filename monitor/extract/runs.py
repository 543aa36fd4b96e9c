"""Text gathered between the edges of blocks, and cut into pieces."""

import re
from dataclasses import dataclass, field

from monitor.extract.pieces import Anchor, Mark, Piece
from monitor.model.document import BlockKind
from monitor.text import clean

# Stands for a line break among the parts of a run; no text node can hold it alone.
BREAK = "\x1e\n"

_BULLET = re.compile(r"(?:[*•◦‣▪·–-])\s+")
_NUMBERED = re.compile(r"\d{1,2}[.)]\s+")
_HEADING_MARK = re.compile(r"#{1,6}\s+")
_NOTE_MARK = re.compile(r"\s*\[\d{1,3}\]")
_NOTE_TARGET = re.compile(r"#(?:annotation|footnote|endnote|fn|cite_note)[-_:]?\w{0,8}$", re.IGNORECASE)


@dataclass(slots=True)
class Run:
    """Parts of text since the last edge of a block, with the anchors among them as (start, end, href)."""

    parts: list[str] = field(default_factory=list)
    anchors: list[tuple[int, int, str]] = field(default_factory=list)
    broken: bool = False
    plain: bool = False
    loose: bool = False

    def line_break(self) -> None:
        """Note a line break."""
        self.parts.append(BREAK)
        self.broken = True

    def cut(self, kind: BlockKind, level: int, marks: int, depth: int, section: str) -> list[Piece]:
        """Return the pieces of the run and begin a new one."""
        if not self.plain:
            marks |= Mark.BOLD
        if not self.loose:
            marks |= Mark.LINKED
        lines = self._lines() if self.broken else [(0, len(self.parts), False)]
        mould = Piece(kind, "", level, (), marks, depth, section)
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
        return tuple(
            Anchor(shown("".join(self.parts[first:last])), href)
            for first, last, href in self.anchors
            if start <= first < last <= end and not _NOTE_TARGET.search(href)
        )

    def _lines(self) -> list[tuple[int, int, bool]]:
        """Return the stretches between empty lines and before list marks, as (start, end, whether marked as a list)."""
        lines: list[tuple[int, int, bool]] = []
        start, listed = 0, False
        for i, part in enumerate(self.parts):
            if part is not BREAK:
                continue
            rest = next((text for text in self.parts[i + 1 :] if text.strip(" ") and text is not BREAK), "").lstrip()
            empty = i + 1 < len(self.parts) and self._empty_until_break(i + 1)
            mark = bool(_BULLET.match(rest) or _NUMBERED.match(rest) or _HEADING_MARK.match(rest))
            if empty or mark or listed:
                lines.append((start, i, listed))
                start, listed = i + 1, mark and not empty
        lines.append((start, len(self.parts), listed))
        return lines

    def _empty_until_break(self, start: int) -> bool:
        for text in self.parts[start:]:
            if text is BREAK:
                return True
            if text.strip():
                return False
        return True


def shown(raw: str) -> str:
    """Return text as a reader sees it, without the numbers of notes."""
    return clean(_NOTE_MARK.sub("", raw) if "[" in raw else raw)


def _unmarked(text: str, kind: BlockKind) -> tuple[str, BlockKind]:
    """Return a line without its list mark, as the item or step that the mark makes of it."""
    for mark, made in ((_BULLET, BlockKind.ITEM), (_NUMBERED, BlockKind.STEP)):
        match = mark.match(text)
        if match:
            return text[match.end() :], made
    return text, kind
