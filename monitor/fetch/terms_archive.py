"""Versions of a document out of a local clone of an Open Terms Archive repository, streamed through git itself.

Comes in: a clone and a document's name, `Service/Terms Type`. Goes out: captures, oldest first. git reads its own
objects; nothing is checked out, no hook runs, and no text of the repository becomes part of a command but as one
argument after `--`.

Source: https://docs.openterms.org (versions and snapshots repositories), git-log(1), git-cat-file(1), as of 2026.
"""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import IO

from monitor.model.capture import Capture
from monitor.model.errors import RecordingError
from monitor.model.page import Page, Vantage

SOURCE = "open-terms-archive"
MEDIA_TYPES = {".md": "text/markdown; charset=utf-8", ".html": "text/html; charset=utf-8"}
LIMIT_BYTES = 20_000_000  # of one version; longer ones are cut as a fetch would be
_FIELDS = "%x01%H %aI"  # a byte that no path holds begins each commit
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Committed:
    """One version: its commit, when it was recorded (UTC), and where the document stood then."""

    commit: str
    at: datetime
    path: str


@dataclass(frozen=True, slots=True)
class TermsArchive:
    """A clone on this machine."""

    folder: Path

    def committed(self, document: str) -> tuple[Committed, ...]:
        """Return every version of a document, oldest first, under each name that it had.

        Raises:
            RecordingError: there is no git, this is no clone, or it has no such document.
        """
        path = self._path(document)
        log = self._git("log", "--follow", "--name-status", "-M", f"--format={_FIELDS}", "--", path)
        return tuple(reversed(list(_versions(log))))

    def captures(self, page: Page, versions: Sequence[Committed], document: str) -> Iterator[Capture]:
        """Yield versions as captures of a page, one at a time.

        Raises:
            RecordingError: git ends before it has given all of them.
        """
        with self._batch() as (asked, given):
            for version in versions:
                asked.write(f"{version.commit}:{version.path}\n".encode())
                asked.flush()
                yield _capture(page, version, document, _content(given, self.folder))

    def _path(self, document: str) -> str:
        names = self._git("ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")
        known = {name.removesuffix(Path(name).suffix): name for name in names if Path(name).suffix in MEDIA_TYPES}
        if document in known:
            return known[document]
        near = ", ".join(repr(name) for name in get_close_matches(document, known, n=_NEAREST, cutoff=0.3))
        raise RecordingError(
            str(self.folder),
            f"no document {document!r} among {len(known)}" + (f"; the nearest are {near}" if near else ""),
        )

    def _git(self, *arguments: str) -> str:
        if shutil.which("git") is None:
            raise RecordingError(str(self.folder), "git is needed to read a clone: install it")
        done = subprocess.run(self._command(*arguments), capture_output=True, check=False)  # noqa: S603 - one list
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise RecordingError(
                str(self.folder), f"no repository that git can read: {said[-1] if said else 'no word'}"
            )
        return done.stdout.decode("utf-8", "surrogateescape")

    @contextmanager
    def _batch(self) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
        """Give git's standard input and output while it answers for one object after the other."""
        with subprocess.Popen(  # noqa: S603 - one list
            self._command("cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as running:
            assert running.stdin is not None
            assert running.stdout is not None
            yield running.stdin, running.stdout

    def _command(self, *arguments: str) -> list[str]:
        quiet = ("-c", "core.quotePath=false", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
        return ["git", *quiet, "--no-optional-locks", "-C", str(self.folder), *arguments]


def _versions(log: str) -> Iterator[Committed]:
    """Yield the versions of a log, newest first; a commit that took the document away is none."""
    for entry in log.split("\x01")[1:]:
        head, *lines = entry.splitlines()
        commit, at = head.split(" ", 1)
        changed = next((line.split("\t") for line in lines if line), None)
        if changed is not None and not changed[0].startswith("D"):
            yield Committed(commit, datetime.fromisoformat(at).astimezone(UTC), changed[-1])


def _content(given: IO[bytes], folder: Path) -> bytes:
    """Return the next object that git gives, at most `LIMIT_BYTES` of it."""
    head = given.readline().split()
    if len(head) != 3 or not head[2].isdigit():
        raise RecordingError(str(folder), f"git has no such object: {b' '.join(head).decode('utf-8', 'replace')[:120]}")
    length = int(head[2])
    body = given.read(min(length, LIMIT_BYTES))
    left = length - len(body)
    while left > 0 and (passed := given.read(min(left, 65_536))):
        left -= len(passed)
    if given.read(1) != b"\n":
        raise RecordingError(str(folder), "git ended before it gave everything")
    return body


def _capture(page: Page, version: Committed, document: str, body: bytes) -> Capture:
    return Capture(
        page=page.id,
        url=page.url,
        at=version.at,
        body=body,
        headers=(("Content-Type", MEDIA_TYPES[Path(version.path).suffix]),),
        final_url=page.url,
        vantage=Vantage(region=page.region, language=page.language),
        source={"archive": SOURCE, "document": document, "commit": version.commit},
    )
