"""Everything that is kept, held against what was written: one sentence for each damage."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from monitor.codec import CodecError
from monitor.model.page import PageId
from monitor.store.entry import Entry, LineKind, entry_of
from monitor.store.ledger import HEAD, START, Head, Ledger, Line
from monitor.store.readable import TEXT


def damages(folder: Path, ledger: Ledger) -> Iterator[str]:
    """Yield one sentence for each damage under a folder of snapshots; nothing when all is well."""
    yield from _torn(ledger)
    check = _Check(folder, ledger.noted_head())
    for line in ledger.lines():
        yield from check.line(line)
    yield from check.end()


def _torn(ledger: Ledger) -> Iterator[str]:
    """Yield a sentence for each half line, one still in its place or one that was put aside."""
    for month in ledger.months():
        path = ledger.path(month)
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - 1))
            if size and file.read(1) != b"\n":
                yield f"ledger/{path.name}: ends in half a line; the next capture puts it aside"
    for path in ledger.torn():
        yield f"ledger/{path.name}: half a line that a crash left; read it, then remove the file"


class _Check:
    """The lines seen so far, and what must still be found."""

    def __init__(self, folder: Path, head: Head | None) -> None:
        self._folder = folder
        self._head = head
        self._head_seen = False
        self._previous = START
        self._month, self._number, self._lines = "", 0, 0
        self._texts: dict[PageId, str] = {}
        self._missing: set[str] = set()

    def line(self, line: Line) -> Iterator[str]:
        """Yield what is wrong with the next line and the files it names."""
        self._number = self._number + 1 if line.month == self._month else 1
        self._month, self._lines = line.month, self._lines + 1
        where = f"ledger/{line.month}.jsonl:{self._number}"
        try:
            entry = entry_of(line.data)
        except CodecError as error:
            yield f"{where}: not a line of a ledger ({error})"
        else:
            if entry.prev != self._previous:
                yield f"{where}: does not follow the line before it: one was changed, removed, added or moved"
            yield from self._file(where, entry)
        self._previous = line.digest
        yield from self._reached(where, line)

    def _file(self, where: str, entry: Entry) -> Iterator[str]:
        if entry.kind is LineKind.READING:
            self._texts[entry.page] = entry.text
            return
        path = (self._folder / entry.file).resolve()
        if not path.is_relative_to(self._folder.resolve()):
            yield f"{where}: names a file outside of the snapshots: {entry.file}"
        elif not path.is_file():
            if entry.file not in self._missing:
                self._missing.add(entry.file)
                yield f"{entry.file}: is missing ({where})"
        elif entry.kind is not LineKind.AGAIN and sha256(path.read_bytes()).hexdigest() != entry.warc:
            yield f"{entry.file}: is not the file that was written ({where})"

    def _reached(self, where: str, line: Line) -> Iterator[str]:
        """Look whether the place is reached that the ledger says it had reached."""
        if self._head is not None and (line.month, line.end) == (self._head.month, self._head.size):
            self._head_seen = True
            if line.digest != self._head.sha256:
                yield f"{where}: is not the line that ledger/{HEAD} was written after"

    def end(self) -> Iterator[str]:
        """Yield what is wrong when all lines were seen."""
        if self._head is None and self._lines > 1:
            yield f"ledger/{HEAD}: is missing or cannot be read: lines may have been taken from the ledger's end"
        if self._head is not None and not self._head_seen:
            yield f"ledger/{self._head.month}.jsonl: lines are missing at its end ({HEAD} says how far it reached)"
        for page, digest in sorted(self._texts.items()):
            yield from self._text(page, digest)

    def _text(self, page: PageId, digest: str) -> Iterator[str]:
        path = self._folder / page / TEXT
        if not path.is_file():
            yield f"{page}/{TEXT}: is missing"
        elif sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{page}/{TEXT}: is not the text that was read"
