"""What is remembered of hosts, where many machines share it."""

from collections.abc import Callable

from sqlalchemy import select, update

from monitor.codec import decode, encode
from monitor.model.host import HostState
from monitor.store.database import Database
from monitor.store.rows import insert_new
from monitor.store.schema import HOSTS


class StoredHosts:
    """The book of hosts in a database; it keeps the promises of `ports.HostBook`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def change(self, host: str, step: Callable[[HostState], HostState]) -> HostState:
        """Replace what is remembered of a host by what `step` makes of it, and return that; nobody comes between."""
        same = HOSTS.c.host == host
        with self._database.writing() as connection:
            insert_new(connection, HOSTS, [{"host": host, "data": encode(HostState()).decode()}])
            before = decode(
                HostState, connection.execute(select(HOSTS.c.data).where(same).with_for_update()).scalar_one()
            )
            after = step(before)
            if after != before:
                connection.execute(update(HOSTS).where(same).values(data=encode(after).decode()))
        return after
