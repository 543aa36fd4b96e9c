"""What becomes of messages, as pure decisions: which due posts go together, and what a post is after an attempt."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeVar

from monitor.model.errors import DeliveryError
from monitor.model.subscriber import Edition, Post, PostState, SubscriberId
from monitor.render.mail import MOST_STORIES

K = TypeVar("K")

ROUND_UP_HOURS = 6  # put-off alerts go together at 00:00, 06:00, 12:00 or 18:00 UTC: nobody waits longer than that
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PUT_OFF = "put off to the next round-up: more alerts than one subscriber gets at once in a day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of delivery; the defaults of `hourly` and `daily_alerts` are those of the settings.

    `at_once` is how many due posts one run takes up, `attempts` how often one message is tried, `first_pause` and
    `longest_pause` bound the back-off, `in_a_row` is after how many failures one after the other a run ends, and
    `lost_after` how long after it was taken a post without an outcome counts as lost: nothing on one machine, where
    no other process sends, several time-outs on many.
    """

    hourly: int = 5000
    daily_alerts: int = 5
    at_once: int = 500
    attempts: int = 8
    first_pause: timedelta = timedelta(minutes=1)
    longest_pause: timedelta = timedelta(hours=6)
    in_a_row: int = 3
    lost_after: timedelta = timedelta(0)


DEFAULTS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Posts of one subscriber and one edition that go out as one message, in the order they were due."""

    posts: tuple[Post, ...]

    @property
    def subscriber(self) -> SubscriberId:
        """Return whose posts they are."""
        return self.posts[0].subscriber


def messages_since(taken: Iterable[Post], since: datetime) -> int:
    """Return how many messages posts stand for: those of one subscriber taken at one moment went together."""
    return len({(post.subscriber, post.due) for post in taken if post.due is not None and post.due >= since})


def bundles(
    due: Sequence[Post], taken: Iterable[Post], now: datetime, limits: Limits
) -> tuple[tuple[Bundle, ...], tuple[Post, ...]]:
    """Return what goes out now, and the posts that are put off, as they are to be written.

    A subscriber gets `daily_alerts` alerts in 24 hours at once; those beyond are put off to the next round-up. Posts
    that have waited for the same moment (put off, or tried before) go together, and so do all for a digest.
    """
    had = Counter(post.subscriber for post in taken if _alert_after(post, now - DAY))
    going: list[Bundle] = []
    put_off: list[Post] = []
    for subscriber, posts in _grouped(due, lambda post: post.subscriber).items():
        alerts = [post for post in posts if post.edition is Edition.ALERT]
        fresh = [post for post in alerts if post.due is None]
        waited = _grouped((post for post in alerts if post.due is not None), lambda post: post.due)
        room = max(0, limits.daily_alerts - had[subscriber])
        going += [Bundle(posts=(post,)) for post in fresh[:room]]
        for together in (*waited.values(), [post for post in posts if post.edition is Edition.DIGEST]):
            going += _bundled(together)
        put_off += [replace(post, due=next_round_up(now), detail=PUT_OFF) for post in fresh[room:]]
    return tuple(going), tuple(put_off)


def next_round_up(at: datetime) -> datetime:
    """Return the first round-up after a moment."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=(at.hour // ROUND_UP_HOURS + 1) * ROUND_UP_HOURS)


def sent(post: Post, message_id: str) -> Post:
    """Return a post that the mail service has accepted."""
    return replace(post, state=PostState.ACCEPTED, detail=message_id)


def unsent(post: Post, trouble: DeliveryError, due: datetime, limits: Limits) -> Post:
    """Return a post after an attempt that failed: for good, without a known outcome, or to be tried again when due."""
    if trouble.unknown:
        return replace(post, state=PostState.UNKNOWN, detail=str(trouble))
    if trouble.final:
        return replace(post, state=PostState.FAILED, detail=str(trouble))
    if post.attempt >= limits.attempts:
        return replace(post, state=PostState.FAILED, detail=f"given up after {post.attempt} attempts: {trouble}")
    return replace(post, state=PostState.PENDING, due=due, detail=str(trouble))


def next_try(post: Post, now: datetime, limits: Limits, wanted: float = 0.0) -> datetime:
    """Return when a message is tried again: after pauses that double, spread by up to a quarter either way.

    `wanted` is the pause in seconds that the service named; it is the least. The spread comes from the post itself,
    so that it needs no chance and many posts do not return at one moment.
    """
    pause = min(limits.first_pause * (1 << min(max(post.attempt - 1, 0), 30)), limits.longest_pause)
    return now + max(pause * (0.75 + 0.5 * _spread(post)), timedelta(seconds=wanted))


def _alert_after(post: Post, since: datetime) -> bool:
    return post.edition is Edition.ALERT and post.due is not None and post.due > since


def _grouped(posts: Iterable[Post], key: Callable[[Post], K]) -> dict[K, list[Post]]:
    groups: dict[K, list[Post]] = {}
    for post in posts:
        groups.setdefault(key(post), []).append(post)
    return groups


def _bundled(posts: Sequence[Post]) -> list[Bundle]:
    return [Bundle(posts=tuple(posts[start : start + MOST_STORIES])) for start in range(0, len(posts), MOST_STORIES)]


def _spread(post: Post) -> float:
    """Return a number from 0 to 1 that differs from post to post and from attempt to attempt."""
    digest = sha256(f"{post.alert} {post.subscriber} {post.attempt}".encode()).digest()
    return int.from_bytes(digest[:4]) / 0xFFFFFFFF
