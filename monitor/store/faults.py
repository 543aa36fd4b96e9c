"""What databases and disks say when they cannot, as our own errors."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from monitor.model.errors import StoreBusy, StoreDamaged, StoreError, StoreFull

_FULL_DISK = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}
)

# Primary result codes. Source: sqlite.org/rescode.html
_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SQLITE_FULL = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_AUTH,
    }
)
_SQLITE_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PRIMARY = 0xFF  # the primary code is the low byte of the extended one

# SQLSTATE classes and codes. Source: PostgreSQL 18, appendix A
_POSTGRESQL_BUSY = frozenset({"55P03", "40P01", "40001"})
_POSTGRESQL_FULL = frozenset({"53100", "25006", "42501"})
_POSTGRESQL_DAMAGED = frozenset({"XX001", "XX002"})

_MEND = (
    "put a backup back (`optout-monitor restore`), or move this file away: pages are read anew from snapshots, but "
    "alerts, decisions and subscribers are lost"
)


@contextmanager
def told(where: Path) -> Iterator[None]:
    """Turn a full or unwritable disk into `StoreFull`."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL_DISK:
            raise
        raise StoreFull(str(where), error.strerror or str(error)) from error


def named(where: str, error: DBAPIError, holder: str) -> StoreError | None:
    """Return what a database's error means to a maintainer, or None for a fault of ours."""
    said = " ".join(str(error.orig).split())
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(where, getattr(error.orig, "sqlite_errorcode", 0) & _PRIMARY, said, holder)
    return _of_postgresql(where, getattr(error.orig, "sqlstate", None), said, holder)


def _of_sqlite(where: str, code: int, said: str, holder: str) -> StoreError | None:
    if code in _SQLITE_BUSY:
        return StoreBusy(where, holder)
    if code in _SQLITE_FULL:
        return StoreFull(where, said)
    if code in _SQLITE_DAMAGED:
        return StoreDamaged(where, f"{said}; {_MEND}")
    return None


def _of_postgresql(where: str, state: str | None, said: str, holder: str) -> StoreError | None:
    if state is None or state.startswith(("08", "57P", "28")):
        return StoreError(f"{where} cannot be reached: {said}")
    if state in _POSTGRESQL_BUSY:
        return StoreBusy(where, holder)
    if state in _POSTGRESQL_FULL:
        return StoreFull(where, said)
    if state in _POSTGRESQL_DAMAGED:
        return StoreDamaged(where, said)
    return None
