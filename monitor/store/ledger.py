"""The ledger: one JSON line for each capture, each holding the SHA-256 of the line before; one file a month.

A line cannot be changed, taken out or put elsewhere without breaking the chain from there on. `head.json` beside it
says how far it reached, so that lines taken from its end are missed as well.
"""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from monitor.codec import CodecError, decode, encode
from monitor.model.errors import StoreDamaged
from monitor.store.entry import Entry, entry_of
from monitor.store.faults import told
from monitor.store.files import make_folder, replace_whole, sync_folder
from monitor.store.lock import Turns

LOG = logging.getLogger(__name__)

START = "0" * 64  # what the very first line holds instead of the hash of a line before
HEAD = "head.json"
_SUFFIX = ".jsonl"
_BLOCK = 65_536  # bytes read at once when looking for the last line from behind


class Line(NamedTuple):
    """A whole line and where it stands; `data` ends with its line feed."""

    month: str
    offset: int
    data: bytes

    @property
    def digest(self) -> str:
        """Return what the next line holds of this one."""
        return line_digest(self.data)

    @property
    def end(self) -> int:
        """Return where the next line begins."""
        return self.offset + len(self.data)


@dataclass(frozen=True, slots=True)
class Head:
    """How far the ledger reaches: its newest file, that one's size in bytes, and the hash of its last line."""

    month: str
    size: int
    sha256: str


class Ledger:
    """The month files of one folder; `lock` keeps two processes from writing at once."""

    def __init__(self, folder: Path, lock: Path, *, patience_seconds: float = 30.0) -> None:
        self._folder = folder
        self._turns = Turns(lock, folder, patience_seconds=patience_seconds)
        self._end: Head | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Keep other writers out for as long as the block runs.

        Raises:
            StoreBusy: another one writes and does not end.
        """
        with self._turns.taken():
            yield

    def append(self, month: str, facts: Mapping[str, object]) -> None:
        """Write a line into the file of a month, or into the newest one if that is later; it outlives a power cut.

        Only in one's turn.

        Raises:
            StoreFull: there is no room; the ledger is as it was.
        """
        with told(self._folder):
            made = make_folder(self._folder)
            end = self.head()
            line = encode({**facts, "prev": end.sha256}) + b"\n"
            target = max(month, end.month)
            start = end.size if target == end.month else 0
            reached = Head(target, start + len(line), line_digest(line))
            prepared = self._folder / f".{HEAD}"  # written first, so that there is room for it when the line stands
            prepared.write_bytes(encode(reached) + b"\n")
            _write(self.path(target), start, line)
            if start == 0:
                for folder in (self._folder, *made):
                    sync_folder(folder)
            prepared.replace(self._folder / HEAD)
            self._end = reached

    def head(self) -> Head:
        """Return how far the ledger reaches. Half a line at its end, left by a crash, is put aside first."""
        months = self.months()
        if not months:
            return Head("", 0, START)
        newest = self.path(months[-1])
        size = newest.stat().st_size
        if self._end is not None and (self._end.month, self._end.size) == (months[-1], size):
            return self._end
        if size and not _last_line(newest, size).endswith(b"\n"):
            size = _put_aside(newest, size)
        last = self._last(months)
        self._end = Head(months[-1], size, last.digest if last else START)
        return self._end

    def last_line(self) -> Line | None:
        """Return the newest line, or None when there is none; half a line at the end is put aside first."""
        self.head()
        return self._last(self.months())

    def _last(self, months: list[str]) -> Line | None:
        for month in reversed(months):
            path = self.path(month)
            size = path.stat().st_size
            last = _last_line(path, size)
            if last:
                return Line(month, size - len(last), last)
        return None

    def path(self, month: str) -> Path:
        """Return the file of a month."""
        return self._folder / f"{month}{_SUFFIX}"

    def months(self) -> list[str]:
        """Return the months that have a file, oldest first."""
        return sorted(path.name.removesuffix(_SUFFIX) for path in self._folder.glob(f"????-??{_SUFFIX}"))

    def lines(self, month: str = "", offset: int = 0) -> Iterator[Line]:
        """Yield the whole lines from a place on, oldest first; half a line at an end is none."""
        for each in self.months():
            if each < month:
                continue
            with self.path(each).open("rb") as file:
                start = file.seek(offset if each == month else 0)
                for data in file:
                    if data.endswith(b"\n"):
                        yield Line(each, start, data)
                    start += len(data)

    def line(self, month: str, offset: int) -> Line | None:
        """Return the line that begins at a place, or None when no whole line does."""
        try:
            with self.path(month).open("rb") as file:
                file.seek(offset)
                data = file.readline()
        except FileNotFoundError:
            return None
        return Line(month, offset, data) if data.endswith(b"\n") else None

    def entry(self, month: str, offset: int) -> Entry:
        """Return what the line says that begins at a place.

        Raises:
            StoreDamaged: there is none, or it cannot be read.
        """
        line = self.line(month, offset)
        if line is None:
            raise StoreDamaged(str(self.path(month)), f"no line begins at byte {offset}")
        try:
            return entry_of(line.data)
        except CodecError as error:
            raise StoreDamaged(str(self.path(month)), f"no ledger line at byte {offset} ({error})") from error

    def noted_head(self) -> Head | None:
        """Return how far the ledger says that it reached, or None when it does not say, or not as it was written."""
        return _head_in(self._folder / HEAD)

    def prepared_head(self) -> Head | None:
        """Return how far it was to reach when a crash came between a line and `head.json`, or None."""
        return _head_in(self._folder / f".{HEAD}")

    def torn(self) -> list[Path]:
        """Return the files that hold half lines put aside."""
        return sorted(self._folder.glob(f"*{_SUFFIX}.*.torn"))


def _head_in(path: Path) -> Head | None:
    try:
        written = path.read_bytes()
        head = decode(Head, written)
    except (FileNotFoundError, CodecError):
        return None
    return head if written == encode(head) + b"\n" else None


def line_digest(data: bytes) -> str:
    """Return the SHA-256 of a line without its line feed, in hexadecimal digits."""
    return sha256(data.removesuffix(b"\n")).hexdigest()


def _write(path: Path, start: int, line: bytes) -> None:
    """Write a line at the end of a file and make it last; what was half written is taken back."""
    with path.open("ab", buffering=0) as file:  # a buffer would be written once more on closing
        try:
            left = memoryview(line)
            while left:
                left = left[file.write(left) :]
            os.fsync(file.fileno())
        except OSError:
            os.ftruncate(file.fileno(), start)
            raise


def _last_line(path: Path, size: int) -> bytes:
    """Return the last line of a file, whole or half; empty for an empty file. It is looked for from behind."""
    tail = b""
    with path.open("rb") as file:
        while size > 0 and b"\n" not in tail[:-1]:
            size, before = max(0, size - _BLOCK), size
            file.seek(size)
            tail = file.read(before - size) + tail
    return tail[tail[:-1].rfind(b"\n") + 1 :]


def _put_aside(path: Path, size: int) -> int:
    """Move half a line that a crash left to a file beside it; return how long the file is now."""
    torn = _last_line(path, size)
    aside = path.with_name(f"{path.name}.{sha256(torn).hexdigest()[:8]}.torn")
    replace_whole(aside, torn, lasting=True)
    with path.open("r+b") as file:
        file.truncate(size - len(torn))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)
    LOG.warning("ledger %s: a crash left half a line; it is put aside as %s", path.name, aside.name)
    return size - len(torn)
