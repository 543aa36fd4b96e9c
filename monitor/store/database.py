"""One database, SQLite or PostgreSQL: opened, brought up to date, read and written in whole transactions.

What the two do differently stands here and in `rows` and the migrations, nowhere else.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from monitor.model.errors import StoreBusy, StoreError, StoreTooNew
from monitor.store.faults import named, told
from monitor.store.lock import UNKNOWN

# The newest schema, and every one before it (`migrations/versions/`).
HEAD = "0007"
KNOWN = frozenset({"0001", "0002", "0003", "0004", "0005", "0006", "0007"})

# KB of the file that each connection keeps in memory; histories filled SQLite's own 2,000, thread by thread.
CACHE_KB = 256
FRESH = Path(__file__).with_name("fresh.sql")

WAIT_SECONDS = 30.0  # how long a writer waits for the transaction of another one
_OWNER_ONLY = 0o600  # there are mail addresses in it; SQLite gives the files beside it the same mode
_BEGIN = "BEGIN"
# Advisory locks of PostgreSQL: any numbers, always the same.
_SCHEMA_LOCK = 7_241_996_310
_LEDGER_LOCK = 7_241_996_311


class Database:
    """An open database. Every `reading` and `writing` is one transaction."""

    def __init__(self, engine: Engine, where: str, holder: Callable[[], str]) -> None:
        self._engine = engine
        self._writing = engine.execution_options(begins="BEGIN IMMEDIATE")
        self._holder = holder
        self.where = where
        self.shared = engine.dialect.name != "sqlite"  # many machines may write to it at once

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database."""
        with self._told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept together at the end, or not at all.

        Raises:
            StoreBusy: another process is writing and does not end.
            StoreFull: there is no room; nothing was changed.
        """
        with self._told(), self._writing.begin() as connection:
            yield connection

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Keep other machines out for as long as the block runs, where several write to one folder of snapshots.

        Raises:
            StoreBusy: another one has its turn and does not end.
        """
        if not self.shared:
            yield
            return
        with self.writing() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LEDGER_LOCK})
            yield

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Give a connection outside of any transaction, for the few statements that must stand so."""
        with self._told(), self._engine.connect().execution_options(begins="") as connection:
            yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            known = named(self.where, error, self._holder())
            if known is None:
                raise
            raise known from error


def open_database(
    url: str, *, holder: Callable[[], str] = lambda: UNKNOWN, wait_seconds: float = WAIT_SECONDS
) -> Database:
    """Open a database and bring its schema up to date; `holder` says who else writes to it.

    Raises:
        StoreTooNew: it was made by a newer version; nothing was changed.
        StoreFull: it cannot be written.
        StoreBusy: another process is bringing it up to date and does not end.
        StoreError: the address names no database that can be reached.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address, holder, wait_seconds)
    return _open_postgresql(address, holder, wait_seconds)


def server_address(url: str) -> str:
    """Return the address of a PostgreSQL server as its own library reads it; it may hold a password.

    Raises:
        StoreError: the address cannot be read, or is that of another kind of database.
    """
    address = _address(url)
    if address.get_backend_name() != "postgresql":
        raise StoreError("many machines share a PostgreSQL server: set OPTOUT_DATABASE=postgresql://USER@HOST/NAME")
    return address.set(drivername="postgresql").render_as_string(hide_password=False)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
        backend = address.get_backend_name()
    except ArgumentError as error:
        raise StoreError(f"the database address is not one that can be read: {error}") from error
    if backend == "sqlite" and address.database:
        return address
    if backend == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    raise StoreError(f"the database address names {backend!r}: use sqlite:///FILE or postgresql://HOST/NAME")


def _open_sqlite(address: URL, holder: Callable[[], str], wait_seconds: float) -> Database:
    path = Path(str(address.database))
    engine = create_engine(address, connect_args={"timeout": wait_seconds})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    database = Database(engine, str(path), holder)
    with told(path), _closed_on_error(database):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=_OWNER_ONLY)
        try:
            with FileLock(path.with_name(f"{path.name}.opening"), timeout=wait_seconds):
                _bring_up_to_date(database)
        except Timeout as error:
            raise StoreBusy(str(path), "another process that is opening it") from error
    return database


def _open_postgresql(address: URL, holder: Callable[[], str], wait_seconds: float) -> Database:
    options = f"-c lock_timeout={int(wait_seconds * 1000)}"
    try:
        engine = create_engine(address, connect_args={"options": options}, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise StoreError("PostgreSQL needs more packages: pip install 'optout-monitor[workers]'") from error
    database = Database(engine, address.render_as_string(hide_password=True), holder)
    with _closed_on_error(database):
        _bring_up_to_date(database)
    return database


@contextmanager
def _closed_on_error(database: Database) -> Iterator[None]:
    try:
        yield
    except BaseException:
        database.close()
        raise


def _prepare_sqlite(connection: object, _record: object) -> None:
    """Set what SQLite needs to keep what it said was kept, and to leave nothing behind of what is erased."""
    connection.isolation_level = None  # type: ignore[attr-defined]  # SQLAlchemy's own begin is used instead
    cursor = connection.cursor()  # type: ignore[attr-defined]  # a DB-API connection
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", f"cache_size=-{CACHE_KB}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the start of a writing transaction, so that two writers wait instead of failing."""
    statement = connection.get_execution_options().get("begins", _BEGIN)
    if statement == _BEGIN:  # takes no lock, so it cannot fail; the driver begins at a fifth of the cost
        connection.connection.cursor().execute(statement)
    elif statement:
        connection.exec_driver_sql(statement)


def _bring_up_to_date(database: Database) -> None:
    """Run the migrations that are missing; a database of a newer version is not touched."""
    with database.reading() as connection:
        revision = _revision(connection)
    if revision and revision not in KNOWN:
        raise StoreTooNew(database.where, revision)
    if not database.shared:
        with database.alone() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")  # many read while one writes; the file remembers it
    if revision != HEAD:
        _upgrade(database)


def _upgrade(database: Database) -> None:
    with database.writing() as connection:
        if database.shared:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})
        revision = _revision(connection)
        if not revision and not database.shared:
            _make(connection)
        elif revision != HEAD:
            from monitor.store.migrate import upgrade  # Alembic takes 10 MB, and an upgrade of the program is rare

            upgrade(connection, HEAD)


def _make(connection: Connection) -> None:
    """Make everything in an empty SQLite database, as the migrations would."""
    for statement in FRESH.read_text("utf-8").split(";\n\n"):
        connection.exec_driver_sql(statement)
    connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": HEAD})


def _revision(connection: Connection) -> str:
    """Return the schema's revision, or an empty string for a database without one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""
