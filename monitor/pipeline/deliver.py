"""The outbox to the mailer, one message at a time: take a post, send it, write what became of it.

Every step is a transaction of its own. A post is taken (`sending`) before the mailer is asked, so a crash in between
leaves it in `sending`; the next run calls it `unknown` and never sends it again by itself. What is to be done is
planned in `audience` and `postage`; this module asks, acts and writes.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from monitor.model.alert import Alert, AlertId, AlertState
from monitor.model.errors import DeliveryError, NotAllowed
from monitor.model.subscriber import Edition, Post, PostState, Subscriber, SubscriberState
from monitor.pipeline.audience import posts_for
from monitor.pipeline.postage import (
    DAY,
    DEFAULTS,
    HOUR,
    Bundle,
    Limits,
    bundles,
    messages_since,
    next_try,
    sent,
    unsent,
)
from monitor.ports import World

LOG = logging.getLogger(__name__)
LOST = "the program ended while this was being sent: it may or may not have gone out"
ERASED = "the subscriber was erased"
WITHDRAWN = "the alert was dismissed or corrected before this was sent"

_OVER = frozenset({AlertState.DISMISSED, AlertState.CORRECTED})

__all__ = ["Delivery", "Limits", "deliver", "posts_for", "recover", "resume", "send_again"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one run did: every post that it moved, as it is now, and why it ended early.

    `stopped` says that nothing is sent until a maintainer resumes it, `paused` that the next run goes on by itself.
    """

    moved: tuple[Post, ...] = ()
    stopped: str = ""
    paused: str = ""

    def count(self, *states: PostState) -> int:
        """Return how many posts were moved to these states."""
        return sum(post.state in states for post in self.moved)

    def outcomes(self) -> str:
        """Return what became of how many messages, such as `2 accepted, 1 failed`; empty when nothing was due."""
        counts = {state: self.count(state) for state in PostState if state is not PostState.SENDING}
        return ", ".join(f"{count} {state}" for state, count in counts.items() if count)


def deliver(world: World, limits: Limits = DEFAULTS, *, stopping: Callable[[], bool] = lambda: False) -> Delivery:
    """Send what is due, and return what became of it; ends between two messages when `stopping` says so.

    Refusals and lost answers are outcomes, not errors. Delivery stops for a maintainer when SendGrid refuses all our
    mail, when more messages than `limits.hourly` would go out in an hour, when answers are lost in a row, and on a
    fault of ours.
    """
    run = _Run(world=world, limits=limits, moved=list(recover(world, limits)))
    stopped = world.outbox.stopped()
    if not stopped:
        run.work(stopping)
        stopped = world.outbox.stopped()
    return Delivery(moved=tuple(run.moved), stopped=stopped, paused=run.paused)


def recover(world: World, limits: Limits = DEFAULTS) -> tuple[Post, ...]:
    """Call posts `unknown` that a run took and never finished, and return them as they are now."""
    latest = world.now() - limits.lost_after
    lost = [
        replace(post, state=PostState.UNKNOWN, detail=LOST)
        for post in world.outbox.posts(PostState.SENDING)
        if post.due is None or post.due <= latest
    ]
    return tuple(post for post in lost if _moved(world, post))


def resume(world: World) -> str:
    """Let sending go on after a stop, and return what had stopped it; a maintainer's step."""
    why = world.outbox.stopped()
    world.outbox.resume()
    return why


def send_again(world: World, posts: Iterable[Post]) -> tuple[Post, ...]:
    """Put `unknown` or `failed` posts back to be sent, and return them; a maintainer's step.

    Raises:
        NotAllowed: one of them is neither.
    """
    again = tuple(replace(post, state=PostState.PENDING, due=None, detail="to be sent again") for post in posts)
    for post in again:
        world.outbox.move(post)
    return again


