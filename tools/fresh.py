"""Prints what the migrations make of an empty SQLite database: `monitor/store/fresh.sql`.

python tools/fresh.py > monitor/store/fresh.sql
"""

import sys

from sqlalchemy import create_engine, text

from monitor.store.database import HEAD
from monitor.store.migrate import upgrade

HEADER = "-- What the migrations make of an empty SQLite database; a test holds both to be the same, but for spaces."


def fresh() -> str:
    """Return the statements, an empty line between two."""
    with create_engine("sqlite://").begin() as connection:
        upgrade(connection, HEAD)
        made = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql NOT NULL ORDER BY rowid")).scalars()
        statements = [_tidy(statement) for statement in made]
    return HEADER + "\n" + "\n\n".join(statements) + "\n"


def _tidy(statement: str) -> str:
    lines = [line.rstrip().replace("\t", "    ") for line in statement.strip().splitlines()]
    return "\n".join(lines).replace(")\n WITHOUT", ") WITHOUT") + ";"


if __name__ == "__main__":
    sys.stdout.write(fresh())
