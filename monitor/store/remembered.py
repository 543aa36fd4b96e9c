"""Histories in the database, and the newest few in memory, so that pages that differ often are decoded seldom.

A history in memory is given out as one and the same value until it changes: whoever gets it back unchanged can tell
without looking into it, and so can `write`.
"""

import threading
import zlib
from collections import OrderedDict
from dataclasses import dataclass

from sqlalchemy import Connection, select

from monitor.codec import decode, encode
from monitor.model.finding import History
from monitor.model.page import PageId
from monitor.store.rows import upsert
from monitor.store.schema import HISTORIES

# Bytes of JSON that histories in memory may have; as values they take about twice as much. Room for those that are
# asked for at every check, since their pages hold a form or show two versions by turns: an opt-out page of the
# development corpus has 11,000. Its longest policy has 1.2 million, takes 15 ms to read from the database, and is asked
# for when it changed.
MOST_BYTES = 250_000


@dataclass(frozen=True, slots=True)
class _Held:
    """A history in memory, and which writing of it this is."""

    stamp: int
    history: History
    size_bytes: int


class Histories:
    """What is remembered of each page."""

    def __init__(self) -> None:
        self._held: OrderedDict[PageId, _Held] = OrderedDict()
        self._size_bytes = 0
        self._turn = threading.Lock()

    def read(self, connection: Connection, page: PageId, rules: str) -> History | None:
        """Return the history of a page that was made by these rules, or None."""
        stamp = _stamp(connection, page, rules)
        if stamp is None:
            return None
        held = self._with_stamp(page, stamp)
        if held is not None:
            return held.history
        data = _data(connection, page)
        history = decode(History, data)
        self.hold(page, stamp, history, len(data))
        return history

    def write(self, connection: Connection, page: PageId, history: History) -> tuple[int, int]:
        """Write a history that is not the one in the database; return its stamp and size, or zeros for the same one.

        Hold it (`hold`) once the transaction is through.
        """
        query = select(HISTORIES.c.stamp).where(HISTORIES.c.page == page).with_for_update()
        stamp = connection.execute(query).scalar() or 0
        held = self._with_stamp(page, stamp)
        if held is not None and held.history is history:
            return 0, 0
        data = encode(history)
        row = {"page": page, "rules": history.rules, "stamp": stamp + 1, "data": zlib.compress(data, 6)}
        upsert(connection, HISTORIES, [row])
        return stamp + 1, len(data)

    def hold(self, page: PageId, stamp: int, history: History, size_bytes: int) -> None:
        """Keep a history in memory unless it is too large alone; let go of those not asked for longest to make room."""
        with self._turn:
            self._forget(page)
            if size_bytes > MOST_BYTES:
                return
            self._held[page] = _Held(stamp, history, size_bytes)
            self._size_bytes += size_bytes
            while self._size_bytes > MOST_BYTES:
                self._forget(next(iter(self._held)))

    def _forget(self, page: PageId) -> None:
        gone = self._held.pop(page, None)
        self._size_bytes -= gone.size_bytes if gone else 0

    def _with_stamp(self, page: PageId, stamp: int) -> _Held | None:
        with self._turn:
            held = self._held.get(page)
            if held is None or held.stamp != stamp:
                return None
            self._held.move_to_end(page)
            return held


def _stamp(connection: Connection, page: PageId, rules: str) -> int | None:
    """Return which writing of a page's history is in the database, or None for one of other rules."""
    same = (HISTORIES.c.page == page) & (HISTORIES.c.rules == rules)
    return connection.execute(select(HISTORIES.c.stamp).where(same)).scalar()


def _data(connection: Connection, page: PageId) -> bytes:
    query = select(HISTORIES.c.data).where(HISTORIES.c.page == page)
    return zlib.decompress(connection.execute(query).scalar_one())
