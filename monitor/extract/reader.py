"""The walk over a parsed page: elements in, pieces out, in reading order.

The walk is a loop, not a recursion, so that nesting of any depth is read. It is the hottest loop of the program
(bench/speed.py measures it): it asks each node for its tag and identity and for little else.
"""

import re
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from monitor.extract.hints import Hint, Hints
from monitor.extract.pieces import Mark, Piece
from monitor.extract.runs import Run
from monitor.extract.tables import Table
from monitor.model.document import BlockKind

# Nodes read of one page; the largest policy seen has 31,000.
NODE_LIMIT = 500_000


class _Role(IntEnum):
    """What a tag means to the walk; tags not listed are part of the line they stand in."""

    INLINE = 0
    TEXT = 14
    BLOCK = 1
    HEADING = 2
    LINK = 3
    BOLD = 4
    BREAK = 5
    RULE = 6
    SKIP = 7
    LIST = 8
    ITEM = 9
    TABLE = 10
    ROW = 11
    CELL = 12
    BUTTON = 13


_TAGS: dict[_Role, str] = {
    _Role.TEXT: "-text",
    _Role.BLOCK: "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form header hgroup legend main menu nav noframes p pre search section summary tbody tfoot "
    "thead html optgroup option label",
    _Role.HEADING: "h1 h2 h3 h4 h5 h6",
    _Role.LINK: "a",
    _Role.BOLD: "b strong",
    _Role.BREAK: "br",
    _Role.RULE: "hr",
    _Role.SKIP: "-comment script style template noscript svg math head iframe frame object embed canvas audio video map "
    "datalist select textarea input progress meter title link meta img picture source !doctype",
    _Role.LIST: "ul ol",
    _Role.ITEM: "li",
    _Role.TABLE: "table",
    _Role.ROW: "tr",
    _Role.CELL: "td th",
    _Role.BUTTON: "button",
}
_ROLES = {tag: role for role, tags in _TAGS.items() for tag in tags.split()}


