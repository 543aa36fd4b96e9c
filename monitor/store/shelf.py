"""Where files of evidence stand: in the folder of snapshots, and captures elsewhere if the settings say so.

Elsewhere is any file system that fsspec reaches, such as `s3://bucket/folder`: captures are written once, whole, and
never changed, which is what object stores are made for. The ledger is appended to and stays in the folder.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from monitor.model.errors import StoreDamaged, StoreError
from monitor.store.faults import told
from monitor.store.files import write_whole

_CAPTURES = "captures"  # the second part of the names of captures: PAGE/captures/2026/02/...


class Shelf(Protocol):
    """Holds whole files under names with slashes."""

    def holds(self, name: str) -> bool:
        """Say whether there is a file of this name."""
        ...

    def read(self, name: str) -> bytes:
        """Return a file's bytes.

        Raises:
            StoreDamaged: there is no such file.
        """
        ...

    def write(self, name: str, data: bytes) -> None:
        """Write a file that is not there; one that is there with the same bytes was left by a crash, and will do.

        Raises:
            StoreDamaged: other bytes stand under this name.
            StoreFull: there is no room.
        """
        ...

    def size_bytes(self, name: str) -> int:
        """Return how large a file is; one that is not there has no size."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file; one that is not there is no error."""
        ...


class FolderShelf:
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def holds(self, name: str) -> bool:
        """Say whether there is a file of this name."""
        return (self._folder / name).is_file()

    def read(self, name: str) -> bytes:
        """Return a file's bytes."""
        try:
            with told(self._folder / name):
                return (self._folder / name).read_bytes()
        except FileNotFoundError as error:
            raise StoreDamaged(name, "the file is missing") from error

    def write(self, name: str, data: bytes) -> None:
        """Write a file that is not there."""
        path = self._folder / name
        with told(path):
            _refuse_other(name, path.read_bytes() if path.exists() else data, data)
        write_whole(path, data)

    def size_bytes(self, name: str) -> int:
        """Return how large a file is."""
        path = self._folder / name
        return path.stat().st_size if path.exists() else 0

    def remove(self, name: str) -> None:
        """Remove a file."""
        (self._folder / name).unlink(missing_ok=True)


class RemoteShelf:
    """Files at an address that fsspec reaches.

    Raises:
        StoreError: it cannot be reached; every method may raise that.
    """

    def __init__(self, address: str) -> None:
        try:
            from fsspec.core import url_to_fs
        except ModuleNotFoundError as error:
            raise StoreError("captures elsewhere need more packages: pip install 'optout-monitor[s3]'") from error
        self._where = address
        with self._reached():
            # What another machine wrote must be seen, so nothing is remembered of what stood there.
            self._files, self._root = url_to_fs(address, use_listings_cache=False, **_made_folders(address))

    def holds(self, name: str) -> bool:
        """Say whether there is a file of this name."""
        with self._reached():
            return bool(self._files.exists(self._place(name)))

    def read(self, name: str) -> bytes:
        """Return a file's bytes."""
        with self._reached():
            try:
                return bytes(self._files.cat_file(self._place(name)))
            except FileNotFoundError as error:
                raise StoreDamaged(f"{self._where}/{name}", "the file is missing") from error

    def write(self, name: str, data: bytes) -> None:
        """Write a file that is not there."""
        if self.holds(name):
            _refuse_other(name, self.read(name), data)
            return
        with self._reached():
            self._files.pipe_file(self._place(name), data)

    def size_bytes(self, name: str) -> int:
        """Return how large a file is."""
        with self._reached():
            try:
                return int(self._files.info(self._place(name))["size"])
            except FileNotFoundError:
                return 0

    def remove(self, name: str) -> None:
        """Remove a file."""
        with self._reached():
            try:
                self._files.rm_file(self._place(name))
            except FileNotFoundError:
                return

    def _place(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except StoreError:
            raise
        except Exception as error:  # every kind of file system has errors of its own
            said = " ".join(str(error).split())
            raise StoreError(f"{self._where} cannot be reached: {type(error).__name__}: {said}") from error


class Shelves:
    """Captures on one shelf, everything else on another."""

    def __init__(self, captures: Shelf, others: Shelf) -> None:
        self._captures = captures
        self._others = others

    def holds(self, name: str) -> bool:
        """Say whether there is a file of this name."""
        return self._of(name).holds(name)

    def read(self, name: str) -> bytes:
        """Return a file's bytes."""
        return self._of(name).read(name)

    def write(self, name: str, data: bytes) -> None:
        """Write a file that is not there."""
        self._of(name).write(name, data)

    def size_bytes(self, name: str) -> int:
        """Return how large a file is."""
        return self._of(name).size_bytes(name)

    def remove(self, name: str) -> None:
        """Remove a file."""
        self._of(name).remove(name)

    def _of(self, name: str) -> Shelf:
        return self._captures if name.split("/")[1:2] == [_CAPTURES] else self._others


def shelf_of(folder: Path, captures: str) -> Shelf:
    """Return where files of evidence stand; `captures` is an address for captures alone, or empty for the folder."""
    here = FolderShelf(folder)
    return Shelves(RemoteShelf(captures), here) if captures else here


def _refuse_other(name: str, held: bytes, data: bytes) -> None:
    if held != data:
        raise StoreDamaged(name, "another file stands where a capture is to be kept")


def _made_folders(address: str) -> dict[str, Any]:
    """Return what makes folders on file systems that have any."""
    return {"auto_mkdir": True} if address.startswith("file:") else {}
