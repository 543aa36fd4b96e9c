"""Two captures of a page beside each other, read by today's recipe: what differs, in its place, and the way out twice.

Comes in: the world and the digests of two kept captures. Goes out: a value with all that the desk shows of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.assess import rules, way_out
from monitor.compare import Row, aligned, compare, mark, passages
from monitor.extract import extract
from monitor.model.capture import Capture, Digest
from monitor.model.change import Change
from monitor.model.errors import UnknownCapture
from monitor.model.page import Page, PageId, Vantage
from monitor.model.procedure import Difference
from monitor.optout import WayRow, differences_of, way_table
from monitor.ports import World

ARCHIVE = "https://web.archive.org/web/diff"
LEAST_DIGITS = 6  # of a digest's beginning
WEB = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A capture without its bytes: SHA-256, moment (UTC), from where, and what the server answered.

    `screenshot` is a PNG of it where a browser rendered it, and empty otherwise.
    """

    digest: Digest
    at: datetime
    url: str
    final_url: str
    status: int
    vantage: Vantage
    size_bytes: int
    screenshot: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two captures of a page and what differs between them.

    `passages` are the blocks that changed with two blocks of context, `rows` all blocks side by side. `since` says when
    the blocks that went or were reworded were first seen on the page, by `compare.mark`.
    """

    page: Page
    before: Shot
    after: Shot
    change: Change
    passages: tuple[tuple[Row, ...], ...]
    rows: tuple[Row, ...]
    way: tuple[WayRow, ...]
    differences: tuple[Difference, ...]
    since: dict[str, datetime]
    archive: str

    def first_seen(self, row: Row) -> datetime | None:
        """Return since when the page said what a row shows as before (UTC), or None when that is not known."""
        return self.since.get(mark(row.before)) if row.before is not None else None


def compare_captures(world: World, from_digest: str, to_digest: str, page: PageId | None = None) -> Comparison:
    """Return what differs between two kept captures of a page; the page is the first one's unless it is named.

    Raises:
        UnknownCapture: one of them is not kept, or its page is not watched any more.
    """
    before, after = kept(world, from_digest), kept(world, to_digest)
    return compared(world, watched(world, page or before.page), before, after)


def compared(world: World, page: Page, before: Capture, after: Capture) -> Comparison:
    """Return what differs between two captures of a page."""
    old, new = extract(before, page.recipe), extract(after, page.recipe)
    change = compare(old, new)
    rows = aligned(old, new, change)
    was, now = way_out(page, old, world.lexicons), way_out(page, new, world.lexicons)
    differences = differences_of(was, now)
    return Comparison(
        page=page,
        before=shot(before),
        after=shot(after),
        change=change,
        passages=passages(rows),
        rows=rows,
        way=way_table(was, now, differences),
        differences=differences,
        since=_since(world, page, rows),
        archive=archive_link(page.url, before.at, after.at),
    )


def kept(world: World, digest: str) -> Capture:
    """Return the first capture with these bytes; the beginning of a digest will do for one that brought a version.

    Raises:
        UnknownCapture: none has them, or several begin so.
    """
    exact = world.evidence.capture(Digest(digest))
    if exact is not None:
        return exact
    versions = world.journal.versions() if len(digest) >= LEAST_DIGITS else ()
    near = {version.capture for version in versions if version.capture.startswith(digest)}
    found = world.evidence.capture(near.pop()) if len(near) == 1 else None
    if found is None:
        raise UnknownCapture(digest)
    return found


def kept_at(world: World, page: PageId, digest: Digest, at: datetime) -> Capture:
    """Return the capture of a page with these bytes from this moment, or else the first one that has them.

    Raises:
        UnknownCapture: none has them.
    """
    later = world.evidence.captures(page, after=at - timedelta(microseconds=1))
    one = next(later, None)
    return one if one is not None and one.digest == digest and one.at == at else kept(world, digest)


def watched(world: World, page: PageId) -> Page:
    """Return a page of the watchlist, or what stands there for a feed.

    Raises:
        UnknownCapture: it is not watched any more, so that nobody says how it is read.
    """
    found = world.watchlist.with_feeds().page(page)
    if found is None:
        raise UnknownCapture(page)
    return found


def shot(capture: Capture) -> Shot:
    """Return a capture without its bytes."""
    return Shot(
        digest=capture.digest,
        at=capture.at,
        url=capture.url,
        final_url=capture.final_url,
        status=capture.status,
        vantage=capture.vantage,
        size_bytes=len(capture.body),
        screenshot=capture.screenshot,
    )


def archive_link(url: str, before: datetime, after: datetime) -> str:
    """Return the address at which the Wayback Machine compares its captures nearest to two moments.

    Source: the archive's own "Changes" view, as of 2026.
    """
    if not WEB.match(url):
        return ""
    moments = "/".join(f"{at.astimezone(UTC):%Y%m%d%H%M%S}" for at in (before, after))
    return f"{ARCHIVE}/{moments}/{url}"


def _since(world: World, page: Page, rows: Sequence[Row]) -> dict[str, datetime]:
    """Return when the page first said what went or was reworded, as far as its history was made by today's rules."""
    history = world.journal.history(page.id, rules(page, world.lexicons))
    if history is None:
        return {}
    marks = {mark(row.before) for row in rows if row.changed and row.before is not None}
    return {one: history.seen[one] for one in marks if one in history.seen}
