"""SIGTERM and SIGINT: running work ends, and a fetch that waits for an answer is let go."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType
from typing import ParamSpec, TypeVar

from monitor.model.errors import Stopping
from monitor.ports import World

P = ParamSpec("P")
T = TypeVar("T")

LOG = logging.getLogger(__name__)

LATE = 9.0  # seconds after which a stop does not wait for anything any more
LOOK_SECONDS = 0.2  # how often a fetch that is waited for looks whether the program stops


@contextmanager
def halted_by_signals(halt: threading.Event, late: Callable[[], None]) -> Iterator[None]:
    """Set `halt` at SIGTERM or SIGINT, and call `late` when the process still lives `LATE` seconds after."""

    def stop(number: int, _: FrameType | None) -> None:
        LOG.info("%s: stopping, running work ends first", signal.Signals(number).name)
        if not halt.is_set():
            last = threading.Timer(LATE, late)
            last.daemon = True
            last.start()
        halt.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def letting_go(world: World, halt: threading.Event) -> World:
    """Return the world with fetchers that raise `Stopping` at a stop instead of waiting for an answer.

    Nothing of such a page or feed was kept yet, and the next start asks again.
    """
    fetchers = {name: _let_go(fetcher, halt) for name, fetcher in world.fetchers.items()}
    return replace(world, fetchers=fetchers, feeds=_let_go(world.feeds, halt))


def _let_go(ask: Callable[P, T], halt: threading.Event) -> Callable[P, T]:
    def asked(*args: P.args, **named: P.kwargs) -> T:
        answer: Future[T] = Future()
        asking = threading.Thread(
            target=_answer, args=(answer, lambda: ask(*args, **named)), name="asking", daemon=True
        )
        asking.start()
        while not wait((answer,), timeout=LOOK_SECONDS).done:
            if halt.is_set():
                raise Stopping
        return answer.result()

    return asked


def _answer(answer: "Future[T]", ask: Callable[[], T]) -> None:
    try:
        answer.set_result(ask())
    except BaseException as error:  # noqa: BLE001 - it is raised again where the answer is waited for
        answer.set_exception(error)
