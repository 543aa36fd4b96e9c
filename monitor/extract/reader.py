"""The walk over a parsed page: elements in, pieces out, in reading order.

The walk is a loop, not a recursion, so that nesting of any depth is read. It is the hottest loop of the program
(bench/speed.py measures it): it asks each node for its tag and identity and for little else, and an element that
holds one text and nothing more, as most do, is read without entering it.
"""

import re
from collections.abc import Callable
from hashlib import blake2b
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from monitor.extract.fragments import FRAGMENTS
from monitor.extract.hints import PANEL_LEVEL, Hint, Hints
from monitor.extract.pieces import Mark, Piece
from monitor.extract.runs import Run, shown
from monitor.extract.tables import Table
from monitor.extract.tags import (
    BLOCK,
    BOLD,
    BREAK,
    BUTTON,
    CELL,
    FURNITURE,
    HEADING,
    INLINE,
    ITEM,
    LINK,
    LIST,
    PARAGRAPH,
    REMEMBERED,
    ROLES,
    ROW,
    RULE,
    SKIP,
    TABLE,
    TEXT,
    WHOLE,
    WITHIN_LINES,
)
from monitor.model.document import BlockKind

# Nodes read of one page; the largest policy seen has 31,000.
NODE_LIMIT = 500_000

_ARTICLE = frozenset(("article", "main"))
# Paragraphs and lists with longer markup are not remembered.
_LONGEST_REMEMBERED = 8_000

# The end of a line, when a capital follows without a space between.
_GLUED = re.compile(r"[a-zß-öø-ÿ.!?:)\]]$")


