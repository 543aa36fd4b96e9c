"""A whole installation in one file, made while it runs, and put back only where nothing is.

    optout-monitor-backup.tar.gz
        watchlist.yaml
        state/monitor.db            a copy by SQLite's own means: one moment of the database
        state/*.secret              unless they are left out
        snapshots/...               ledger and texts of one moment, then every capture that the ledger names
        backup.json                 last: digest and size of each file before it; without it the file is not whole

What is put back is checked against `backup.json` and by `verify` before the first file comes to its place.
"""

import hashlib
import io
import os
import sqlite3
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from shutil import copy2
from tempfile import TemporaryDirectory
from typing import BinaryIO

from monitor.codec import encode, indented
from monitor.model.errors import BackupError
from monitor.store.faults import told
from monitor.store.files import sync_folder

FORMAT = 1
CARD = "backup.json"
WATCHLIST, DATABASE, SNAPSHOTS, STATE = "watchlist.yaml", "state/monitor.db", "snapshots", "state"
# What is replaced while the program runs: of one moment with the ledger, and so copied in the ledger's turn.
_MOVING = ("ledger/*.jsonl", "ledger/head.json", "ledger/*.torn", "*/text.md", "*/procedure.yaml")
# What is written once: whatever is there when the ledger was copied is named by it, or does no harm.
_STANDING = ("ledger/stamps/*.tsr", "*/captures/*/*/*.warc.gz")
SECRETS = "*.secret"
OWNER_ONLY = 0o600
_LEVEL = 3  # of gzip: captures are packed already, the database is not

Named = tuple[str, Path]  # a file's name in the backup, and where it is read


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereto:
    """Where the parts of an installation lie; `database` is None when it is on a server."""

    watchlist: Path
    state: Path
    database: Path | None
    snapshots: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a backup holds: which program made it, whether secrets are in it, and size and SHA-256 of each file."""

    format: int
    made_by: str
    secrets: bool
    database: bool
    files: Mapping[str, tuple[int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What was written or put back: how many files, and their bytes in all."""

    files: int
    size_bytes: int


def write_backup(
    path: Path,
    places: Whereto,
    *,
    made_by: str,
    secrets: bool,
    still: Callable[[], AbstractContextManager[None]],
    removing: Callable[[], AbstractContextManager[None]],
) -> Copied:
    """Write a backup; a file that is there is replaced when the new one is whole.

    `still` keeps others from writing into the ledger, and is asked for no longer than ledger, texts and database take;
    `removing` keeps them from removing captures meanwhile.

    Raises:
        BackupError: its folder, or a file that belongs to it, is not there.
        StoreFull: there is no room; a file that was there is as it was.
    """
    if not path.parent.is_dir():
        raise BackupError(str(path), "its folder is not there: make it first")
    fresh = path.with_name(f".{path.name}.part")
    with told(path), removing(), TemporaryDirectory(prefix=".optout-backup-", dir=path.parent) as folder:
        with still():
            moving = _copied_apart(places, Path(folder))
        standing = _standing(places, secrets=secrets)
        try:
            with fresh.open("wb") as file:
                fresh.chmod(OWNER_ONLY)
                files = _packed(file, (*standing, *moving), made_by, secrets=secrets)
                os.fsync(file.fileno())
            fresh.replace(path)
            sync_folder(path.parent)
        finally:
            fresh.unlink(missing_ok=True)
    return Copied(files=len(files), size_bytes=path.stat().st_size)


def _copied_apart(places: Whereto, folder: Path) -> list[Named]:
    """Copy what moves into a folder; return these copies."""
    found: list[Named] = []
    for name, path in _matching(places.snapshots, _MOVING):
        found.append((name, folder / name))
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copy2(path, folder / name)
    if places.database is not None:
        found.append((DATABASE, folder / "monitor.db"))
        _copy_database(places.database, folder / "monitor.db")
    return found


def _copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite database as it is at one moment, while others write to it."""
    try:
        with (
            closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy)
    except sqlite3.Error as error:
        raise BackupError(str(source), f"the database cannot be copied ({error})") from error


def _standing(places: Whereto, *, secrets: bool) -> Iterator[Named]:
    if places.watchlist.exists():
        yield WATCHLIST, places.watchlist
    if secrets:
        yield from ((f"{STATE}/{path.name}", path) for path in sorted(places.state.glob(SECRETS)))
    yield from _matching(places.snapshots, _STANDING)


def _matching(snapshots: Path, patterns: Iterable[str]) -> Iterator[Named]:
    for pattern in patterns:
        for path in sorted(snapshots.glob(pattern)):
            yield f"{SNAPSHOTS}/{path.relative_to(snapshots).as_posix()}", path


def _packed(file: BinaryIO, named: Iterable[Named], made_by: str, *, secrets: bool) -> Mapping[str, tuple[int, str]]:
    """Write the files and, last, the card about them; return what the card says of them."""
    files: dict[str, tuple[int, str]] = {}
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=_LEVEL) as archive:
        for name, path in named:
            files[name] = _added(archive, name, path)
        card = Card(format=FORMAT, made_by=made_by, secrets=secrets, database=DATABASE in files, files=files)
        content = indented(encode(card))
        archive.addfile(_entry(CARD, len(content)), io.BytesIO(content))
    return files


def _added(archive: tarfile.TarFile, name: str, path: Path) -> tuple[int, str]:
    try:
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
            size = source.tell()
            source.seek(0)
            archive.addfile(_entry(name, size), source)
    except FileNotFoundError as error:
        raise BackupError(str(path), "is not there any more") from error
    return size, digest


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, OWNER_ONLY
    return entry
