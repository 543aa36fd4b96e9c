"""Measures the memory of `optout-monitor run` with twenty pages of 375 KB, and prints it.

    python bench/memory.py --minutes 2    # some checks of each page
    python bench/memory.py --minutes 11   # until the site was written, too

Two processes are looked at: one that reads every page for the first time, and one that is started afterwards and finds
nothing changed but tokens. The pages are the printable policy of the development corpus; without it the bench says so
and ends, with REQUIRE_SHARED=1 as a failure.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import peers
import speed

PAGES = 20


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def environment(folder: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPTOUT_")}
    told = {"OPTOUT_DATA": str(folder), "OPTOUT_ALLOW_LOOPBACK": "yes", "OPTOUT_PAUSE": "0s"}
    return kept | told | {"OPTOUT_DAILY_BUDGET": "1000000", "OPTOUT_PORT": str(free_port())}


def held(folder: Path, seconds: float) -> tuple[int, int]:
    """Return the peak of a `run` of so many seconds in MB, and how many pages it was given."""
    peers.Server.answered.clear()
    command = [sys.executable, "-m", "monitor", "run"]
    with subprocess.Popen(
        command, env=environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as run:
        time.sleep(seconds)
        status = Path(f"/proc/{run.pid}/status").read_text()
        run.send_signal(signal.SIGTERM)
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) // 1024, peers.Server.answered[200]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=11, help="how long each process is looked at")
    given = parser.parse_args()
    path = speed.recording()
    if path is None:
        print(f"memory: no recording {speed.RECORDING} beside the checkout or in SHARED", file=sys.stderr)
        return 1 if os.environ.get("REQUIRE_SHARED") == "1" else 0
    page, captures = speed.captures_of(path)
    with tempfile.TemporaryDirectory() as name, peers.served() as address:
        folder = Path(name)
        peers.write_jobs(folder, address, PAGES, page)
        watchlist = folder / "watchlist.yaml"
        watchlist.write_text(watchlist.read_text().replace("every: 12h", "every: 1m"))
        for what, index in (("reads every page for the first time", -1), ("is started afterwards", 0)):
            peers.Server.body = captures[speed.UNCHANGED + index].body
            peak, pages = held(folder, given.minutes * 60)
            print(f"run that {what:36s} {peak:5d} MB, {pages} pages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
