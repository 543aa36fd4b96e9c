"""What a change means for someone who wants out: kind, level, aspects, with quotes and reasons."""

from dataclasses import dataclass
from enum import StrEnum

# What a verdict waits for: nothing is let out while one fetch alone shows it.
NEXT_FETCH = "the next fetch"
GONE_AGAIN = "a maintainer: what had come was gone again at the next fetch"
BACK_AGAIN = "a maintainer: what had gone was back at the next fetch"
CAME_AGAIN = "a maintainer: it came, was gone, and came again"


class Kind(StrEnum):
    """What a change is called. Source: the detection notes, `docs/how-it-works/detection.md`."""

    FIRST = "first"
    SAME = "same"
    NOISE = "noise"
    FLAP = "flap"
    CAPTURE = "capture"
    SUBSTANTIVE = "substantive"
    OPTOUT = "optout"
    SIGNAL = "signal"  # a feed speaks of it; no page was seen to change


class Level(StrEnum):
    """Who is told when: at once, in the weekly digest, or nobody."""

    ALERT = "alert"
    DIGEST = "digest"
    NONE = "none"


class Aspect(StrEnum):
    """What about the way out a change touches."""

    RIGHT_TO_OBJECT = "right_to_object"
    AI_TRAINING_USE = "ai_training_use"
    DATA_CATEGORIES = "data_categories"
    EXCLUSIONS = "exclusions"
    DEADLINE = "deadline"
    ELIGIBILITY = "eligibility"
    STEP = "step"
    FORM_LINK = "form_link"
    FORM_FIELD = "form_field"
    SETTINGS_PATH = "settings_path"
    CONSENT_WITHDRAWAL = "consent_withdrawal"
    SCOPE = "scope"
    LEGAL_BASIS = "legal_basis"
    CONFIRMATION = "confirmation"


class Direction(StrEnum):
    """Which way a piece of the page went."""

    ADDED = "added"
    REMOVED = "removed"
    NARROWED = "narrowed"
    WIDENED = "widened"
    MOVED = "moved"
    REWORDED = "reworded"
    REQUIRED = "required"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Quote:
    """The words before and after, as shown, under their headings; an empty side was not there."""

    before: str
    after: str
    trail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule spoke: its name, the cue it saw, the block it saw it in, and the weight it gave."""

    rule: str
    cue: str
    where: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a change is and whom to tell. Relevant verdicts carry quotes; there is none without.

    `title` is one sentence of at most 140 characters, `meaning` what the reader may do, both made from the
    facts alone. `held` says that it waits (`waits_for` says for what) instead of being told by itself; `confirmable`
    that later captures are enough to let it out.
    """

    kind: Kind
    level: Level = Level.NONE
    aspects: tuple[Aspect, ...] = ()
    directions: tuple[Direction, ...] = ()
    title: str = ""
    meaning: str = ""
    quotes: tuple[Quote, ...] = ()
    reasons: tuple[Reason, ...] = ()
    held: bool = False
    waits_for: str = ""
    confirmable: bool = False
    priority: int = 0
    other_lines: int = 0

    @property
    def relevant(self) -> bool:
        """Say whether anyone is to be told."""
        return self.level is not Level.NONE
