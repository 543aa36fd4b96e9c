"""Alerts and the decisions about them, append-only."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, RowMapping, insert, select, update

from monitor.codec import decode, encode
from monitor.model.alert import NEXT, Alert, AlertId, AlertState, Review
from monitor.model.errors import NotAllowed, UnknownAlert
from monitor.model.subscriber import Post
from monitor.store.database import Database
from monitor.store.moments import at_moment, moment
from monitor.store.outbox import new_posts
from monitor.store.rows import Row, insert_new
from monitor.store.schema import ALERTS, REVIEWS

MACHINE = "machine"


class StoredDesk:
    """The desk in a database; it keeps the promises of `ports.Desk`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def alert(self, id: str) -> Alert | None:
        """Return the alert with this id, or None."""
        with self._database.reading() as connection:
            return _alert(connection, id)

    def alerts(self, *states: AlertState) -> tuple[Alert, ...]:
        """Return alerts in these states (all when none is named), oldest first by when they were raised, then by id."""
        query = select(ALERTS.c.data).order_by(ALERTS.c.raised, ALERTS.c.id)
        if states:
            query = query.where(ALERTS.c.state.in_([state.value for state in states]))
        with self._database.reading() as connection:
            return tuple(decode(Alert, data) for data in connection.execute(query).scalars())

    def decide(self, review: Review, posts: Iterable[Post] = (), *, edited: Alert | None = None) -> Alert:
        """Move an alert as the review says and write the posts with it; return it as it is now.

        Raises:
            UnknownAlert: no alert has this id.
            NotAllowed: the table of states has no such step, or another decision came first.
        """
        with self._database.writing() as connection:
            stored = _alert(connection, review.alert, changing=True)
            if stored is None:
                raise UnknownAlert(review.alert)
            _refuse_unless_next(connection, stored, review, edited)
            decided = _decided(stored, review, edited)
            _save(connection, decided)
            _write_review(connection, review)
            new_posts(connection, posts)
            return decided

    def reviews(self, id: str | None = None) -> tuple[Review, ...]:
        """Return decisions, oldest first."""
        query = select(REVIEWS).order_by(REVIEWS.c.id)
        if id is not None:
            query = query.where(REVIEWS.c.alert == id)
        with self._database.reading() as connection:
            return tuple(_review(row) for row in connection.execute(query).mappings())


def _refuse_unless_next(connection: Connection, stored: Alert, review: Review, edited: Alert | None) -> None:
    if stored.state is not review.before:
        newest = select(REVIEWS).where(REVIEWS.c.alert == stored.id).order_by(REVIEWS.c.id.desc()).limit(1)
        last = connection.execute(newest).mappings().first()
        told = f" ({last['who']} decided so at {last['at'][:16]}: {last['reason']})" if last else ""
        raise NotAllowed(f"alert {stored.id}", f"{stored.state}{told}", review.after)
    kept = edited is not None and review.after is stored.state
    if review.after not in NEXT[stored.state] and not kept:
        raise NotAllowed(f"alert {stored.id}", stored.state, review.after)


def _decided(stored: Alert, review: Review, edited: Alert | None) -> Alert:
    """Return the alert after a decision; quotes and evidence are what was captured and are never edited."""
    alert = stored
    if edited is not None:
        alert = replace(
            edited,
            id=stored.id,
            page=stored.page,
            service=stored.service,
            quotes=stored.quotes,
            evidence=stored.evidence,
            raised=stored.raised,
            published=stored.published,
            updated=review.at if stored.published is not None else None,
        )
    if review.after is AlertState.PUBLISHED and alert.published is None:
        alert = replace(alert, published=review.at)
    return replace(alert, state=review.after)


def _alert(connection: Connection, id: str, *, changing: bool = False) -> Alert | None:
    """Return an alert; `changing` keeps other writers from it until the end of the transaction."""
    query = select(ALERTS.c.data).where(ALERTS.c.id == id)
    data = connection.execute(query.with_for_update() if changing else query).scalar()
    return decode(Alert, data) if data is not None else None


def _save(connection: Connection, alert: Alert) -> None:
    """Write an alert as it is now."""
    row = {"state": alert.state.value, "data": encode(alert).decode()}
    connection.execute(update(ALERTS).where(ALERTS.c.id == alert.id).values(**row))


def _write_review(connection: Connection, review: Review) -> None:
    """Write one decision."""
    row = {"alert": review.alert, "before": review.before.value, "after": review.after.value}
    row |= {"who": review.who, "at": moment(review.at), "reason": review.reason}
    connection.execute(insert(REVIEWS).values(**row))


def take_in(connection: Connection, alert: Alert) -> None:
    """Keep an alert that was raised, or what later captures said of one that is held.

    One that is known keeps its state: only `held` moves, and only as the table of states allows. What was dropped
    before it was ever held is not kept.
    """
    stored = _alert(connection, alert.id, changing=True)
    if stored is None:
        if alert.state is not AlertState.DISMISSED:
            insert_new(connection, ALERTS, [_row(alert)])
    elif stored.state is AlertState.HELD and alert.state in NEXT[AlertState.HELD]:
        _settle(connection, stored, alert)


def _settle(connection: Connection, stored: Alert, alert: Alert) -> None:
    """Move a held alert on; a dropped one keeps its words, and every one the captures it was raised with."""
    words = stored if alert.state is AlertState.DISMISSED else replace(alert, raised=stored.raised)
    confirmed = alert.evidence.confirmed_at
    _save(connection, replace(words, state=alert.state, evidence=replace(stored.evidence, confirmed_at=confirmed)))
    settled = Review(
        alert=alert.id,
        before=stored.state,
        after=alert.state,
        who=MACHINE,
        at=confirmed or alert.evidence.after_at,
        reason="confirmed by a later fetch" if confirmed else alert.title or "dropped by a later fetch",
    )
    _write_review(connection, settled)


def _row(alert: Alert) -> Row:
    return {
        "id": alert.id,
        "page": alert.page,
        "state": alert.state.value,
        "raised": moment(alert.raised),
        "data": encode(alert).decode(),
    }


def _review(row: RowMapping) -> Review:
    return Review(
        alert=AlertId(row["alert"]),
        before=AlertState(row["before"]),
        after=AlertState(row["after"]),
        who=row["who"],
        at=at_moment(row["at"]),
        reason=row["reason"],
    )
