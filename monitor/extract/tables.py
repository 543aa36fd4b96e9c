"""Tables: a row of short cells is one block, one of long cells is read cell by cell under titles of row and column.

Meta's legal-basis tables have cells of several thousand characters and became headings and lists later; read this
way, both layouts give the same blocks. Source: docs/decisions/0002-reading-html.md.
"""

import re
from dataclasses import dataclass, field

from monitor.extract.pieces import Mark, Piece
from monitor.model.document import BlockKind

# A row of at most this many characters, with one piece a cell, is shown and compared as one block.
LONGEST_ROW = 500
# A first cell's opening words up to here can be the title of its row.
LONGEST_TITLE = 160
_BETWEEN = " | "
_TITLE = re.compile(rf"(.{{3,{LONGEST_TITLE}}}?)(?:[:.](?:\s|$)|$)")
_HEADING_MARK = re.compile(r"#{1,6}\s+")


@dataclass(slots=True)
class Table:
    """One table being read: its column titles, and where the cells of the row begin among the pieces."""

    titles: tuple[str, ...] = ()
    _row: int = 0
    _cells: list[int] = field(default_factory=list)
    _heads: list[bool] = field(default_factory=list)

    def begin_row(self, at: int) -> None:
        """Note that a row begins at this piece."""
        self._row, self._cells, self._heads = at, [], []

    def begin_cell(self, at: int, *, heads: bool) -> None:
        """Note that a cell begins at this piece."""
        self._cells.append(at)
        self._heads.append(heads)

    def end_row(self, pieces: list[Piece]) -> None:
        """Make one block of a row of short cells; put the pieces of long ones under their titles."""
        if len(self._cells) < 2:
            return
        ends = [*self._cells[1:], len(pieces)]
        cells = [pieces[start:end] for start, end in zip(self._cells, ends, strict=True)]
        full = [cell for cell in cells if cell]
        for piece in pieces[self._row :]:
            piece.marks |= Mark.CELL
        if full and all(self._heads):
            self._titled(cells, pieces)
        elif len(full) == 1:
            _as_heading(full[0])
        elif all(_short(cell) for cell in full) and sum(len(cell[0].text) for cell in full) <= LONGEST_ROW:
            pieces[self._row :] = [self._joined(full)] if full else []
        else:
            self._put_under(cells)

    def _titled(self, cells: list[list[Piece]], pieces: list[Piece]) -> None:
        """Keep the titles of columns; a head with one title is a heading of what follows."""
        titles = tuple(_HEADING_MARK.sub("", " ".join(piece.text for piece in cell)) for cell in cells)
        full = [cell for cell in cells if cell]
        if len(full) == 1:
            _as_heading(full[0])
        else:
            self.titles = titles
            pieces[self._row :] = [self._joined(full)]

    def _joined(self, cells: list[list[Piece]]) -> Piece:
        """Return a row as one piece, its cells side by side."""
        first = cells[0][0]
        row = [piece for cell in cells for piece in cell]
        text = _BETWEEN.join(_HEADING_MARK.sub("", piece.text) for piece in row)
        anchors = tuple(anchor for piece in row for anchor in piece.anchors)
        return Piece(BlockKind.ROW, text, 0, anchors, first.marks | Mark.CELL, 0, first.section)

    def _put_under(self, cells: list[list[Piece]]) -> None:
        title = _row_title(cells[0])
        for column, cell in enumerate(cells):
            head = self.titles[column] if column < len(self.titles) else ""
            under = tuple(words for words in (title, head) if words)
            for piece in cell:
                piece.under = under


def _short(cell: list[Piece]) -> bool:
    return len(cell) == 1 and cell[0].kind in (BlockKind.PARAGRAPH, BlockKind.ROW) and not cell[0].level


def _row_title(cell: list[Piece]) -> str:
    """Return the opening words of a row's first cell, when they are short enough to be its title."""
    match = _TITLE.match(_HEADING_MARK.sub("", cell[0].text)) if cell else None
    return match[1] if match else ""


def _as_heading(cell: list[Piece]) -> None:
    """Make the only cell of a row that has words a heading of the rows below, when it is written as one."""
    piece = cell[0]
    mark = _HEADING_MARK.match(piece.text)
    if mark:
        piece.text, piece.level = piece.text[mark.end() :], 6
