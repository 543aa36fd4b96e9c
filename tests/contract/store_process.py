"""Another process at the store, for its contract tests: `-m tests.contract.store_process DO FOLDER ADDRESS NAME`.

`work` makes fifty checks, every second one of a page that others check too; `hold` and `write` hold the store, or a
transaction, until their input ends.
"""

import sys
from pathlib import Path

from monitor.store import Store, open_store
from tests.contract.stored import alert, checked

CHECKS = 50


def work(store: Store, name: str) -> None:
    for number in range(CHECKS):
        page = "shared" if number % 2 else name
        checked(store, number, name=page, alerts=(alert(f"{page}-{number}"),))


def hold(store: Store, _name: str) -> None:
    with store.writing():
        print("held", flush=True)  # noqa: T201  # the test waits for it
        sys.stdin.read()


def write(store: Store, name: str) -> None:
    with store.writing(), store.database.writing():
        print("held", flush=True)  # noqa: T201  # the test waits for it
        sys.stdin.read()


DO = {"work": work, "hold": hold, "write": write}


def main(do: str, folder: str, address: str, name: str) -> None:
    root = Path(folder)
    lock = "lock" if address.startswith("sqlite") else f"lock-of-{name}"  # as on machines of their own
    store = open_store(snapshots=root / "snapshots", database=address, lock=root / "state" / lock)
    DO[do](store, name)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
