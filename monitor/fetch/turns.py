"""Manners towards a host: one request at a time, a pause between two, a budget for the day, and waiting when told.

What has to be remembered lives in this process. Workers on many machines share one by keeping the same protocol.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
MOST_NAMED = timedelta(days=1)  # that a host can make us wait


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


@dataclass(slots=True)
class _Host:
    turn: threading.Lock = field(default_factory=threading.Lock)
    last: datetime | None = None
    day: date | None = None
    asked: int = 0
    refusals: int = 0
    until: datetime | None = None


class PoliteTurns:
    """Turns among the threads of one process."""

    def __init__(
        self, now: Callable[[], datetime], sleep: Callable[[float], None], *, pause: timedelta, daily_budget: int
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._pause = pause
        self._daily_budget = daily_budget
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def __call__(self, host: str, pause: timedelta = timedelta(0)) -> Iterator[NotNow | None]:
        """Wait until it is our turn and hold it for the block."""
        known = self._host(host)
        with known.turn:
            not_now = self._not_now(known, host)
            if not_now is not None:
                yield not_now
                return
            self._wait(known, max(pause, self._pause))
            known.asked += 1
            try:
                yield None
            finally:
                known.last = self._now()

    def refused(self, host: str, wait: timedelta | None) -> timedelta:
        """Note that a host asked us to slow down; the wait doubles each time in a row.

        The time that a host names is waited for the first time, and from then on at least: one that goes on refusing
        after it names too short a time.
        """
        known = self._host(host)
        known.refusals += 1
        widening = min(FIRST_WAIT * 2 ** min(known.refusals - 1, 20), LONGEST_WAIT)
        least = widening if wait is None or known.refusals > 1 else timedelta(0)
        chosen = max(least, min(wait or timedelta(0), MOST_NAMED))
        known.until = self._now() + chosen
        return chosen

    def welcomed(self, host: str) -> None:
        """Note that a host answered."""
        known = self._host(host)
        known.refusals, known.until = 0, None

    def _host(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host, _Host())

    def _not_now(self, known: _Host, host: str) -> NotNow | None:
        now = self._now()
        if known.until is not None and now < known.until:
            return NotNow(f"{host} asked us to wait", known.until - now)
        if known.day != now.date():
            known.day, known.asked = now.date(), 0
        if known.asked >= self._daily_budget:
            midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), now.tzinfo)
            return NotNow(f"the budget of {self._daily_budget} requests a day to {host} is spent", midnight - now)
        return None

    def _wait(self, known: _Host, pause: timedelta) -> None:
        """Sleep for what is left of the pause; a clock that was set back costs one pause at most."""
        if known.last is not None:
            since = max(self._now() - known.last, timedelta(0))
            if since < pause:
                self._sleep((pause - since).total_seconds())
