"""What `ports.Outages` promises, over SQLite and PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace

from monitor.model.status import Outage
from monitor.store import Store
from tests.contract.stored import HOUR, NOON, PAGE

FIRST = Outage(page=PAGE.id, since=NOON, warned=NOON + 48 * HOUR)
SECOND = Outage(page=PAGE.id, since=NOON + 90 * HOUR, warned=NOON + 140 * HOUR)


def test_what_maintainers_were_told_of_outlives_the_process(store: Store, another: Callable[[], Store]) -> None:
    store.outages.note(SECOND)
    store.outages.note(FIRST)

    assert another().outages.outages(PAGE.id) == (FIRST, SECOND)


def test_an_outage_is_written_as_it_is_now(store: Store) -> None:
    over = replace(FIRST, relieved=NOON + 60 * HOUR)
    store.outages.note(FIRST)

    store.outages.note(over)

    assert store.outages.outages(PAGE.id) == (over,)
