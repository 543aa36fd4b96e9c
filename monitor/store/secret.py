"""The secret of an installation: random bytes in a file of their own, apart from the database that they guard."""

import os
import secrets
from pathlib import Path

from monitor.model.errors import StoreDamaged
from monitor.store.faults import told

LENGTH = 32  # bytes


def secret_at(path: Path) -> bytes:
    """Return the secret in a file; the first call makes it, for the owner's eyes alone, and every later one reads it.

    Raises:
        StoreDamaged: the file holds something else.
        StoreFull: it cannot be written.
    """
    with told(path):
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _make(path)
        secret = path.read_bytes()
    if len(secret) != LENGTH:
        raise StoreDamaged(str(path), f"expected {LENGTH} bytes, found {len(secret)}")
    return secret


def _make(path: Path) -> None:
    """Write a new secret; of two processes that do so at once, the first one's stays."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secrets.token_bytes(LENGTH))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