@dataclass(slots=True, kw_only=True)
class _Run:
    """One run of delivery and what it did so far."""

    world: World
    limits: Limits
    moved: list[Post]
    alerts: dict[AlertId, Alert | None] = field(default_factory=dict)
    paused: str = ""
    lost_in_a_row: int = 0
    failed_in_a_row: int = 0

    def work(self, stopping: Callable[[], bool]) -> None:
        """Take up what is due until nothing is left, something stops delivery, or the service is out of order."""
        now = self.world.now()
        due = self.world.outbox.due(now, most=self.limits.at_once)
        if not due:
            return
        taken = self.world.outbox.taken(now - DAY)
        going, put_off = bundles(due, taken, now, self.limits)
        for post in put_off:
            self._move(post)
        room = self.limits.hourly - messages_since(taken, now - HOUR)
        for bundle in going:
            if self.paused or stopping() or self.world.outbox.stopped():
                return
            if room <= 0:
                self.world.outbox.stop(f"{self.limits.hourly} messages went out within one hour, the most allowed")
                return
            room -= self._handle(bundle, self.world.readers.subscriber(bundle.subscriber))

    def _handle(self, bundle: Bundle, subscriber: Subscriber | None) -> int:
        """Send a bundle, or write why it is not sent; return how many messages were handed to the service."""
        if subscriber is None or subscriber.state is not SubscriberState.CONFIRMED:
            self._suppress(bundle.posts, f"the subscriber is {subscriber.state}" if subscriber else ERASED)
            return 0
        self._suppress((post for post in bundle.posts if self._state(post) in _OVER), WITHDRAWN)
        ready = [post for post in bundle.posts if self._state(post) is AlertState.PUBLISHED]
        taken = self._taken(ready)
        if not taken:
            return 0
        self._send(taken, tuple(alert for post in taken if (alert := self._alert(post))), subscriber)
        return 1

    def _send(self, posts: tuple[Post, ...], alerts: tuple[Alert, ...], subscriber: Subscriber) -> None:
        """Hand one message to the mailer and write what became of its posts."""
        try:
            if len(posts) == 1 and posts[0].edition is Edition.ALERT:
                message_id = self.world.mailer(alerts[0], subscriber, posts[0])
            else:
                message_id = self.world.mailer.digest(alerts, subscriber, posts[0])
        except DeliveryError as trouble:
            self._failed(posts, trouble)
        except Exception as fault:
            whose = {"alert": posts[0].alert}
            LOG.exception("mail of alert %s to subscriber %s", posts[0].alert, subscriber.id, extra=whose)
            self._failed(posts, DeliveryError(f"a fault of ours: {type(fault).__name__}: {fault}", unknown=True))
            self.world.outbox.stop("a fault of ours while writing or sending a mail: see the log, and please report it")
        else:
            self.lost_in_a_row = self.failed_in_a_row = 0
            for post in posts:
                self._move(sent(post, message_id))

    def _failed(self, posts: tuple[Post, ...], trouble: DeliveryError) -> None:
        due = next_try(posts[0], self.world.now(), self.limits, trouble.retry_after)
        for post in posts:
            self._move(unsent(post, trouble, due, self.limits))
        if trouble.unknown:
            self.lost_in_a_row += 1
            if self.lost_in_a_row >= self.limits.in_a_row:
                self.world.outbox.stop(f"{self.lost_in_a_row} answers in a row were lost: {trouble}")
        elif trouble.final:
            if trouble.account:
                self.world.outbox.stop(str(trouble))
        else:
            self.failed_in_a_row += 1
            if trouble.account or self.failed_in_a_row >= self.limits.in_a_row:
                self.paused = str(trouble)

    def _taken(self, posts: Iterable[Post]) -> tuple[Post, ...]:
        """Take posts for sending, oldest alert first; those that another process has taken are left out."""
        now = self.world.now()
        taken = (replace(post, state=PostState.SENDING, attempt=post.attempt + 1, due=now, detail="") for post in posts)
        return tuple(sorted((post for post in taken if self._move(post)), key=self._age))

    def _suppress(self, posts: Iterable[Post], why: str) -> None:
        for post in posts:
            self._move(replace(post, state=PostState.SUPPRESSED, detail=why))

    def _move(self, post: Post) -> bool:
        if not _moved(self.world, post):
            return False
        self.moved.append(post)
        return True

    def _alert(self, post: Post) -> Alert | None:
        if post.alert not in self.alerts:
            self.alerts[post.alert] = self.world.desk.alert(post.alert)
        return self.alerts[post.alert]

    def _state(self, post: Post) -> AlertState:
        alert = self._alert(post)
        return alert.state if alert else AlertState.DISMISSED

    def _age(self, post: Post) -> tuple[datetime, str]:
        alert = self._alert(post)
        return (alert.published or alert.raised if alert else datetime.max.replace(tzinfo=UTC)), post.alert


def _moved(world: World, post: Post) -> bool:
    """Write a post's new state, and say whether that could be done: another process may have been first."""
    try:
        world.outbox.move(post)
    except NotAllowed as first:
        LOG.info(
            "post of alert %s to subscriber %s: %s", post.alert, post.subscriber, first, extra={"alert": post.alert}
        )
        return False
    return True
