"""Looking up a name, given up after a while.

The system's lookup takes no deadline, and a name server that never answers would hold a fetch for as long as it likes.
Here it runs in a thread of its own that nobody waits for longer than told; lookups that hang are few, since no more is
begun while too many do.
"""

import socket
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from threading import BoundedSemaphore, Thread
from typing import Any

MOST_AT_ONCE = 16
_FLAGS = 4  # where they stand among what `socket.getaddrinfo` takes after the host


class Lookup:
    """Looks names up as `socket.getaddrinfo` does, or as another lookup given in its place."""

    def __init__(self, seconds: float, lookup: Callable[..., Any] | None = None) -> None:
        self._seconds = seconds
        self._lookup = lookup or socket.getaddrinfo
        self._free = BoundedSemaphore(MOST_AT_ONCE)

    def __call__(self, host: str, *more: Any, **named: Any) -> Any:
        """Return what the lookup returns.

        Raises:
            TimeoutError: it took too long.
            OSError: what the lookup raises, or that too many others have not ended.
        """
        if _flags(more, named) & socket.AI_NUMERICHOST:  # an address stands for itself: nobody is asked
            return self._lookup(host, *more, **named)
        if not self._free.acquire(blocking=False):
            raise socket.gaierror(socket.EAI_AGAIN, f"{MOST_AT_ONCE} other names are still being looked up")
        answer: Future[Any] = Future()
        Thread(
            target=self._answer, args=(answer, host, *more), kwargs=named, name=f"lookup {host}", daemon=True
        ).start()
        if not wait((answer,), timeout=self._seconds).done:
            raise TimeoutError(f"looking up {host} took longer than {self._seconds:g} s")
        return answer.result()

    def _answer(self, answer: "Future[Any]", *arguments: Any, **named: Any) -> None:
        try:
            answer.set_result(self._lookup(*arguments, **named))
        except BaseException as error:  # noqa: BLE001 - it is raised again where the answer is waited for
            answer.set_exception(error)
        finally:
            self._free.release()


def _flags(more: Sequence[Any], named: Mapping[str, Any]) -> int:
    flags: int = named.get("flags", more[_FLAGS] if len(more) > _FLAGS else 0)
    return flags
