"""Alerts and the decisions about them, append-only."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import Connection, RowMapping, Select, Table, bindparam, insert, or_, select, update

from monitor.codec import decode, encode
from monitor.model.alert import NEXT, Alert, AlertId, AlertState, Review
from monitor.model.desk import Decision, Pin, Rule, decided
from monitor.model.errors import UnknownAlert
from monitor.model.page import PageId
from monitor.model.subscriber import Post
from monitor.store.database import Database
from monitor.store.moments import at_moment, moment
from monitor.store.outbox import new_posts
from monitor.store.rows import Row, insert_one, upsert
from monitor.store.schema import ALERTS, PINS, REVIEWS, RULES

T = TypeVar("T")

MACHINE = "machine"


class StoredDesk:
    """The desk in a database; it keeps the promises of `ports.Desk`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def alert(self, id: str) -> Alert | None:
        """Return the alert with this id, or None."""
        with self._database.reading() as connection:
            return _alert(connection, id)

    def alerts(self, *states: AlertState, page: PageId | None = None) -> tuple[Alert, ...]:
        """Return alerts in these states (all when none is named), oldest first by when they were raised, then by id."""
        query, named = _alerts_in(states, of_page=page is not None), {"page": page} if page is not None else {}
        with self._database.reading() as connection:
            return tuple(decode(Alert, data) for data in connection.execute(query, named).scalars())

    def decide(self, review: Review, posts: Iterable[Post] = (), *, edited: Alert | None = None) -> Alert:
        """Move an alert as the review says and write the posts with it; return it as it is now.

        Raises:
            UnknownAlert: no alert has this id.
            NotAllowed: the table of states has no such step, or another decision came first.
        """
        return self.decide_all([Decision(review=review, posts=tuple(posts), edited=edited)])[0]

    def decide_all(self, decisions: Iterable[Decision]) -> tuple[Alert, ...]:
        """Take several decisions in one transaction, all or none; return the alerts as they are now, in that order.

        Raises:
            UnknownAlert: no alert has this id.
            Overtaken: somebody else decided since one of them was read.
            NotAllowed: the table of states has no such step.
        """
        given = tuple(decisions)
        ordered = sorted(given, key=lambda one: one.review.alert)  # two groups that overlap wait, and do not block
        with self._database.writing() as connection:
            done = {one.review.alert: _decide(connection, one) for one in ordered}
        return tuple(done[one.review.alert] for one in given)

    def reviews(self, id: str | None = None) -> tuple[Review, ...]:
        """Return decisions, oldest first."""
        query = select(REVIEWS).order_by(REVIEWS.c.id)
        if id is not None:
            query = query.where(REVIEWS.c.alert == id)
        with self._database.reading() as connection:
            return tuple(_review(row) for row in connection.execute(query).mappings())

    def rules(self) -> tuple[Rule, ...]:
        """Return every rule that dismisses by itself, those that ended too, oldest first."""
        return self._all(RULES, Rule)

    def write_rule(self, rule: Rule) -> None:
        """Keep a rule as it is now."""
        self._write(RULES, rule)

    def pins(self) -> tuple[Pin, ...]:
        """Return every pinned quote, those that ended too, oldest first."""
        return self._all(PINS, Pin)

    def write_pin(self, pin: Pin) -> None:
        """Keep a pinned quote as it is now."""
        self._write(PINS, pin)

    def _all(self, table: Table, kind: type[T]) -> tuple[T, ...]:
        query = select(table.c.data).order_by(table.c.at, table.c.id)
        with self._database.reading() as connection:
            return tuple(decode(kind, data) for data in connection.execute(query).scalars())

    def _write(self, table: Table, kept: Rule | Pin) -> None:
        row = {"id": kept.id, "at": moment(kept.at), "data": encode(kept).decode()}
        with self._database.writing() as connection:
            upsert(connection, table, [row])


def _decide(connection: Connection, decision: Decision) -> Alert:
    review = decision.review
    stored = _alert(connection, review.alert, changing=True)
    if stored is None:
        raise UnknownAlert(review.alert)
    after = decided(stored, decision, _reviews(connection, stored.id))
    _save(connection, after)
    _write_review(connection, review)
    if decision.correction is not None:
        _correct(connection, decision.correction, review)
    new_posts(connection, decision.posts)
    return after


def _correct(connection: Connection, correction: Alert, review: Review) -> None:
    """Keep an alert that puts another one right, approved by who decided so."""
    approved = replace(correction, state=AlertState.APPROVED)
    if insert_one(connection, ALERTS, _row(approved)):
        _write_review(connection, replace(review, alert=correction.id, before=correction.state, after=approved.state))


def _reviews(connection: Connection, id: str) -> tuple[Review, ...]:
    query = select(REVIEWS).where(REVIEWS.c.alert == id).order_by(REVIEWS.c.id)
    return tuple(_review(row) for row in connection.execute(query).mappings())


@lru_cache(maxsize=32)
def _alerts_in(states: tuple[AlertState, ...], *, of_page: bool) -> Select[str]:
    """Return the question for alerts in these states, made once: every check asks it of its page."""
    query = select(ALERTS.c.data).order_by(ALERTS.c.raised, ALERTS.c.id)
    if states:
        query = query.where(or_(*(ALERTS.c.state == state.value for state in states)))
    return query.where(ALERTS.c.page == bindparam("page")) if of_page else query


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


def take_in_all(connection: Connection, alerts: Iterable[Alert], dismissals: Iterable[Review]) -> None:
    """Keep alerts that were raised, and dismiss those of them that are new or moved as rules say.

    What a maintainer took back once is not dismissed by a rule again.
    """
    ordered = sorted(alerts, key=lambda alert: alert.id)  # as decisions do, so that both wait and do not block
    moved = {alert.id for alert in ordered if take_in(connection, alert)}
    for review in dismissals:
        stored = _alert(connection, review.alert) if review.alert in moved else None
        if stored is None or review.after not in NEXT[stored.state]:
            continue
        if not any(one.before is AlertState.DISMISSED for one in _reviews(connection, stored.id)):
            _decide(connection, Decision(review=replace(review, before=stored.state)))


def take_in(connection: Connection, alert: Alert) -> bool:
    """Keep an alert that was raised, or what later captures said of one that is held; say whether it is new or moved.

    One that is known keeps its state: only `held` moves, and only as the table of states allows. One that was dismissed
    before a later fetch agreed is confirmed where it lies. While one fetch alone shows it, what it waits for is what
    the newest capture says. What was dropped before it was ever held is not kept.
    """
    stored = _alert(connection, alert.id, changing=True)
    if stored is None:
        return alert.state is not AlertState.DISMISSED and insert_one(connection, ALERTS, _row(alert))
    if stored.state is AlertState.DISMISSED and stored.unconfirmed and alert.evidence.confirmed_at is not None:
        _save(connection, stored.confirmed(alert.evidence.confirmed_at))
    if alert.state is AlertState.HELD and stored.unconfirmed:
        _save(connection, replace(stored, waits_for=alert.waits_for))
    if stored.state is not AlertState.HELD or alert.state not in NEXT[AlertState.HELD]:
        return False
    _settle(connection, stored, alert)
    return True


def _settle(connection: Connection, stored: Alert, alert: Alert) -> None:
    """Move a held alert on; a dropped one keeps its words, and every one the captures it was raised with."""
    moved = stored.dropped() if alert.state is AlertState.DISMISSED else replace(alert, raised=stored.raised)
    confirmed = alert.evidence.confirmed_at
    _save(connection, replace(moved, evidence=replace(stored.evidence, confirmed_at=confirmed)))
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
