"""Many invented pages on many loopback hosts, watched by worker processes of which some are killed.

Used by `test_workers.py` with some pages and by `bench/workers.py` with many.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sqlalchemy import func, select

from monitor.model.alert import AlertState
from monitor.model.subscriber import Consent, PostState, Subscriber, SubscriberId, SubscriberState
from monitor.store import Store, open_store
from monitor.store.schema import CHECKS
from tests.story.lumen import DEADLINE, policy

ENTRY = """  - {{id: p{number:05}, service: lumen, title: Page {number}, kind: policy, language: en,
     url: "http://{host}:{port}/p{number:05}", every: {every}, present: {{least_chars: 20}},
     publish: {{alert: automatic, digest: automatic}}}}
"""
BEFORE, AFTER = policy(), policy(DEADLINE)
READER = "ada@lumen.example"


@dataclass(slots=True)
class Crowd:
    """The pages: which of them change after their first look, how many hosts they stand on, and what was asked."""

    pages: int
    changing: int  # one page in so many changes, and comes round quickly
    hosts: int
    asked: Counter[str] = field(default_factory=Counter)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def body(self, path: str) -> bytes:
        """Return what stands at a path now."""
        with self.turn:
            self.asked[path] += 1
            return AFTER if self.changes(int(path[2:])) and self.asked[path] > 1 else BEFORE

    def changes(self, number: int) -> bool:
        """Say whether a page changes after its first look."""
        return number % self.changing == 0

    @property
    def changed(self) -> int:
        """Return how many pages change."""
        return len(range(0, self.pages, self.changing))

    @contextmanager
    def served(self) -> Iterator[int]:
        """Serve the pages on loopback hosts that share a port, and give it."""
        servers: list[ThreadingHTTPServer] = []
        try:
            for number in range(self.hosts):
                port = servers[0].server_port if servers else 0
                server = ThreadingHTTPServer((_host(number), port), type("Acting", (_Actor,), {"crowd": self}))
                servers.append(server)
                threading.Thread(target=server.serve_forever, daemon=True).start()
            yield servers[0].server_port
        finally:
            with ThreadPoolExecutor(self.hosts) as ending:  # each takes up to half a second to notice
                list(ending.map(_closed, servers))

    def watchlist(self, port: int) -> str:
        """Return the watchlist of all pages, hosts taking turns."""
        entries = (
            ENTRY.format(
                number=number,
                host=_host(number % self.hosts),
                port=port,
                every="5s" if self.changes(number) else "7d",
            )
            for number in range(self.pages)
        )
        return "services:\n  lumen: {name: Lumen}\npages:\n" + "".join(entries)


class _Actor(BaseHTTPRequestHandler):
    crowd: Crowd

    def do_GET(self) -> None:
        known = self.path.startswith("/p")
        body = self.crowd.body(self.path) if known else b""
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


def _closed(server: ThreadingHTTPServer) -> None:
    server.shutdown()
    server.server_close()


def _host(number: int) -> str:
    return f"127.0.{1 + number // 200}.{1 + number % 200}"


@dataclass(slots=True)
class Machines:
    """Processes of one installation: schedulers and workers, some of which are killed and replaced."""

    folder: Path
    database: str
    workers: int
    at_once: int
    chance: random.Random
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    schedulers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    killed: int = 0

    def start(self) -> None:
        """Start two schedulers and the workers."""
        self.schedulers = [self._process("scheduler") for _ in range(2)]
        self.running = [self._worker() for _ in range(self.workers)]

    def kill_a_worker(self) -> None:
        """Kill one at random, and start another one in its place."""
        place = self.chance.randrange(len(self.running))
        _kill(self.running[place])
        self.running[place] = self._worker()
        self.killed += 1

    def kill_a_scheduler(self) -> None:
        """Kill the one that leads, which is the first of the two."""
        _kill(self.schedulers.pop(0))

    def stop(self) -> list[int]:
        """Stop all as an operator does, and return their exit codes."""
        every = [*self.schedulers, *self.running]
        for process in every:
            process.send_signal(signal.SIGTERM)
        return [process.wait(15) for process in every]

    def end(self) -> None:
        """Kill what still runs."""
        for process in [*self.schedulers, *self.running]:
            _kill(process)

    def _worker(self) -> subprocess.Popen[bytes]:
        return self._process("worker", "--at-once", str(self.at_once))

    def _process(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "monitor", *arguments], env=self._environment(), stdout=log, stderr=log
            )

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("OPTOUT_")}
        own = {
            "OPTOUT_DATA": str(self.folder),
            "OPTOUT_DATABASE": self.database,
            "OPTOUT_ALLOW_LOOPBACK": "yes",
            "OPTOUT_PAUSE": "0s",
            "OPTOUT_DEADLINE": "10s",
            "OPTOUT_DAILY_BUDGET": "1000000",
            "OPTOUT_MAIL_DAILY_ALERTS": "100000",
        }
        return {**kept, **own}


def _kill(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()


@dataclass(frozen=True, slots=True)
class State:
    """How far the installation is: pages checked, alerts told to readers and published, messages handed over."""

    checked: int
    published: int
    mailed: int


def state(store: Store) -> State:
    """Return how far the installation is."""
    with store.database.reading() as connection:
        checked = connection.execute(select(func.count(CHECKS.c.page.distinct()))).scalar_one()
    published = len(store.desk.alerts(AlertState.PUBLISHED))
    return State(checked, published, len(store.outbox.posts(PostState.ACCEPTED, PostState.UNKNOWN)))


def opened(folder: Path, database: str) -> Store:
    """Return the installation's store, with one reader who is told of everything."""
    store = open_store(snapshots=folder / "snapshots", database=database, lock=folder / "state" / "monitor.lock")
    now = datetime.now(UTC)
    consent = Consent(source="test", wording="1", asked=now, confirmed=now)
    store.readers.add(
        Subscriber(id=SubscriberId("ada"), address=READER, consent=consent, state=SubscriberState.CONFIRMED)
    )
    return store


def watched(machines: Machines, look: Callable[[], bool], *, kills: list[float], seconds: float) -> float:
    """Wait until `look` says that all is done, killing at these moments (seconds); return how long it took."""
    begun = time.monotonic()
    left = sorted(kills)
    while not look():
        gone = time.monotonic() - begun
        if any(process.poll() is not None for process in (*machines.schedulers, *machines.running)):
            raise RuntimeError(f"a process ended by itself: see {machines.folder / 'log'}")
        if gone > seconds:
            raise TimeoutError(f"not done after {gone:.0f} s: see {machines.folder / 'log'}")
        if left and gone > left[0]:
            left.pop(0)
            machines.kill_a_worker()
        threading.Event().wait(0.5)
    return time.monotonic() - begun
