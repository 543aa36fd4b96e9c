"""What of a change is new, and what was seen before: texts flip, groups of sections go and come back."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from monitor.compare.marks import field_mark, link_mark, mark
from monitor.model.change import Change, Reworded
from monitor.model.document import Block, BlockKind, Document, Part

# A group that went is no edit but a part that was not served: at least so many blocks, at least this share of the
# part's characters, and at most this share of them replaced by new text. Set so that
# footnotes and sub-headings that went for weeks in the development corpus are groups, and no real removal there is.
GROUP_BLOCKS = 5
GROUP_SHARE = 0.12
GROUP_REPLACED = 0.34
# New text of at least this share of the page with next to nothing gone: sections that were not served before, hidden
# copies taken in. Set so that no addition labelled as real in the development corpus is one.
GROUP_GROWTH = 0.5


@dataclass(frozen=True, slots=True)
class Sorted:
    """A change sorted by what is known: what is new, whether any of it was seen before, the group that went or came."""

    fresh: Change
    returned: bool
    group_gone: tuple[Block, ...] = ()
    group_come: tuple[Block, ...] = ()

    @property
    def variant(self) -> bool:
        """Say whether this is another way of serving the page rather than a new text of it."""
        return bool(self.group_gone or self.group_come)


def sorted_by_known(change: Change, before: Document, *, seen: Collection[str], gone: Collection[str]) -> Sorted:
    """Return the change without what was seen or judged gone before, and without groups that went or came."""
    new = [pair for pair in change.reworded if mark(pair.after) not in seen]
    reworded = tuple(pair for pair in new if mark(pair.before) not in gone)
    added = tuple(block for block in change.added if mark(block) not in seen)
    added += tuple(pair.after for pair in new if mark(pair.before) in gone)
    removed = tuple(block for block in change.removed if mark(block) not in gone)
    went = _groups(removed, added, reworded, before)
    came = _came(added, removed, before)
    away, here = {id(block) for block in went}, {id(block) for block in came}
    fresh = replace(
        change,
        added=tuple(block for block in added if id(block) not in here),
        reworded=reworded,
        removed=tuple(block for block in removed if id(block) not in away),
        relinked=tuple(one for one in change.relinked if one.after is None or link_mark(one.after) not in seen),
        refielded=tuple(one for one in change.refielded if one.after is None or field_mark(one.after) not in seen),
        moved=() if _headings_only(went, change) else change.moved,
    )
    returned = len(added) + len(reworded) < len(change.added) + len(change.reworded)
    return Sorted(fresh, returned, went, came)


def _came(added: Sequence[Block], removed: Sequence[Block], before: Document) -> tuple[Block, ...]:
    """Return the new blocks when they are a group that came with next to nothing gone for it."""
    chars = _chars(added)
    grown = chars >= GROUP_GROWTH * max(1, before.chars) and _chars(removed) <= GROUP_REPLACED * chars
    return tuple(added) if grown and len(added) >= GROUP_BLOCKS else ()


def _groups(
    removed: Sequence[Block], added: Sequence[Block], reworded: Sequence[Reworded], before: Document
) -> tuple[Block, ...]:
    """Return the removed blocks of each part that went as a group, in reading order."""
    came = _chars(added) + sum(abs(len(pair.after.text) - len(pair.before.text)) for pair in reworded)
    found: list[Block] = []
    for part in (Part.BODY, Part.NOTES, Part.NOTICE):
        went = [block for block in removed if block.part is part]
        whole = [block for block in before.blocks if block.part is part]
        if _is_group(went, whole, came):
            found += went
    headings = [block for block in removed if block.kind is BlockKind.HEADING]
    found = _with_runs(found, removed, before)
    if not found and len(headings) >= GROUP_BLOCKS and _most_headings_went(headings, before):
        found = headings
    return tuple(found)


def _with_runs(group: Sequence[Block], removed: Sequence[Block], before: Document) -> list[Block]:
    """Return the group with what went inside it: removed blocks in an unbroken run that is mostly the group's."""
    if not group:
        return []
    gone, inside = {id(block) for block in removed}, {id(block) for block in group}
    run: list[Block] = []
    found: list[Block] = []
    for block in (*before.blocks, None):
        if block is not None and id(block) in gone:
            run.append(block)
            continue
        own = [one for one in run if id(one) in inside]
        found += run if 2 * _chars(own) > _chars(run) else own
        run = []
    return found


def _is_group(went: Sequence[Block], whole: Sequence[Block], came: int) -> bool:
    chars = _chars(went)
    return len(went) >= GROUP_BLOCKS and chars >= GROUP_SHARE * max(1, _chars(whole)) and came <= GROUP_REPLACED * chars


def _most_headings_went(headings: Sequence[Block], before: Document) -> bool:
    return 3 * len(headings) > sum(block.kind is BlockKind.HEADING for block in before.blocks)


def _headings_only(group: Sequence[Block], change: Change) -> bool:
    """Say whether headings went or came as a group, so that what stood under them only seems to have moved."""
    came = sum(block.kind is BlockKind.HEADING for block in change.added)
    return came >= GROUP_BLOCKS or sum(block.kind is BlockKind.HEADING for block in group) >= GROUP_BLOCKS


def _chars(blocks: Iterable[Block]) -> int:
    return sum(len(block.text) for block in blocks)
