"""One database, SQLite or PostgreSQL: opened, brought up to date, read and written in whole transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from monitor.model.errors import StoreBusy, StoreError, StoreFull, StoreTooNew

# The newest schema, and every one before it (`migrations/versions/`).
HEAD = "0001"
KNOWN = frozenset({"0001"})

WAIT = 30.0  # seconds a writer waits for another one's transaction

_FULL = ("disk is full", "readonly database", "unable to open", "disk i/o error", "no space left", "attempt to write")


class Database:
    """An open database. Every `reading` and `writing` is one transaction."""

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self.where = where

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database."""
        with self._told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept together at the end, or not at all."""
        with (
            self._told(),
            self._engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the database says of locks and full disks into our own errors."""
        try:
            yield
        except DBAPIError as error:
            raise _named(self.where, error) or error from error


def _named(where: str, error: DBAPIError) -> StoreError | None:
    said = str(error.orig).lower()
    if "locked" in said or "could not obtain lock" in said:
        return StoreBusy(where, "another process that is writing")
    if any(words in said for words in _FULL):
        return StoreFull(where, str(error.orig))
    return None


def open_database(url: str) -> Database:
    """Open a database and bring its schema up to date.

    Raises:
        StoreTooNew: it was made by a newer version; nothing was changed.
        StoreFull: it cannot be written.
    """
    address = make_url(url)
    where = address.render_as_string(hide_password=True)
    if address.get_backend_name() == "sqlite" and address.database:
        where = address.database
        _make_folder(Path(address.database).parent)
    engine = create_engine(address, connect_args={"timeout": WAIT} if "sqlite" in url[:6] else {})
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    database = Database(engine, where)
    try:
        _bring_up_to_date(database)
    except BaseException:
        engine.dispose()
        raise
    return database


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreFull(str(folder), str(error.strerror)) from error


def _prepare_sqlite(connection: object, _record: object) -> None:
    """Set what SQLite needs for one writer beside many readers, and to keep what it said was kept."""
    connection.isolation_level = None  # type: ignore[attr-defined]  # SQLAlchemy's own begin is used instead
    cursor = connection.cursor()  # type: ignore[attr-defined]  # a DB-API connection
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the start of a writing transaction, so that two writers wait instead of failing."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _bring_up_to_date(database: Database) -> None:
    with database.reading() as connection:
        revision = _revision(connection)
    if revision == HEAD:
        return
    if revision and revision not in KNOWN:
        raise StoreTooNew(database.where, revision)
    from monitor.store.migrate import upgrade

    with database.writing() as connection:
        if _revision(connection) != HEAD:
            upgrade(connection, HEAD)


def _revision(connection: Connection) -> str:
    """Return the schema's revision, or an empty string for a database without one."""
    try:
        if not inspect(connection).has_table("alembic_version"):
            return ""
    except OperationalError as error:
        raise _named("the database", error) or error from error
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def moment(at: datetime) -> str:
    """Return a moment as a text that sorts in time."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def at_moment(written: str) -> datetime:
    """Return the moment that `moment` wrote."""
    return datetime.fromisoformat(written)
