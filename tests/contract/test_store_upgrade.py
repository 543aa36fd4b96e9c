"""What an upgrade promises: a database that a released version wrote opens, and says what it said, in each dialect.

`released/REVISION.json` holds what the program of that schema wrote itself (`tools/released.py`).
"""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, create_engine, insert, text

from monitor.model.alert import AlertState
from monitor.model.capture import Digest
from monitor.model.page import PageId
from monitor.model.procedure import Effort, Procedure, Stated
from monitor.model.status import Outcome
from monitor.model.subscriber import PostState, SubscriberState
from monitor.store import Store
from monitor.store.database import HEAD, KNOWN
from monitor.store.migrate import upgrade
from monitor.store.schema import METADATA
from tests.contract.stored import HOUR, NOON, PAGE, RULES, alert, check, finding, review

RELEASED = {path.stem: json.loads(path.read_bytes()) for path in sorted(Path(__file__).parent.glob("released/*.json"))}
SERIAL = {"versions", "reviews", "subscribers", "posts"}  # the database numbers their rows itself


@pytest.fixture(params=[(written, step) for written in RELEASED for step in sorted(KNOWN) if step >= written])
def upgraded(request: pytest.FixtureRequest, address: str, another: Callable[[], Store], tmp_path: Path) -> Store:
    """Return a store over a database with what a release wrote, brought to a later schema first, then opened."""
    written, step = request.param
    (tmp_path / "state").mkdir(exist_ok=True)
    engine = create_engine(address)
    with engine.begin() as connection:
        upgrade(connection, written)
        _fill(connection, RELEASED[written])
    with engine.begin() as connection:
        upgrade(connection, step)
    engine.dispose()
    return another()


def _fill(connection: Connection, tables: dict[str, list[dict[str, Any]]]) -> None:
    found = MetaData()
    found.reflect(connection)
    for name, rows in tables.items():
        values = [{key: _value(value) for key, value in row.items() if not _numbered(name, key)} for row in rows]
        if values and name != "alembic_version":
            connection.execute(insert(found.tables[name]), values)


def _numbered(table: str, column: str) -> bool:
    return table in SERIAL and column == "id"


def _value(value: Any) -> Any:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value


def test_every_released_schema_is_one_that_the_program_knows() -> None:
    assert set(RELEASED) == {"0001"}
    assert set(RELEASED) <= KNOWN


def test_an_upgraded_database_has_the_tables_of_a_fresh_one(upgraded: Store) -> None:
    with upgraded.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, METADATA) == []
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]


def test_alerts_and_decisions_are_as_they_were(upgraded: Store) -> None:
    states = [(each.id, each.state, each.published) for each in upgraded.desk.alerts()]
    decided = [(each.alert, each.before, each.after, each.who, each.reason) for each in upgraded.desk.reviews()]

    assert states == [
        ("a1", AlertState.PUBLISHED, NOON),
        ("a2", AlertState.HELD, None),
        ("a3", AlertState.DISMISSED, None),
    ]
    assert decided == [
        ("a1", AlertState.PENDING, AlertState.APPROVED, "ada", "seen"),
        ("a1", AlertState.APPROVED, AlertState.PUBLISHED, "ada", "seen"),
        ("a3", AlertState.PENDING, AlertState.DISMISSED, "bob", "seen"),
    ]
    first = upgraded.desk.alert("a1")
    assert first is not None
    assert (first.title, first.quotes[0].after) == ("Murmel: a step was added", "Send the form.")


def test_checks_versions_and_histories_are_as_they_were(upgraded: Store) -> None:
    checks = [(each.at, each.outcome) for each in upgraded.journal.checks(PAGE.id, newest=9)]
    versions = [(each.at, each.capture) for each in upgraded.journal.versions(PAGE.id)]
    history = upgraded.journal.history(PAGE.id, RULES)

    assert checks == [(NOON + 5 * HOUR, Outcome.MISSED), (NOON + HOUR, Outcome.NEWS), (NOON, Outcome.NEWS)]
    assert versions == [
        (NOON, Digest("Text 0 of murmel-policy.")),
        (NOON + HOUR, Digest("Text 1 of murmel-policy.")),
    ]
    assert history is not None
    assert history.newest is not None
    assert history.newest.at == NOON + HOUR


def test_the_way_out_of_a_page_is_as_it_was(upgraded: Store) -> None:
    effort = Effort(paragraph=1, share=0.5, steps=1, required_fields=0)

    standing = upgraded.journal.standing(PageId("murmel-help"))

    assert standing.procedure == Procedure(steps=(Stated("open", "Open the form."),), effort=effort)
    assert upgraded.journal.versions(PageId("murmel-help"))[0].effort == effort


def test_subscribers_and_messages_are_as_they_were(upgraded: Store) -> None:
    [ada] = upgraded.readers.subscribers()
    [post] = upgraded.outbox.posts()

    assert (ada.address, ada.state, ada.consent.source) == ("ada@example.org", SubscriberState.CONFIRMED, "by hand")
    assert (post.alert, post.subscriber, post.state) == ("a1", "s1", PostState.PENDING)
    assert upgraded.outbox.stopped() == "too many messages"


def test_work_goes_on_in_an_upgraded_database(upgraded: Store) -> None:
    later = NOON + timedelta(days=1)

    upgraded.journal.record(PAGE, check(later), finding("Another text.", later), [alert("a4")])
    upgraded.desk.decide(review(AlertState.PENDING, AlertState.DISMISSED, id="a4"))

    assert [each.at for each in upgraded.journal.versions(PAGE.id)][-1] == later
    assert [each.alert for each in upgraded.desk.reviews()][-1] == "a4"