class _Place(NamedTuple):
    """Where in the page the walk is: what the text found here will be."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    marks: int = 0
    section: str = ""
    listing: BlockKind = BlockKind.ITEM
    bold: bool = False
    href: str | None = None
    depth: int = 0


def read(root: LexborNode, hints: Hints) -> list[Piece]:
    """Return the pieces of everything under a node, in reading order."""
    walk = _Walk(hints)
    walk.through(root)
    return walk.pieces


# The end of a line, when a capital follows without a space between.
_GLUED = re.compile(r"[a-zß-öø-ÿ.!?:)\]]$")
_SECTION_OF_ONE = frozenset((_Role.INLINE, _Role.BOLD, _Role.LINK))


class _Walk:
    """One walk: where it is, the text gathered since the last edge of a block, and the pieces so far."""

    def __init__(self, hints: Hints) -> None:
        self.pieces: list[Piece] = []
        self._hints = hints
        self._place = _Place()
        self._run = Run()
        self._link_start = 0
        self._fresh = False
        self._tables: list[Table] = []

    def through(self, root: LexborNode) -> None:
        """Visit every node under the root once, in document order, entering and leaving elements."""
        stack = [(root, self._enter(root, _ROLES.get(root.tag or "", _Role.INLINE)), _Place())]
        node, left = root.child, NODE_LIMIT
        while stack and left:
            left -= 1
            if node is None:
                above, role, place = stack.pop()
                if role:
                    self._leave(role, place)
                node = above.next if stack else None
                continue
            role, place = _ROLES.get(node.tag or "", _Role.INLINE), self._place
            if role is _Role.TEXT:
                self._text(node.text_content or "")
                node = node.next
                continue
            role = self._enter(node, role)
            if role is _Role.SKIP:
                node = node.next
                continue
            stack.append((node, role, place))
            node = node.child
        self._flush()

    def _text(self, text: str) -> None:
        run, place = self._run, self._place
        if not text.isspace():
            run.plain = run.plain or not place.bold
            run.loose = run.loose or place.href is None
            if run.parts and text[0].isupper() and _GLUED.search(run.parts[-1]):
                self._flush()  # two lines that only a style sheet keeps apart
                run = self._run
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
        made = run.cut(kind, place.level, place.marks, place.depth, place.section)
        if made:
            self.pieces += made
            self._fresh = False

    def _enter(self, node: LexborNode, role: _Role) -> _Role:
        """Note what entering an element changes; return the role it turns out to have, SKIP to leave it unread."""
        hint = self._hints.get(node.mem_id)
        if hint is not None:
            role = self._heed(hint, role)
        if role:
            _ENTER[role](self, node)
        return role

    def _heed(self, hint: Hint, role: _Role) -> _Role:
        """Take in what attributes say; return the role that they give the element."""
        if hint.skip:
            self._controls(hint)
            return _Role.SKIP
        if hint.block or hint.marks or (hint.section and role not in _SECTION_OF_ONE):
            self._flush()
            place = self._place
            self._place = place._replace(
                section=hint.section or place.section, marks=place.marks | hint.marks, level=hint.level or place.level
            )
            role = _Role.ITEM if hint.item else role or _Role.BLOCK
        if hint.pressed and not self._place.level and not self._run.parts:
            return _Role.BUTTON
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

    def _leave(self, role: _Role, place: _Place) -> None:
        """Note what leaving an element changes: the place is again what it was."""
        if role is _Role.LINK:
            self._end_link()
        elif role is not _Role.BOLD and role is not _Role.BREAK:
            self._flush()
            if role in _CLOSE:
                _CLOSE[role](self)
        self._place = place

    def _heading(self, node: LexborNode) -> None:
        self._flush()
        self._place = self._place._replace(kind=BlockKind.PARAGRAPH, level=int((node.tag or "h2")[1]))

    def _link(self, node: LexborNode) -> None:
        self._link_start = len(self._run.parts)
        self._place = self._place._replace(href=node.attrs.sget("href", "") or None)

    def _end_link(self) -> None:
        run, href = self._run, self._place.href
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
        self._flush()

    def _list(self, node: LexborNode) -> None:
        self._flush()
        place = self._place
        listing = BlockKind.STEP if node.tag == "ol" else BlockKind.ITEM
        self._place = place._replace(listing=listing, depth=place.depth + 1)

    def _item(self, _node: LexborNode) -> None:
        self._flush()
        self._fresh = True
        self._place = self._place._replace(kind=self._place.listing)

    def _button(self, _node: LexborNode) -> None:
        if not self._place.level:
            self._flush()
            self._place = self._place._replace(kind=BlockKind.BUTTON)

    def _table(self, _node: LexborNode) -> None:
        self._flush()
        self._tables.append(Table())

    def _end_table(self) -> None:
        self._tables.pop()

    def _row(self, _node: LexborNode) -> None:
        self._flush()
        if self._tables:
            self._tables[-1].begin_row(len(self.pieces))

    def _end_row(self) -> None:
        if self._tables:
            self._tables[-1].end_row(self.pieces)

    def _cell(self, node: LexborNode) -> None:
        self._flush()
        self._place = self._place._replace(kind=BlockKind.PARAGRAPH)
        if self._tables:
            self._tables[-1].begin_cell(len(self.pieces), heads=node.tag == "th")


_ENTER: dict[_Role, Callable[[_Walk, LexborNode], None]] = {
    _Role.BLOCK: _Walk._block,
    _Role.HEADING: _Walk._heading,
    _Role.LINK: _Walk._link,
    _Role.BOLD: _Walk._bold,
    _Role.BREAK: _Walk._break,
    _Role.RULE: _Walk._rule,
    _Role.SKIP: lambda _walk, _node: None,
    _Role.LIST: _Walk._list,
    _Role.ITEM: _Walk._item,
    _Role.TABLE: _Walk._table,
    _Role.ROW: _Walk._row,
    _Role.CELL: _Walk._cell,
    _Role.BUTTON: _Walk._button,
}
_CLOSE: dict[_Role, Callable[[_Walk], None]] = {_Role.TABLE: _Walk._end_table, _Role.ROW: _Walk._end_row}
