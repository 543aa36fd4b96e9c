"""Subscribers: personal data, in the database alone."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select, update

from monitor.codec import decode, encode
from monitor.model.subscriber import Subscriber, SubscriberId
from monitor.store.database import Database
from monitor.store.rows import Row, insert_new
from monitor.store.schema import POSTS, SUBSCRIBERS


class StoredReaders:
    """Subscribers in a database; it keeps the promises of `ports.Readers`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, subscriber: Subscriber) -> Subscriber:
        """Keep a subscriber; an address already known keeps its id and consent record."""
        with self._database.writing() as connection:
            insert_new(connection, SUBSCRIBERS, [_row(subscriber)])
            return _known(connection, subscriber.address) or subscriber

    def add_all(self, subscribers: Iterable[Subscriber]) -> None:
        """Keep many subscribers in one transaction, each as `add` does."""
        with self._database.writing() as connection:
            insert_new(connection, SUBSCRIBERS, [_row(subscriber) for subscriber in subscribers])

    def replace(self, subscriber: Subscriber) -> None:
        """Write a subscriber as it is now."""
        row = _row(subscriber)
        with self._database.writing() as connection:
            connection.execute(update(SUBSCRIBERS).where(SUBSCRIBERS.c.subscriber == subscriber.id).values(**row))

    def subscribers(self) -> tuple[Subscriber, ...]:
        """Return all subscribers, in the order they came."""
        query = select(SUBSCRIBERS.c.data).order_by(SUBSCRIBERS.c.id)
        with self._database.reading() as connection:
            return tuple(decode(Subscriber, data) for data in connection.execute(query).scalars())

    def subscriber(self, id: SubscriberId) -> Subscriber | None:
        """Return the subscriber with this id, or None."""
        query = select(SUBSCRIBERS.c.data).where(SUBSCRIBERS.c.subscriber == id)
        with self._database.reading() as connection:
            data = connection.execute(query).scalar()
        return decode(Subscriber, data) if data is not None else None

    def with_address(self, address: str) -> Subscriber | None:
        """Return the subscriber with this address, however it is written, or None."""
        with self._database.reading() as connection:
            return _known(connection, address)

    def erase(self, address: str) -> bool:
        """Erase all that is held about an address, its messages too; say whether there was anything."""
        with self._database.writing() as connection:
            known = _known(connection, address)
            if known is None:
                return False
            connection.execute(delete(POSTS).where(POSTS.c.subscriber == known.id))
            connection.execute(delete(SUBSCRIBERS).where(SUBSCRIBERS.c.subscriber == known.id))
            return True


def _known(connection: Connection, address: str) -> Subscriber | None:
    query = select(SUBSCRIBERS.c.data).where(SUBSCRIBERS.c.address == address.casefold())
    data = connection.execute(query).scalar()
    return decode(Subscriber, data) if data is not None else None


def _row(subscriber: Subscriber) -> Row:
    return {
        "subscriber": subscriber.id,
        "address": subscriber.address.casefold(),
        "data": encode(subscriber).decode(),
    }
