"""Write down a database of a released schema, for the test that brings it up to date.

python tools/released.py state/monitor.db > tests/contract/released/0001.json

Run it with data that the released program wrote itself, before anything newer opened the file.
"""

import base64
import json
import sqlite3
import sys
from contextlib import closing


def dumped(path: str) -> dict[str, list[dict[str, object]]]:
    """Return the rows of every table by its name; bytes are `{"base64": ...}`."""
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        names = [row["name"] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {name: database.execute(f'SELECT * FROM "{name}"').fetchall() for name in sorted(names)}  # noqa: S608 - names of the file itself
    return {name: [{key: _plain(row[key]) for key in row.keys()} for row in rows] for name, rows in tables.items()}  # noqa: SIM118 - a Row gives its values


def _plain(value: object) -> object:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


if __name__ == "__main__":
    json.dump(dumped(sys.argv[1]), sys.stdout, indent=1, ensure_ascii=False, sort_keys=True)
    sys.stdout.write("\n")
