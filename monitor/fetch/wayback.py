"""Captures of an address out of the Wayback Machine, or another archive that speaks its two interfaces.

Comes in: an address and two days. Goes out: captures as the archive got them (the `id_` form: the bytes of then, no
toolbar, no rewritten links), oldest first. Everything goes through the door of the fetchers: one request at a time,
with their pauses, bounds and `Retry-After`.

Source: https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server (CDX server API), as of 2026.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from monitor.fetch.door import Ask, NoReply
from monitor.fetch.http import HttpFetcher
from monitor.model.capture import Capture, Miss
from monitor.model.errors import ArchiveError
from monitor.model.page import Page, Vantage

ARCHIVE = "https://web.archive.org"
SOURCE = "wayback"
MOST = 20_000  # captures that one import asks for
LIST_BYTES = 20_000_000
_FIELDS = ("timestamp", "original", "digest")
_MOMENT = re.compile(r"\d{14}")
_ORIGINAL = "x-archive-orig-"


@dataclass(frozen=True, slots=True)
class Held:
    """One capture that the archive has: its moment (14 digits, UTC), the address, and its own digest of the bytes."""

    timestamp: str
    original: str
    digest: str

    @property
    def at(self) -> datetime:
        """Return the moment (UTC)."""
        return datetime.strptime(self.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wayback:
    """An archive, asked through a fetcher whose terms allow it."""

    fetcher: HttpFetcher
    archive: str = ARCHIVE

    def held(self, url: str, first: date, last: date) -> tuple[Held, ...]:
        """Return what the archive holds of an address between two days, one capture for each different text.

        Raises:
            ArchiveError: it does not answer, or its answer cannot be read.
        """
        query = {
            "url": url,
            "from": f"{first:%Y%m%d}",
            "to": f"{last:%Y%m%d}",
            "output": "json",
            "fl": ",".join(_FIELDS),
            "filter": "statuscode:200",
            "collapse": "digest",
            "limit": str(MOST),
        }
        reply = self.fetcher.door(Ask(url=f"{self.archive}/cdx/search/cdx?{urlencode(query)}", limit_bytes=LIST_BYTES))
        if isinstance(reply, NoReply):
            raise ArchiveError(self.archive, f"{reply.why}: {reply.detail}; what was kept stays, try again later")
        if reply.status != 200:
            raise ArchiveError(self.archive, f"answered {reply.status}; what was kept stays, try again later")
        return tuple(self._listed(reply.body))

    def captures(self, page: Page, wanted: Sequence[Held]) -> Iterator[Capture]:
        """Yield captures one at a time, as the page's own.

        Raises:
            ArchiveError: one of them does not come; those before it were yielded.
        """
        for one in wanted:
            address = f"{self.archive}/web/{one.timestamp}id_/{quote(one.original, safe=':/?&=%~+,;@!$()*')}"
            came = self.fetcher(replace(page, url=address, proxy=""), None)
            if not isinstance(came, Capture):
                why = f"{came.why}: {came.detail}" if isinstance(came, Miss) else "nothing new"
                raise ArchiveError(address, f"{why}; what was kept stays, and the next import goes on here")
            yield _own(page, one, came, address)

    def _listed(self, body: bytes) -> Iterator[Held]:
        try:
            rows = msgspec.json.decode(body or b"[]", type=list[list[str]])
        except msgspec.DecodeError as error:
            raise ArchiveError(self.archive, f"its list of captures cannot be read: {error}") from error
        for row in rows[1:]:  # the first one names the columns
            if (
                len(row) != len(_FIELDS)
                or not _MOMENT.fullmatch(row[0])
                or urlsplit(row[1]).scheme not in ("http", "https")
            ):
                raise ArchiveError(self.archive, f"its list of captures has a row that is none: {row!r:.120}")
            yield Held(*row)


def _own(page: Page, one: Held, came: Capture, address: str) -> Capture:
    """Return what came as the page's capture of then: with the headers of then, where the archive kept them."""
    then = tuple((name[len(_ORIGINAL) :], value) for name, value in came.headers if name.lower().startswith(_ORIGINAL))
    return Capture(
        page=page.id,
        url=page.url,
        at=one.at,
        body=came.body,
        headers=then or (("Content-Type", came.header("content-type")),),
        final_url=one.original,
        vantage=Vantage(language=page.language),
        source={"archive": SOURCE, "address": address, "timestamp": one.timestamp, "digest": one.digest},
    )
