"""SIGTERM and SIGINT: running work ends, and what waits for an answer from outside is let go."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType
from typing import ParamSpec, TypeVar

from monitor.model.alert import Alert
from monitor.model.errors import DeliveryError, Stopping
from monitor.model.subscriber import Post, Subscriber
from monitor.ports import World

P = ParamSpec("P")
T = TypeVar("T")

LOG = logging.getLogger(__name__)

LATE = 9.0  # seconds after which a stop does not wait for anything any more
LOOK_SECONDS = 0.2  # how often what waits for an answer looks whether the program stops
LAST_ANSWER = 4.0  # seconds that the mail service has to answer after a stop; most answers take less than one


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


def letting_go(world: World, halt: threading.Event, *, last_answer: float = LAST_ANSWER) -> World:
    """Return the world with edges that do not wait for an answer for long once the program stops.

    Pages, feeds and time stamps are let go by `Stopping`: nothing of them was kept yet, and the next start asks again.
    A mail is waited for `last_answer` seconds longer, and is then one whose answer was lost: it may have gone out.
    """
    return replace(
        world,
        fetchers={name: _let_go(fetcher, halt) for name, fetcher in world.fetchers.items()},
        feeds=_let_go(world.feeds, halt),
        authority=_let_go(world.authority, halt) if world.authority else None,
        mailer=_Mailer(_lost(world.mailer, halt, last_answer), _lost(world.mailer.digest, halt, last_answer)),
        warner=_lost(world.warner, halt, last_answer),
    )


@dataclass(frozen=True, slots=True)
class _Mailer:
    """A mailer made of its two ways to send."""

    one: Callable[[Alert, Subscriber, Post], str]
    several: Callable[[Sequence[Alert], Subscriber, Post], str]

    def __call__(self, alert: Alert, subscriber: Subscriber, post: Post) -> str:
        """Send one alert; see `Mailer`."""
        return self.one(alert, subscriber, post)

    def digest(self, alerts: Sequence[Alert], subscriber: Subscriber, post: Post) -> str:
        """Send several alerts in one message; see `Mailer`."""
        return self.several(alerts, subscriber, post)


def _let_go(ask: Callable[P, T], halt: threading.Event, patience: float = 0.0) -> Callable[P, T]:
    """Return what asks and raises `Stopping` when there is no answer so many seconds after a stop."""

    def asked(*args: P.args, **named: P.kwargs) -> T:
        answer: Future[T] = Future()
        asking = threading.Thread(
            target=_answer, args=(answer, lambda: ask(*args, **named)), name="asking", daemon=True
        )
        asking.start()
        while not wait((answer,), timeout=LOOK_SECONDS).done:
            if halt.is_set() and not wait((answer,), timeout=patience).done:
                raise Stopping
        return answer.result()

    return asked


def _lost(send: Callable[P, str], halt: threading.Event, last_answer: float) -> Callable[P, str]:
    """Return what sends, and tells of an answer that did not come in time before the stop as of one that was lost."""
    waited = _let_go(send, halt, last_answer)

    def sent(*args: P.args, **named: P.kwargs) -> str:
        try:
            return waited(*args, **named)
        except Stopping:
            raise DeliveryError(
                "the program stopped before the answer came: wait for a webhook event, or look the message up at "
                "SendGrid, before sending it again",
                unknown=True,
            ) from None

    return sent


def _answer(answer: "Future[T]", ask: Callable[[], T]) -> None:
    try:
        answer.set_result(ask())
    except BaseException as error:  # noqa: BLE001 - it is raised again where the answer is waited for
        answer.set_exception(error)
