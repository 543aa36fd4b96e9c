"""What was checked and found: one transaction a check."""

import zlib
from collections import OrderedDict
from collections.abc import Iterable

from sqlalchemy import Connection, RowMapping, insert, select, update

from monitor.codec import decode, encode
from monitor.model.alert import Alert
from monitor.model.capture import Digest
from monitor.model.change import Change
from monitor.model.finding import Finding, History
from monitor.model.page import Page, PageId
from monitor.model.procedure import Procedure
from monitor.model.status import Check, Outcome, Standing, Version
from monitor.store.database import Database, at_moment, moment
from monitor.store.desk import take_in
from monitor.store.rows import insert_new, upsert
from monitor.store.schema import CHECKS, HISTORIES, STANDINGS, VERSIONS

# Histories kept in memory, so that an unchanged check decodes nothing. One is about 4 MB for the longest policy seen.
REMEMBERED = 16

_READ = frozenset({Outcome.FIRST, Outcome.UNCHANGED, Outcome.QUIET, Outcome.NEWS, Outcome.HELD})
_CHANGED = frozenset({Outcome.FIRST, Outcome.NEWS, Outcome.HELD})
_RUN = Outcome.UNCHANGED  # the outcome that many checks in a row share one row of


class StoredJournal:
    """The journal in a database; it keeps the promises of `ports.Journal`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._histories: OrderedDict[PageId, tuple[int, History]] = OrderedDict()

    def history(self, page: PageId, rules: str) -> History | None:
        """Return what is remembered of a page by these rules, or None when it must be made anew."""
        with self._database.reading() as connection:
            head = select(HISTORIES.c.stamp, HISTORIES.c.rules).where(HISTORIES.c.page == page)
            found = connection.execute(head).first()
            if found is None or found.rules != rules:
                return None
            stamp, known = self._histories.get(page, (0, None))
            if known is None or stamp != found.stamp:
                data = connection.execute(select(HISTORIES.c.data).where(HISTORIES.c.page == page)).scalar_one()
                known = decode(History, zlib.decompress(data))
                self._remember(page, found.stamp, known)
            return known

    def _remember(self, page: PageId, stamp: int, history: History) -> None:
        self._histories[page] = (stamp, history)
        self._histories.move_to_end(page)
        while len(self._histories) > REMEMBERED:
            self._histories.popitem(last=False)

    def record(self, page: Page, check: Check, finding: Finding, alerts: Iterable[Alert]) -> None:
        """Write check, version, change, history and alerts together, or nothing of them."""
        with self._database.writing() as connection:
            stamp = self._write_history(connection, page.id, finding.history)
            _write_check(connection, check, finding)
            if finding.document is not None:
                _write_version(connection, page.id, finding)
            for alert in alerts:
                take_in(connection, alert)
        if stamp:
            self._remember(page.id, stamp, finding.history)

    def _write_history(self, connection: Connection, page: PageId, history: History) -> int:
        """Write a history that is not the one in the database; return its stamp, or 0 when nothing was written."""
        query = select(HISTORIES.c.stamp, HISTORIES.c.rules).where(HISTORIES.c.page == page)
        stored = connection.execute(query).first()
        known_stamp, known = self._histories.get(page, (0, None))
        if stored is not None and known is history and stored.stamp == known_stamp:
            return 0
        stamp = (stored.stamp if stored else 0) + 1
        data = zlib.compress(encode(history), 6)
        upsert(connection, HISTORIES, {"page": page, "rules": history.rules, "stamp": stamp, "data": data}, "page")
        return stamp

    def missed(self, check: Check) -> None:
        """Write a check that brought no page, or nothing new."""
        with self._database.writing() as connection:
            _write_check(connection, check, None)

    def standing(self, page: PageId) -> Standing:
        """Return where a page stands; one never checked has no moments."""
        with self._database.reading() as connection:
            row = connection.execute(select(STANDINGS).where(STANDINGS.c.page == page)).mappings().first()
        return _standing(row) if row else Standing(page=page)

    def checks(self, page: PageId, *, newest: int) -> tuple[Check, ...]:
        """Return the newest checks of a page, newest first; a run of unchanged ones as its last and its first."""
        query = select(CHECKS).where(CHECKS.c.page == page).order_by(CHECKS.c.id.desc()).limit(newest)
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(check for row in rows for check in _checks(row))[:newest]

    def checks_between(self, page: PageId, first: str, last: str) -> int:
        """Return how many checks of a page lie between two moments (texts as `moment` writes them), both included."""
        query = select(CHECKS).where(CHECKS.c.page == page, CHECKS.c.last >= first, CHECKS.c.first <= last)
        with self._database.reading() as connection:
            return sum(row["count"] for row in connection.execute(query).mappings())

    def versions(self, page: PageId | None = None) -> tuple[Version, ...]:
        """Return the versions of a page (or of all pages), oldest first."""
        columns = [column for column in VERSIONS.c if column.name not in {"id", "change"}]
        query = select(*columns).order_by(VERSIONS.c.at, VERSIONS.c.id)
        if page is not None:
            query = query.where(VERSIONS.c.page == page)
        with self._database.reading() as connection:
            return tuple(_version(row) for row in connection.execute(query).mappings())

    def change(self, page: PageId, capture: Digest) -> Change | None:
        """Return what a capture changed on its page, or None when it brought no version."""
        query = select(VERSIONS.c.change).where(VERSIONS.c.page == page, VERSIONS.c.capture == capture)
        with self._database.reading() as connection:
            data = connection.execute(query.order_by(VERSIONS.c.id)).scalar()
        return decode(Change, zlib.decompress(data)) if data else None


def _write_check(connection: Connection, check: Check, finding: Finding | None) -> None:
    query = select(STANDINGS).where(STANDINGS.c.page == check.page)
    standing = connection.execute(query).mappings().first()
    at = moment(check.at)
    if standing and standing["checked"] and standing["checked"] >= at:
        return  # the same check written again after a crash
    run = _continued(connection, standing, check) or _begun(connection, check)
    read, changed = check.outcome in _READ, check.outcome in _CHANGED
    misses: int = standing["misses"] if standing else 0
    old = standing or {"read": None, "changed": None, "procedure": ""}
    row = {
        "page": check.page,
        "checked": at,
        "read": at if read else old["read"],
        "changed": at if changed else old["changed"],
        "misses": 0 if read else misses + 1,
        "detail": check.detail,
        "procedure": encode(finding.procedure).decode() if finding and finding.document else old["procedure"],
        "run": run,
    }
    upsert(connection, STANDINGS, row, "page")


def _continued(connection: Connection, standing: RowMapping | None, check: Check) -> int | None:
    """Lengthen the run of unchanged checks that this one goes on with; None when it begins another."""
    if standing is None or standing["run"] is None or check.outcome is not _RUN:
        return None
    run: int = standing["run"]
    at = moment(check.at)
    same = (CHECKS.c.id == run) & (CHECKS.c.outcome == _RUN.value)
    longer = connection.execute(update(CHECKS).where(same).values(last=at, count=CHECKS.c.count + 1))
    return run if longer.rowcount else None


def _begun(connection: Connection, check: Check) -> int:
    at = moment(check.at)
    row = {"page": check.page, "first": at, "last": at, "count": 1, "outcome": check.outcome.value}
    row |= {"capture": check.capture, "detail": check.detail}
    made = connection.execute(insert(CHECKS).values(**row)).inserted_primary_key
    return int(made[0]) if made else 0


def _write_version(connection: Connection, page: PageId, finding: Finding) -> None:
    sight = finding.sight
    if sight is None:
        return
    row = {
        "page": page,
        "at": moment(sight.at),
        "capture": sight.capture,
        "fingerprint": sight.fingerprint,
        "kind": finding.verdict.kind.value,
        "level": finding.verdict.level.value,
        "summary": finding.verdict.title,
        "change": zlib.compress(encode(finding.change), 6),
    }
    insert_new(connection, VERSIONS, [row])


def _standing(row: RowMapping) -> Standing:
    return Standing(
        page=row["page"],
        checked=at_moment(row["checked"]) if row["checked"] else None,
        read=at_moment(row["read"]) if row["read"] else None,
        changed=at_moment(row["changed"]) if row["changed"] else None,
        misses=row["misses"],
        detail=row["detail"],
        procedure=decode(Procedure, row["procedure"]) if row["procedure"] else Procedure(),
    )


def _checks(row: RowMapping) -> Iterable[Check]:
    outcome, capture, detail = Outcome(row["outcome"]), row["capture"], row["detail"]
    for at in dict.fromkeys((row["last"], row["first"])):
        yield Check(page=row["page"], at=at_moment(at), outcome=outcome, capture=capture, detail=detail)


def _version(row: RowMapping) -> Version:
    return Version(
        page=row["page"],
        at=at_moment(row["at"]),
        capture=Digest(row["capture"]),
        fingerprint=row["fingerprint"],
        kind=row["kind"],
        level=row["level"],
        summary=row["summary"],
    )
