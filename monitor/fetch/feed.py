"""A feed of the watchlist in, its entries as plain text out; read through the same door as pages."""

import html
import re
from calendar import timegm
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import feedparser

from monitor.fetch.door import Ask, NoReply, Reply
from monitor.fetch.robots import Robots
from monitor.model.capture import Capture, MissReason
from monitor.model.feed import Entries, Entry, FeedFetched, NoEntries, SameEntries
from monitor.model.page import FEED, FeedSource, PageId, Vantage

ACCEPT = "application/atom+xml,application/rss+xml,application/feed+json;q=0.9,application/xml;q=0.8,*/*;q=0.1"
LIMIT_BYTES = 2_000_000  # feedparser takes 20 s for as much of entries that are opened and never closed
MOST_ENTRIES = 200
MOST_CHARS = 4000
MOST_LINKS = 50
# What feedparser notes although the feed is well made: a charset or a content type that says otherwise.
_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,2000}")
_HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)


class FeedReader:
    """Reads feeds. It asks once: a feed is asked again soon anyway."""

    def __init__(self, door: Callable[[Ask], Reply | NoReply], robots: Robots, now: Callable[[], datetime]) -> None:
        self._door = door
        self._robots = robots
        self._now = now

    def __call__(self, feed: FeedSource, etag: str = "", modified: str = "") -> FeedFetched:
        """Return what came; `etag` and `modified` are those of the last `Entries`."""
        validators = {"If-None-Match": etag, "If-Modified-Since": modified}
        ask = Ask(
            url=feed.url,
            language=feed.language,
            accept=ACCEPT,
            validators={feed.url: {name: value for name, value in validators.items() if value}},
            limit_bytes=LIMIT_BYTES,
            allowed=self._robots.problem,
        )
        reply = self._door(ask)
        if isinstance(reply, NoReply):
            return NoEntries(feed=feed.id, at=self._now(), why=reply.why, detail=reply.detail)
        if reply.status == 304 and (etag or modified):
            return SameEntries(feed=feed.id, at=reply.at)
        if not 200 <= reply.status < 300:
            detail = f"HTTP {reply.status}"
            return NoEntries(feed=feed.id, at=reply.at, why=MissReason.HTTP_ERROR, detail=detail)
        return entries_of(feed, reply)


def entries_of(feed: FeedSource, reply: Reply) -> Entries:
    """Return the entries of a feed as far as it can be read, and what is wrong with it."""
    parsed = _parsed(reply)
    return Entries(
        feed=feed.id,
        at=reply.at,
        entries=tuple(_entry(entry) for entry in parsed.entries[:MOST_ENTRIES]),
        capture=_capture(feed, reply),
        etag=reply.header("ETag"),
        modified=reply.header("Last-Modified"),
        fault=_fault(parsed),
    )


def _parsed(reply: Reply) -> Any:
    """Return what feedparser makes of a feed; it raises on some hostile ones, such as one that names half a character.

    Then nothing of the feed is read, and why stands where it notes its own complaints.
    """
    told = {"content-type": reply.header("Content-Type"), "content-location": reply.url}
    try:
        return feedparser.parse(BytesIO(reply.body), response_headers=told)
    except (ValueError, OverflowError, LookupError, TypeError, AttributeError, RecursionError) as error:
        return feedparser.FeedParserDict(bozo=True, bozo_exception=error, entries=[])


def _capture(feed: FeedSource, reply: Reply) -> Capture:
    return Capture(
        page=PageId(feed.id),
        url=feed.url,
        at=reply.at,
        body=reply.body,
        status=reply.status,
        headers=reply.headers,
        final_url=reply.url,
        hops=reply.hops,
        vantage=Vantage(language=feed.language),
        source={"fetcher": FEED, "request": reply.request},
    )


def _fault(parsed: Any) -> str:
    error = parsed.get("bozo_exception")
    if parsed.bozo and not isinstance(error, _HARMLESS):
        return f"not well-formed: {error}"[:300]
    return "" if parsed.get("version") else "not a feed"


def _entry(entry: Any) -> Entry:
    title, link = _plain(entry.get("title", ""))[:300], str(entry.get("link", ""))
    link = link if _ADDRESS.fullmatch(link) else ""
    content = _content(entry)
    summary = _plain(content)[:MOST_CHARS]
    known = str(entry.get("id", "")) or link
    return Entry(
        id=known[:500] or sha256(f"{title}\n{summary}".encode()).hexdigest(),
        title=title,
        link=link,
        summary=summary,
        at=_moment(entry.get("published_parsed") or entry.get("updated_parsed")),
        links=_links(content),
    )


def _content(entry: Any) -> str:
    """Return an entry's markup, the longer one of summary and whole text; feedparser has taken scripts out of both."""
    contents = entry.get("content") or [{}]
    return max(str(entry.get("summary", "")), str(contents[0].get("value", "")), key=len)


def _links(markup: str) -> tuple[str, ...]:
    found = (html.unescape(target) for target in re.findall(r"<a\b[^<>]*?\bhref=\"([^\"<>]*)\"", markup, re.IGNORECASE))
    return tuple(dict.fromkeys(each for each in found if _ADDRESS.fullmatch(each)))[:MOST_LINKS]


def _plain(text: str) -> str:
    """Return text without markup, single-spaced."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", str(text))).split())


def _moment(parts: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parts), UTC) if parts else None
    except (ValueError, OverflowError):
        return None
