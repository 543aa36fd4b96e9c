"""What a news feed said when it was read: entries, that nothing changed, or why nothing came."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from monitor.model.capture import Capture, Digest, MissReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as plain text; `link` is an http(s) address or empty, `at` (UTC) is None when it names no moment.

    `links` are the http(s) addresses that its text leads to.
    """

    id: str
    title: str
    link: str = ""
    summary: str = ""
    at: datetime | None = None
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What a feed said, in its own order; `fault` says what is wrong with it and is empty when nothing is.

    `capture` are the bytes as they came, `etag` and `modified` are for the next reading.
    """

    feed: str
    at: datetime
    entries: tuple[Entry, ...]
    capture: Capture = field(repr=False)
    etag: str = ""
    modified: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SameEntries:
    """The server said that the feed is as it was."""

    feed: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoEntries:
    """No feed came."""

    feed: str
    at: datetime
    why: MissReason
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMark:
    """Where the reading of a feed stands: what to ask with next, and the capture that was kept last (UTC)."""

    feed: str
    etag: str
    modified: str
    capture: Digest
    at: datetime


FeedFetched: TypeAlias = Entries | SameEntries | NoEntries
