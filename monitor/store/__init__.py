"""The doors to disk and database: captures, ledger, working state.

    store = open_store(snapshots=Path("snapshots"), database="sqlite:///state/monitor.db", lock=Path("state/lock"))
    with store.writing():
        ...

`evidence`, `journal`, `desk`, `readers`, `maintainers`, `outbox`, `outages` and `signals` keep the promises of
`monitor.ports`.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from monitor.store.database import WAIT_SECONDS, Database, open_database
from monitor.store.desk import StoredDesk
from monitor.store.evidence import StoredEvidence
from monitor.store.hosts import StoredHosts
from monitor.store.journal import StoredJournal
from monitor.store.lock import WriterLock
from monitor.store.maintainers import StoredMaintainers
from monitor.store.outages import StoredOutages
from monitor.store.outbox import StoredOutbox
from monitor.store.readers import StoredReaders
from monitor.store.signals import StoredSignals

PATIENCE_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """All that keeps, in one value."""

    database: Database
    lock: WriterLock
    evidence: StoredEvidence
    journal: StoredJournal
    desk: StoredDesk
    readers: StoredReaders
    outbox: StoredOutbox
    outages: StoredOutages
    signals: StoredSignals
    hosts: StoredHosts
    maintainers: StoredMaintainers

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep other processes of this machine from writing; within this process it may be taken again.

        A database server is there for many processes and keeps them apart by itself: over one nothing is held.

        Raises:
            StoreBusy: another process holds it; the error names the holder.
            StoreFull: the lock file cannot be made.
        """
        with nullcontext() if self.database.shared else self.lock.held():
            yield

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def open_store(
    *,
    snapshots: Path,
    database: str,
    lock: Path,
    captures: str = "",
    patience_seconds: float = PATIENCE_SECONDS,
    wait_seconds: float = WAIT_SECONDS,
) -> Store:
    """Open (and bring up to date) the store; folders are made as they are needed.

    `captures` is an address that fsspec reaches and that holds the captures; empty for the folder of snapshots.
    `patience_seconds` is how long `writing` waits for another process before it gives up, `wait_seconds` how long a
    transaction waits for another one.

    Raises:
        StoreTooNew: the database was made by a newer version; it is not touched.
        StoreFull: a folder or the database cannot be written.
        StoreBusy: another process holds the database and does not let go.
        StoreError: the database's address cannot be read, or nothing answers there.
    """
    writer = WriterLock(lock, patience_seconds=patience_seconds)
    opened = open_database(database, holder=writer.holder, wait_seconds=wait_seconds)
    evidence = StoredEvidence(snapshots, opened, lock.with_name(f"{lock.name}.ledger"), captures)
    return Store(
        database=opened,
        lock=writer,
        evidence=evidence,
        journal=StoredJournal(opened, evidence.whereabouts),
        desk=StoredDesk(opened),
        readers=StoredReaders(opened),
        outbox=StoredOutbox(opened),
        outages=StoredOutages(opened),
        signals=StoredSignals(opened),
        hosts=StoredHosts(opened),
        maintainers=StoredMaintainers(opened),
    )


__all__ = ["Store", "open_store"]
