"""Pieces in reading order in, blocks under their headings out.

Headings order themselves by level. Pages also head their parts with what is no heading: a title that stands alone, a
bold line, a line that ends in a colon, the lead-in of a list. Such labels stand below all headings of their section,
in this order: titles, side headings, lead-ins (docs/decisions/0002-reading-html.md says why, with the pages it was
measured on).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import compress
from operator import not_

from monitor.extract.links import canonical
from monitor.extract.pieces import Anchor, Mark, Piece
from monitor.extract.traits import Label, Traits, leads_out, traits
from monitor.model.document import Block, BlockKind, Link, Part
from monitor.once import lately
from monitor.text import LONGEST_BLOCK, sentences

# Looked at for each piece of a page: a name of our own costs a tenth of a member of an enum.
_ITEM, _STEP, _HEADED, _PLAIN = BlockKind.ITEM, BlockKind.STEP, BlockKind.HEADING, BlockKind.PARAGRAPH
_NOTES, _FURNITURE = Part.NOTES, Part.FURNITURE
# Titles that follow each other with nothing between stand under each other, this many at most: "Improving AI", then
# "For all registered users".
_TITLES_IN_A_ROW = 3
_LEAD_LIMIT = 300  # characters of a lead-in that go into a trail


def outline(pieces: Sequence[Piece], base: str) -> tuple[Block, ...]:
    """Return blocks in reading order, each under its trail, with canonical links; repeated notes count once."""
    outliner = _Outline(base)
    following: list[Piece | None] = [*pieces[1:], None][: len(pieces)]
    for piece, after in zip(pieces, following, strict=True):
        outliner.take(piece, after)
    return tuple(outliner.blocks)


class _Trail:
    """The headings and labels over a place, outermost first."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, str]] = []
        self.words: tuple[str, ...] = ()
        self.rows: tuple[str, ...] = ()
        self.in_table = False

    def section(self) -> "_Trail":
        """Return a trail of its own under the outermost heading alone."""
        trail = _Trail()
        trail.entries, trail.words = self.entries[:1], self.words[:1]
        return trail

    def close(self, level: int) -> None:
        """Leave everything at this level or below."""
        entries = self.entries
        if entries and entries[-1][0] >= level:
            while entries and entries[-1][0] >= level:
                entries.pop()
            self.words = tuple(text for _, text in entries)

    def open(self, level: int, text: str) -> None:
        """Stand under a heading or label."""
        self.entries.append((level, text))
        self.words = (*self.words, text)


