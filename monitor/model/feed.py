"""What a news feed said when it was read: entries, that nothing changed, or why nothing came."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from monitor.model.capture import MissReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as plain text; `link` is an http(s) address or empty, `at` (UTC) is None when it names no moment."""

    id: str
    title: str
    link: str = ""
    summary: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What a feed said, in its own order; `fault` says what is wrong with it and is empty when nothing is.

    `etag` and `modified` are for the next reading.
    """

    feed: str
    at: datetime
    entries: tuple[Entry, ...]
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


FeedFetched: TypeAlias = Entries | SameEntries | NoEntries
