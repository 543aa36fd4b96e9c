"""Messages to be sent, unique on (alert, subscriber, edition)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, delete, select, update

from monitor.model.alert import AlertId
from monitor.model.errors import NotAllowed
from monitor.model.subscriber import POST_NEXT, Edition, MailEvent, Post, PostState, SubscriberId
from monitor.store.database import Database
from monitor.store.moments import at_moment, moment
from monitor.store.rows import insert_new
from monitor.store.schema import EVENTS, NOTES, POSTS

_STOPPED = "sending stopped"
_AT_ONCE = 500  # values in one query; SQLite takes at most 32,766
_TAKEN = (PostState.SENDING, PostState.ACCEPTED, PostState.UNKNOWN, PostState.FAILED)


class StoredOutbox:
    """The outbox in a database; it keeps the promises of `ports.Outbox`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, now: datetime, *, most: int) -> tuple[Post, ...]:
        """Return pending posts that are due, oldest first."""
        ready = POSTS.c.due.is_(None) | (POSTS.c.due <= moment(now))
        query = select(POSTS).where(POSTS.c.state == PostState.PENDING.value, ready).order_by(POSTS.c.id).limit(most)
        with self._database.reading() as connection:
            return tuple(map(_post, connection.execute(query).mappings()))

    def posts(self, *states: PostState) -> tuple[Post, ...]:
        """Return posts in these states; all when none is named."""
        query = select(POSTS).order_by(POSTS.c.id)
        if states:
            query = query.where(POSTS.c.state.in_([state.value for state in states]))
        with self._database.reading() as connection:
            return tuple(map(_post, connection.execute(query).mappings()))

    def move(self, post: Post) -> None:
        """Write a post's new state.

        Raises:
            NotAllowed: the table of a message's life has no such step from the state that is stored now, or there is
                no such post.
        """
        with self._database.writing() as connection:
            stored = connection.execute(select(POSTS.c.state).where(_same(post)).with_for_update()).scalar()
            if stored is None or post.state not in POST_NEXT[PostState(stored)]:
                raise NotAllowed(f"the mail of alert {post.alert}", stored or "erased", post.state)
            connection.execute(update(POSTS).where(_same(post)).values(**_row(post)))

    def taken(self, since: datetime) -> tuple[Post, ...]:
        """Return the posts handed to the mail service whose `due` is at or after `since`."""
        states = [state.value for state in _TAKEN]
        query = select(POSTS).where(POSTS.c.state.in_(states), POSTS.c.due >= moment(since)).order_by(POSTS.c.id)
        with self._database.reading() as connection:
            return tuple(map(_post, connection.execute(query).mappings()))

    def post(self, alert: AlertId, subscriber: SubscriberId, edition: Edition) -> Post | None:
        """Return one post, or None when there is none."""
        wanted = Post(alert=alert, subscriber=subscriber, edition=edition)
        with self._database.reading() as connection:
            row = connection.execute(select(POSTS).where(_same(wanted))).mappings().first()
        return _post(row) if row else None

    def unheard(self, events: Iterable[MailEvent]) -> tuple[MailEvent, ...]:
        """Return the events whose `key` was not heard before, each once, in the given order."""
        told = {event.key: event for event in events}
        with self._database.reading() as connection:
            heard: set[str] = set()
            for keys in _batches(tuple(told)):
                heard.update(connection.execute(_heard(keys)).scalars())
        return tuple(event for key, event in told.items() if key not in heard)

    def hear(self, events: Iterable[MailEvent]) -> None:
        """Remember events by their `key`; hearing one twice does no harm."""
        with self._database.writing() as connection:
            insert_new(connection, EVENTS, [{"key": event.key} for event in events])

    def stopped(self) -> str:
        """Return why sending is stopped, or an empty string; it stays so over restarts."""
        with self._database.reading() as connection:
            return connection.execute(select(NOTES.c.value).where(NOTES.c.key == _STOPPED)).scalar() or ""

    def stop(self, why: str) -> None:
        """Stop sending until a maintainer resumes it; the first reason stays."""
        with self._database.writing() as connection:
            insert_new(connection, NOTES, [{"key": _STOPPED, "value": why}])

    def resume(self) -> None:
        """Let sending go on; this is a maintainer's step, the program never takes it by itself."""
        with self._database.writing() as connection:
            connection.execute(delete(NOTES).where(NOTES.c.key == _STOPPED))


def new_posts(connection: Connection, posts: Iterable[Post]) -> None:
    """Insert posts; those that are there already stay as they are."""
    insert_new(connection, POSTS, [_row(post) for post in posts])


def _batches(keys: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]


def _heard(keys: tuple[str, ...]) -> Select[Any]:
    return select(EVENTS.c.key).where(EVENTS.c.key.in_(keys))


def _same(post: Post) -> ColumnElement[bool]:
    return and_(
        POSTS.c.alert == post.alert, POSTS.c.subscriber == post.subscriber, POSTS.c.edition == post.edition.value
    )


def _row(post: Post) -> dict[str, object]:
    return {
        "alert": post.alert,
        "subscriber": post.subscriber,
        "edition": post.edition.value,
        "state": post.state.value,
        "attempt": post.attempt,
        "due": moment(post.due) if post.due else None,
        "detail": post.detail,
    }


def _post(row: RowMapping) -> Post:
    return Post(
        alert=AlertId(row["alert"]),
        subscriber=SubscriberId(row["subscriber"]),
        edition=Edition(row["edition"]),
        state=PostState(row["state"]),
        attempt=row["attempt"],
        due=at_moment(row["due"]) if row["due"] else None,
        detail=row["detail"],
    )
