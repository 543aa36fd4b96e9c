"""Where captures lie: from a digest to its file, from a page to its lines of the ledger.

All of it is made from the ledger and can be made anew from it. It stands in the database up to some line; the few lines
after that one are in memory, and are read again after a restart. So keeping a capture costs no transaction here, and
finding one does not grow dearer with the years.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, delete, select

from monitor.codec import CodecError, decode, encode
from monitor.model.page import PageId
from monitor.store.database import Database
from monitor.store.entry import SIGHTED, Entry, LineKind, entry_of
from monitor.store.ledger import Ledger, Line
from monitor.store.moments import moment
from monitor.store.packing import Spot, packed_spots, spots
from monitor.store.rows import upsert
from monitor.store.schema import CAPTURES, NOTES, SIGHTINGS

# Lines in memory before they go into the database: two hundred kilobytes of ledger to read again after a restart.
MOST_LINES = 500

PRUNED = "pruned"  # with a file's name in place of a digest, the key of what was removed by rule
_MARK = "ledger read"

# Every check runs these, so they are made once: making a statement takes as long as running it.
_FILE = select(CAPTURES.c.file).where(CAPTURES.c.key == bindparam("name"))
_OF_PAGE = SIGHTINGS.c.page == bindparam("of")
_LAST = select(SIGHTINGS.c.last).where(_OF_PAGE).order_by(SIGHTINGS.c.last.desc()).limit(1)
_SIGHTED = select(SIGHTINGS.c.month, SIGHTINGS.c.packed).where(_OF_PAGE, SIGHTINGS.c.last > bindparam("after"))


class Place(NamedTuple):
    """Where a line about a page stands, and when what it tells of was; they sort by moment."""

    at: datetime
    month: str
    offset: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """How far the ledger was read: month and end of the last line, where that one begins, and its hash."""

    month: str = ""
    end: int = 0
    line: int = 0
    sha256: str = ""

    @property
    def order(self) -> tuple[str, int]:
        return self.month, self.end


class _Read(NamedTuple):
    """One line that was read and is not in the database."""

    mark: _Mark
    entry: Entry


class Whereabouts:
    """The way from digests and pages to files and lines."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger
        self._turn = threading.RLock()
        self._base: _Mark | None = None  # how far the database goes, as far as is known here
        self._tail: list[_Read] = []
        self._files: dict[bytes, str] = {}
        self._pages: dict[PageId, list[_Read]] = {}

    def catch_up(self) -> None:
        """Read the lines that were written since, by whomever."""
        with self._turn:
            if self._base is None:
                self._base = self._sound_mark()
            for line in self._ledger.lines(*self._read_to.order):
                self._take(line)
            if len(self._tail) >= MOST_LINES:
                self._write()

    def file(self, name: bytes) -> str | None:
        """Return the file of a capture by one of its keys, or None."""
        with self._turn:
            if name in self._files:
                return self._files[name]
        with self._database.reading() as connection:
            return connection.execute(_FILE, {"name": name}).scalar()

    def newest(self, page: PageId) -> str:
        """Return the moment of the newest capture of a page as a text, or an empty one."""
        here = self.newest_here(page)
        with self._database.reading() as connection:
            return max(here, connection.execute(_LAST, {"of": page}).scalar() or "")

    def newest_here(self, page: PageId) -> str:
        """Return the same of the captures whose lines are in memory and not yet in the database."""
        with self._turn:
            here = max((read.entry.time for read in self._pages.get(page, ())), default=None)
        return moment(here) if here else ""

    def places(self, page: PageId, *, after: datetime | None = None) -> list[Place]:
        """Return where the captures of a page stand in the ledger, in time order; with `after` only later ones."""
        with self._turn:
            here = self._pages.get(page, ())
            found = {Place(read.entry.time, read.mark.month, read.mark.line) for read in here}
        asked = {"of": page, "after": moment(after) if after else ""}
        with self._database.reading() as connection:
            for month, packed in connection.execute(_SIGHTED, asked):
                found.update(Place(spot.at, month, spot.offset) for spot in spots(packed))
        return sorted(place for place in found if after is None or place.at > after)

    @property
    def _read_to(self) -> _Mark:
        return self._tail[-1].mark if self._tail else self._base or _Mark()

    def _take(self, line: Line) -> None:
        try:
            entry = entry_of(line.data)
        except CodecError:
            return  # `verify` tells of it
        read = _Read(_Mark(line.month, line.end, line.offset, line.digest), entry)
        self._tail.append(read)
        self._files.update(_files(entry))
        if entry.kind in SIGHTED:
            self._pages.setdefault(entry.page, []).append(read)

    def _sound_mark(self) -> _Mark:
        """Return how far the database goes; all of it is dropped when it is not of this ledger."""
        with self._database.reading() as connection:
            mark = _read_mark(connection)
        line = self._ledger.line(mark.month, mark.line) if mark.month else None
        if not mark.month or (line is not None and line.digest == mark.sha256):
            return mark
        with self._database.writing() as connection:
            for table in (CAPTURES, SIGHTINGS):
                connection.execute(delete(table))
            _write_mark(connection, _Mark())
        return _Mark()

    def _write(self) -> None:
        """Move what is in memory into the database, but for what another process moved there."""
        with self._database.writing() as connection:
            known = _read_mark(connection, changing=True)
            sound = self._base is not None and known.order >= self._base.order
            fresh = [read for read in self._tail if read.mark.order > known.order] if sound else []
            if fresh:
                _write_lines(connection, fresh)
                known = fresh[-1].mark
                _write_mark(connection, known)
        self._base, self._tail, self._files, self._pages = known, [], {}, {}


