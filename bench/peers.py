"""Measures a check beside what one would use instead, on the same real pages in the same run.

    python bench/peers.py --jobs 500
    python bench/peers.py --jobs 50 --gate    # exits 1 when a ratio is below its floor in bench/floors-speed.toml

The others are installed, as `peers.txt` locks them, into an environment of their own (`.venv-peers` beside this
checkout's `.venv`, or --env). The lock holds webchanges and trafilatura with all they need, and changedetection.io
alone: its web application's hundred packages are not needed here. Two things are measured: what each makes of a page
in one process, by its own functions, and whole runs of many jobs by the programs themselves over HTTP on loopback, CPU
and memory of the whole process. The page is the printable policy of the development corpus; without it the bench says
so and ends, with REQUIRE_SHARED=1 as a failure.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import speed

from monitor.model.page import Page

ROOT = Path(__file__).resolve().parent.parent
LOCK = Path(__file__).with_name("peers.txt")
FLOORS = Path(__file__).with_name("floors-speed.toml")


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process took: CPU seconds with its children's, and its peak memory in MB."""

    cpu: float
    peak_mb: float


def installed(env: Path) -> Path:
    """Install the others unless they are, and return their interpreter."""
    python = env / "bin/python"
    ready = env / ".ready"
    if not ready.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(env)], check=True)
        pip = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run([*pip, "--no-deps", "--require-hashes", "-r", str(LOCK)], check=True)
        ready.touch()
    return python


class Server(BaseHTTPRequestHandler):
    """Answers every path but robots.txt with the page of the hour, or with 304 to a tag that is `known`.

    webchanges names the tag of the last text that differed, we that of the newest answer. The bytes differ by a comment
    from path to path, as those of different pages do.
    """

    body = b""
    tag = '"1"'
    known: ClassVar[set[str]] = set()
    answered: ClassVar[Counter[int]] = Counter()

    def do_GET(self) -> None:
        if self.path == "/robots.txt":
            self._send(404, b"")
        elif self.headers.get("If-None-Match") in self.known:
            self._send(304, b"")
        else:
            self._send(200, self.body + f"<!-- {self.path} -->".encode())

    def _send(self, status: int, body: bytes) -> None:
        self.answered[status] += 1
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("ETag", self.tag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@contextmanager
def served(handler: type[Server] = Server) -> Iterator[str]:
    """Serve on loopback for as long as the block runs; give the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def spent(command: list[str], environment: dict[str, str], well: tuple[int, ...] = (0,)) -> Spent:
    """Run a command, whose modules may stay compiled as those of an installed program are; return what it took.

    Raises:
        SystemExit: it did not end well.
    """
    compiled = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(command, env=compiled, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        complaint = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in well:
        raise SystemExit(f"peers: {command[0]} ended with {process.returncode}: {complaint.decode()[-500:]}")
    return Spent(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def our_run(folder: Path) -> Spent:
    """Check every page of a watchlist once by the command."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPTOUT_")}
    told = {"OPTOUT_DATA": str(folder), "OPTOUT_ALLOW_LOOPBACK": "yes", "OPTOUT_PAUSE": "0s"}
    told["OPTOUT_DAILY_BUDGET"] = "1000000"
    return spent([sys.executable, "-m", "monitor", "check"], kept | told)


def their_run(folder: Path, python: Path) -> Spent:
    """Run every job of webchanges once."""
    files = [f"--{name}={folder / file}" for name, file in (("jobs", "jobs.yaml"), ("config", "config.yaml"))]
    files += [f"--hooks={folder / 'hooks.py'}", f"--database={folder / 'snapshots.db'}"]
    environment = os.environ | {"HOME": str(folder), "PYTHONPATH": ""}
    return spent([str(python.with_name("webchanges")), *files], environment)


def write_jobs(folder: Path, address: str, jobs: int, page: Page) -> None:
    """Write the same pages as a watchlist and as jobs."""
    recipe = json.dumps({"select": list(page.recipe.select), "drop": list(page.recipe.drop)})
    entries = "".join(
        f"  - {{id: job-{number}, service: s, url: '{address}/{number}', kind: policy, language: en, every: 12h, "
        f"title: t, recipe: {recipe}}}\n"
        for number in range(jobs)
    )
    (folder / "watchlist.yaml").write_text(f"services:\n  s:\n    name: S\npages:\n{entries}")
    filters = "filter:\n  - html2text:\n      ignore_links: true\n      ignore_images: true\n"
    one = "---\n".join(f"name: job {number}\nurl: {address}/{number}\n{filters}" for number in range(jobs))
    (folder / "jobs.yaml").write_text(one)
    (folder / "config.yaml").write_text("report:\n  stdout:\n    enabled: false\n  markdown:\n    details: false\n")
    (folder / "hooks.py").write_text("")


