"""Two documents side by side: two readings and what differs between them in, rows in reading order out.

Blocks stand beside each other that say the same under the same headings; between those, under whatever headings. What
differs is what `compare` found: a block that only moved, or is repeated elsewhere, is shown and not called a change.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TypeAlias

from monitor.compare.words import word_edits
from monitor.model.change import Change, Edit
from monitor.model.document import Block, Document, Part

CONTEXT = 2  # blocks that are shown before and after what changed

_Known: TypeAlias = Callable[[Block], Hashable]
_Pair: TypeAlias = tuple[Block | None, Block | None]


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
    olds, news = _read(before), _read(after)
    pairs = _beside(olds, news, (work.under_its_headings, work.anywhere))
    return tuple(work.row(old, new) for old, new in pairs if new or not work.went_elsewhere(old))


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


def _read(document: Document) -> list[Block]:
    return [block for block in document.blocks if block.part is not Part.FURNITURE and (block.key or block.field)]


def _beside(olds: Sequence[Block], news: Sequence[Block], known_by: Sequence[_Known]) -> Iterator[_Pair]:
    """Yield blocks in step: first those that one sort of knowing names once on both sides, then the gaps between them.

    A long page repeats whole lists, and the longest run that two such pages share may lie in different places of them:
    what stands there once is what holds both sides together (patience, as some tools call it).
    """
    if not (olds and news):
        yield from ((old, None) for old in olds)
        yield from ((None, new) for new in news)
        return
    anchors = _anchors(olds, news, known_by[0])
    others = known_by if anchors else known_by[1:]
    if not others:
        yield from _in_step(olds, news, known_by[0])
        return
    i = j = 0
    for old, new in anchors:
        yield from _beside(olds[i:old], news[j:new], others)
        yield olds[old], news[new]
        i, j = old + 1, new + 1
    yield from _beside(olds[i:], news[j:], others)


def _anchors(olds: Sequence[Block], news: Sequence[Block], known_by: _Known) -> list[tuple[int, int]]:
    """Return the places of blocks that stand once on both sides, as many as stand in the same order on both."""
    places, twins = _once(news, known_by), _once(olds, known_by)
    return _rising([(place, places[key]) for key, place in twins.items() if key in places])


def _once(blocks: Sequence[Block], known_by: _Known) -> dict[Hashable, int]:
    """Return where the blocks stand that are known by something no other one is known by, in their order."""
    keys = [known_by(block) for block in blocks]
    count = Counter(keys)
    return {key: place for place, key in enumerate(keys) if count[key] == 1}


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of pairs, given in the order of their first numbers, whose second numbers rise too."""
    ends: list[int] = []  # ends[n] is the smallest second number that a rising run of n + 1 pairs ends with
    places: list[int] = []  # of the pair that each of these runs ends with
    before: list[int] = []  # the pair before each pair in its run, or -1
    for place, (_, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        before.append(places[length - 1] if length else -1)
        ends[length : length + 1] = [second]
        places[length : length + 1] = [place]
    run: list[tuple[int, int]] = []
    place = places[-1] if places else -1
    while place >= 0:
        run.append(pairs[place])
        place = before[place]
    return run[::-1]


def _in_step(olds: Sequence[Block], news: Sequence[Block], known_by: _Known) -> Iterator[_Pair]:
    """Yield what is left: equal runs as pairs, and between them what went before what came."""
    matcher = SequenceMatcher(None, [known_by(one) for one in olds], [known_by(one) for one in news], autojunk=False)
    for tag, i, to_i, j, to_j in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(olds[i:to_i], news[j:to_j], strict=True)
        else:
            yield from ((old, None) for old in olds[i:to_i])
            yield from ((None, new) for new in news[j:to_j])


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

    def under_its_headings(self, block: Block) -> Hashable:
        """Return what a block says and all headings over it, as they are now."""
        return (self.anywhere(block), tuple(heading.casefold() for heading in self._now(block).trail))

    def anywhere(self, block: Block) -> Hashable:
        """Return what a block is known by on both sides: a reworded one by the block that it became."""
        if id(block) in self._after or id(block) in self._before:
            return id(self._now(block))
        return (block.key, block.field.name if block.field else "")

    def went_elsewhere(self, old: Block | None) -> bool:
        """Say whether a block that has nothing beside it is shown beside what it became, further up or down."""
        return id(old) in self._after

    def row(self, old: Block | None, new: Block | None) -> Row:
        """Return two blocks that stand beside each other as a row."""
        before = old or self._before.get(id(new))
        kind = self._kind(before, new)
        edits = word_edits(before.text, new.text) if before and new and kind is RowKind.REWORDED else ()
        return Row(kind, before, new, edits)

    def _now(self, block: Block) -> Block:
        return self._after.get(id(block), block)

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
