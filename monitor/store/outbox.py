"""Messages to be sent, unique on (alert, subscriber, edition)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, select, update

from monitor.model.alert import AlertId
from monitor.model.errors import NotAllowed
from monitor.model.subscriber import POST_NEXT, Edition, Post, PostState, SubscriberId
from monitor.store.database import Database, at_moment, moment
from monitor.store.rows import insert_new
from monitor.store.schema import NOTES, POSTS

_STOPPED = "sending stopped"
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
            stored = connection.execute(select(POSTS.c.state).where(_same(post))).scalar()
            if stored is None or post.state not in POST_NEXT[PostState(stored)] | _kept(PostState(stored)):
                raise NotAllowed(f"the mail of alert {post.alert}", stored or "erased", post.state)
            row = {"state": post.state.value, "attempt": post.attempt, "detail": post.detail}
            row["due"] = moment(post.due) if post.due else None  # type: ignore[assignment]  # the column may be NULL
            connection.execute(update(POSTS).where(_same(post)).values(**row))

    def taken(self, since: datetime) -> tuple[Post, ...]:
        """Return the posts handed to the mail service whose `due` is at or after `since`."""
        states = [state.value for state in _TAKEN]
        query = select(POSTS).where(POSTS.c.state.in_(states), POSTS.c.due >= moment(since)).order_by(POSTS.c.id)
        with self._database.reading() as connection:
            return tuple(map(_post, connection.execute(query).mappings()))

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


def new_posts(connection: Connection, posts: Iterable[Post]) -> int:
    """Insert posts; those that are there already stay as they are. Return how many came in."""
    return insert_new(connection, POSTS, [_row(post) for post in posts])


def _kept(state: PostState) -> frozenset[PostState]:
    """Return the states a post may be written in again: a pending one may be put off."""
    return frozenset({state}) if state is PostState.PENDING else frozenset()


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
