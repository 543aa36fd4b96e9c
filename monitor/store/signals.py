"""What feeds said: where each reading stands, which entries were seen, and which pages they named."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from monitor.model.alert import Alert, Review
from monitor.model.capture import Digest
from monitor.model.feed import Entry, FeedMark
from monitor.model.page import PageId
from monitor.store.database import Database
from monitor.store.desk import take_in_all
from monitor.store.moments import at_moment, moment
from monitor.store.rows import insert_new, upsert
from monitor.store.schema import ENTRIES, FEEDS, NUDGES


class StoredSignals:
    """What feeds said in a database; it keeps the promises of `ports.Signals`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self, feed: str) -> FeedMark | None:
        """Return where the reading of a feed stands, or None when it was never read."""
        with self._database.reading() as connection:
            row = connection.execute(select(FEEDS).where(FEEDS.c.feed == feed)).mappings().first()
        if row is None:
            return None
        return FeedMark(
            feed=row["feed"],
            etag=row["etag"],
            modified=row["modified"],
            capture=Digest(row["capture"]),
            at=at_moment(row["at"]),
        )

    def unseen(self, feed: str, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """Return the entries whose ids were never seen in this feed, each id once, in the given order."""
        told: dict[str, Entry] = {}
        for entry in entries:
            told.setdefault(_key(entry), entry)
        known = select(ENTRIES.c.entry).where(ENTRIES.c.feed == feed, ENTRIES.c.entry.in_(list(told)))
        with self._database.reading() as connection:
            seen = set(connection.execute(known).scalars())
        return tuple(entry for key, entry in told.items() if key not in seen)

    def keep(
        self,
        mark: FeedMark,
        seen: Iterable[Entry],
        alerts: Iterable[Alert],
        nudges: Mapping[PageId, datetime],
        dismissals: Iterable[Review] = (),
    ) -> None:
        """Write mark, entries, alerts and nudges together, or nothing; an alert that is known stays as it is."""
        row = {
            "feed": mark.feed,
            "etag": mark.etag,
            "modified": mark.modified,
            "capture": mark.capture,
            "at": moment(mark.at),
        }
        with self._database.writing() as connection:
            upsert(connection, FEEDS, [row])
            insert_new(connection, ENTRIES, [{"feed": mark.feed, "entry": _key(entry)} for entry in seen])
            upsert(connection, NUDGES, [{"page": page, "at": moment(at)} for page, at in nudges.items()])
            take_in_all(connection, alerts, dismissals)

    def nudges(self) -> Mapping[PageId, datetime]:
        """Return when each page was last named by an entry; pages that never were are left out."""
        with self._database.reading() as connection:
            rows = connection.execute(select(NUDGES)).mappings().all()
        return {PageId(row["page"]): at_moment(row["at"]) for row in rows}


def _key(entry: Entry) -> str:
    """Return what names an entry within its feed: 32 hexadecimal digits, whatever stands in its id."""
    return sha256(entry.id.encode("utf-8", "replace")).hexdigest()[:32]
