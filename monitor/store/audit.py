"""Everything that is kept, held against what was written: a sentence for each damage, and a count of what was seen."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from monitor.codec import CodecError
from monitor.model.page import PageId
from monitor.store.anchors import FOLDER
from monitor.store.entry import Entry, LineKind, entry_of
from monitor.store.ledger import HEAD, START, Head, Ledger, Line
from monitor.store.readable import PROCEDURE, TEXT
from monitor.store.shelf import Shelf
from monitor.store.stamps import stamp_damage
from monitor.timestamp import Stamp, StampError, stamp_of


@dataclass(slots=True)
class Tally:
    """How much was looked at: lines, captures, files removed by rule, and time stamps with the newest one's words."""

    lines: int = 0
    captures: int = 0
    pruned: int = 0
    stamps: int = 0
    newest: Stamp | None = None


class Audit:
    """One walk over a folder of snapshots; `tally` is complete when `damages` has ended.

    `prove` reads a time stamp and says whether it proves anything; `others` are stamps kept elsewhere, by their names.
    """

    def __init__(
        self,
        folder: Path,
        ledger: Ledger,
        shelf: Shelf,
        prove: Callable[[bytes], Stamp] = stamp_of,
        others: Mapping[str, bytes] | None = None,
    ) -> None:
        self._folder = folder
        self._ledger = ledger
        self._shelf = shelf
        self._prove = prove
        self._others = dict(others or {})
        self.tally = Tally()

    def damages(self) -> Iterator[str]:
        """Yield one sentence for each damage; nothing when all is well."""
        yield from _torn(self._ledger)
        check = _Check(self._folder, self._ledger, self._shelf, self._prove, self.tally)
        for line in self._ledger.lines():
            yield from check.line(line)
        yield from check.end()
        yield from self._strangers(check.stamped)

    def _strangers(self, named: set[str]) -> Iterator[str]:
        """Yield a sentence for each stamp, here or elsewhere, that is over no line of this ledger.

        A stamp that no line names may be what a crash left, or all that is left of a ledger that was written anew.
        """
        found = {path.relative_to(self._folder).as_posix(): path for path in self._folder.glob(f"{FOLDER}/*.tsr")}
        replies = {name: path.read_bytes() for name, path in found.items() if name not in named} | self._others
        if not replies:
            return
        digests = {line.digest for line in self._ledger.lines()}
        for name, reply in sorted(replies.items()):
            try:
                stamp = self._prove(reply)
            except StampError as error:
                yield f"{name}: is no stamp that proves anything: {error}"
                continue
            if stamp.digest not in digests:
                yield f"{name}: is over a line that this ledger does not have: lines were changed or taken away"


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

    def __init__(
        self, folder: Path, ledger: Ledger, shelf: Shelf, prove: Callable[[bytes], Stamp], tally: Tally
    ) -> None:
        self._folder = folder
        self._shelf = shelf
        self._ledger = ledger
        self._prove = prove
        self._tally = tally
        self._head = ledger.noted_head()
        self._head_seen = False
        self._reached_to: Head | None = None
        self._previous = START
        self._month, self._number = "", 0
        self._readings: dict[PageId, Entry] = {}
        self._missing: dict[str, str] = {}
        self._pruned: dict[str, str] = {}
        self.stamped: set[str] = set()

    def line(self, line: Line) -> Iterator[str]:
        """Yield what is wrong with the next line and the files it names."""
        self._number = self._number + 1 if line.month == self._month else 1
        self._month = line.month
        self._tally.lines += 1
        where = f"ledger/{line.month}.jsonl:{self._number}"
        try:
            entry = entry_of(line.data)
        except CodecError as error:
            yield f"{where}: not a line of a ledger ({error})"
        else:
            if entry.prev != self._previous:
                yield f"{where}: does not follow the line before it: one was changed, removed, added or moved"
            yield from self._entry(where, entry)
        self._previous = line.digest
        yield from self._reached(where, line)

    def _entry(self, where: str, entry: Entry) -> Iterator[str]:
        match entry.kind:
            case LineKind.READING:
                self._readings[entry.page] = entry
            case LineKind.PRUNED:
                self._pruned[entry.file] = where
            case LineKind.ANCHOR:
                self.stamped.add(entry.file)
                yield from self._stamp(where, entry)
            case LineKind.CAPTURE | LineKind.REVISIT | LineKind.AGAIN:
                self._tally.captures += 1
                yield from self._file(where, entry, "" if entry.kind is LineKind.AGAIN else entry.warc)

    def _file(self, where: str, entry: Entry, digest: str) -> Iterator[str]:
        """Yield what is wrong with a line's file; a missing one may have been removed by a rule that is told later."""
        path = (self._folder / entry.file).resolve()
        if not path.is_relative_to(self._folder.resolve()):
            yield f"{where}: names a file outside of the snapshots: {entry.file}"
        elif not self._shelf.holds(entry.file):
            self._missing.setdefault(entry.file, where)
        elif digest and sha256(self._shelf.read(entry.file)).hexdigest() != digest:
            yield f"{entry.file}: is not the file that was written ({where})"

    def _stamp(self, where: str, entry: Entry) -> Iterator[str]:
        before = len(self._missing)
        wrong = list(self._file(where, entry, entry.stamp))
        yield from wrong
        if wrong or len(self._missing) > before:
            return
        reply = self._shelf.read(entry.file)
        damage = stamp_damage(self._ledger, entry, reply, self._prove)
        if damage:
            yield f"{entry.file}: {damage} ({where})"
            return
        self._tally.stamps += 1
        self._tally.newest = stamp_of(reply)

    def _reached(self, where: str, line: Line) -> Iterator[str]:
        """Look whether the place is reached that the ledger says it had reached."""
        self._reached_to = Head(line.month, line.end, line.digest)
        if self._head is not None and (line.month, line.end) == (self._head.month, self._head.size):
            self._head_seen = True
            if line.digest != self._head.sha256:
                yield f"{where}: is not the line that ledger/{HEAD} was written after"

    def end(self) -> Iterator[str]:
        """Yield what is wrong when all lines were seen."""
        yield from self._end_of_ledger()
        self._tally.pruned = sum(file in self._pruned for file in self._missing)
        for file, where in self._missing.items():
            if file not in self._pruned:
                yield f"{file}: is missing ({where})"
        for page, entry in sorted(self._readings.items()):
            yield from self._reading(page, TEXT, entry.text, "text")
            if entry.procedure:
                yield from self._reading(page, PROCEDURE, entry.procedure, "way out")

    def _end_of_ledger(self) -> Iterator[str]:
        """Yield what is wrong with how far the ledger reaches."""
        if self._head is None and self._tally.lines > 1:
            yield f"ledger/{HEAD}: is missing or cannot be read: lines may have been taken from the ledger's end"
        if self._head is not None and not self._head_seen:
            yield f"ledger/{self._head.month}.jsonl: lines are missing at its end ({HEAD} says how far it reached)"
        if self._head_seen and self._goes_on_unexplained():
            yield f"ledger/{self._month}.jsonl: goes on after the line that {HEAD} was written after"
        if not self._tally.lines and any(self._folder.glob("*/captures")):
            yield "ledger: is missing, and there are captures"

    def _goes_on_unexplained(self) -> bool:
        """Say whether lines stand after the head that neither a crash nor somebody writing meanwhile accounts for."""
        now = self._ledger.noted_head()
        return self._reached_to != self._head and now == self._head and self._ledger.prepared_head() != self._reached_to

    def _reading(self, page: PageId, name: str, digest: str, what: str) -> Iterator[str]:
        path = self._folder / page / name
        if not path.is_file():
            yield f"{page}/{name}: is missing"
        elif sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{page}/{name}: is not the {what} that was read"
