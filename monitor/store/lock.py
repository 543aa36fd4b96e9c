"""One writing process at a time, and a second one is told who the first is."""

import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from monitor.codec import CodecError, decode, encode
from monitor.model.errors import StoreBusy
from monitor.store.faults import told
from monitor.store.files import replace_whole

UNKNOWN = "another process"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock."""

    pid: int
    host: str
    command: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host} ({self.command})"


class Turns:
    """Short turns at one thing: whoever has none waits for it, however many threads and processes there are."""

    def __init__(self, path: Path, what: Path, *, patience_seconds: float) -> None:
        self._what = what
        self._folder = path.parent
        self._lock = FileLock(path, timeout=patience_seconds)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have one's turn for as long as the block runs.

        Raises:
            StoreBusy: another one has it and does not end.
            StoreFull: the lock file cannot be made.
        """
        with told(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire()
            except Timeout as error:
                raise StoreBusy(str(self._what), UNKNOWN) from error
        try:
            yield
        finally:
            self._lock.release()


class WriterLock:
    """A lock file with a card beside it that says who holds it.

    The system lets go of it when the process ends, however it ends. Within one process it may be taken again, by any
    thread: it keeps processes apart, not threads.
    """

    def __init__(self, path: Path, *, patience_seconds: float) -> None:
        self._path = path
        self._card = path.with_name(f"{path.name}.holder.json")
        self._patience_seconds = patience_seconds
        self._lock = FileLock(path, thread_local=False)
        self._depth = 0
        self._turn = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock for as long as the block runs.

        Raises:
            StoreBusy: another process holds it and did not let go in time.
            StoreFull: the lock file cannot be made.
        """
        self._take()
        try:
            yield
        finally:
            self._leave()

    def holder(self) -> str:
        """Return who holds the lock, as far as can be told."""
        try:
            return str(decode(Holder, self._card.read_bytes()))
        except (OSError, CodecError):
            return UNKNOWN

    def _take(self) -> None:
        with self._turn, told(self._path):
            if self._depth == 0:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                try:
                    self._lock.acquire(timeout=self._patience_seconds)
                except Timeout as error:
                    raise StoreBusy(str(self._path.parent), self.holder()) from error
                self._sign()
            self._depth += 1

    def _sign(self) -> None:
        card = Holder(os.getpid(), socket.gethostname(), " ".join([Path(sys.argv[0]).name, *sys.argv[1:4]]))
        try:
            replace_whole(self._card, encode(card), lasting=False)
        except BaseException:
            self._lock.release()
            raise

    def _leave(self) -> None:
        with self._turn:
            self._depth -= 1
            if self._depth == 0:
                self._card.unlink(missing_ok=True)
                self._lock.release()
