"""What was checked and found: one transaction a check."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, delete, select, union

from monitor.codec import decode, encode
from monitor.model.alert import Alert, AlertState, Review
from monitor.model.capture import Digest
from monitor.model.change import Change
from monitor.model.document import said_by
from monitor.model.finding import Finding, History, Known, Newest, Sight
from monitor.model.page import Page, PageId
from monitor.model.procedure import Effort, Procedure
from monitor.model.status import Check, Outcome, Standing, Version
from monitor.model.verdict import Kind
from monitor.store import stretches
from monitor.store.database import Database
from monitor.store.desk import take_in_all
from monitor.store.moments import at_moment, moment
from monitor.store.remembered import Histories
from monitor.store.rows import insert_new, upsert
from monitor.store.schema import (
    ALERTS,
    CHANGES,
    CHECKS,
    FEEDS,
    HISTORIES,
    NEWEST,
    SIGHTINGS,
    STANDINGS,
    TEXTS,
    VERSIONS,
)
from monitor.store.whereabouts import Whereabouts

# What a reader would call a change of the page; noise, flaps and artefacts of a capture are none.
_CHANGED = frozenset({Kind.SUBSTANTIVE, Kind.OPTOUT})

# Asked at every check, so it is made once: making a statement takes as long as running it.
_SHOWN = select(NEWEST.c.data).where(NEWEST.c.page == bindparam("of"), NEWEST.c.rules == bindparam("rules"))
_HELD = select(ALERTS.c.id).where(ALERTS.c.page == bindparam("of"), ALERTS.c.state == bindparam("held"))
_KEPT_SINCE = select(SIGHTINGS.c.page).where(SIGHTINGS.c.page == CHECKS.c.page, SIGHTINGS.c.last > CHECKS.c.last)
_KNOWN = stretches.NEWEST_CHECK.add_columns(
    _SHOWN.scalar_subquery().label("shown"), _HELD.exists().label("held"), _KEPT_SINCE.exists().label("kept_since")
)


class StoredJournal:
    """The journal in a database; it keeps the promises of `ports.Journal`."""

    def __init__(self, database: Database, whereabouts: Whereabouts) -> None:
        self._database = database
        self._whereabouts = whereabouts
        self._histories = Histories()
        self._asked: RowMapping | None = None  # the stretch of the page that was asked for last: it is noted next

    def history(self, page: PageId, rules: str) -> History | None:
        """Return what is remembered of a page by these rules, or None when it must be made anew."""
        with self._database.reading() as connection:
            return self._histories.read(connection, page, rules)

    def known(self, page: PageId, rules: str) -> Known:
        """Return what is known of a page, by these rules; what it showed last is left out while that is undecided."""
        self._whereabouts.catch_up()
        newest_here = self._whereabouts.newest_here(page)
        with self._database.reading() as connection:
            row = connection.execute(_KNOWN, {"of": page, "rules": rules, "held": AlertState.HELD}).mappings().first()
        self._asked = row
        if row is None:
            return Known()
        shown = decode(Newest, row["shown"]) if row["shown"] is not None else None
        left_over = row["kept_since"] or newest_here > row["last"]
        return Known(last=stretches.newest_of(row), newest=shown, held=row["held"], left_over=left_over)

    def _seen(self, page: PageId) -> RowMapping | None:
        asked = self._asked
        return asked if asked is not None and asked["page"] == page else None

    def record(
        self,
        page: Page,
        check: Check,
        finding: Finding,
        alerts: Iterable[Alert],
        dismissals: Iterable[Review] = (),
        newest: Newest | None = None,
    ) -> None:
        """Write check, version, change, history, what the page showed last and alerts together, or nothing of them."""
        with self._database.writing() as connection:
            stretches.note(connection, check, self._seen(check.page))
            stamp, size_bytes = self._histories.write(connection, page.id, finding.history)
            _write_newest(connection, page.id, finding.history.rules, newest)
            _write_standing(connection, page.id, finding)
            if finding.document is not None and finding.sight is not None:
                _write_version(connection, page.id, finding.sight, finding)
            take_in_all(connection, alerts, dismissals)
        if stamp:
            self._histories.hold(page.id, stamp, finding.history, size_bytes)

    def missed(self, check: Check) -> None:
        """Write a check that brought no page, or nothing new."""
        with self._database.writing() as connection:
            stretches.note(connection, check, self._seen(check.page))

    def unmoved(self, check: Check, rules: str, newest: Newest) -> None:
        """Write a check that brought what was read before, and what the page showed last by these rules."""
        with self._database.writing() as connection:
            stretches.note(connection, check, self._seen(check.page))
            _write_newest(connection, check.page, rules, newest)

    def standing(self, page: PageId) -> Standing:
        """Return where a page stands; one never checked has no moments."""
        with self._database.reading() as connection:
            newest = stretches.newest_row(connection, page)
            if newest is None:
                return Standing(page=page)
            known = connection.execute(select(STANDINGS).where(STANDINGS.c.page == page)).mappings().first()
            return _standing(connection, page, newest, known)

    def standings(self) -> Mapping[PageId, Standing]:
        """Return where every page stands that was ever checked, each as `standing` says."""
        with self._database.reading() as connection:
            known = {row["page"]: row for row in connection.execute(select(STANDINGS)).mappings()}
            rows = list(stretches.newest_rows(connection))
            return {row["page"]: _standing(connection, row["page"], row, known.get(row["page"])) for row in rows}

    def unread(self) -> frozenset[PageId]:
        """Return the pages that were not read at some check, however long ago."""
        with self._database.reading() as connection:
            return stretches.unread(connection)

    def tally(self) -> Mapping[tuple[Outcome, str], int]:
        """Return how many checks ended so; of those without the page also why, of all others with an empty text."""
        with self._database.reading() as connection:
            return stretches.tally(connection)

    def put_off(self, after: datetime) -> frozenset[PageId]:
        """Return the pages with a check after a moment that was put off (`Check.put_off`)."""
        with self._database.reading() as connection:
            return stretches.put_off(connection, after)

    def checks(self, page: PageId, *, newest: int) -> tuple[Check, ...]:
        """Return the newest checks of a page, newest first."""
        with self._database.reading() as connection:
            return stretches.newest(connection, page, newest)

    def checked_between(self, page: PageId, first: datetime, last: datetime) -> int:
        """Return how often a page was checked between two moments, both included."""
        with self._database.reading() as connection:
            return stretches.number_between(connection, page, first, last)

    def referred(self) -> frozenset[Digest]:
        """Return the captures that versions, changes, histories, feeds and the newest checks of each page refer to."""
        named = union(*(select(table.c.capture) for table in (VERSIONS, CHANGES, FEEDS, NEWEST)))
        with self._database.reading() as connection:
            found = set(filter(None, connection.execute(named).scalars()))
            found.update(stretches.newest_captures(connection))
            for data in connection.execute(select(HISTORIES.c.data)).scalars():
                found.update(sight.capture for sight in _sights(decode(History, zlib.decompress(data))))
        return frozenset(map(Digest, found))

    def versions(self, page: PageId | None = None) -> tuple[Version, ...]:
        """Return the versions of a page (or of all pages), oldest first."""
        query = select(VERSIONS).order_by(VERSIONS.c.at, VERSIONS.c.id)
        if page is not None:
            query = query.where(VERSIONS.c.page == page)
        with self._database.reading() as connection:
            return tuple(_version(row) for row in connection.execute(query).mappings())

    def said(self, version: Version) -> tuple[str, ...] | None:
        """Return what a version says, folded, block by block; None when it was read before that was kept."""
        query = select(TEXTS.c.data).where(TEXTS.c.fingerprint == version.fingerprint)
        with self._database.reading() as connection:
            data = connection.execute(query).scalar()
        return tuple(zlib.decompress(data).decode().split("\n")) if data is not None else None

    def change(self, version: Version) -> Change:
        """Return what a version changed; a first one, and one that changed nothing to read, changed nothing."""
        same = (CHANGES.c.page == version.page) & (CHANGES.c.at == moment(version.at))
        query = select(CHANGES.c.data).where(same, CHANGES.c.capture == version.capture)
        with self._database.reading() as connection:
            data = connection.execute(query).scalar()
        return decode(Change, zlib.decompress(data)) if data is not None else Change()


def _write_newest(connection: Connection, page: PageId, rules: str, newest: Newest | None) -> None:
    if newest is None:
        connection.execute(delete(NEWEST).where(NEWEST.c.page == page))
        return
    row = {"page": page, "rules": rules, "capture": newest.validators.capture, "data": encode(newest).decode()}
    upsert(connection, NEWEST, [row])


def _sights(history: History) -> Iterator[Sight]:
    """Yield every sight that a history remembers by its capture."""
    if history.newest is not None:
        yield history.newest
    if history.suspect is not None:
        yield history.suspect.sight
    for waiting in history.waiting:
        yield from (waiting.sight, waiting.before)


def _write_standing(connection: Connection, page: PageId, finding: Finding) -> None:
    """Write when a page last changed and its way out, when the finding says anything new of either."""
    changed = _changed(finding)
    read = finding.document is not None and finding.history.newest == finding.sight
    if changed is None and not read:
        return
    query = select(STANDINGS).where(STANDINGS.c.page == page).with_for_update()
    known = connection.execute(query).mappings().first() or {"changed": None, "procedure": ""}
    row = {
        "page": page,
        "changed": max(filter(None, (changed, known["changed"])), default=None),
        "procedure": encode(finding.procedure).decode() if read else known["procedure"],
    }
    upsert(connection, STANDINGS, [row])


def _changed(finding: Finding) -> str | None:
    """Return when a page changed as this finding says; what is held has not changed until it is confirmed."""
    sights = [one.sight for one in finding.settled if one.confirmed and one.verdict.kind in _CHANGED]
    if finding.sight is not None and finding.verdict.kind in _CHANGED and not finding.verdict.held:
        sights.append(finding.sight)
    return max((moment(sight.at) for sight in sights), default=None)


def _write_version(connection: Connection, page: PageId, sight: Sight, finding: Finding) -> None:
    """Write the reading that a capture brought, and what it changed."""
    key = {"page": page, "at": moment(sight.at), "capture": sight.capture}
    row = {
        **key,
        "fingerprint": sight.fingerprint,
        "kind": finding.verdict.kind.value,
        "level": finding.verdict.level.value,
        "summary": finding.verdict.title,
        "effort": encode(finding.procedure.effort).decode() if finding.procedure.effort else None,
    }
    insert_new(connection, VERSIONS, [row])
    if finding.document is not None:
        text = "\n".join(said_by(finding.document)).encode("utf-8", "replace")
        insert_new(connection, TEXTS, [{"fingerprint": sight.fingerprint, "data": zlib.compress(text)}])
    if finding.change:
        insert_new(connection, CHANGES, [{**key, "data": zlib.compress(encode(finding.change), 6)}])


def _standing(connection: Connection, page: PageId, newest: RowMapping, known: RowMapping | None) -> Standing:
    read: str | None = newest["last"]
    misses = 0
    if Outcome(newest["outcome"]) not in stretches.READ:
        read = stretches.last_read(connection, page)
        misses = stretches.number_since(connection, page, read)
    changed, procedure = (known["changed"], known["procedure"]) if known else (None, "")
    return Standing(
        page=page,
        checked=at_moment(newest["last"]),
        read=at_moment(read) if read else None,
        changed=at_moment(changed) if changed else None,
        misses=misses,
        detail=newest["detail"],
        procedure=decode(Procedure, procedure) if procedure else Procedure(),
    )


def _version(row: RowMapping) -> Version:
    return Version(
        page=row["page"],
        at=at_moment(row["at"]),
        capture=Digest(row["capture"]),
        fingerprint=row["fingerprint"],
        kind=row["kind"],
        level=row["level"],
        summary=row["summary"],
        effort=decode(Effort, row["effort"]) if row["effort"] else None,
    )
