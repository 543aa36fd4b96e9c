"""How the watching itself goes: every check, and where each page stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.capture import Digest
from monitor.model.page import PageId
from monitor.model.procedure import Procedure


class Outcome(StrEnum):
    """How one check ended."""

    FIRST = "first"
    UNCHANGED = "unchanged"
    QUIET = "quiet"
    NEWS = "news"
    HELD = "held"
    REFUSED = "refused"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of one page: when (UTC), how it ended, the capture's digest if bytes came, and a sentence."""

    page: PageId
    at: datetime
    outcome: Outcome
    capture: Digest | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One reading of a page that differs from the one before, with the capture it first came in."""

    page: PageId
    at: datetime
    capture: Digest
    fingerprint: str
    kind: str
    level: str
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a page stands: last asked, last read, last changed (UTC), checks since it was last read, its way out."""

    page: PageId
    checked: datetime | None = None
    read: datetime | None = None
    changed: datetime | None = None
    misses: int = 0
    detail: str = ""
    procedure: Procedure = Procedure()
