"""Inserting rows that may be there already, in both databases."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table

Row = Mapping[str, Any]  # a row as SQLAlchemy takes it: the columns of one table


def insert_new(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert the rows that break no unique rule."""
    if rows:
        connection.execute(_inserting_new(connection.dialect.name, table), list(rows))


def insert_one(connection: Connection, table: Table, row: Row) -> bool:
    """Insert a row unless it breaks a unique rule; say whether it came in."""
    key = next(iter(table.primary_key))
    statement = _insert(connection.dialect.name)(table).values(**row).on_conflict_do_nothing().returning(key)
    return connection.execute(statement).first() is not None


def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, or replace the columns of those with the same primary key; all rows have the same columns."""
    if rows:
        connection.execute(_upserting(connection.dialect.name, table, tuple(rows[0])), list(rows))


# Making a statement takes as long as running it, and there is one a table.
@cache
def _inserting_new(dialect: str, table: Table) -> Any:
    return _insert(dialect)(table).on_conflict_do_nothing()


@cache
def _upserting(dialect: str, table: Table, columns: tuple[str, ...]) -> Any:
    key = [column.name for column in table.primary_key]
    statement = _insert(dialect)(table)
    changed = {name: statement.excluded[name] for name in columns if name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=changed)


def _insert(dialect: str) -> Any:
    # A process uses one of the dialects, and each is megabytes.
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert
    from sqlalchemy.dialects import sqlite

    return sqlite.insert
