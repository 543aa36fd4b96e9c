"""Whole files, written so that a crash leaves the old one or the new one."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.model.errors import StoreFull

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EPERM, errno.EROFS})


@contextmanager
def told(where: Path) -> Iterator[None]:
    """Turn a full or unwritable disk into `StoreFull`."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise StoreFull(str(where), error.strerror or str(error)) from error


def write_whole(path: Path, data: bytes) -> bool:
    """Write a file whole, unless it holds these bytes already; say whether it was written.

    Raises:
        StoreFull: there is no room; the file is as it was.
    """
    with told(path):
        if path.exists() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    return True


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder last over a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