class _Place(NamedTuple):
    """Where in the page the walk is: what the text found here will be."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    marks: int = 0
    section: str = ""
    listing: BlockKind = BlockKind.ITEM
    depth: int = 0
    bold: bool = False
    href: str | None = None


def read(root: LexborNode, hints: Hints, style: str = "") -> list[Piece]:
    """Return the pieces of everything under a node, in reading order.

    `style` names what else the hints depend on; with a form on the page that is too much, and nothing is remembered.
    """
    formless = not any(hint.controls for hint in hints.values())
    walk = _Walk(hints, _Place(), style if formless else None)
    walk.through(root)
    return walk.pieces


class _Walk:
    """One walk: where it is, the text gathered since the last edge of a block, and the pieces so far."""

    def __init__(self, hints: Hints, place: _Place, style: str | None) -> None:
        self.pieces: list[Piece] = []
        self._hints = hints
        self._place = place
        self._style = style
        self._run = Run()
        self._link_start = 0
        self._fresh = False
        self._tables: list[Table | None] = []
        self._root = 0

    def through(self, root: LexborNode) -> None:
        """Visit every node under the root once, in document order, entering and leaving elements."""
        stack: list[tuple[LexborNode, int, _Place]] = []
        node: LexborNode | None = root
        self._root = root.mem_id
        for _ in range(NODE_LIMIT):
            if node is None:
                if not stack:
                    break
                node, role, place = stack.pop()
                if role:
                    self._leave(role, place)
            else:
                role = ROLES.get(node.tag, INLINE)
                if role == TEXT:
                    self._text(node.text_content or "")
                elif not (role in WHOLE and stack and self._whole(node, role)):
                    place = self._place
                    role = self._enter(node, role)
                    if role != SKIP:
                        stack.append((node, role, place))
                        node = node.child
                        continue
            node = node.next if stack else None
        self._flush()

    def _whole(self, node: LexborNode, role: int) -> bool:
        """Read an element without entering it, when it holds one text or is remembered; say whether it was."""
        if self._place.href is not None or node.mem_id in self._hints:
            return False
        child = node.child
        if child is None:
            return True
        if child.next is None and child.is_text_node:
            self._leaf(role, node, child.text_content or "")
            return True
        return role in REMEMBERED and self._remembered(node)

    def _remembered(self, node: LexborNode) -> bool:
        """Read a paragraph or list as it was read before; say whether that could be done."""
        place = self._place
        if self._style is None or place.kind is not BlockKind.PARAGRAPH or place.bold or place.depth:
            return False
        markup = node.html or ""
        if len(markup) > _LONGEST_REMEMBERED or (self._tables and self._tables[-1]):
            return False
        self._flush()
        name = (
            blake2b(markup.encode("utf-8", "surrogatepass"), digest_size=16).digest(),
            place.section,
            place.marks,
            place.level,
            self._style,
        )
        self.pieces += FRAGMENTS.of(name, lambda: self._within(node))
        return True

    def _within(self, node: LexborNode) -> tuple[Piece, ...]:
        walk = _Walk(self._hints, self._place, None)
        walk.through(node)
        return tuple(walk.pieces)

    def _leaf(self, role: int, node: LexborNode, raw: str) -> None:
        """Read a block that holds one text and nothing more."""
        if self._run.parts:
            self._flush()
        place, kind, level = self._place, BlockKind.PARAGRAPH, 0
        text = shown(raw)
        if not text:
            return
        if role == ITEM:
            kind = place.listing
        elif role == HEADING:
            level = int((node.tag or "h2")[1])
        else:
            kind, level = (place.kind if self._fresh else kind), place.level
        marks = place.marks | Mark.BOLD if place.bold else place.marks
        self._fresh = False
        self.pieces.append(Piece(kind, text, level, (), marks, place.depth, place.section))

    def _text(self, text: str) -> None:
        run, place = self._run, self._place
        if not text.isspace():
            run.plain = run.plain or not place.bold
            run.loose = run.loose or place.href is None
            if run.parts and text[:1].isupper() and _GLUED.search(run.parts[-1]):
                self._flush()  # two lines that only a style sheet keeps apart
                run.plain, run.loose = not place.bold, place.href is None
        run.parts.append(text)

    def _flush(self) -> None:
        """End the line: what was gathered becomes pieces."""
        run, place = self._run, self._place
        if not run.parts:
            return
        if place.href is not None:
            run.anchors.append((self._link_start, len(run.parts), place.href))
        self._link_start = 0
        kind = place.kind if self._fresh or place.kind is BlockKind.BUTTON else BlockKind.PARAGRAPH
        made = run.cut(Piece(kind, "", place.level, (), place.marks, place.depth, place.section))
        if made:
            self.pieces += made
            self._fresh = False

    def _enter(self, node: LexborNode, role: int) -> int:
        """Note what entering an element changes; return the role it turns out to have, SKIP to leave it unread."""
        hint = self._hints.get(node.mem_id)
        if hint is not None:
            role = self._heed(hint, role)
        if role:
            _ENTER[role](self, node)
        return role

    def _heed(self, hint: Hint, role: int) -> int:
        """Take in what attributes say; return the role that they give the element."""
        if hint.skip:
            self._controls(hint)
            return SKIP
        if hint.block or hint.marks or (hint.section and role not in WITHIN_LINES):
            self._flush()
            place = self._place
            self._place = place._replace(
                section=hint.section or place.section, marks=place.marks | hint.marks, level=hint.level or place.level
            )
            role = ITEM if hint.item else role or BLOCK
        if hint.pressed and not self._place.level and not self._run.parts:
            return BUTTON
        return role

    def _controls(self, hint: Hint) -> None:
        """Put form controls and their buttons where they stand."""
        place = self._place
        if hint.controls or hint.button:
            self._flush()
        for control, anchors in hint.controls:
            self.pieces.append(
                Piece(
                    BlockKind.FIELD, control.label or control.name, 0, anchors, place.marks, 0, place.section, control
                )
            )
        if hint.button:
            self.pieces.append(Piece(BlockKind.BUTTON, hint.button, 0, (), place.marks, 0, place.section))

    def _leave(self, role: int, place: _Place) -> None:
        """Note what leaving an element changes: the place is again what it was."""
        if role == LINK:
            self._end_link()
        elif role not in WITHIN_LINES:
            if self._run.parts:
                self._flush()
            if role in _CLOSE:
                _CLOSE[role](self)
        self._place = place

    def _heading(self, node: LexborNode) -> None:
        self._flush()
        self._place = self._place._replace(kind=BlockKind.PARAGRAPH, level=int((node.tag or "h2")[1]))

    def _link(self, node: LexborNode) -> None:
        self._link_start = len(self._run.parts)
        href = node.attrs.sget("href", "")
        if href:
            self._place = _Place(*self._place[:7], href)
        elif "zippy" in node.attrs.sget("class", "").split():
            self._flush()  # the title of an answer that opens on Google's help pages
            self._place = self._place._replace(level=PANEL_LEVEL, section=node.id or self._place.section)

    def _end_link(self) -> None:
        run, href = self._run, self._place.href
        if self._place.level == PANEL_LEVEL:
            self._flush()
        if href is not None and len(run.parts) > self._link_start:
            run.anchors.append((self._link_start, len(run.parts), href))
        self._link_start = 0

    def _bold(self, _node: LexborNode) -> None:
        self._place = self._place._replace(bold=True)

    def _break(self, _node: LexborNode) -> None:
        self._run.line_break()

    def _rule(self, _node: LexborNode) -> None:
        self._flush()
        self.pieces.append(Piece(BlockKind.PARAGRAPH, "", marks=Mark.RULE))

    def _block(self, _node: LexborNode) -> None:
        if self._run.parts:
            self._flush()

    def _furniture(self, node: LexborNode) -> None:
        self._flush()
        if node.tag == "nav" or not self._within_article(node):
            self._place = self._place._replace(marks=self._place.marks | Mark.FURNITURE)

    def _within_article(self, node: LexborNode) -> bool:
        """Say whether an element stands within the main part of what is read."""
        above: LexborNode | None = node
        while above is not None and above.mem_id != self._root:
            if above.tag in _ARTICLE:
                return True
            above = above.parent
        return above is not None and above.tag in _ARTICLE

    def _list(self, node: LexborNode) -> None:
        self._flush()
        place = self._place
        listing = BlockKind.STEP if node.tag == "ol" else BlockKind.ITEM
        self._place = place._replace(listing=listing, depth=place.depth + 1)

    def _item(self, _node: LexborNode) -> None:
        self._flush()
        self._fresh = True
        place = self._place
        self._place = _Place(place.listing, *place[1:])

    def _button(self, node: LexborNode) -> None:
        if self._place.level:
            return
        self._flush()
        opens = "aria-expanded" in node.attributes
        self._place = self._place._replace(**{"level": PANEL_LEVEL} if opens else {"kind": BlockKind.BUTTON})

    def _table(self, node: LexborNode) -> None:
        self._flush()
        layout = node.attrs.sget("role", "") in ("presentation", "none")
        self._tables.append(None if layout else Table())

    def _end_table(self) -> None:
        self._tables.pop()

    def _row(self, _node: LexborNode) -> None:
        self._flush()
        if self._tables and (table := self._tables[-1]):
            table.begin_row(len(self.pieces))

    def _end_row(self) -> None:
        if self._tables and (table := self._tables[-1]):
            table.end_row(self.pieces)

    def _cell(self, node: LexborNode) -> None:
        self._flush()
        self._place = self._place._replace(kind=BlockKind.PARAGRAPH)
        if self._tables and (table := self._tables[-1]):
            table.begin_cell(len(self.pieces), heads=node.tag == "th")


_ENTER: dict[int, Callable[[_Walk, LexborNode], None]] = {
    BLOCK: _Walk._block,
    PARAGRAPH: _Walk._block,
    HEADING: _Walk._heading,
    LINK: _Walk._link,
    BOLD: _Walk._bold,
    BREAK: _Walk._break,
    RULE: _Walk._rule,
    SKIP: lambda _walk, _node: None,
    LIST: _Walk._list,
    ITEM: _Walk._item,
    TABLE: _Walk._table,
    ROW: _Walk._row,
    CELL: _Walk._cell,
    BUTTON: _Walk._button,
    FURNITURE: _Walk._furniture,
}
_CLOSE: dict[int, Callable[[_Walk], None]] = {TABLE: _Walk._end_table, ROW: _Walk._end_row}
