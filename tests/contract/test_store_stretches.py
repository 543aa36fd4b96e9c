"""How the journal keeps checks: those that ended alike share a row, and none of them is lost by it."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from monitor.model.capture import Digest
from monitor.model.page import PageId
from monitor.model.status import Check, Outcome
from monitor.store import Store, open_store, stretches
from monitor.store.packing import Moment, moments, packed_moments
from monitor.store.schema import CHECKS
from tests.contract.stored import HOUR, NOON, PAGE, RULES, at, check


def rows(store: Store) -> int:
    with store.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(CHECKS)).scalar_one())


def test_checks_that_ended_alike_share_a_row_and_all_come_back(store: Store) -> None:
    digests = [Digest(sha256(bytes([number // 2])).hexdigest()) for number in range(6)]
    checks = [
        Check(page=PAGE.id, at=at(number / 7), outcome=Outcome.UNCHANGED, capture=digest)
        for number, digest in enumerate(digests)
    ]

    for one in checks:
        store.journal.missed(one)

    assert rows(store) == 1
    assert store.journal.checks(PAGE.id, newest=100) == tuple(reversed(checks))
    assert store.journal.checks(PAGE.id, newest=2) == (checks[5], checks[4])


def test_a_check_that_ended_otherwise_begins_a_row(store: Store) -> None:
    ends = [
        (Outcome.UNCHANGED, ""),
        (Outcome.MISSED, "timed out"),
        (Outcome.MISSED, "timed out"),
        (Outcome.MISSED, "503"),
    ]

    for hour, (outcome, detail) in enumerate(ends):
        store.journal.missed(replace(check(at(hour), outcome), detail=detail))

    assert rows(store) == 3
    found = [(one.outcome, one.detail) for one in store.journal.checks(PAGE.id, newest=9)]
    assert found == ends[::-1]


def test_a_long_row_is_followed_by_another(store: Store) -> None:
    for number in range(300):
        store.journal.missed(check(at(number), Outcome.UNCHANGED))

    assert rows(store) == 2
    found = store.journal.checks(PAGE.id, newest=1_000)
    assert len(found) == 300
    assert all(newer.at - older.at == HOUR for newer, older in pairwise(found))


def test_how_often_a_page_was_checked_between_two_moments_is_exact(store: Store) -> None:
    for number in range(300):
        outcome = Outcome.MISSED if number == 150 else Outcome.UNCHANGED
        store.journal.missed(check(at(number), outcome))

    def counted(first: float, last: float) -> int:
        return store.journal.checked_between(PAGE.id, at(first), at(last))

    assert counted(-10, 1_000) == 300
    assert counted(0, 299) == 300
    assert counted(10, 20) == 11
    assert counted(10.5, 10.9) == 0
    assert counted(140, 160) == 21
    assert counted(298.5, 400) == 1


def test_an_older_check_finds_its_place_among_the_others(store: Store) -> None:
    for hour in (0, 2, 4):
        store.journal.missed(check(at(hour), Outcome.UNCHANGED))

    for hour, outcome in ((3, Outcome.UNCHANGED), (1, Outcome.MISSED), (-1, Outcome.FIRST), (3, Outcome.NEWS)):
        store.journal.missed(check(at(hour), outcome))

    assert [(one.at, one.outcome) for one in store.journal.checks(PAGE.id, newest=9)] == [
        (at(4), Outcome.UNCHANGED),
        (at(3), Outcome.UNCHANGED),
        (at(2), Outcome.UNCHANGED),
        (at(1), Outcome.MISSED),
        (at(0), Outcome.UNCHANGED),
        (at(-1), Outcome.FIRST),
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from([Outcome.UNCHANGED, Outcome.MISSED]), st.integers(0, 2)),
        max_size=30,
    )
)
def test_checks_in_any_order_come_back_each_once_and_the_first_of_a_moment_stays(
    store: Store, told: list[tuple[int, Outcome, int]]
) -> None:
    name = f"page-{sha256(os.urandom(8)).hexdigest()[:12]}"
    expected: dict[int, Check] = {}
    for hour, outcome, capture in told:
        one = Check(page=PageId(name), at=at(hour), outcome=outcome, capture=Digest(str(capture)) if capture else None)
        expected.setdefault(hour, one)
        store.journal.missed(one)

    found = store.journal.checks(PageId(name), newest=100)

    assert found == tuple(expected[hour] for hour in sorted(expected, reverse=True))


@given(
    ticks=st.lists(st.integers(1, 10**14), max_size=40),
    captures=st.lists(st.sampled_from([None, Digest("x"), Digest("ü" * 70), Digest("ab" * 32), Digest("AB" * 32)])),
)
def test_what_is_packed_comes_back(ticks: list[int], captures: list[Digest | None]) -> None:
    moment, packed = NOON, []
    for tick, capture in zip(ticks, captures, strict=False):
        packed.append(Moment(moment, capture))
        moment += timedelta(microseconds=tick)

    assert list(moments(NOON, packed_moments(packed))) == packed


def test_a_check_of_equal_bytes_twice_a_day_costs_six_bytes() -> None:
    digest = Digest("ab" * 32)
    twice_a_day = [Moment(at(12 * number), digest) for number in range(101)]

    assert len(packed_moments(twice_a_day)) == 34 + 100 * 6


def test_a_check_after_a_page_was_asked_for_is_written_whatever_came_in_between(
    store: Store, another: Callable[[], Store]
) -> None:
    """What was known of the newest checks is only a hint: it may be longer, cut, or followed by another by now."""
    other = another()
    store.journal.missed(check(at(0), Outcome.UNCHANGED))
    for number, outcome in enumerate((Outcome.UNCHANGED, Outcome.MISSED, Outcome.UNCHANGED), start=1):
        store.journal.known(PAGE.id, RULES)
        other.journal.missed(check(at(2 * number - 1), outcome))
        store.journal.missed(check(at(2 * number), Outcome.UNCHANGED))
    store.journal.known(PAGE.id, RULES)
    store.journal.missed(check(at(5.5), Outcome.MISSED))  # within what is known, as of an imported history
    store.journal.missed(check(at(6), Outcome.UNCHANGED))  # once more
    store.journal.missed(check(at(7), Outcome.UNCHANGED))

    told = [(one.at, one.outcome) for one in reversed(store.journal.checks(PAGE.id, newest=20))]

    words = {3: Outcome.MISSED, 5.5: Outcome.MISSED}
    assert told == [(at(hour), words.get(hour, Outcome.UNCHANGED)) for hour in (0, 1, 2, 3, 4, 5, 5.5, 6, 7)]
    assert store.journal.checked_between(PAGE.id, at(0), at(7)) == len(told)
    assert rows(store) == 5


def test_a_million_unchanged_checks_take_twelve_megabytes(tmp_path: Path) -> None:
    """Measured on a thousand checks of each of five pages; the file is read whole after it was closed."""
    store = open_store(
        snapshots=tmp_path / "snapshots", database=f"sqlite:///{tmp_path / 'monitor.db'}", lock=tmp_path / "lock"
    )
    store.close()
    empty = (tmp_path / "monitor.db").stat().st_size
    digest = Digest("ab" * 32)
    with store.database.writing() as connection:
        for number in range(1_000):
            for page in range(5):
                one = check(at(12 * number + page / 100), Outcome.UNCHANGED, f"service-page-{page:06}")
                stretches.note(connection, replace(one, capture=digest))
    store.close()

    per_check = ((tmp_path / "monitor.db").stat().st_size - empty) / 5_000

    assert per_check < 12
