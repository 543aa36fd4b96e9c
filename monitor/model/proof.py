"""What proves an alert to somebody who does not believe us: captures, lines of the ledger, a stamp from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.model.alert import AlertId
from monitor.model.capture import Digest
from monitor.model.page import PageId, ServiceId
from monitor.model.verdict import Kind, Level, Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A line of the ledger to be time-stamped: its bytes without the line feed, their SHA-256, and where it begins."""

    line: bytes
    sha256: str
    month: str
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A time stamp that is kept: when it was asked for, and over which line (digest and place of it)."""

    at: datetime
    head: str
    month: str
    offset: int
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One capture of a pair: the SHA-256 of its bytes, when it was kept, how it was asked for, and where it lies.

    `seen` is the moment that the alert names: later than `captured` when the server then said that nothing changed.
    `file` and `body_in` (when another file holds the bytes) are paths below the snapshots and inside of a pack, `line`
    is the number of its line in the pack's `ledger.jsonl`.
    """

    sha256: Digest
    seen: datetime
    captured: datetime
    url: str
    final_url: str
    status: int
    hops: tuple[str, ...] = ()
    region: str = ""
    language: str = ""
    user_agent: str = ""
    signed_in: bool = False
    file: str
    body_in: str = ""
    line: int
    ledger: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A time stamp over one line of the ledger: who signed when, and the reply itself (RFC 3161, DER)."""

    authority: str
    at: datetime
    head: str
    line: int
    ledger: str
    reply: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibits:
    """All that is kept of one alert. `lines` are those of the ledger from the first that matters to the last.

    They follow one another when `whole`; otherwise they were too many, and only those of the captures are there.
    `files` are the captures' files by their paths; bytes and texts are those of the captures before and after.
    """

    before: Kept
    after: Kept
    lines: tuple[bytes, ...]
    whole: bool
    token: Token | None
    files: Mapping[str, bytes] = field(repr=False)
    bytes_before: bytes = field(repr=False)
    bytes_after: bytes = field(repr=False)
    text_before: str = field(repr=False)
    text_after: str = field(repr=False)
    checks_between: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSheet:
    """What `evidence.json` says, in its order (docs/reference/evidence.schema.json)."""

    format: int
    made_by: str
    alert: AlertId
    url: str
    service: ServiceId
    page: PageId
    kind: Kind
    level: Level
    title: str
    meaning: str
    published: datetime | None
    updated: datetime | None
    corrects: AlertId | None
    quotes: tuple[Quote, ...]
    before: Kept
    after: Kept
    confirmed_at: datetime | None
    checks_between: int
    ledger_is_whole: bool
    token: Token | None


class Proof(StrEnum):
    """How one check of an evidence pack ended."""

    HOLDS = "holds"
    BROKEN = "broken"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Proven:
    """One thing that was checked, in a sentence: it holds, it is broken, or these files do not suffice to tell."""

    proof: Proof
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What a retention rule removed (or would): files, their bytes on disk, and how many captures they were."""

    files: tuple[str, ...] = ()
    size_bytes: int = 0
    captures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What a retention rule must leave: bytes by digest, and whatever a page showed at a moment (UTC)."""

    captures: frozenset[Digest] = frozenset()
    moments: frozenset[tuple[PageId, datetime]] = frozenset()
