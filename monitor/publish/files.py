"""Whole files under one root: replaced at once, only when their bytes differ, removed only when we wrote them.

A generator opens a `Shelf`, puts every file it stands for, and closes it. What it wrote earlier and did not put again
is removed; nothing else is ever touched. A file of the same key as last time is not even made.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from monitor import codec
from monitor.model.errors import PublishError, Stopping

_LISTED = 500  # files made at least between two lists of what is written


class _Kept(msgspec.Struct, frozen=True):
    """What is remembered of a written file: the key it was made of (empty when always made anew) and its size."""

    key: str
    size: int


@dataclass(slots=True)
class Shelf:
    """The files of one generator under a root; `.NAME.json` there remembers which they are."""

    root: Path
    name: str
    stopping: Callable[[], bool] = lambda: False
    _before: dict[str, _Kept] = field(default_factory=dict)  # not put again so far
    _now: dict[str, _Kept] = field(default_factory=dict)
    _changed: list[str] = field(default_factory=list)
    _unlisted: int = 0

    def __post_init__(self) -> None:
        self._before = _remembered(self._manifest)

    @property
    def _manifest(self) -> Path:
        return self.root / f".{self.name}.json"

    def put(self, path: str, made: Callable[[], bytes], *, key: str = "") -> None:
        """Write a file when its bytes differ from those on disk; with a key, only when the key or the size differs.

        Raises:
            PublishError: there is no room for it, or its place is not writable.
            Stopping: the program ends; what was written is remembered as ours.
        """
        if self.stopping():
            self._list(self._before | self._now)
            raise Stopping
        if key and self.kept(path, key=key):
            return
        content = made()
        self._now[path] = _Kept(key, len(content))
        self._before.pop(path, None)
        with _told(self.root / path):
            if replaced(self.root / path, content):
                self._changed.append(path)
        self._unlisted += 1
        if self._unlisted >= max(_LISTED, len(self._now) // 10):
            self._list(self._before | self._now)

    def kept(self, path: str, *, key: str = "") -> bool:
        """Leave a file as it stands if it is ours and, with a key, was made of that one; say whether it is so."""
        before = self._before.get(path)
        if before is None or _size(self.root / path) != before.size or (key and before.key != key):
            return False
        self._now[path] = self._before.pop(path)
        return True

    def close(self) -> tuple[str, ...]:
        """Remove what was written earlier and not put again; return every path that changed, removed ones too.

        Raises:
            PublishError: there is no room for the list of what was written, or a place is not writable.
        """
        for path in sorted(self._before):
            with _told(self.root / path):
                self._remove(self.root / path)
            self._changed.append(path)
        self._list(self._now)
        return tuple(self._changed)

    def _list(self, files: dict[str, _Kept]) -> None:
        """Remember which files are ours, so that a process that is killed now is not repeated from the start."""
        ordered = dict(sorted(files.items()))  # the encoder's own sort takes seconds for what is partly in order
        with _told(self._manifest):
            replaced(self._manifest, codec.encode(ordered))
        self._unlisted = 0

    def _remove(self, target: Path) -> None:
        target.unlink(missing_ok=True)
        _remove_empty(target.parent, self.root)


def replaced(path: Path, content: bytes) -> bool:
    """Put these bytes in a file's place at once, unless they stand there already; say whether anything was written.

    What could not be written whole takes no room.
    """
    if _size(path) == len(content) and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    return True


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what a disk says into a sentence that names the file."""
    try:
        yield
    except OSError as error:
        raise PublishError(str(path), error.strerror or str(error)) from error


def _size(path: Path) -> int:
    """Return a file's size in bytes, or -1 when there is none."""
    try:
        return path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return -1


def _remembered(manifest: Path) -> dict[str, _Kept]:
    """Return what was written last time; without a manifest, or with a damaged one, nothing is known to be ours."""
    try:
        return codec.decode(dict[str, _Kept], manifest.read_bytes())
    except (FileNotFoundError, NotADirectoryError, codec.CodecError):
        return {}


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
