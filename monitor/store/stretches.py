"""Checks in the database: those of a page that ended alike one after the other share one row.

Nothing is lost by it: every check comes back with its own moment and capture, and how often a page was checked between
two moments is exact.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby

from sqlalchemy import (
    Connection,
    RowMapping,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    true,
    update,
)

from monitor.model.page import PageId
from monitor.model.status import LEFT_ALONE, Check, Outcome
from monitor.store.moments import at_moment, moment
from monitor.store.packing import Moment, moments, packed_moment, packed_moments
from monitor.store.rows import Row, insert_new
from monitor.store.schema import CHECKS

# A row grows up to this many packed bytes: over a hundred checks with equal bytes, twenty with ever other ones. Larger
# rows would spill out of their page of SQLite's file and make every check write two.
MOST_BYTES = 800

READ = frozenset({Outcome.FIRST, Outcome.UNCHANGED, Outcome.QUIET, Outcome.NEWS, Outcome.HELD})
_READ = [outcome.value for outcome in READ]

# Every check runs these, so they are made once: making a statement takes as long as running it.
_NEWEST = select(CHECKS).where(CHECKS.c.page == bindparam("of")).order_by(CHECKS.c.first.desc())
NEWEST_CHECK = _NEWEST.limit(1)
_NEWEST_FEW = _NEWEST.limit(bindparam("most"))
_AT_OR_BEFORE = _NEWEST.where(CHECKS.c.first <= bindparam("at")).limit(1).with_for_update()
_SAME = and_(CHECKS.c.page == bindparam("of"), CHECKS.c.first == bindparam("since"))
_LATER = CHECKS.alias()
_FOLLOWED = exists().where(_LATER.c.page == bindparam("of"), _LATER.c.first > bindparam("end"))
_LENGTHEN = update(CHECKS).where(_SAME, CHECKS.c.last == bindparam("end"), CHECKS.c.count == bindparam("had"))
_LENGTHEN_NEWEST = _LENGTHEN.where(~_FOLLOWED)


def note(connection: Connection, check: Check, seen: RowMapping | None = None) -> None:
    """Write a check; one of this page and moment that is there already stays as it is.

    `seen` is the stretch that was the newest of the page a moment ago: when it still is, it need not be read again.
    """
    if seen is not None and seen["last"] < moment(check.at) and _lengthened(connection, seen, check, _LENGTHEN_NEWEST):
        return
    row = _at_or_before(connection, check)
    if row is None:
        insert_new(connection, CHECKS, [_row([check])])
    elif row["last"] >= moment(check.at):
        _note_inside(connection, row, check)
    elif not _lengthened(connection, row, check, _LENGTHEN):
        insert_new(connection, CHECKS, [_row([check])])


def _at_or_before(connection: Connection, check: Check) -> RowMapping | None:
    """Return the newest stretch that does not begin after a check; no other writer changes it meanwhile."""
    return connection.execute(_AT_OR_BEFORE, {"of": check.page, "at": moment(check.at)}).mappings().first()


def _lengthened(connection: Connection, row: RowMapping, check: Check, lengthen: Update) -> bool:
    """Add a check at the end of a stretch, when it ended like those and there is room, and `lengthen` finds it."""
    if (row["outcome"], row["detail"]) != (check.outcome, check.detail):
        return False
    added = packed_moment(Moment(at_moment(row["last"]), row["capture"]), Moment(check.at, check.capture))
    if len(row["packed"]) + len(added) > MOST_BYTES:
        return False
    longer = {"last": moment(check.at), "count": row["count"] + 1, "capture": check.capture}
    where = {**_named(row), "end": row["last"], "had": row["count"]}
    return connection.execute(lengthen, {**where, **longer, "packed": row["packed"] + added}).rowcount > 0


def _note_inside(connection: Connection, row: RowMapping, check: Check) -> None:
    """Write a check that lies within a stretch, such as one of an imported history; the stretch is cut there."""
    known = list(_checks(row))
    if any(one.at == check.at for one in known):
        return
    connection.execute(delete(CHECKS).where(_SAME), _named(row))
    ordered = sorted([*known, check], key=lambda one: one.at)
    alike = groupby(ordered, key=lambda one: (one.outcome, one.detail))
    insert_new(connection, CHECKS, [_row(list(group)) for _, group in alike])


def _named(row: RowMapping) -> Mapping[str, str]:
    """Return what names a stretch in a statement over `_SAME`."""
    return {"of": row["page"], "since": row["first"]}


def _row(checks: list[Check]) -> Row:
    newest = checks[-1]
    return {
        "page": newest.page,
        "first": moment(checks[0].at),
        "last": moment(newest.at),
        "count": len(checks),
        "outcome": newest.outcome.value,
        "detail": newest.detail,
        "capture": newest.capture,
        "packed": packed_moments(Moment(one.at, one.capture) for one in checks),
    }


def _checks(row: RowMapping) -> Iterator[Check]:
    """Yield the checks of a stretch, oldest first."""
    outcome = Outcome(row["outcome"])
    for at, capture in moments(at_moment(row["first"]), row["packed"]):
        yield Check(page=row["page"], at=at, outcome=outcome, capture=capture, detail=row["detail"])


def newest_of(row: RowMapping) -> Check:
    """Return the newest check of a stretch."""
    at, outcome = at_moment(row["last"]), Outcome(row["outcome"])
    return Check(page=row["page"], at=at, outcome=outcome, capture=row["capture"], detail=row["detail"])


def newest(connection: Connection, page: PageId, most: int) -> tuple[Check, ...]:
    """Return the newest checks of a page, newest first; the very newest is told by the stretch itself."""
    if most == 1:
        row = connection.execute(NEWEST_CHECK, {"of": page}).mappings().first()
        return (newest_of(row),) if row is not None else ()
    found: list[Check] = []
    for row in connection.execute(_NEWEST_FEW, {"of": page, "most": most}).mappings():
        found += reversed(list(_checks(row)))
        if len(found) >= most:
            break
    return tuple(found[:most])


def number_between(connection: Connection, page: PageId, first: datetime, last: datetime) -> int:
    """Return how many checks of a page lie between two moments, both included."""
    query = select(CHECKS).where(CHECKS.c.page == page, CHECKS.c.last >= moment(first), CHECKS.c.first <= moment(last))
    return sum(_number(row, first, last) for row in connection.execute(query).mappings())


def _number(row: RowMapping, first: datetime, last: datetime) -> int:
    if moment(first) <= row["first"] and row["last"] <= moment(last):
        return int(row["count"])
    return sum(first <= one.at <= last for one in _checks(row))


def newest_row(connection: Connection, page: PageId) -> RowMapping | None:
    """Return the newest stretch of a page, or None when it was never checked."""
    query = select(CHECKS.c.last, CHECKS.c.outcome, CHECKS.c.detail, CHECKS.c.count).where(CHECKS.c.page == page)
    return connection.execute(query.order_by(CHECKS.c.first.desc()).limit(1)).mappings().first()


def newest_rows(connection: Connection) -> Iterator[RowMapping]:
    """Yield the newest stretch of each page that was ever checked."""
    newest = select(CHECKS.c.page, func.max(CHECKS.c.first).label("first")).group_by(CHECKS.c.page).subquery()
    same = and_(CHECKS.c.page == newest.c.page, CHECKS.c.first == newest.c.first)
    columns = (CHECKS.c.page, CHECKS.c.last, CHECKS.c.outcome, CHECKS.c.detail, CHECKS.c.count)
    yield from connection.execute(select(*columns).join(newest, same)).mappings()


def tally(connection: Connection) -> Mapping[tuple[Outcome, str], int]:
    """Return how many checks ended so, and for those without the page the word before the colon that says why."""
    why = case((CHECKS.c.outcome.in_(_READ), ""), else_=CHECKS.c.detail)
    query = select(CHECKS.c.outcome, why, func.sum(CHECKS.c.count)).group_by(CHECKS.c.outcome, why)
    counts: Counter[tuple[Outcome, str]] = Counter()
    for outcome, detail, count in connection.execute(query):
        counts[Outcome(outcome), detail.partition(":")[0][:40]] += int(count)
    return counts


def put_off(connection: Connection, after: datetime) -> frozenset[PageId]:
    """Return the pages with a check after a moment that was put off (`Check.put_off`)."""
    waits = and_(CHECKS.c.outcome == Outcome.MISSED.value, CHECKS.c.detail.startswith(LEFT_ALONE))
    lately = and_(or_(CHECKS.c.outcome == Outcome.REFUSED.value, waits), CHECKS.c.last > moment(after))
    return frozenset(map(PageId, connection.execute(select(CHECKS.c.page).where(lately).distinct()).scalars()))


def unread(connection: Connection) -> frozenset[PageId]:
    """Return the pages that were not read at some check."""
    pages = select(CHECKS.c.page).where(CHECKS.c.outcome.not_in(_READ)).distinct()
    return frozenset(map(PageId, connection.execute(pages).scalars()))


def last_read(connection: Connection, page: PageId) -> str | None:
    """Return when a page was last read, or None when it never was."""
    query = select(CHECKS.c.last).where(CHECKS.c.page == page, CHECKS.c.outcome.in_(_READ))
    return connection.execute(query.order_by(CHECKS.c.first.desc()).limit(1)).scalar()


def number_since(connection: Connection, page: PageId, read: str | None) -> int:
    """Return how many checks of a page came after the stretch in which it was last read."""
    query = select(func.coalesce(func.sum(CHECKS.c.count), 0)).where(CHECKS.c.page == page)
    return int(connection.execute(query.where(CHECKS.c.first > (read or ""))).scalar_one())


def newest_captures(connection: Connection) -> frozenset[str]:
    """Return what each page showed at its newest check, and at the newest that read it."""
    found: set[str] = set()
    for wanted in (true(), CHECKS.c.outcome.in_(_READ)):
        newest = select(CHECKS.c.page, func.max(CHECKS.c.first).label("first")).where(wanted).group_by(CHECKS.c.page)
        rows = newest.subquery()
        same = and_(CHECKS.c.page == rows.c.page, CHECKS.c.first == rows.c.first)
        found.update(filter(None, connection.execute(select(CHECKS.c.capture).join(rows, same)).scalars()))
    return frozenset(found)
