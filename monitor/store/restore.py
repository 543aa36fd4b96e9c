"""A backup put back where nothing is: read whole into a folder beside, checked, and only then moved to its place."""

import gzip
import hashlib
import shutil
import sqlite3
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from monitor.codec import CodecError, decode
from monitor.model.errors import BackupError
from monitor.store.audit import Audit
from monitor.store.backup import (
    CARD,
    DATABASE,
    FORMAT,
    OWNER_ONLY,
    SECRETS,
    SNAPSHOTS,
    STATE,
    WATCHLIST,
    Card,
    Copied,
    Whereto,
)
from monitor.store.faults import told
from monitor.store.ledger import Ledger
from monitor.store.shelf import FolderShelf

_CHUNK = 1 << 20


def restore(path: Path, places: Whereto, *, despite_damage: bool = False) -> Copied:
    """Put a backup back; nothing stands in its place before all of it was read and checked.

    `despite_damage` puts back evidence that was damaged already when the backup was made.

    Raises:
        BackupError: something is there already, or the file is cut off, changed, or of a damaged installation.
        StoreFull: there is no room; nothing was put in its place.
    """
    _refuse_unless_empty(places)
    beside = places.snapshots.parent
    with told(beside):
        beside.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".optout-restore-", dir=beside) as folder:
            staged = Path(folder)
            card = _unpacked(path, staged)
            _check(path, staged, card, places, despite_damage=despite_damage)
            _put_in_place(staged, places)
    return Copied(files=len(card.files), size_bytes=sum(size for size, _ in card.files.values()))


def _refuse_unless_empty(places: Whereto) -> None:
    found = [places.watchlist, *([places.database] if places.database else [])]
    found += sorted(places.state.glob(SECRETS))
    there = [str(path) for path in found if path.exists()]
    if places.snapshots.exists() and any(places.snapshots.iterdir()):
        there.append(str(places.snapshots))
    if there:
        raise BackupError(there[0], "is there already: move it away first, a backup is put back where nothing is")


def _unpacked(path: Path, staged: Path) -> Card:
    """Write every file of a backup into a folder and return its card, once each file is what the card says."""
    found: dict[str, tuple[int, str]] = {}
    with _read(path) as archive:
        for entry in archive:
            content = archive.extractfile(entry) if entry.isfile() else None
            if content is None or not _ours(entry.name):
                raise BackupError(str(path), f"holds {entry.name!r}, which no backup of this program does")
            found[entry.name] = _written(content, staged / entry.name)
    if CARD not in found:
        raise BackupError(str(path), f"is cut off: {CARD}, which is written last, is not in it")
    del found[CARD]
    card = _card(path, staged / CARD)
    _compare(path, card.files, found)
    return card


@contextmanager
def _read(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with gzip.open(path) as unpacked, tarfile.open(fileobj=unpacked, mode="r|") as archive:
            yield archive
            while unpacked.read(_CHUNK):  # to its very end, where its checksum is
                pass
    except FileNotFoundError as error:
        raise BackupError(str(path), "is not there") from error
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise BackupError(str(path), f"is cut off, damaged, or no backup ({error})") from error


def _ours(name: str) -> bool:
    parts = PurePosixPath(name).parts
    known = name in (CARD, WATCHLIST, DATABASE) or (len(parts) > 1 and parts[0] in (STATE, SNAPSHOTS))
    return known and ".." not in parts and "\\" not in name


def _written(content: IO[bytes], target: Path) -> tuple[int, str]:
    """Write a file; return its size and SHA-256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as file:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            size += file.write(chunk)
    return size, digest.hexdigest()


def _card(path: Path, card: Path) -> Card:
    try:
        said = decode(Card, card.read_bytes())
    except CodecError as error:
        raise BackupError(str(path), f"{CARD} cannot be read ({error})") from error
    if said.format != FORMAT:
        raise BackupError(str(path), f"was made by another version ({said.made_by}): use that one")
    return said


def _compare(path: Path, said: Mapping[str, tuple[int, str]], found: Mapping[str, tuple[int, str]]) -> None:
    for name in sorted(said.keys() | found.keys()):
        if said.get(name) != found.get(name):
            what = "is missing" if name not in found else "is not as it was when the backup was made"
            raise BackupError(str(path), f"{name} {what}")


def _check(path: Path, staged: Path, card: Card, places: Whereto, *, despite_damage: bool) -> None:
    """Hold what was read against what it must be: the database whole, the evidence undamaged."""
    if card.database and places.database is None:
        raise BackupError(str(path), "holds a SQLite database, and OPTOUT_DATABASE names one on a server")
    if card.database:
        _check_database(path, staged / DATABASE)
    snapshots = staged / SNAPSHOTS
    ledger = Ledger(snapshots / "ledger", staged / "lock")
    damages = list(Audit(snapshots, ledger, FolderShelf(snapshots)).damages())
    if damages and not despite_damage:
        told_first = f"{len(damages)} damages, the first is: {damages[0]}"
        raise BackupError(str(path), f"the evidence in it was damaged already ({told_first}); --despite-damage")


def _check_database(path: Path, database: Path) -> None:
    try:
        with closing(sqlite3.connect(database)) as copy:
            said = copy.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        said = str(error)
    if said != "ok":
        raise BackupError(str(path), f"the database in it is damaged ({said})")


def _put_in_place(staged: Path, places: Whereto) -> None:
    """Move everything to its place, the database last: without one, an installation is empty."""
    for name in (SNAPSHOTS, STATE):
        (staged / name).mkdir(exist_ok=True)
    if places.snapshots.exists():
        places.snapshots.rmdir()
    _moved(staged / SNAPSHOTS, places.snapshots)
    places.state.mkdir(parents=True, exist_ok=True)
    for secret in sorted((staged / STATE).glob(SECRETS)):
        secret.chmod(OWNER_ONLY)
        _moved(secret, places.state / secret.name)
    for name, target in ((WATCHLIST, places.watchlist), (DATABASE, places.database)):
        if target is not None and (staged / name).exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            if name == DATABASE:
                (staged / name).chmod(OWNER_ONLY)
            _moved(staged / name, target)


def _moved(source: Path, target: Path) -> None:
    """Move a file or folder, also to another disk; there it gets its name when it is whole."""
    beside = target.with_name(f".{target.name}.restoring")
    shutil.move(source, beside)
    beside.rename(target)
