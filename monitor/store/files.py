"""Whole files, written so that a crash leaves the old one or the new one."""

import os
import tempfile
from pathlib import Path

from monitor.store.faults import told


def write_whole(path: Path, data: bytes) -> bool:
    """Write a file whole and make it last, unless it holds these bytes already; say whether it was written.

    Raises:
        StoreFull: there is no room; the file is as it was.
    """
    with told(path):
        if holds(path, data):
            return False
        made = make_folder(path.parent)
        replace_whole(path, data, lasting=True)
        for folder in (path.parent, *made):
            sync_folder(folder)
    return True


def holds(path: Path, data: bytes) -> bool:
    """Say whether a file is there and has these bytes.

    Raises:
        StoreFull: it cannot be looked at.
    """
    with told(path):
        try:
            return path.stat().st_size == len(data) and path.read_bytes() == data
        except FileNotFoundError:
            return False


def replace_whole(path: Path, data: bytes, *, lasting: bool) -> None:
    """Put a file in the place of another; with `lasting` its bytes are on the disk before its name is."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def make_folder(folder: Path) -> tuple[Path, ...]:
    """Make a folder and those above it; return the parents of what was made, whose entries must be made to last."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(each.parent for each in missing)


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder last over a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
