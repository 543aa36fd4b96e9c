"""Manners towards a host: one request at a time, a pause between two, a budget for the day, and waiting when told.

What has to be remembered stands in a book: in this process, or in a database that many machines share.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Protocol

from monitor.model.host import HostState
from monitor.ports import HostBook

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
MOST_NAMED = timedelta(days=1)  # that a host can make us wait
LEASE = timedelta(minutes=3)  # the longest that a turn lasts, when the machine that has it dies
LOOK_SECONDS = 1.0  # how often is looked whether another machine's turn is over


@dataclass(frozen=True, slots=True)
class NotNow:
    """A host is not to be asked: why, and for how long yet."""

    why: str
    wait: timedelta


class Turns(Protocol):
    """Gives out turns to ask a host."""

    def __call__(self, host: str, pause: timedelta = ...) -> AbstractContextManager[NotNow | None]:
        """Wait until it is our turn and hold it for the block; the block must not ask when it is given `NotNow`.

        `pause` is the least pause that the host itself asks for.
        """
        ...

    def refused(self, host: str, wait: timedelta | None) -> timedelta:
        """Note that a host asked us to slow down; return how long we wait, longer each time in a row."""
        ...

    def welcomed(self, host: str) -> None:
        """Note that a host answered, so that the next refusal counts from the start."""
        ...


class MemoryBook:
    """Remembers hosts in this process; it keeps the promises of `ports.HostBook`."""

    def __init__(self) -> None:
        self._hosts: dict[str, HostState] = {}
        self._turn = threading.Lock()

    def change(self, host: str, step: Callable[[HostState], HostState]) -> HostState:
        """Replace what is remembered of a host by what `step` makes of it, and return that."""
        with self._turn:
            self._hosts[host] = step(self._hosts.get(host, HostState()))
            return self._hosts[host]


class PoliteTurns:
    """Turns among the threads of one process, and among all processes that share a book.

    A turn of another machine is waited for; one that did not end after `lease` and the pause before it is over.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
        *,
        pause: timedelta,
        daily_budget: int,
        book: HostBook | None = None,
        lease: timedelta = LEASE,
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._pause = pause
        self._daily_budget = daily_budget
        self._book = MemoryBook() if book is None else book
        self._lease = lease
        self._name = token_hex(8)
        self._here: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    @contextmanager
    def __call__(self, host: str, pause: timedelta = timedelta(0)) -> Iterator[NotNow | None]:
        """Wait until it is our turn and hold it for the block."""
        least = max(pause, self._pause)
        with self._turn_here(host):
            known = self._taken(host, least)
            not_now = self._not_now(known, host)
            if not_now is not None:
                self._book.change(host, self._left)
                yield not_now
                return
            try:
                self._wait(known, least)
                yield None
            finally:
                self._book.change(host, self._asked)

    def refused(self, host: str, wait: timedelta | None) -> timedelta:
        """Note that a host asked us to slow down; the wait doubles each time in a row.

        The time that a host names is waited for the first time, and from then on at least: one that goes on refusing
        after it names too short a time.
        """
        now = self._now()

        def rest(known: HostState) -> HostState:
            refusals = known.refusals + 1
            return replace(known, refusals=refusals, until=now + _rest(refusals, wait))

        return (self._book.change(host, rest).until or now) - now

    def welcomed(self, host: str) -> None:
        """Note that a host answered."""
        self._book.change(host, lambda known: replace(known, refusals=0, until=None))

    def _turn_here(self, host: str) -> threading.Lock:
        with self._lock:
            return self._here.setdefault(host, threading.Lock())

    def _taken(self, host: str, pause: timedelta) -> HostState:
        """Wait until no other machine has its turn, and take it."""
        while True:
            now = self._now()
            until = now + pause + self._lease

            def take(known: HostState, now: datetime = now, until: datetime = until) -> HostState:
                if known.holder and known.held_until is not None and now < known.held_until <= until:
                    return known
                today = known if known.day == now.date() else replace(known, day=now.date(), asked=0)
                return replace(today, holder=self._name, held_until=until)

            known = self._book.change(host, take)
            if known.holder == self._name:
                return known
            self._sleep(LOOK_SECONDS)

    def _left(self, known: HostState) -> HostState:
        return replace(known, holder="", held_until=None) if known.holder == self._name else known

    def _asked(self, known: HostState) -> HostState:
        return replace(self._left(known), last=self._now(), asked=known.asked + 1)

    def _not_now(self, known: HostState, host: str) -> NotNow | None:
        now = self._now()
        if known.until is not None and now < known.until:
            return NotNow(f"{host} asked us to wait", known.until - now)
        if known.asked >= self._daily_budget:
            midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), now.tzinfo)
            return NotNow(f"the budget of {self._daily_budget} requests a day to {host} is spent", midnight - now)
        return None

    def _wait(self, known: HostState, pause: timedelta) -> None:
        """Sleep for what is left of the pause; a clock that was set back costs one pause at most."""
        if known.last is not None:
            since = max(self._now() - known.last, timedelta(0))
            if since < pause:
                self._sleep((pause - since).total_seconds())


def _rest(refusals: int, named: timedelta | None) -> timedelta:
    """Return how long a host rests that refused so often in a row, and named this time or none."""
    widening = min(FIRST_WAIT * 2 ** min(refusals - 1, 20), LONGEST_WAIT)
    least = widening if named is None or refusals > 1 else timedelta(0)
    return max(least, min(named or timedelta(0), MOST_NAMED))
