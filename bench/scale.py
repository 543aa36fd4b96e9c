"""Measures what a page costs among many: loading, starting, checking, publishing, memory and disk.

    python bench/scale.py --pages 1000 10000
    python bench/scale.py --pages 300 1200 --gate    # exits 1 when a page costs more among more pages
    python bench/scale.py --pages 1000 10000 100000 --start    # only what a start costs
    python bench/scale.py --pages 1000 5000 --publish    # a start, and publications of pages that were never checked

A generated watchlist is served on loopback. Every page is checked once, then once more with one page in a hundred
changed; half of the pages answer 304 where nothing changed. Each number of pages runs in a process of its own, whose
CPU seconds and memory are told; those of the server are not in them.
"""

import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from monitor import schedule
from monitor.pipeline.check import checked
from monitor.pipeline.publish import publish
from monitor.ports import World
from monitor.settings import settings
from monitor.wiring import lexicons, watchlist, world

CHECKS, START, PUBLICATION = "checks", "start", "publish"  # what is measured
CHANGED = 100  # one page in so many changes in the second round
MB = 1024 * 1024
# What must not grow with the number of pages, and by how much it may from the least number to the greatest.
LEVEL = {
    "load_ms": 1.3,
    "start_ms": 1.3,
    "first_ms": 1.3,
    "again_ms": 1.3,
    "publish_ms": 1.3,
    "republish_ms": 1.3,
    "rewrite_ms": 1.3,
    "held_kb": 1.3,
    "database_kb": 1.3,
}
LABELS = {
    "pages": "pages",
    "load_ms": "loading the watchlist, a page (ms of CPU)",
    "start_ms": "timetable and jobs, a page (ms of CPU)",
    "first_ms": "first check of a page (ms of CPU)",
    "again_ms": "check of a page, one in a hundred changed (ms of CPU)",
    "per_second": "checks a second and core, second round",
    "publish_ms": "publication after a round, a page (ms of CPU)",
    "republish_ms": "publication of nothing new, a page (ms of CPU)",
    "rewrite_ms": "publication in which every file differs, a page (ms of CPU)",
    "held_kb": "memory held, a page (KB)",
    "peak_mb": "peak memory (MB)",
    "database_kb": "database, a page after two checks (KB)",
    "million_mb": "database, a million checks as in the second round (MB)",
    "snapshots_kb": "snapshots, a page (KB)",
}


