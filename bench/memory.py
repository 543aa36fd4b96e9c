"""Measures the memory of `optout-monitor run` with twenty different pages of 375 KB, and of `check` with a hundred.

    python bench/memory.py --minutes 2    # each page twice, the site once
    python bench/memory.py --minutes 11   # the site twice
    python bench/memory.py --gate         # a minute and a half; exits 1 above the ceilings in bench/floors-speed.toml

Two processes of `run` are looked at, side by side: one that reads every page for the first time, and one that finds
nothing changed but tokens since `optout-monitor check` read them. What counts is the most that a process and its
children held at a time, as the sum of their peaks (VmHWM). A figure stands only when every page was read, the site was
written, and the web server answered. `check` then reads twenty and a hundred such pages for the first time: more pages
may not take more memory. Modules are compiled before, as those of an installed program are, and fsspec, which comes
with the extra `s3` and which warcio loads where it is, is hidden. The pages are the printable policy of the development
corpus, each with a name of its own before every text that begins with a capital, so that no two share a paragraph;
without it the bench says so and ends, with REQUIRE_SHARED=1 as a failure.
"""

import argparse
import compileall
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import peers
import speed

from monitor.model.page import Page

PAGES, MANY = 20, 100
GATE_MINUTES = 1.2  # the first publication comes a minute after the start
LOOK_SECONDS = 0.2  # between two looks at which children there are
VISITED = ("", "healthz", "subscribe/", "search/?q=train", "changes/")
FIRST, AFTERWARDS, FEW_CHECKED, MANY_CHECKED = "first", "afterwards", "check_few", "check_many"
LABELS = {
    FIRST: "run that reads every page for the first time",
    AFTERWARDS: "run that is started afterwards",
    FEW_CHECKED: f"check of {PAGES} pages, for the first time",
    MANY_CHECKED: f"check of {MANY} pages, for the first time",
}
# As in an installation without extras; `optout-monitor COMMAND` else.
COMMAND = "import sys; sys.modules['fsspec'] = None; from monitor.cli import main; main(sys.argv[1:])"
# Has a process tell its status on stderr when it ends.
TELLING = "import atexit, sys; atexit.register(lambda: sys.stderr.write(open('/proc/self/status').read()))"
CAPITAL = re.compile(rb">([A-Z])")
READ = re.compile(r"schedule\.here: page (job-\d+): (\w+)")  # what a check ended as, in the log


class Server(peers.Server):
    """Serves another text at every path."""

    def _send(self, status: int, body: bytes) -> None:
        firm = self.path.strip("/").encode()
        super()._send(status, CAPITAL.sub(rb">Firm%s \1" % firm, body))


@dataclass(slots=True)
class Watched:
    """A `run` over a folder: its process, where it serves, and the most that it and its children held so far (KB)."""

    folder: Path
    run: subprocess.Popen[bytes]
    port: int
    peak_kb: int = 0

    def look(self) -> None:
        """Take in what is held now."""
        self.peak_kb = max(self.peak_kb, sum(map(peak_kb, family(self.run.pid))))

    def problem(self, outcome: str) -> str:
        """Return why the figure does not stand, or nothing: every page must have been read with this outcome."""
        read = {page for page, told in READ.findall((self.folder / "log").read_text()) if told == outcome}
        if len(read) < PAGES:
            return f"{len(read)} of {PAGES} pages were read as {outcome}"
        return "" if (self.folder / "public/index.html").exists() else "the site was not written"

    def visit(self) -> None:
        """Ask for some pages of the site, as readers do."""
        for path in VISITED:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=30) as answer:
                answer.read()


def family(pid: int) -> Iterator[int]:
    """Yield a process and its children, and theirs."""
    yield pid
    for told in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = told.read_text().split()
        except OSError:  # a thread that ended just now
            continue
        for child in children:
            yield from family(int(child))


