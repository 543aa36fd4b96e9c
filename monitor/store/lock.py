"""One writer at a time, and a second one is told who the first is."""

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from monitor.model.errors import StoreBusy
from monitor.store.files import told, write_whole


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a lock file for as long as the block runs; the system lets go of it when the process dies.

    Raises:
        StoreBusy: another process holds it.
    """
    with told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise StoreBusy(str(path.parent), _holder(path)) from error
    try:
        write_whole(_card(path), json.dumps(_self()).encode())
        yield
    finally:
        _card(path).unlink(missing_ok=True)
        lock.release()


def _card(path: Path) -> Path:
    return path.with_name(path.name + ".holder.json")


def _self() -> dict[str, object]:
    return {"pid": os.getpid(), "host": socket.gethostname(), "command": " ".join(sys.argv[:3])}


def _holder(path: Path) -> str:
    try:
        card = json.loads(_card(path).read_bytes())
    except (OSError, ValueError):
        return "another process"
    return f"process {card.get('pid')} on {card.get('host')} ({card.get('command')})"
