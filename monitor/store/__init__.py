"""The doors to disk and database: captures, ledger, working state.

    store = open_store(snapshots=Path("snapshots"), database="sqlite:///state/monitor.db", lock=Path("state/lock"))
    with store.writing():
        ...

`evidence`, `journal`, `desk`, `readers` and `outbox` keep the promises of `monitor.ports`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from monitor.store.database import Database, open_database
from monitor.store.desk import StoredDesk
from monitor.store.evidence import StoredEvidence
from monitor.store.journal import StoredJournal
from monitor.store.lock import held
from monitor.store.outbox import StoredOutbox
from monitor.store.readers import StoredReaders


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """All that keeps, in one value."""

    database: Database
    lock: Path
    evidence: StoredEvidence
    journal: StoredJournal
    desk: StoredDesk
    readers: StoredReaders
    outbox: StoredOutbox

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the store alone.

        Raises:
            StoreBusy: another process holds it; the error names the holder.
        """
        with held(self.lock):
            yield

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def open_store(*, snapshots: Path, database: str, lock: Path) -> Store:
    """Open (and bring up to date) the store; folders are made as they are needed.

    Raises:
        StoreTooNew: the database was made by a newer version; it is not touched.
        StoreFull: a folder or the database cannot be written.
    """
    opened = open_database(database)
    return Store(
        database=opened,
        lock=lock,
        evidence=StoredEvidence(snapshots),
        journal=StoredJournal(opened),
        desk=StoredDesk(opened),
        readers=StoredReaders(opened),
        outbox=StoredOutbox(opened),
    )


__all__ = ["Store", "open_store"]
