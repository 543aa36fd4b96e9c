"""What opening a store promises: a new one is made, an old one brought up to date, a newer one left alone."""

import hashlib
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from monitor.model.alert import AlertState
from monitor.model.errors import StoreDamaged, StoreError, StoreFull, StoreTooNew
from monitor.store import Store, open_store
from monitor.store.database import HEAD, KNOWN
from monitor.store.migrate import configuration, upgrade
from monitor.store.schema import METADATA
from tests.contract.stored import PAGE, alert, check, checked, finding, review


def opened(folder: Path, address: str = "") -> Store:
    database = address or f"sqlite:///{folder / 'monitor.db'}"
    return open_store(snapshots=folder / "snapshots", database=database, lock=folder / "lock", wait_seconds=1.0)


def test_the_migrations_make_the_tables_of_the_schema(store: Store) -> None:
    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, METADATA) == []


def test_a_fresh_sqlite_database_is_what_the_migrations_make(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    with engine.begin() as connection:
        upgrade(connection, HEAD)
    engine.dispose()

    opened(tmp_path).close()

    assert _made_in(tmp_path / "monitor.db") == _made_in(tmp_path / "migrated.db")


def _made_in(file: Path) -> tuple[list[str], list[str]]:
    """Return the statements that a database is made of, single-spaced, and the revision that it says it has."""
    with closing(sqlite3.connect(file)) as raw:
        made = [" ".join(sql.split()) for (sql,) in raw.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL")]
        return sorted(made), [revision for (revision,) in raw.execute("SELECT version_num FROM alembic_version")]


def test_the_migrations_are_those_that_the_program_knows(store: Store) -> None:
    with store.database.reading() as connection:
        scripts = ScriptDirectory.from_config(configuration(connection))

    assert scripts.get_current_head() == HEAD
    assert {script.revision for script in scripts.walk_revisions()} == KNOWN


def test_opening_again_changes_nothing(store: Store, another: Callable[[], Store]) -> None:
    checked(store, 1)

    assert len(another().journal.versions()) == 1


def test_a_database_of_a_newer_version_is_refused_and_left_alone(store: Store, address: str, tmp_path: Path) -> None:
    with store.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("DROP TABLE notes"))
    store.close()

    with pytest.raises(StoreTooNew, match=r" was made by a newer version \(schema 9999\): upgrade optout-monitor"):
        opened(tmp_path, address)

    with store.database.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == ["9999"]


def test_not_a_byte_of_a_newer_database_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "monitor.db"
    raw = sqlite3.connect(file)
    raw.execute("CREATE TABLE alembic_version (version_num TEXT)")
    raw.execute("INSERT INTO alembic_version VALUES ('0042')")
    raw.commit()
    raw.close()
    before = hashlib.sha256(file.read_bytes()).hexdigest()

    with pytest.raises(StoreTooNew, match=r"monitor.db was made by a newer version \(schema 0042\)"):
        opened(tmp_path)

    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
    assert not (tmp_path / "snapshots").exists()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "monitor.db").write_text("This is a letter to my aunt, and no database.\n" * 100)

    with pytest.raises(StoreDamaged, match=r"monitor.db: file is not a database"):
        opened(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in the way")

    with pytest.raises(StoreFull, match=r"monitor.db cannot be written"):
        opened(tmp_path, f"sqlite:///{tmp_path}/state/monitor.db")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("nonsense", "the database address is not one that can be read"),
        ("mysql://host/name", "use sqlite:///FILE or postgresql://HOST/NAME"),
        ("sqlite://", "use sqlite:///FILE or postgresql://HOST/NAME"),
    ],
)
def test_an_address_that_names_no_database_is_told(address: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=told):
        opened(tmp_path, address)


def test_a_server_that_does_not_answer_is_told_without_the_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg", reason="pip install 'optout-monitor[workers]'")

    with pytest.raises(StoreError, match="cannot be reached") as error:
        opened(tmp_path, "postgresql://ada:secret@127.0.0.1:1/monitor")

    assert "secret" not in str(error.value)


def test_a_decision_is_never_rewritten_not_even_by_hand(store: Store) -> None:
    store.journal.record(PAGE, check(), finding(), [alert()])
    store.desk.decide(review(AlertState.PENDING, AlertState.DISMISSED))

    for statement in ("UPDATE reviews SET who = 'eve'", "DELETE FROM reviews"):
        with (
            pytest.raises(DBAPIError, match="reviews are never rewritten"),
            store.database.writing() as connection,
        ):
            connection.execute(text(statement))

    assert [one.who for one in store.desk.reviews()] == ["ada"]


def test_the_database_is_kept_from_other_users_of_the_machine(tmp_path: Path) -> None:
    opened(tmp_path).close()

    assert stat.S_IMODE((tmp_path / "monitor.db").stat().st_mode) == 0o600
