"""Which problems maintainers had a mail about."""

from sqlalchemy import RowMapping, select

from monitor.model.page import PageId
from monitor.model.status import Outage
from monitor.store.database import Database
from monitor.store.moments import at_moment, moment
from monitor.store.rows import upsert
from monitor.store.schema import OUTAGES


class StoredOutages:
    """The outages in a database; it keeps the promises of `ports.Outages`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def outages(self, page: PageId) -> tuple[Outage, ...]:
        """Return what maintainers were told of a page, oldest problem first."""
        query = select(OUTAGES).where(OUTAGES.c.page == page).order_by(OUTAGES.c.since)
        with self._database.reading() as connection:
            return tuple(map(_outage, connection.execute(query).mappings()))

    def note(self, outage: Outage) -> None:
        """Write an outage as it is now."""
        row = {
            "page": outage.page,
            "since": moment(outage.since),
            "warned": moment(outage.warned),
            "relieved": moment(outage.relieved) if outage.relieved else None,
        }
        with self._database.writing() as connection:
            upsert(connection, OUTAGES, [row])


def _outage(row: RowMapping) -> Outage:
    return Outage(
        page=PageId(row["page"]),
        since=at_moment(row["since"]),
        warned=at_moment(row["warned"]),
        relieved=at_moment(row["relieved"]) if row["relieved"] else None,
    )
