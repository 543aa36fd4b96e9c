"""Kills the real process with SIGKILL between detection and delivery, starts it again, and counts what readers got.

    python bench/crash.py [--points 200] [--seed 1]

A day is: two pages are checked twice, what changed is published, and three readers are written to over HTTP. Each
point is a day in a process of its own (forked from one that has imported everything) against a page server and a
SendGrid on loopback. It dies at a random line within a step, taken in turn over all steps, or at any moment of the
whole day, or while SendGrid holds its message. Then the same folder has a day without a kill, and another one. Exits 1
when an alert stands in the feeds not exactly once, a reader got a mail twice, or one got none and the maintainer is
not told so; also when anything kept is damaged.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, islice
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Thread

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import crash_day
import feedparser
from crash_day import ANY_MOMENT, Fuse, Visit

from monitor.model.alert import AlertState
from monitor.model.subscriber import PostState
from monitor.settings import settings_from
from monitor.wiring import world
from tests.contract.sendgrid_server import HANG, SendGridServer, sendgrid_server
from tests.story.lumen import DEADLINE, policy

HERE = Path(__file__).resolve().parent
WAITING = "while SendGrid holds the message"
OUTCOMES = ("sent before", "sent after", "unknown, sent", "unknown, not sent")


@dataclass(slots=True)
class Pages:
    """The page server: whether the sentence that readers must be told of stands there now."""

    changed: bool = False

    @contextmanager
    def served(self) -> Iterator[int]:
        """Serve on loopback for as long as the block runs, and give the port."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Acting", (_Actor,), {"pages": self}))
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Actor(BaseHTTPRequestHandler):
    pages: Pages

    def do_GET(self) -> None:
        known = self.path.startswith("/p")
        body = policy(*([DEADLINE] if self.pages.changed else []), footer=self.path) if known else b""
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@dataclass(frozen=True, slots=True)
class Point:
    """What one kill led to: in which step it fell, what became of each message, and what is not as it must be."""

    step: str
    messages: Counter[str]
    wrong: tuple[str, ...]


