"""Files that a retention rule removes: captures so old that nothing refers to their bytes any more.

The unit is the bytes: all files about them go together, or none. The ledger stays whole; a line says which file went by
which rule. That line is written first, so that a crash leaves a file too many and never a line too few.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from monitor.codec import CodecError
from monitor.model.capture import Digest
from monitor.model.page import PageId
from monitor.model.proof import Pruned, References
from monitor.store.entry import Entry, LineKind, entry_of, pruned_line
from monitor.store.ledger import START, Ledger
from monitor.store.moments import month
from monitor.store.shelf import Shelf

BATCH = 500  # files that go in one turn, so that whoever wants to keep a capture meanwhile waits a second at most


@dataclass(slots=True)
class _Bytes:
    """What the ledger says of some bytes: files, newest moment, newest month that has a line of them, how often."""

    files: dict[str, Entry] = field(default_factory=dict)
    newest: datetime = datetime.min.replace(tzinfo=UTC)
    written: str = ""
    captures: int = 0


class _Walk:
    """All lines of a ledger, by the bytes that they are about."""

    def __init__(self, references: References) -> None:
        self._moments = references.moments
        self._kept = set(references.captures)
        self._newest: dict[PageId, Entry] = {}
        self._readings: dict[PageId, Digest] = {}
        self.known: dict[Digest, _Bytes] = {}

    def take(self, entry: Entry, written: str) -> None:
        """Take in the next line; `written` is the month of its file."""
        match entry.kind:
            case LineKind.READING:
                self._readings[entry.page] = entry.body
            case LineKind.PRUNED:
                self.known.setdefault(entry.body, _Bytes()).files.pop(entry.file, None)
            case LineKind.CAPTURE | LineKind.REVISIT | LineKind.AGAIN:
                self._capture(entry, written)
            case LineKind.ANCHOR:
                pass

    def _capture(self, entry: Entry, written: str) -> None:
        known = self.known.setdefault(entry.body, _Bytes())
        known.newest, known.written = max(known.newest, entry.time), max(known.written, written)
        known.captures += 1
        if entry.kind is not LineKind.AGAIN:
            known.files[entry.file] = entry
        if entry.page not in self._newest or self._newest[entry.page].time <= entry.time:
            self._newest[entry.page] = entry
        if (entry.page, entry.time) in self._moments:
            self._kept.add(entry.body)

    @property
    def kept(self) -> set[Digest]:
        """Return the bytes that something refers to, or that a page showed last, or that its newest text is of."""
        return self._kept | set(self._readings.values()) | {entry.body for entry in self._newest.values()}


def prunable(ledger: Ledger, references: References, before: datetime) -> tuple[list[Entry], int]:
    """Return the lines whose files may go, oldest first, and how many captures these are.

    Bytes may go when they were last captured before that moment, and their last line was not written into the ledger
    since either (a past that was imported lately is as new as its import), and nothing refers to them. What a page
    showed last, and what its newest text was read from, always stays. Of a damaged ledger nothing goes.
    """
    walk, previous = _Walk(references), START
    for line in ledger.lines():
        try:
            entry = entry_of(line.data)
        except CodecError:
            return [], 0
        if entry.prev != previous:
            return [], 0
        walk.take(entry, line.month)
        previous = line.digest
    kept = walk.kept
    old = [each for digest, each in walk.known.items() if digest not in kept and _old(each, before)]
    gone = sorted((entry for each in old for entry in each.files.values()), key=lambda entry: (entry.time, entry.file))
    return gone, sum(each.captures for each in old if each.files)


def _old(known: _Bytes, before: datetime) -> bool:
    return known.newest < before and known.written < month(before)


def prune(
    shelf: Shelf,
    ledger: Ledger,
    turn: Callable[[], AbstractContextManager[None]],
    search: Callable[[], tuple[list[Entry], int]],
    at: datetime,
    rule: str,
) -> Pruned:
    """Remove what a search finds, some of it in each turn, each file with its line; return what went."""
    files, size_bytes, captures = list[str](), 0, 0
    while True:
        with turn():
            gone, count = search()
            captures = captures or count
            if not gone:
                return Pruned(files=tuple(files), size_bytes=size_bytes, captures=captures)
            for entry in gone[:BATCH]:
                size_bytes += shelf.size_bytes(entry.file)
                ledger.append(month(at), pruned_line(at, entry, rule))
                shelf.remove(entry.file)
                files.append(entry.file)


def found(shelf: Shelf, gone: Iterable[Entry], captures: int) -> Pruned:
    """Return how much would be removed."""
    files = tuple(entry.file for entry in gone)
    return Pruned(files=files, size_bytes=sum(map(shelf.size_bytes, files)), captures=captures)