def peak_kb(pid: int) -> int:
    """Return the peak of a process; none when it is gone."""
    try:
        return peak_in(Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0


def peak_in(status: str) -> int:
    """Return the peak that the status of a process tells; none when it has ended."""
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def environment(folder: Path, port: int) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPTOUT_", "MALLOC_", "PYTHON"))}
    told = {"OPTOUT_DATA": str(folder), "OPTOUT_ALLOW_LOOPBACK": "yes", "OPTOUT_PAUSE": "0s"}
    return kept | told | {"OPTOUT_DAILY_BUDGET": "1000000", "OPTOUT_PORT": str(port)}


def watched(folder: Path) -> Watched:
    """Start a `run` over a folder."""
    port = free_port()
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-c", COMMAND, "run"]
        run = subprocess.Popen(command, env=environment(folder, port), stdout=subprocess.DEVNULL, stderr=log)
    return Watched(folder, run, port)


def made(folder: Path, address: str, page: Page, pages: int = PAGES) -> Path:
    """Return a folder with a watchlist of pages that come round every minute."""
    folder.mkdir()
    peers.write_jobs(folder, address, pages, page)
    watchlist = folder / "watchlist.yaml"
    watchlist.write_text(watchlist.read_text().replace("every: 12h", "every: 1m"))
    return folder


def held(folder: Path, minutes: float) -> dict[str, Watched]:
    """Return both processes after so many minutes, ended."""
    page, captures = speed.captures_of(speed.recording() or Path())
    with peers.served(Server) as address:
        fresh, known = (made(folder / name, address, page) for name in (FIRST, AFTERWARDS))
        Server.body = captures[speed.UNCHANGED - 1].body
        checked = [sys.executable, "-m", "monitor", "check"]
        subprocess.run(checked, env=environment(known, free_port()), check=True, capture_output=True)
        Server.body = captures[speed.UNCHANGED].body
        runs = {FIRST: watched(fresh), AFTERWARDS: watched(known)}
        try:
            wait(list(runs.values()), minutes * 60)
        finally:
            for each in runs.values():
                each.run.send_signal(signal.SIGTERM)
            for each in runs.values():
                each.run.wait()
    return runs


def checked_kb(folder: Path, pages: int) -> int:
    """Return the most that a `check` held which reads so many pages for the first time (KB)."""
    page, captures = speed.captures_of(speed.recording() or Path())
    Server.body = captures[speed.UNCHANGED].body
    with peers.served(Server) as address:
        wanted = environment(made(folder, address, page, pages), free_port())
        command = [sys.executable, "-c", f"{TELLING}; {COMMAND}", "check", "--json"]
        check = subprocess.run(command, check=False, env=wanted, capture_output=True, text=True)
    read = sum(json.loads(line)["outcome"] == "first" for line in check.stdout.splitlines())
    if check.returncode or read < pages:
        raise SystemExit(f"memory: {read} of {pages} pages were read by `check`, exit {check.returncode}")
    return peak_in(check.stderr)


def wait(runs: list[Watched], seconds: float) -> None:
    """Look at what is held for so many seconds, and visit each site at the end of them."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        for each in runs:
            each.look()
        time.sleep(LOOK_SECONDS)
    for each in runs:
        each.visit()
        each.look()


def above(peaks: Mapping[str, float]) -> list[str]:
    """Return what is above its ceiling."""
    ceilings = tomllib.loads(speed.CEILINGS.read_text())["memory"]
    return [f"{name} is {peaks[name]:.1f} MB, at most {most}" for name, most in ceilings.items() if peaks[name] > most]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=11, help="how long the processes are looked at")
    parser.add_argument("--gate", action="store_true", help="little more than a minute; exit 1 above a ceiling")
    given = parser.parse_args()
    if speed.recording() is None:
        print(f"memory: no recording {speed.RECORDING} beside the checkout or in SHARED", file=sys.stderr)
        return 1 if os.environ.get("REQUIRE_SHARED") == "1" else 0
    compileall.compile_dir(speed.ROOT / "monitor", quiet=1)
    with tempfile.TemporaryDirectory() as name:
        runs = held(Path(name), GATE_MINUTES if given.gate else given.minutes)
        problems = {FIRST: runs[FIRST].problem("first"), AFTERWARDS: runs[AFTERWARDS].problem("quiet")}
        peaks = {name: each.peak_kb / 1024 for name, each in runs.items()}
        peaks[FEW_CHECKED] = checked_kb(Path(name) / FEW_CHECKED, PAGES) / 1024
        peaks[MANY_CHECKED] = checked_kb(Path(name) / MANY_CHECKED, MANY) / 1024
    for name, peak in peaks.items():
        print(f"{LABELS[name]:46s} {peak:7.1f} MB")
    failed = [f"{name}: {problem}" for name, problem in problems.items() if problem]
    failed += [f"above the ceiling: {line}" for line in above(peaks)] if given.gate else []
    print(*failed, sep="\n", end="\n" if failed else "")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
