"""Inserting rows that may be there already, in both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table

Row = Mapping[str, Any]  # a row as SQLAlchemy takes it: the columns of one table


def insert_new(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert the rows that break no unique rule."""
    if rows:
        connection.execute(_insert(connection)(table).on_conflict_do_nothing(), list(rows))


def insert_one(connection: Connection, table: Table, row: Row) -> bool:
    """Insert a row unless it breaks a unique rule; say whether it came in."""
    key = next(iter(table.primary_key))
    statement = _insert(connection)(table).values(**row).on_conflict_do_nothing().returning(key)
    return connection.execute(statement).first() is not None


def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, or replace the columns of those with the same primary key; all rows have the same columns."""
    if not rows:
        return
    key = [column.name for column in table.primary_key]
    statement = _insert(connection)(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed), list(rows))


def _insert(connection: Connection) -> Any:
    # A process uses one of the dialects, and each is megabytes.
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert
    from sqlalchemy.dialects import sqlite

    return sqlite.insert
