"""The evidence under `snapshots/`: exact bytes once, a ledger line for every capture, the newest text beside them.

    snapshots/ledger/2026-02.jsonl                                        what was captured when, chained
    snapshots/PAGE/captures/2026/02/20260225T073100Z-SHA256.warc.gz       the bytes and all that came round them
    snapshots/PAGE/text.md, procedure.yaml                                the newest reading, for people and git

A file is written first and the ledger's line after it: a line never tells of a file that is not there.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.model.alert import Alert
from monitor.model.capture import Capture, Digest
from monitor.model.errors import StoreDamaged
from monitor.model.finding import Finding
from monitor.model.page import Page, PageId
from monitor.model.proof import Anchor, Exhibits, Head, Pruned, References
from monitor.store.anchors import anchors_of, head_of, keep_stamp
from monitor.store.database import Database
from monitor.store.entry import Entry, LineKind, capture_line, frame, reading_line
from monitor.store.files import holds, write_whole
from monitor.store.ledger import Ledger
from monitor.store.lock import Turns
from monitor.store.moments import moment, month
from monitor.store.pruning import found, prunable, prune
from monitor.store.readable import PROCEDURE, TEXT, procedure_yaml, text_markdown
from monitor.store.shelf import shelf_of
from monitor.store.whereabouts import PRUNED, Whereabouts, key

# What looks at stamps, reads pages, and opens and writes captures is imported where it is used: it would cost every
# command 0.1 s.
if TYPE_CHECKING:
    from monitor.store.audit import Audit
    from monitor.store.warc import Held, Opened
    from monitor.timestamp import Stamp

PATIENCE_SECONDS = 30.0


class StoredEvidence:
    """Captures on disk; it keeps the promises of `ports.Evidence`."""

    def __init__(self, folder: Path, database: Database, lock: Path, captures: str = "") -> None:
        self._folder = folder
        self._shelf = shelf_of(folder, captures)
        self._database = database
        self.ledger = Ledger(folder / "ledger", lock)
        self._removing = Turns(lock.with_name(f"{lock.name}.removing"), folder, patience_seconds=PATIENCE_SECONDS)
        self.whereabouts = Whereabouts(database, self.ledger)
        self._read_last: tuple[str, Capture] | None = None  # pages that stay as they are give one file again and again
        self._kept_last: Capture | None = None  # it is asked for right after it was kept

    def keep(self, capture: Capture) -> None:
        """Keep the capture and a line in the ledger before anything is made of it; keeping it twice does no harm.

        Raises:
            StoreFull: there is no room; what was kept before is untouched.
            StoreBusy: another process is keeping something and does not end.
        """
        with self.turn():
            self.whereabouts.catch_up()
            if self._known(capture):
                return
            self.ledger.append(month(capture.at), self._put(capture))
            self.whereabouts.catch_up()
        self._kept_last = capture

    def _known(self, capture: Capture) -> bool:
        """Say whether the ledger has a line about this very capture."""
        if moment(capture.at) > self.whereabouts.newest(capture.page):
            return False
        places = [place for place in self.whereabouts.places(capture.page) if place.at == capture.at]
        return any(self.ledger.entry(place.month, place.offset).body == capture.digest for place in places)

    def _put(self, capture: Capture) -> dict[str, object]:
        """Write the file of a capture, unless one tells all of it but the moment; return its line."""
        from monitor.store.warc import warc_bytes

        round_it = frame(capture)
        same = self._file(key(capture.digest, round_it))
        if same is not None:
            return {**capture_line(capture, LineKind.AGAIN, same)}
        first = self._file(key(capture.digest))
        held = self._held(first) if first is not None else None
        kind, mark = (LineKind.CAPTURE, "") if held is None else (LineKind.REVISIT, f"-{round_it}")
        data = warc_bytes(capture, held)
        file = self._free(capture, mark, data)
        self._shelf.write(file, data)
        return {**capture_line(capture, kind, file, frame=round_it, warc=sha256(data).hexdigest())}

    def _free(self, capture: Capture, mark: str, data: bytes) -> str:
        """Return a name under which no other bytes stand.

        A process that was killed between a file and its line leaves a file that no line names, and the page may come
        again within the same second. What stands there stays.
        """
        file = _name(capture, mark)
        if self._shelf.holds(file) and self._shelf.read(file) != data:
            return _name(capture, f"{mark}-{capture.at:%f}")
        return file

    def _file(self, name: bytes) -> str | None:
        """Return the file under a key, if it is still there; what was lost is kept anew."""
        file = self.whereabouts.file(name)
        return file if file is not None and self._shelf.holds(file) else None

    def _held(self, file: str) -> "Held":
        from monitor.store.warc import Held

        found = self._opened(file)
        return Held(file, found.noted.final_url or found.noted.url, found.noted.at)

    def capture(self, digest: Digest) -> Capture | None:
        """Return the first capture with these bytes, or None.

        Raises:
            StoreDamaged: the file is missing, or not what was written.
        """
        self.whereabouts.catch_up()
        file = self.whereabouts.file(key(digest))
        return None if file is None or self._pruned(file) else self._read(file)

    def _pruned(self, file: str) -> bool:
        """Say whether a file is not there because a retention rule removed it."""
        return not self._shelf.holds(file) and self.whereabouts.file(key(file, PRUNED)) is not None

    def captures(self, page: PageId, *, after: datetime | None = None) -> Iterator[Capture]:
        """Yield every kept capture of a page in time order, one at a time; with `after` only those later than it.

        Those that a retention rule removed are left out.

        Raises:
            StoreDamaged: a file is missing, or not what was written.
        """
        self.whereabouts.catch_up()
        for place in self.whereabouts.places(page, after=after):
            entry = self.ledger.entry(place.month, place.offset)
            if not self._pruned(entry.file):
                yield self._told_of(entry)

    def _told_of(self, entry: Entry) -> Capture:
        """Return the capture that a line tells of."""
        kept = self._kept_last
        if kept is not None and (kept.page, kept.at, kept.digest) == (entry.page, entry.time, entry.body):
            return kept
        capture = self._read(entry.file)
        return capture if capture.at == entry.time else replace(capture, at=entry.time)

    def _read(self, file: str) -> Capture:
        """Return the capture in a file, as it was when the file was written."""
        read = self._read_last
        if read is not None and read[0] == file:
            return read[1]
        found = self._opened(file)
        body = found.body if found.body is not None else self._opened(found.noted.body_in).body
        capture = found.noted.capture(body or b"", found.screenshot)
        if capture.digest != found.noted.digest:
            raise StoreDamaged(file, "the body is not the one that was captured")
        self._read_last = file, capture
        return capture

    def _opened(self, file: str) -> "Opened":
        from monitor.store.warc import opened

        return opened(self._shelf.read(file), file)

    def write_reading(self, page: Page, finding: Finding) -> None:
        """Write the newest text (Markdown) and way out (YAML) of a page, replacing the files whole.

        The ledger gets a line when either is another one than before. Without a reading nothing is written.

        Raises:
            StoreFull: there is no room; the files are as they were.
        """
        if finding.document is None or finding.sight is None:
            return
        text, procedure = text_markdown(page, finding.document).encode(), procedure_yaml(finding.procedure).encode()
        folder = self._folder / page.id
        if holds(folder / TEXT, text) and holds(folder / PROCEDURE, procedure):
            return
        with self.turn():
            line = reading_line(page.id, finding.sight.at, finding.sight.capture, text, procedure)
            self.ledger.append(month(finding.sight.at), line)
            write_whole(folder / TEXT, text)
            write_whole(folder / PROCEDURE, procedure)

    def verify(self) -> Iterator[str]:
        """Yield one sentence for each damage found: digests, the ledger's chain, stamps; nothing when all is well."""
        return self.audit().damages()

    def audit(
        self, prove: "Callable[[bytes], Stamp] | None" = None, others: Mapping[str, bytes] | None = None
    ) -> "Audit":
        """Return a walk over everything that is kept; `prove` reads stamps, `others` are stamps kept elsewhere."""
        from monitor.store.audit import Audit
        from monitor.timestamp import stamp_of

        return Audit(self._folder, self.ledger, self._shelf, prove or stamp_of, others)

    def exhibits(self, alert: Alert, page: Page, checks_between: int) -> Exhibits | None:
        """Return all that is kept of one alert, or None when one of its captures has no line in the ledger.

        Raises:
            StoreDamaged: a file is missing, or not what was written.
        """
        from monitor.store.exhibits import Gathering

        self.whereabouts.catch_up()
        return Gathering(self._shelf, self.ledger, self.whereabouts, self._told_of).exhibits(
            alert, page, checks_between
        )

    def prune(
        self, references: Callable[[], References], *, before: datetime, at: datetime, rule: str, dry_run: bool
    ) -> Pruned:
        """Remove captures older than a moment that nothing refers to; return what was, or would be, removed.

        Raises:
            StoreFull: a line about it cannot be written; what was removed before has its line.
            StoreBusy: another process is keeping something, or makes a backup, and does not end.
        """

        def search() -> tuple[list[Entry], int]:
            return prunable(self.ledger, references(), before)

        if dry_run:
            return found(self._shelf, *search())
        with self.nothing_removed():
            return prune(self._shelf, self.ledger, self.turn, search, at, rule)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Keep other machines and processes from writing into the ledger for as long as the block runs."""
        with self._database.turn(), self.ledger.turn():
            yield

    @contextmanager
    def nothing_removed(self) -> Iterator[None]:
        """Keep other processes from removing captures for as long as the block runs.

        Raises:
            StoreBusy: one of them does, and does not end.
        """
        with self._removing.taken():
            yield

    def head(self) -> Head | None:
        """Return the newest line of the ledger, or None when it has none."""
        with self.turn():
            return head_of(self.ledger)

    def anchors(self) -> tuple[Anchor, ...]:
        """Return the time stamps that are kept, oldest first."""
        self.whereabouts.catch_up()
        return tuple(anchors_of(self.whereabouts, self.ledger))

    def anchor(self, head: Head, reply: bytes, at: datetime) -> Anchor:
        """Keep a time stamp over a line of the ledger, and a line about it.

        Raises:
            StoreFull: there is no room; the ledger is as it was.
        """
        with self.turn():
            return keep_stamp(self._folder, self.ledger, head, reply, at)


def _name(capture: Capture, mark: str) -> str:
    """Return where a capture's file goes, relative to the folder of snapshots."""
    at = capture.at.astimezone(UTC)
    return f"{capture.page}/captures/{at:%Y}/{at:%m}/{at:%Y%m%dT%H%M%SZ}-{capture.digest}{mark}.warc.gz"