def key(digest: str, frame: str = "") -> bytes:
    """Return the key of the capture with these bytes and all that came round them, or of the first with these bytes."""
    return sha256(f"{digest}{frame}".encode()).digest()[:16]


def _files(entry: Entry) -> Mapping[bytes, str]:
    """Return the keys under which the file is found that a line tells of."""
    match entry.kind:
        case LineKind.CAPTURE:
            return {key(entry.body): entry.file, key(entry.body, entry.frame): entry.file}
        case LineKind.REVISIT:
            return {key(entry.body, entry.frame): entry.file}
        case LineKind.PRUNED:
            return {key(entry.file, PRUNED): entry.file}
        case LineKind.AGAIN | LineKind.READING | LineKind.ANCHOR:
            return {}


def _write_lines(connection: Connection, lines: Sequence[_Read]) -> None:
    files = {name: file for read in lines for name, file in _files(read.entry).items()}
    upsert(connection, CAPTURES, [{"key": name, "file": file} for name, file in files.items()])
    seen = [read for read in lines if read.entry.kind in SIGHTED]
    seen.sort(key=_page_and_month)
    for (page, month), group in groupby(seen, key=_page_and_month):
        _write_spots(connection, page, month, [Spot(read.entry.time, read.mark.line) for read in group])


def _page_and_month(read: _Read) -> tuple[PageId, str]:
    return read.entry.page, read.mark.month


def _write_spots(connection: Connection, page: PageId, month: str, more: Sequence[Spot]) -> None:
    same = and_(SIGHTINGS.c.page == page, SIGHTINGS.c.month == month)
    known = connection.execute(select(SIGHTINGS.c.packed).where(same)).scalar()
    all_spots = [*spots(known or b""), *more]
    last = moment(max(spot.at for spot in all_spots))
    upsert(connection, SIGHTINGS, [{"page": page, "month": month, "last": last, "packed": packed_spots(all_spots)}])


def _read_mark(connection: Connection, *, changing: bool = False) -> _Mark:
    query = select(NOTES.c.value).where(NOTES.c.key == _MARK)
    written = connection.execute(query.with_for_update() if changing else query).scalar()
    return decode(_Mark, written) if written else _Mark()


def _write_mark(connection: Connection, mark: _Mark) -> None:
    upsert(connection, NOTES, [{"key": _MARK, "value": encode(mark).decode()}])
