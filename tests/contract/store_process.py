"""Another process at the store, for its contract tests: `-m tests.contract.store_process DO FOLDER ADDRESS NAME`.

`work` makes fifty checks, every second one of a page that others check too; `hold` and `write` hold the store, or a
transaction, until their input ends; `decide` reads fifty alerts, waits for a line and dismisses each as it
was read, saying of each whether it was the first.
"""

import sys
from pathlib import Path

from monitor.model.alert import AlertState
from monitor.model.desk import Decision
from monitor.model.errors import Overtaken
from monitor.store import Store, open_store
from tests.contract.stored import alert, checked, review

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


def decide(store: Store, name: str) -> None:
    read = [(one, len(store.desk.reviews(one.id))) for one in store.desk.alerts(AlertState.PENDING)]
    print("read", flush=True)  # noqa: T201  # the test waits for it
    sys.stdin.readline()
    for one, seen in read:
        wanted = Decision(review=review(AlertState.PENDING, AlertState.DISMISSED, name, one.id), seen=seen)
        try:
            store.desk.decide_all([wanted])
        except Overtaken as told:
            print("second", told, flush=True)  # noqa: T201
        else:
            print("first", one.id, flush=True)  # noqa: T201


DO = {"work": work, "hold": hold, "write": write, "decide": decide}


def main(do: str, folder: str, address: str, name: str) -> None:
    root = Path(folder)
    lock = "lock" if address.startswith("sqlite") else f"lock-of-{name}"  # as on machines of their own
    store = open_store(snapshots=root / "snapshots", database=address, lock=root / "state" / lock)
    DO[do](store, name)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
