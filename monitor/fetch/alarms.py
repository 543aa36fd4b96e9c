"""What is to be done at some moment unless it is taken back before; one thread waits for all of it.

A thread of its own for each, as `threading.Timer` has it, costs a tenth of a request.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable
from math import inf

LOG = logging.getLogger(__name__)


class Alarms:
    """Acts when moments have come (seconds of `time.monotonic`). What is done must be quick and must not wait."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._set: dict[Hashable, tuple[float, Callable[[], None]]] = {}
        self._thread: threading.Thread | None = None
        self._wakes = inf

    def set(self, key: Hashable, at: float, act: Callable[[], None]) -> None:
        """Do something at a moment, in another thread."""
        with self._turn:
            self._set[key] = at, act
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="alarms", daemon=True)
                self._thread.start()
            elif at < self._wakes:
                self._turn.notify()

    def clear(self, key: Hashable) -> None:
        """Take an alarm back; on return it is not going off, and never will."""
        with self._turn:
            self._set.pop(key, None)

    def _run(self) -> None:
        with self._turn:
            while True:
                now = time.monotonic()
                for key in [key for key, (at, _) in self._set.items() if at <= now]:
                    _, act = self._set.pop(key)
                    self._go_off(act)
                self._wakes = min((at for at, _ in self._set.values()), default=inf)
                self._turn.wait(None if self._wakes == inf else self._wakes - now)

    @staticmethod
    def _go_off(act: Callable[[], None]) -> None:
        try:
            act()
        except Exception:
            LOG.exception("what was due could not be done")


ALARMS = Alarms()
