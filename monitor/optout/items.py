"""A change taken apart into what a reader would point at: one sentence, link or field each."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitor.model.change import Change, Moved, Refielded, Relinked
from monitor.model.document import Block, BlockKind, Part
from monitor.optout.sentences import changed_sentences, sentences


class ItemKind(StrEnum):
    """What happened to it."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    RELINKED = "relinked"
    FIELD = "field"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One piece of a change: words before and after (an empty side was not there) and where they stand."""

    kind: ItemKind
    before: str
    after: str
    block: Block
    whole: bool = False
    relinked: Relinked | None = None
    refielded: Refielded | None = None
    moved: Moved | None = None

    @property
    def trail(self) -> tuple[str, ...]:
        """Return the headings it stands under."""
        return self.block.trail

    @property
    def notes(self) -> bool:
        """Say whether it stands in the notes, which explain the body."""
        return self.block.part is Part.NOTES


def items_of(change: Change) -> Iterator[Item]:
    """Yield the pieces of a change: links, fields, moves, then text gone, come and reworded."""
    for relinked in change.relinked:
        yield _link_item(relinked)
    for refielded in change.refielded:
        yield _field_item(refielded)
    for moved in change.moved:
        yield Item(
            kind=ItemKind.MOVED, before=moved.before.text, after=moved.after.text, block=moved.after, moved=moved
        )
    for block in change.removed:
        yield from _whole(ItemKind.REMOVED, block)
    for block in change.added:
        yield from _whole(ItemKind.ADDED, block)
    for pair in change.reworded:
        for before, after in changed_sentences(pair.before.text, pair.after.text):
            kind = ItemKind.REWORDED if before and after else ItemKind.REMOVED if before else ItemKind.ADDED
            yield Item(kind=kind, before=before, after=after, block=pair.after if after else pair.before)


def _whole(kind: ItemKind, block: Block) -> Iterator[Item]:
    if block.kind in {BlockKind.HEADING, BlockKind.BUTTON}:
        texts: tuple[str, ...] = (block.text,)
    else:
        texts = sentences(block.text)
    for text in texts:
        before, after = (text, "") if kind is ItemKind.REMOVED else ("", text)
        yield Item(kind=kind, before=before, after=after, block=block, whole=True)


def _link_item(relinked: Relinked) -> Item:
    return Item(
        kind=ItemKind.RELINKED,
        before=relinked.before.target if relinked.before else "",
        after=relinked.after.target if relinked.after else "",
        block=relinked.after_block,
        relinked=relinked,
    )


def _field_item(refielded: Refielded) -> Item:
    old, new = refielded.before, refielded.after
    return Item(
        kind=ItemKind.FIELD,
        before=(old.label or old.name) if old else "",
        after=(new.label or new.name) if new else "",
        block=refielded.block,
        refielded=refielded,
    )