class Bench:
    """A folder with one look behind it, of which every point has a copy."""

    def __init__(self, root: Path, port: int, sendgrid: SendGridServer, seed: int) -> None:
        self._root = root
        self._sendgrid = sendgrid
        self._chance = random.Random(seed)
        self._forking = get_context("forkserver")
        # A fork server of Python 3.11 passes over what it cannot import, and looks nowhere else.
        os.environ["PYTHONPATH"] = os.pathsep.join((str(HERE), str(HERE.parent)))
        self._forking.set_forkserver_preload(["crash_day", "crash_warm"])
        self._first = root / "first"
        self._first.mkdir()
        (self._first / "watchlist.yaml").write_text(crash_day.watchlist(port), encoding="utf-8")
        crash_day.join(self._settings(self._first))
        self._ended(self._first)
        self._steps: dict[str, list[int]] = {}
        self._seconds = 0.0

    def survey(self) -> Sequence[str]:
        """Live through a day without a kill, and return the steps that it had."""
        told, telling = self._forking.Pipe(duplex=False)
        folder = self._copy("survey")
        lines = self._start(folder, fuse=Fuse(), telling=telling)
        visits: list[Visit] = told.recv()
        lines.join()
        for visit in visits:
            self._steps.setdefault(visit.step, []).append(visit.lines)
        begun = time.monotonic()
        self._ended(self._copy("timed"))
        self._seconds = time.monotonic() - begun
        return [*self._steps, WAITING, ANY_MOMENT]

    def point(self, step: str) -> Point:
        """Kill a day within a step, live through two more, and say what came of it."""
        folder = self._copy("point")
        while not self._killed(folder, step):
            folder = self._copy("point")
        before = self._received()
        self._ended(folder, days=2)
        return self._outcome(folder, step, before)

    def _killed(self, folder: Path, step: str) -> bool:
        """Begin a day that is killed; say whether it was, for one may end before its moment comes."""
        self._sendgrid.received.clear()
        if step == ANY_MOMENT:
            process = self._start(folder)
            process.join(self._chance.uniform(0, self._seconds))
        elif step == WAITING:
            process = self._waiting(folder)
        else:
            call = self._chance.randrange(len(self._steps[step]))
            line = self._chance.randint(1, max(1, self._steps[step][call]))
            process = self._start(folder, fuse=Fuse(step=step, call=call, line=line))
            process.join()
        process.kill()
        process.join()
        self._sendgrid.answers.clear()
        self._sendgrid.released.set()
        return process.exitcode == -9

    def _waiting(self, folder: Path) -> ForkServerProcess:
        """Return a process that waits for an answer which does not come."""
        before = self._chance.randrange(crash_day.MESSAGES)
        self._sendgrid.released.clear()
        self._sendgrid.answers[:] = [*[202] * before, HANG]
        process = self._start(folder)
        while len(self._sendgrid.received) <= before and process.is_alive():
            process.join(0.01)
        return process

    def _ended(self, folder: Path, days: int = 1) -> None:
        process = self._start(folder, days=days)
        process.join()
        if process.exitcode != 0:
            raise RuntimeError(f"a day without a kill ended with exit code {process.exitcode}")

    def _ill(self, folder: Path) -> bool:
        """Say whether the doctor tells the maintainer of messages without an outcome."""
        told, telling = self._forking.Pipe(duplex=False)
        process = self._forking.Process(target=crash_day.outcomes, args=(self._settings(folder), telling))
        process.start()
        found: bool = told.recv()
        process.join()
        return found

    def _start(
        self, folder: Path, *, days: int = 1, fuse: Fuse | None = None, telling: object = None
    ) -> ForkServerProcess:
        process = self._forking.Process(target=crash_day.live, args=(self._settings(folder), days, fuse, telling))
        process.start()
        return process

    def _copy(self, name: str) -> Path:
        folder = self._root / name
        shutil.rmtree(folder, ignore_errors=True)
        return Path(shutil.copytree(self._first, folder))

    def _settings(self, folder: Path) -> Mapping[str, str]:
        return crash_day.environment(folder, self._sendgrid.url)

    def _received(self) -> Counter[tuple[str, str]]:
        """Return how often SendGrid has each message: by alert and subscriber."""
        told = (request.body["personalizations"][0]["custom_args"] for request in self._sendgrid.received)
        return Counter((args["alert"], args["subscriber"]) for args in told)

    def _outcome(self, folder: Path, step: str, before: Counter[tuple[str, str]]) -> Point:
        sent = self._received()
        with world(settings_from(self._settings(folder))) as outside:
            alerts = outside.desk.alerts()
            posts = {(str(post.alert), str(post.subscriber)): post.state for post in outside.outbox.posts()}
            wrong = [f"damaged: {sentence}" for sentence in outside.evidence.verify()]
        if len(alerts) != crash_day.PAGES or any(alert.state is not AlertState.PUBLISHED for alert in alerts):
            wrong.append(f"alerts: {[(alert.page, alert.state) for alert in alerts]}")
        wrong += _feeds_wrong(folder, sorted(alert.id for alert in alerts))
        everyone = {(alert.id, reader) for alert in alerts for reader in crash_day.READERS}
        messages: Counter[str] = Counter()
        for message in sorted(everyone | set(sent) | set(posts)):
            state, times = posts.get(message), sent[message]
            if times > 1 or state not in (PostState.ACCEPTED, PostState.UNKNOWN) or message not in everyone:
                wrong.append(f"message {message}: sent {times} times, {state}")
            elif state is PostState.UNKNOWN:
                messages[OUTCOMES[2] if times else OUTCOMES[3]] += 1
            elif not times:
                wrong.append(f"message {message}: {state}, and never sent")
            else:
                messages[OUTCOMES[0] if before[message] else OUTCOMES[1]] += 1
        if PostState.UNKNOWN in posts.values() and not self._ill(folder):
            wrong.append("the doctor says nothing of messages without an outcome")
        return Point(step, messages, tuple(wrong))


def _feeds_wrong(folder: Path, alerts: list[str]) -> Iterator[str]:
    """Yield how the feeds differ from these alerts, each exactly once."""
    for extension in ("rss", "atom"):
        parsed = feedparser.parse((folder / "public" / "feeds" / f"all.{extension}").read_bytes())
        found = sorted(entry.id.rpartition("/")[2].rpartition(":")[2] for entry in parsed.entries)
        if parsed.bozo or found != alerts:
            yield f"all.{extension} holds {found}, not {alerts}"


def main() -> int:
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--points", type=int, default=200, help="how many kills")
    read.add_argument("--seed", type=int, default=1, help="another one kills elsewhere")
    told = read.parse_args()
    begun, pages = time.monotonic(), Pages()
    with tempfile.TemporaryDirectory() as root, pages.served() as port, sendgrid_server() as sendgrid:
        bench = Bench(Path(root), port, sendgrid, told.seed)
        pages.changed = True
        steps = bench.survey()
        points = [bench.point(step) for step in islice(cycle(steps), told.points)]
    _print(steps, points)
    wrong = [f"{point.step}: {sentence}" for point in points for sentence in point.wrong]
    print(f"{len(points)} kills, {len(wrong)} wrong, {time.monotonic() - begun:.0f} s, seed {told.seed}")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


def _print(steps: Sequence[str], points: Sequence[Point]) -> None:
    print(f"{'killed in':34}{'kills':>6}" + "".join(f"{name:>19}" for name in OUTCOMES))
    for step in (*steps, "together"):
        here = [point for point in points if step in (point.step, "together")]
        messages = sum((point.messages for point in here), Counter[str]())
        print(f"{step:34}{len(here):6}" + "".join(f"{messages[name]:19}" for name in OUTCOMES))


if __name__ == "__main__":
    sys.exit(main())
