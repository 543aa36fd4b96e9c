"""What differs between two documents; an empty change is nothing a reader or a form would notice."""

from dataclasses import dataclass
from enum import StrEnum

from monitor.model.document import Block, Field, Link


class EditKind(StrEnum):
    """What happened to a run of words."""

    KEPT = "kept"
    GONE = "gone"
    COME = "come"


@dataclass(frozen=True, slots=True)
class Edit:
    """A run of words that was kept, went or came; joined, the kept and gone runs are the text before."""

    kind: EditKind
    text: str


@dataclass(frozen=True, slots=True)
class Reworded:
    """A block whose words changed; `compare.word_edits` says which, where a reader is shown."""

    before: Block
    after: Block


@dataclass(frozen=True, slots=True)
class Relinked:
    """A link that kept its words and leads elsewhere; None stands for a link that is not there."""

    before_block: Block
    after_block: Block
    before: Link | None
    after: Link | None


@dataclass(frozen=True, slots=True)
class Refielded:
    """A form field that came (before is None), went (after is None) or changed."""

    before: Field | None
    after: Field | None
    block: Block


@dataclass(frozen=True, slots=True)
class Moved:
    """A block that says the same under other headings or at another place."""

    before: Block
    after: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What differs, blocks gone first, then blocks come, each in reading order."""

    removed: tuple[Block, ...] = ()
    added: tuple[Block, ...] = ()
    reworded: tuple[Reworded, ...] = ()
    moved: tuple[Moved, ...] = ()
    relinked: tuple[Relinked, ...] = ()
    refielded: tuple[Refielded, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.removed or self.added or self.reworded or self.moved or self.relinked or self.refielded)

    @property
    def lines(self) -> int:
        """Return how many blocks differ, moves left out."""
        return len(self.removed) + len(self.added) + len(self.reworded) + len(self.relinked) + len(self.refielded)
