"""The ledger: one JSON line for each capture, each holding the SHA-256 of the line before; one file a month.

A line cannot be changed, taken out or put elsewhere without breaking the chain from there on; `broken` finds where.
"""

import json
import os
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from filelock import FileLock

from monitor.store.faults import told

START = "0" * 64  # what the very first line holds instead of the hash of a line before


class Ledger:
    """The month files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(folder / ".lock")
        self._end: tuple[Path, int, str] | None = None  # newest file, its size, hash of its last line

    def append(self, month: str, facts: Mapping[str, object]) -> str:
        """Append a line to the file of a month (`2026-02`) and return its hash; the line outlives a power cut.

        Raises:
            StoreFull: there is no room; the ledger is as it was.
        """
        with told(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._lock:
                path, size, previous = self._newest()
                target = max(self._folder / f"{month}.jsonl", path) if path else self._folder / f"{month}.jsonl"
                line = _line({**facts, "prev": previous})
                start = size if target == path else 0
                _write(target, start, line)
                hash_ = sha256(line.rstrip(b"\n")).hexdigest()
                self._end = (target, start + len(line), hash_)
                return hash_

    def _newest(self) -> tuple[Path | None, int, str]:
        """Return the newest file, its size and the hash of its last line; a torn end is put aside first."""
        files = self.files()
        if not files:
            return None, 0, START
        path = files[-1]
        size = path.stat().st_size
        if self._end is not None and self._end[:2] == (path, size):
            return self._end
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            _put_aside(path, data[len(whole) :], len(whole))
        last = whole.rstrip(b"\n").rsplit(b"\n", 1)[-1]
        previous = sha256(last).hexdigest() if last else self._before(files)
        return path, len(whole), previous

    def _before(self, files: list[Path]) -> str:
        """Return the hash of the last line before a file that holds none."""
        lines = [line for path in files[:-1] for line in path.read_bytes().splitlines()]
        return sha256(lines[-1]).hexdigest() if lines else START

    def files(self) -> list[Path]:
        """Return the month files, oldest first."""
        return sorted(self._folder.glob("????-??.jsonl"))

    def lines(self) -> Iterator[tuple[str, bytes]]:
        """Yield where each whole line stands (`2026-02.jsonl:7`) and its bytes, oldest first."""
        for path in self.files():
            with path.open("rb") as file:
                for number, line in enumerate(file, start=1):
                    yield f"{path.name}:{number}", line

    def facts(self) -> Iterator[tuple[str, dict[str, object]]]:
        """Yield where each readable line stands and what it says, oldest first."""
        for where, line in self.lines():
            try:
                said = json.loads(line)
            except ValueError:
                continue
            if isinstance(said, dict):
                yield where, said

    def broken(self) -> Iterator[str]:
        """Yield one sentence for each place where the chain does not hold."""
        previous = START
        for where, line in self.lines():
            if not line.endswith(b"\n"):
                yield f"ledger {where}: the line is cut off; what is left is put aside at the next capture"
                continue
            try:
                said = json.loads(line)
                prev = said["prev"]
            except (ValueError, KeyError, TypeError):
                yield f"ledger {where}: not a ledger line"
            else:
                if prev != previous:
                    yield f"ledger {where}: does not follow the line before it (edited, removed or reordered)"
            previous = sha256(line.rstrip(b"\n")).hexdigest()
        for torn in sorted(self._folder.glob("*.torn")):
            yield f"ledger {torn.name}: holds the end of a line that a crash cut off; read it, then remove it"

    def head(self) -> str:
        """Return the hash of the newest line: what an outside time-stamp is asked for."""
        return self._newest()[2]


def _line(facts: Mapping[str, object]) -> bytes:
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _write(path: Path, start: int, line: bytes) -> None:
    """Write a line at the end of a file and make it last; what was half written is taken back."""
    with path.open("ab") as file:
        try:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            os.ftruncate(file.fileno(), start)
            raise


def _put_aside(path: Path, torn: bytes, length: int) -> None:
    """Move half a line that a crash left to a file beside it."""
    aside = path.with_name(f"{path.name}.{sha256(torn).hexdigest()[:8]}.torn")
    aside.write_bytes(torn)
    with path.open("r+b") as file:
        file.truncate(length)
        os.fsync(file.fileno())
