"""An alert and the subscribers in, posts out: who is told of what, in which edition, from when on. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from monitor.model.alert import Alert
from monitor.model.subscriber import Edition, Post, Subscriber, SubscriberState, Topics
from monitor.model.verdict import Level

DIGEST_WEEKDAY = 0  # Monday
DIGEST_HOUR = 8  # UTC


def posts_for(alert: Alert, subscribers: Iterable[Subscriber], *, now: datetime | None = None) -> tuple[Post, ...]:
    """Return one pending post for each subscriber who is to be told, in the subscribers' order.

    Written in the same transaction as the alert's publication. A post for the digest is due at the next one after
    `now`, which is the publication unless another moment is given.
    """
    digest = next_digest(now or alert.published or alert.raised)
    return tuple(
        Post(
            alert=alert.id,
            subscriber=subscriber.id,
            edition=edition,
            due=digest if edition is Edition.DIGEST else None,
        )
        for subscriber in subscribers
        if (edition := edition_for(subscriber, alert)) is not None
    )


def edition_for(subscriber: Subscriber, alert: Alert) -> Edition | None:
    """Return how a subscriber is told of an alert, or None when not at all.

    Whoever asked for alerts gets those of level alert, at once; whoever asked for the digest gets everything, weekly.
    """
    if subscriber.state is not SubscriberState.CONFIRMED or not concerns(subscriber.topics, alert):
        return None
    match (subscriber.topics.level, alert.level):
        case (Level.ALERT, Level.ALERT):
            return Edition.ALERT
        case (Level.DIGEST, Level.ALERT | Level.DIGEST):
            return Edition.DIGEST
        case _:
            return None


def concerns(topics: Topics, alert: Alert) -> bool:
    """Say whether an alert is about what was asked for.

    Services and pages add up: a service and one page of another are both told of. Languages narrow that down.
    """
    everything = not topics.services and not topics.pages
    chosen = everything or alert.service in topics.services or alert.page in topics.pages
    language = (alert.evidence.language or alert.language).partition("-")[0].lower()
    return chosen and (
        not topics.languages or language in {name.partition("-")[0].lower() for name in topics.languages}
    )


def next_digest(at: datetime) -> datetime:
    """Return the first Monday at 08:00 UTC after a moment."""
    day = at.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    day += timedelta(days=(DIGEST_WEEKDAY - day.weekday()) % 7)
    return day if day > at else day + timedelta(weeks=1)