class _Outline:
    """The outline so far: blocks, the trail over the body and that over notes, and whether notes are being read."""

    def __init__(self, base: str) -> None:
        self.blocks: list[Block] = []
        self._base = base
        self._trail = _Trail()
        self._note_trail = _Trail()
        self._noting = False
        self._in_note = False
        self._in_dialog = False
        self._special = False
        self._titles = 0
        self._notes_seen: set[tuple[str, tuple[Link, ...]]] = set()
        self._related = False

    def take(self, piece: Piece, after: Piece | None) -> None:
        """Add one piece; `after` is the piece that follows."""
        if not piece.text and piece.field is None:
            self._noting = False
            return
        found = traits(piece.text[:LONGEST_BLOCK])
        part = found.part
        if self._special or piece.marks or piece.level or found.special:
            part = self._part(piece, found)
        trail = self._note_trail if part is _NOTES else self._trail
        if trail.in_table or piece.marks & Mark.CELL:
            self._place_row(piece, trail)
        if part is _FURNITURE:
            self._add(piece, found.key, trail.words, part, piece.kind)
        elif piece.level:
            self._heading(piece, found, trail, part)
        elif piece.kind is _ITEM or piece.kind is _STEP:
            self._listed(piece, found, trail, part)
        else:
            self._paragraph(piece, found, trail, part, after)

    def _part(self, piece: Piece, found: Traits) -> Part:
        """Return the part that a piece belongs to, by its marks, its words, and what it stands among."""
        self._heed_furniture(piece, found)
        in_note, self._in_note = self._in_note, bool(piece.marks & Mark.NOTE)
        if found.number and piece.kind is _PLAIN and not piece.level:
            self._noting = True
            self._note_trail = self._trail.section()
            part = _FURNITURE
        elif piece.marks & Mark.FURNITURE or found.part is _FURNITURE or self._in_dialog or self._is_related(piece):
            part = _FURNITURE
        elif self._in_note:
            if not in_note:
                self._note_trail = self._trail.section()
            part = _NOTES
        else:
            part = _NOTES if self._noting else found.part
        self._special = self._noting or self._related or self._in_note or self._in_dialog
        return part

    def _heed_furniture(self, piece: Piece, found: Traits) -> None:
        """Note where related links, notes and cookie dialogs begin and end."""
        if found.asks:
            self._in_dialog = True
        elif not found.cookies or piece.level in (1, 2):
            self._in_dialog = False
        if piece.level or found.related:
            self._related = found.related
        if found.part is _FURNITURE or piece.level == 1:
            self._noting = False

    def _is_related(self, piece: Piece) -> bool:
        """Say whether a piece is only a link under a heading for related pages, and leads to no right."""
        return self._related and bool(piece.marks & Mark.LINKED) and not leads_out(piece.text[:LONGEST_BLOCK])

    def _place_row(self, piece: Piece, trail: _Trail) -> None:
        """Stand under the titles of a table's row and column, or leave them."""
        trail.in_table = bool(piece.marks & Mark.CELL)
        if not trail.in_table:
            trail.close(Label.TABLE)
            trail.rows = ()
        elif piece.under != trail.rows:
            trail.close(Label.ROW)
            trail.rows = piece.under
            for words in piece.under:
                trail.open(Label.ROW, words)

    def _heading(self, piece: Piece, found: Traits, trail: _Trail, part: Part) -> None:
        self._titles = 0
        level = piece.level + 1 if part is _NOTES else piece.level
        if piece.marks & Mark.CELL:
            level = Label.TABLE
        trail.close(level)
        self._add(piece, found.key, trail.words, part, _HEADED)
        trail.open(level, piece.text)

    def _listed(self, piece: Piece, found: Traits, trail: _Trail, part: Part) -> None:
        self._titles = 0
        level = Label.LEAD + max(piece.depth, 1)
        trail.close(level)
        self._add(piece, found.key, trail.words, part, piece.kind)
        if found.leads:
            trail.open(level, piece.text[-_LEAD_LIMIT:])

    def _paragraph(self, piece: Piece, found: Traits, trail: _Trail, part: Part, after: Piece | None) -> None:
        depth = Label.LEAD + piece.depth
        trail.close(depth + 1 if piece.depth else Label.LEAD)
        label = self._label(piece, found, after) if found.label or found.leads or piece.marks else Label.NONE
        if not label:
            self._titles = 0
            self._add(piece, found.key, trail.words, part, piece.kind)
            return
        nested = label == Label.TITLE and 0 < self._titles < _TITLES_IN_A_ROW
        self._titles = (
            self._titles + 1 if label == Label.TITLE and (nested or not self._titles) else int(label == Label.TITLE)
        )
        trail.close(label + 1 if nested else label)
        self._add(
            piece,
            found.key,
            trail.words,
            part,
            _HEADED if label == Label.TITLE or piece.marks & Mark.BOLD else piece.kind,
        )
        trail.open(label, piece.text[-_LEAD_LIMIT:])

    def _label(self, piece: Piece, found: Traits, after: Piece | None) -> int:
        """Return the rank of a paragraph as a label of what follows, 0 when it is none."""
        if after is None or piece.kind is not _PLAIN or piece.depth:
            return Label.NONE
        if found.leads and after.kind in (_ITEM, _STEP) and not piece.marks & Mark.BOLD:
            return Label.LEAD
        if piece.marks & (Mark.LINKED | Mark.CELL):
            return Label.NONE
        if piece.marks & Mark.BOLD and len(piece.text) <= _LEAD_LIMIT and piece.text[-1] not in ".!":
            return Label.SIDE
        return found.label if not piece.anchors and not after.level else Label.NONE

    def _add(self, piece: Piece, key: str, trail: tuple[str, ...], part: Part, kind: BlockKind) -> None:
        """Add the block of a piece, or those of its sentences when it is long."""
        links = _links(piece.anchors, self._base) if piece.anchors else ()
        if part is _NOTES:
            if (key, links) in self._notes_seen:
                return
            self._notes_seen.add((key, links))
        text = piece.text
        if len(text) <= LONGEST_BLOCK:
            block = _block(kind, part, text, key, (trail, piece.section, links))
            self.blocks.append(block if piece.field is None else replace(block, field=piece.field))
            return
        for sentence, own in _shared_out(text, links):
            self.blocks.append(_block(kind, part, sentence, traits(sentence).key, (trail, piece.section, own)))


def _shared_out(text: str, links: tuple[Link, ...]) -> Iterable[tuple[str, tuple[Link, ...]]]:
    """Yield the sentences of a long text, each with the links whose words it holds, each link once."""
    left = links
    for sentence in sentences(text):
        held = [link.text in sentence for link in left]
        yield sentence, tuple(compress(left, held))
        left = tuple(compress(left, map(not_, held)))


def _links(anchors: tuple[Anchor, ...], base: str) -> tuple[Link, ...]:
    """Return anchors as links with canonical targets; those that lead nowhere are left out."""
    pairs = ((anchor.text, canonical(anchor.href, base)) for anchor in anchors)
    return tuple(Link(text, target) for text, target in pairs if target)


@lately(4096)
def _block(
    kind: BlockKind, part: Part, text: str, key: str, under: tuple[tuple[str, ...], str, tuple[Link, ...]]
) -> Block:
    """Return the block of these values; the same object for the same values, as most come again."""
    trail, section, links = under
    return Block(kind=kind, text=text, key=key, trail=trail, links=links, part=part, section=section)