class Pages(BaseHTTPRequestHandler):
    """Answers `/round/number`: the same page in each round, but for one in a hundred."""

    protocol_version = "HTTP/1.1"
    round = 1

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        known = name.isdigit()
        number = int(name) if known else 0
        version = self.round if known and number % CHANGED == 0 else 1
        tag = f'"{number}-{version}"'
        if known and number % 2 and self.headers.get("If-None-Match") == tag:
            self._send(304, b"", tag)
        else:
            self._send(200 if known else 404, page(number, version) if known else b"", tag if number % 2 else "")

    def _send(self, status: int, body: bytes, tag: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if tag:
            self.send_header("ETag", tag)
        self.end_headers()
        if body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


def page(number: int, version: int) -> bytes:
    """Return a short policy; another version has another shop."""
    chapters = "".join(
        f"<h2>Chapter {part} of lamp {number}</h2><p>Lamp {number} keeps record {part} for {30 + part} days, since "
        f"rooms of kind {part * 7 % 13} are lit {part * 5 % 11} times a week by it.</p>"
        for part in range(15)
    )
    return (
        f"<!doctype html><html lang=en><head><title>Privacy of lamp {number}</title></head><body><main>"
        f"<h1>Privacy policy of lamp {number}</h1><p>Our shop number {version} is open on weekdays.</p>{chapters}"
        "<h2>Your right to object</h2><p>You can object to our use of your posts for training AI at any time.</p>"
        "</main></body></html>"
    ).encode()


@contextmanager
def served() -> Iterator[str]:
    """Serve the pages on loopback for as long as the block runs; give the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def write_watchlist(path: Path, address: str, pages: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("services:\n  lumen:\n    name: Lumen\npages:\n")
        for number in range(pages):
            file.write(
                f"  - id: lamp-{number}\n    service: lumen\n    title: Privacy of lamp {number}\n"
                f"    url: {address}/page/{number}\n    kind: policy\n    language: en\n    every: 12h\n"
            )


# What a child process measures: it prints one line of JSON.


def measured(folder: Path, pages: int, what: str) -> dict[str, float]:
    """Return what so many pages cost in this process."""
    read, found = settings(), {"pages": float(pages)}
    lexicons()
    empty = resident()
    watched, found["load_ms"] = per_page(pages, lambda: watchlist(read))
    del watched
    with world(read) as outside, outside.writing():
        _, found["start_ms"] = per_page(pages, lambda: schedule.timetable(outside))
        found["held_kb"] = (resident() - empty) / pages / 1024
        if what == CHECKS:
            found |= rounds(folder, outside)
        if what == PUBLICATION:
            found |= publications(outside)
    if what == PUBLICATION:
        found["rewrite_ms"] = rewriting(pages)
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def rounds(folder: Path, outside: World) -> dict[str, float]:
    """Return what two rounds of checks and a publication after each cost, the second time a page."""
    watched = outside.watchlist.pages
    _, first = per_page(len(watched), lambda: [checked(each, outside) for each in watched])
    publish(outside)
    before = database_bytes(folder)
    signal_round(folder, 2)
    _, again = per_page(len(watched), lambda: [checked(each, outside) for each in watched])
    million = (database_bytes(folder) - before) / len(watched)  # bytes a check, so MB a million
    found = {"first_ms": first, "again_ms": again, "per_second": 1000 / again, "million_mb": million}
    return found | publications(outside)


def publications(outside: World) -> dict[str, float]:
    """Return what a publication costs a page, and another one after it."""
    pages = len(outside.watchlist.pages)
    _, published = per_page(pages, lambda: publish(outside))
    _, standing = per_page(pages, lambda: publish(outside))
    return {"publish_ms": published, "republish_ms": standing}


def rewriting(pages: int) -> float:
    """Return what a publication costs a page that finds all its files written, and writes all of them anew."""
    os.environ["OPTOUT_SITE_TITLE"] = "Under another title"
    with world(settings()) as outside, outside.writing():
        _, rewritten = per_page(pages, lambda: publish(outside))
    return rewritten


def per_page(pages: int, act: Callable[[], object]) -> tuple[object, float]:
    """Return what a call gave and its CPU milliseconds for each page."""
    started = time.process_time()
    answer = act()
    return answer, (time.process_time() - started) * 1000 / pages


def database_bytes(folder: Path) -> int:
    """Return how large the database is, with what its log of writes still holds."""
    with closing(sqlite3.connect(folder / "state/monitor.db")) as opened:
        [[pages]], [[size]] = opened.execute("PRAGMA page_count"), opened.execute("PRAGMA page_size")
    return int(pages) * int(size)


def resident() -> int:
    """Return the bytes that this process holds in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def signal_round(folder: Path, number: int) -> None:
    """Tell the server which round it is, and wait until it knows."""
    print(json.dumps({"round": number}), flush=True)
    while not (folder / f"round-{number}").exists():
        time.sleep(0.01)


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPTOUT_")}
    return kept | {
        "OPTOUT_DATA": str(folder),
        "OPTOUT_ALLOW_LOOPBACK": "yes",
        "OPTOUT_PAUSE": "0s",
        "OPTOUT_DAILY_BUDGET": "1000000000",
    }


def run(pages: int, profile: Path | None, what: str) -> dict[str, float]:
    """Return what so many pages cost, measured in a process of its own."""
    Pages.round = 1
    with tempfile.TemporaryDirectory() as name, served() as address:
        folder = Path(name)
        write_watchlist(folder / "watchlist.yaml", address, pages)
        options = ["-m", "cProfile", "-o", str(profile)] if profile else []
        command = [sys.executable, *options, __file__, "--child", str(folder), "--pages", str(pages)]
        command += [f"--{what}"] if what != CHECKS else []
        with subprocess.Popen(command, env=environment(folder), stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for line in child.stdout:
                found: dict[str, float] = json.loads(line)
                if "round" in found:
                    Pages.round = int(found["round"])
                    (folder / f"round-{Pages.round}").touch()
        if child.returncode:
            raise SystemExit(f"scale: the measuring process ended with {child.returncode}")
        return found | sizes(folder, pages) if what == CHECKS else found


def sizes(folder: Path, pages: int) -> dict[str, float]:
    """Return what lies on the disk, in KB a page."""
    database = sum(path.stat().st_size for path in (folder / "state").glob("monitor.db*"))
    snapshots = sum(path.stat().st_blocks * 512 for path in (folder / "snapshots").rglob("*") if path.is_file())
    return {"database_kb": database / pages / 1024, "snapshots_kb": snapshots / pages / 1024}


def grown(runs: list[dict[str, float]]) -> list[str]:
    """Return what a page costs more of among the most pages than among the fewest."""
    few, many = runs[0], runs[-1]
    return [
        f"{LABELS[name]} grew {many[name] / few[name]:.2f} times, at most {most}"
        for name, most in LEVEL.items()
        if name in few and many[name] > most * few[name]
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[1000, 10_000], help="how many, ascending")
    parser.add_argument("--gate", action="store_true", help="exit 1 when a page costs more among more pages")
    parser.add_argument("--profile", type=Path, help="file for the profile of the last number of pages")
    only = parser.add_mutually_exclusive_group()
    for what, told in ((START, "load, and say what is due"), (PUBLICATION, "load, and publish twice")):
        only.add_argument(
            f"--{what}", dest="what", action="store_const", const=what, help=f"check nothing: only {told}"
        )
    parser.set_defaults(what=CHECKS)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child is not None:
        print(json.dumps(measured(given.child, given.pages[0], given.what)))
        return 0
    runs: list[dict[str, float]] = []
    for pages in given.pages:
        runs.append(run(pages, given.profile if pages == given.pages[-1] else None, given.what))
        print(f"{pages} pages: {json.dumps(runs[-1])}", file=sys.stderr)  # the next ones may take an hour
    for name, label in LABELS.items():
        if name in runs[0]:
            print(f"{label:58s}", *(f"{found[name]:12,.2f}" for found in runs))
    worse = grown(runs)
    print(*(f"grows: {line}" for line in worse), sep="\n", end="\n" if worse else "")
    return 1 if given.gate and worse else 0


if __name__ == "__main__":
    sys.exit(main())
