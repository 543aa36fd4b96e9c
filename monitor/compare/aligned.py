"""Two documents side by side: two readings and what differs between them in, rows in reading order out.

Sections stand beside each other by their headings, and within a section blocks by what they say. What differs is what
`compare` found: a block that only moved, or is repeated elsewhere, is shown and not called a change.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest
from typing import TypeVar

from monitor.compare.words import word_edits
from monitor.model.change import Change, Edit
from monitor.model.document import Block, BlockKind, Document, Part

T = TypeVar("T")

CONTEXT = 2  # blocks that are shown before and after what changed


class RowKind(StrEnum):
    """What a row shows."""

    KEPT = "kept"
    REWORDED = "reworded"
    REMOVED = "removed"
    ADDED = "added"
    MOVED = "moved"
    RELINKED = "relinked"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Row:
    """What stands beside each other: a block on one side or both, and the word edits between two that differ."""

    kind: RowKind
    before: Block | None
    after: Block | None
    edits: tuple[Edit, ...] = ()

    @property
    def changed(self) -> bool:
        """Say whether the row shows a change."""
        return self.kind is not RowKind.KEPT

    @property
    def block(self) -> Block:
        """Return the block that is there now, or else the one that was."""
        block = self.after or self.before
        assert block is not None  # a row has a side
        return block


def aligned(before: Document, after: Document, change: Change) -> tuple[Row, ...]:
    """Return every block of both documents, furniture left out: what went before what came, under its heading."""
    work = _Work(change)
    rows: list[Row] = []
    for old, new in _beside(_sections(before), _sections(after), work.heading, _alike):
        rows += work.rows(old or (), new or ())
    return tuple(rows)


def passages(rows: Sequence[Row], context: int = CONTEXT) -> tuple[tuple[Row, ...], ...]:
    """Return the rows that changed with so many kept ones round them, in runs that hang together."""
    shown = {near for at, row in enumerate(rows) if row.changed for near in range(at - context, at + context + 1)}
    runs: list[list[Row]] = []
    last = -2
    for at in sorted(shown & set(range(len(rows)))):
        if at != last + 1:
            runs.append([])
        runs[-1].append(rows[at])
        last = at
    return tuple(tuple(run) for run in runs)


def _sections(document: Document) -> list[tuple[Block, ...]]:
    """Return a document's blocks in runs that each begin with a heading, but for what stands before the first."""
    sections: list[list[Block]] = [[]]
    for block in document.blocks:
        if block.part is Part.FURNITURE or not (block.key or block.field):
            continue
        if block.kind is BlockKind.HEADING:
            sections.append([])
        sections[-1].append(block)
    return [tuple(section) for section in sections if section]


def _alike(old: Sequence[Block], new: Sequence[Block]) -> bool:
    """Say whether two sections are one under another heading: they share a block."""
    return not {block.key for block in old}.isdisjoint(block.key for block in new)


def _never(_old: object, _new: object) -> bool:
    return False


def _beside(
    olds: Sequence[T],
    news: Sequence[T],
    known_by: Callable[[T], Hashable],
    alike: Callable[[T, T], bool] = _never,
) -> Iterator[tuple[T | None, T | None]]:
    """Yield both sequences in step: equal ones as pairs, alike ones too, what went before what came between them."""
    matcher = SequenceMatcher(None, [known_by(one) for one in olds], [known_by(one) for one in news], autojunk=False)
    for tag, i, to_i, j, to_j in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(olds[i:to_i], news[j:to_j], strict=True)
            continue
        for old, new in zip_longest(olds[i:to_i], news[j:to_j]):
            if old is not None and new is not None and alike(old, new):
                yield old, new
                continue
            yield from ((old, None),) if old is not None else ()
            yield from ((None, new),) if new is not None else ()


class _Work:
    """What `compare` found, by the blocks that it found it in."""

    def __init__(self, change: Change) -> None:
        self._before = {id(pair.after): pair.before for pair in change.reworded}
        self._after = {id(pair.before): pair.after for pair in change.reworded}
        self._removed = {id(block) for block in change.removed}
        self._added = {id(block) for block in change.added}
        self._moved = {id(side) for pair in change.moved for side in (pair.before, pair.after)}
        self._relinked = {id(side) for one in change.relinked for side in (one.before_block, one.after_block)}
        self._fields = {id(one.block) for one in change.refielded}

    def heading(self, section: Sequence[Block]) -> Hashable:
        """Return what a section is known by: the words of its heading, as they are now."""
        first = section[0]
        return self._now(first).key if first.kind is BlockKind.HEADING else ""

    def rows(self, olds: Sequence[Block], news: Sequence[Block]) -> list[Row]:
        """Return two sections beside each other; what went to another section is shown where it is now."""
        pairs = [(old, new) for old, new in _beside(olds, news, self._known_by) if new or id(old) not in self._after]
        return [self._row(old, new) for old, new in pairs]

    def _now(self, block: Block) -> Block:
        return self._after.get(id(block), block)

    def _known_by(self, block: Block) -> Hashable:
        """Return what a block is known by on both sides: a reworded one by the block that it became."""
        if id(block) in self._after or id(block) in self._before:
            return id(self._now(block))
        return (block.key, block.field.name if block.field else "")

    def _row(self, old: Block | None, new: Block | None) -> Row:
        before = old or self._before.get(id(new))
        kind = self._kind(before, new)
        edits = word_edits(before.text, new.text) if before and new and kind is RowKind.REWORDED else ()
        return Row(kind, before, new, edits)

    def _kind(self, old: Block | None, new: Block | None) -> RowKind:
        sides = [id(block) for block in (old, new) if block is not None]
        for kind, found in (
            (RowKind.REWORDED, self._before.keys()),
            (RowKind.REMOVED, self._removed),
            (RowKind.ADDED, self._added),
            (RowKind.FIELD, self._fields),
            (RowKind.RELINKED, self._relinked),
            (RowKind.MOVED, self._moved),
        ):
            if any(side in found for side in sides):
                return kind
        return RowKind.KEPT