def runs(path: Path, python: Path, jobs: int) -> dict[str, Spent]:
    """Return what runs of many jobs took: the page unchanged but for its tokens, and answered by 304."""
    page, captures = speed.captures_of(path)
    found = {}
    with tempfile.TemporaryDirectory() as name, served() as address:
        folder = Path(name)
        write_jobs(folder, address, jobs, page)
        Server.body, Server.tag = captures[speed.UNCHANGED - 1].body, '"1"'
        our_run(folder)
        their_run(folder, python)
        Server.body, Server.tag = captures[speed.UNCHANGED].body, '"2"'
        found["ours, unchanged"] = our_run(folder)
        found["webchanges, unchanged"] = their_run(folder, python)
        Server.answered.clear()
        Server.known.update(('"1"', '"2"'))
        found["ours, 304"] = our_run(folder)
        found["webchanges, 304"] = their_run(folder, python)
        if Server.answered[304] != 2 * jobs:
            raise SystemExit(f"peers: {Server.answered[304]} answers were 304 where {2 * jobs} were due")
    return found


def own_checks(path: Path) -> dict[str, float]:
    """Return the CPU milliseconds of our checks, medians of three processes that go through the page's past."""
    walk = speed.several(3, path, "walk")
    took = {"unchanged": "unchanged", "entry": "changed_entry", "revision": "changed_revision"}
    return {name: walk[ratio] * walk["parse_ms"] for name, ratio in took.items()}


def inside(path: Path, python: Path) -> dict[str, dict[str, float]]:
    """Return what each makes of the pages in one process."""
    _, captures = speed.captures_of(path)
    wanted = (speed.UNCHANGED, speed.ONE_ENTRY - 1, speed.ONE_ENTRY, speed.REVISION - 1, speed.REVISION)
    with tempfile.TemporaryDirectory() as name:
        files = [Path(name) / f"{number}.html" for number in range(len(wanted))]
        for file, index in zip(files, wanted, strict=True):
            file.write_bytes(captures[index].body)
        script = Path(__file__).with_name("peers_inside.py")
        command = [str(python), str(script), *map(str, files)]
        ended = subprocess.run(
            command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": ""}, check=False
        )
    if ended.returncode:
        raise SystemExit(f"peers: {script.name} ended with {ended.returncode}: {ended.stderr[-2000:]}")
    theirs = json.loads(ended.stdout)
    return {"ours": own_checks(path), **theirs}


def ratios(pieces: dict[str, dict[str, float]], whole: dict[str, Spent]) -> dict[str, float]:
    """Return how many times more the others take."""
    ours = pieces["ours"]
    return {
        "changedetection_unchanged": pieces["changedetection.io"]["unchanged"] / ours["unchanged"],
        "webchanges_unchanged_run": whole["webchanges, unchanged"].cpu / whole["ours, unchanged"].cpu,
        "webchanges_304_run": whole["webchanges, 304"].cpu / whole["ours, 304"].cpu,
        "webchanges_entry": pieces["webchanges"]["entry"] / ours["entry"],
        "webchanges_revision": pieces["webchanges"]["revision"] / ours["revision"],
        "trafilatura_revision": pieces["trafilatura + difflib"]["revision"] / ours["revision"],
    }


def say(pieces: dict[str, dict[str, float]], whole: dict[str, Spent], jobs: int, shown: dict[str, float]) -> None:
    columns = ("unchanged", "entry", "entry diff", "revision", "revision diff")
    print(f"{'CPU milliseconds':26s}", *(f"{name:>14s}" for name in columns))
    for name, took in pieces.items():
        print(f"{name:26s}", *(f"{took[column]:14.1f}" if column in took else " " * 14 for column in columns))
    print(f"\n{f'runs of {jobs} jobs':26s} {'CPU ms a job':>12s} {'peak MB':>12s}")
    for name, run in whole.items():
        print(f"{name:26s} {run.cpu / jobs * 1000:12.1f} {run.peak_mb:12.0f}")
    print("\ntimes more than ours")
    for name, value in shown.items():
        print(f"{name:38s} {value:8.1f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=500)
    parser.add_argument("--env", type=Path, default=ROOT / ".venv-peers", help="environment of the others")
    parser.add_argument("--gate", action="store_true", help="exit 1 when a ratio is below its floor")
    given = parser.parse_args()
    path = speed.recording()
    if path is None:
        print(f"peers: no recording {speed.RECORDING} beside the checkout or in SHARED", file=sys.stderr)
        return 1 if os.environ.get("REQUIRE_SHARED") == "1" else 0
    python = installed(given.env)
    pieces, whole = inside(path, python), runs(path, python, given.jobs)
    shown = ratios(pieces, whole)
    say(pieces, whole, given.jobs, shown)
    floors = tomllib.loads(FLOORS.read_text())["floors"]
    below = [f"{name} is {shown[name]:.1f}, at least {least}" for name, least in floors.items() if shown[name] < least]
    print(*(f"below the floor: {line}" for line in below), sep="\n", end="\n" if below else "")
    return 1 if given.gate and below else 0


if __name__ == "__main__":
    sys.exit(main())
