"""Settings in, what is kept out: store, time stamp authority, what a backup carries."""

from pathlib import Path
from typing import TYPE_CHECKING

from monitor.model.errors import BackupError, SettingsError
from monitor.ports import Authority
from monitor.settings import Settings

if TYPE_CHECKING:
    from monitor.store import Store
    from monitor.store.backup import Whereto

LOCK = "monitor.lock"
KEYS_FILE = "mail-keys.secret"
FILE = "sqlite:///"


def store(settings: Settings) -> "Store":
    """Open the store, brought up to date.

    Raises:
        StoreError: it cannot be used.
    """
    from monitor.store import open_store

    places = settings.places
    return open_store(
        snapshots=places.snapshots,
        database=places.database.reveal(),
        lock=places.state / LOCK,
        captures=places.captures,
    )


def server_address(settings: Settings) -> str:
    """Return the address of the PostgreSQL server that many machines share; it may hold a password.

    Raises:
        StoreError: the settings name another kind of database.
    """
    from monitor.store.database import server_address

    return server_address(settings.places.database.reveal())


def authority(settings: Settings) -> Authority | None:
    """Return the time stamp authority of the settings, or None where none is named.

    Raises:
        SettingsError: the file with its root certificates cannot be read.
    """
    if not settings.upkeep.timestamp_url:
        return None
    from monitor.fetch.authority import TimestampAuthority
    from monitor.fetch.terms import Terms

    return TimestampAuthority(
        url=settings.upkeep.timestamp_url,
        roots=stamp_roots(settings),
        user_agent=Terms(hosts=frozenset(), contact=settings.fetching.contact).user_agent,
    )


def stamp_roots(settings: Settings) -> bytes:
    """Return the root certificates (PEM) that time stamps are held against; empty where no file is named.

    Raises:
        SettingsError: the file cannot be read.
    """
    path = settings.upkeep.timestamp_ca
    try:
        return path.read_bytes() if path else b""
    except OSError as error:
        raise SettingsError("OPTOUT_TIMESTAMP_CA", f"{path} cannot be read ({error.strerror})") from error


def whereto(settings: Settings) -> "Whereto":
    """Return where the parts of an installation lie, for backups.

    Raises:
        BackupError: captures lie elsewhere, where a backup of this machine does not reach.
    """
    from monitor.store.backup import Whereto

    places = settings.places
    if places.captures:
        elsewhere = "holds the captures (OPTOUT_CAPTURES): back it up by its own means, and the snapshots beside it"
        raise BackupError(places.captures, elsewhere)
    address = places.database.reveal()
    return Whereto(
        watchlist=places.watchlist,
        state=places.state,
        database=Path(address.removeprefix(FILE)).resolve() if address.startswith(FILE) else None,
        snapshots=places.snapshots,
    )


def has_database(settings: Settings) -> bool:
    """Say whether there is a database already; one on a server always counts as there."""
    address = settings.places.database.reveal()
    return not address.startswith(FILE) or Path(address.removeprefix(FILE)).exists()
