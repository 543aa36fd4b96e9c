"""Inserting rows that may be there already, in both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

Row = Mapping[str, Any]  # a row as SQLAlchemy takes it: the columns of one table


def insert_new(connection: Connection, table: Table, rows: Sequence[Row]) -> bool:
    """Insert the rows that break no unique rule; say whether any came in."""
    if not rows:
        return False
    statement = _insert(connection)(table).on_conflict_do_nothing()
    return bool(connection.execute(statement, list(rows)).rowcount)


def upsert(connection: Connection, table: Table, row: Row) -> None:
    """Insert a row, or replace the columns of the one with the same primary key."""
    key = [column.name for column in table.primary_key]
    statement = _insert(connection)(table).values(**row)
    changed = {name: value for name, value in row.items() if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed))


def _insert(connection: Connection) -> Any:
    return postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
