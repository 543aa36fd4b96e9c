"""The way out as data: where it starts, its steps, its forms, who may take it; each fact with its quote."""

from dataclasses import dataclass
from enum import StrEnum

from monitor.model.document import Field


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact in normal form with the words of the page that say so and their headings."""

    value: str
    quote: str
    trail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """Where the way out starts: a menu path (outermost first) or a link."""

    path: tuple[str, ...]
    target: str
    quote: str


@dataclass(frozen=True, slots=True)
class Effort:
    """How deep the way out lies: paragraphs and share of characters (0 to 1) before it, and what is asked."""

    paragraph: int
    share: float
    steps: int
    required_fields: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """The way out that one document describes; empty when it describes none."""

    entries: tuple[Entry, ...] = ()
    steps: tuple[Stated, ...] = ()
    forms: tuple[Stated, ...] = ()
    fields: tuple[Field, ...] = ()
    login: Stated | None = None
    deadline: Stated | None = None
    eligibility: tuple[Stated, ...] = ()
    covered: tuple[Stated, ...] = ()
    excluded: tuple[Stated, ...] = ()
    confirmation: tuple[Stated, ...] = ()
    effort: Effort | None = None

    def __bool__(self) -> bool:
        return bool(self.entries or self.steps or self.forms or self.fields)


class DifferenceKind(StrEnum):
    """How one way out differs from another."""

    STEP_ADDED = "step added"
    STEP_REMOVED = "step removed"
    STEP_REWORDED = "step reworded"
    STEPS_REORDERED = "steps reordered"
    FORM_ADDED = "form added"
    FORM_REMOVED = "form removed"
    FORM_MOVED = "form moved"
    FIELD_ADDED = "field added"
    FIELD_REMOVED = "field removed"
    FIELD_REQUIRED = "field now required"
    FIELD_OPTIONAL = "field now optional"
    OPTIONS_CHANGED = "options changed"
    DEADLINE_SET = "deadline set"
    DEADLINE_MOVED = "deadline moved"
    DEADLINE_LIFTED = "deadline lifted"
    LOGIN_CHANGED = "login changed"
    NO_LONGER_OFFERED = "no longer offered"
    NOW_OFFERED = "now offered"
    ELIGIBILITY_CHANGED = "eligibility changed"
    SCOPE_CHANGED = "scope changed"
    CONFIRMATION_CHANGED = "confirmation changed"
    ENTRY_CHANGED = "entry changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One typed difference between two ways out, as the two pages say it."""

    kind: DifferenceKind
    before: str
    after: str
