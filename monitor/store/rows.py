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


def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, or replace the columns of those with the same primary key; all rows have the same columns."""
    if not rows:
        return
    key = [column.name for column in table.primary_key]
    statement = _insert(connection)(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed), list(rows))


def _insert(connection: Connection) -> Any:
    return postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
