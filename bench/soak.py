"""Lets days of watching pass in minutes, with faults; says whether each change was told once and none was invented.

    python bench/soak.py --days 30
    python bench/soak.py --days 2        # what CI runs

Twenty invented pages stand on loopback; the monitor is a process of its own with its real scheduler, store, feeds and
outbox, and only the clock jumps. Sentences that readers must be told of are planted on known days, among edits that
matter to nobody, time-outs, resets, errors, walls, empty shells, pages that flap, a full disk, a locked database and
kills. Prints its table; exits 1 when a change was missed, told twice or invented, when anything kept is damaged, or
when memory or open files grow.
"""

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import feedparser
import soak_plan
from soak_site import SharedClock, Site, served

from monitor.model.alert import Alert, AlertState
from monitor.model.subscriber import Consent, PostState
from monitor.pipeline import subscribe
from monitor.ports import World
from monitor.settings import settings_from
from monitor.wiring import token, world

LOOK = 0.02  # seconds of this machine between two looks at the monitor
LOCK_SECONDS, LONG_LOCK_SECONDS = 1.0, 33.0  # the store waits thirty seconds for another writer
MOST_GROWTH = 0.04  # of the resident memory, from the second third of a life to the last one
LEAST_GROWTH_MB = 2.0  # growth below this is noise of the allocator
FEED_ENTRIES = 50  # the newest ones; those before stand in the archives that a feed names
MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """The monitor at a moment: seconds of the plan, resident bytes, open files and sockets."""

    at: float
    resident: int
    files: int


@dataclass(slots=True)
class Life:
    """What was seen of the monitor's processes."""

    samples: list[Sample] = field(default_factory=list)
    kills: int = 0
    locks: int = 0
    ended_badly: list[int] = field(default_factory=list)


class Soak:
    """One monitor over the planned days, in a folder."""

    def __init__(self, folder: Path, days: float) -> None:
        self.folder, self.days = folder, days
        self.clock, self.plan = SharedClock(folder / "clock"), soak_plan.plan(days)
        self.site = Site(self.plan, self.clock, self._asked)
        self.life = Life()
        self._chance = random.Random(11)
        self._home = [fault for fault in self.plan.faults if fault.kind in ("killed", "locked")]
        self._due: list[soak_plan.Fault] = []
        self._lock = threading.Lock()

    def run(self, environment: Mapping[str, str]) -> None:
        """Run monitors until one reaches the end of the plan."""
        while len(self.life.ended_badly) < 3:
            code = self._watched(environment)
            if code == 0:
                return
            if code != -signal.SIGKILL:
                self.life.ended_badly.append(code)

    def _watched(self, environment: Mapping[str, str]) -> int:
        """Start a monitor, look at it until it ends, and return how it ended; kill it where the plan says so."""
        self.life.samples.clear()
        command = [sys.executable, str(Path(__file__).with_name("soak_monitor.py")), str(self.folder), str(self.days)]
        with (
            (self.folder / "monitor.log").open("a") as log,
            subprocess.Popen(command, env=dict(environment), stderr=subprocess.PIPE, text=True) as monitor,
        ):
            # The log comes through a pipe: a full disk must not keep the monitor from saying so.
            copying = threading.Thread(target=lambda: log.writelines(monitor.stderr or ()))
            copying.start()
            while monitor.poll() is None:
                time.sleep(LOOK)
                self._look(monitor.pid)
                self._act(monitor)
            copying.join()
            return monitor.returncode

    def _look(self, pid: int) -> None:
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            files = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
        except (FileNotFoundError, ProcessLookupError, IndexError):
            return  # it ended between two looks
        self.life.samples.append(Sample(self.clock.seconds, pages * os.sysconf("SC_PAGESIZE"), files))

    def _asked(self, now: float) -> None:
        """Take up what the plan holds for the machine while a page is being asked for: then the monitor is at work."""
        with self._lock:
            while self._home and self._home[0].at <= now:
                self._due.append(self._home.pop(0))

    def _act(self, monitor: subprocess.Popen[str]) -> None:
        with self._lock:
            due, self._due = self._due, []
        for fault in due:
            if fault.kind == "killed":
                time.sleep(self._chance.uniform(0, 0.1))
                monitor.kill()
                monitor.wait()
                self.life.kills += 1
            else:
                self._hold_database()

    def _hold_database(self) -> None:
        """Write to the database for some time as another program would; the first time longer than the store waits."""
        long = self.life.locks == 0 and self.days > 10
        with closing(sqlite3.connect(self.folder / "state/monitor.db", timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(LONG_LOCK_SECONDS if long else LOCK_SECONDS)
            other.rollback()
        self.life.locks += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What readers got in the end."""

    by_change: Counter[str]
    invented: tuple[str, ...]
    waiting: Counter[str]
    in_feed: Counter[str]
    on_site: Counter[str]
    mails: Counter[str]
    lost_answers: int
    damages: tuple[str, ...]
    checks: int


def told(soak: Soak, outside: World) -> Told:
    """Return what was told of each planted change, by the sentence that was planted."""
    public = outside.desk.alerts(AlertState.PUBLISHED, AlertState.CORRECTED)
    on_desk = outside.desk.alerts(AlertState.HELD, AlertState.PENDING)
    of = {alert.id: _planted(alert, soak.plan) for alert in public}
    posts = [post for post in outside.outbox.posts() if of.get(post.alert)]
    entries = feedparser.parse((soak.folder / "public/feeds/all.atom").read_bytes()).entries
    changes = {path.parent.name for path in (soak.folder / "public/changes").glob("*/index.html")}
    return Told(
        by_change=Counter(filter(None, of.values())),
        invented=tuple(f"{alert.page}: {alert.title}" for alert in public if not of[alert.id]),
        waiting=Counter(filter(None, (_planted(alert, soak.plan) for alert in on_desk))),
        in_feed=Counter(
            sentence for entry in entries for alert, sentence in of.items() if alert in entry.id and sentence
        ),
        on_site=Counter(sentence for alert, sentence in of.items() if alert in changes and sentence),
        mails=Counter(of[post.alert] for post in posts if post.state is PostState.ACCEPTED),
        lost_answers=sum(post.state is PostState.UNKNOWN for post in posts),
        damages=tuple(outside.evidence.verify()),
        checks=sum(len(outside.journal.checks(page.id, newest=100_000)) for page in outside.watchlist.pages),
    )


def _planted(alert: Alert, planned: soak_plan.Plan) -> str:
    """Return the planted sentence that an alert is about, or an empty text."""
    after = " ".join(quote.after for quote in alert.quotes)
    before = " ".join(quote.before for quote in alert.quotes)
    pages = [each for each in planned.changes if f"lamp-{each.page}" == alert.page]
    return next((each.sentence for each in pages if each.sentence in after and each.sentence not in before), "")


@dataclass(frozen=True, slots=True)
class Flatness:
    """Memory (MB) and open files in the second third of the last process's life and in its last third."""

    days: float
    mb: tuple[float, float]
    files: tuple[float, float]

    @property
    def memory_grows(self) -> bool:
        """Say whether memory grew beyond the allocator's noise."""
        middle, last = self.mb
        return last - middle > max(LEAST_GROWTH_MB, MOST_GROWTH * middle)

    @property
    def files_leak(self) -> bool:
        """Say whether more files are open than before."""
        return self.files[1] > self.files[0] + 1


def flatness(samples: list[Sample]) -> Flatness:
    """Return what the last process held; its first third is its warm-up."""
    first, last = samples[0].at, samples[-1].at
    third = (last - first) / 3
    middle = [each for each in samples if first + third <= each.at < first + 2 * third]
    end = [each for each in samples if first + 2 * third <= each.at]
    return Flatness(
        days=third / soak_plan.DAY,
        mb=(median(each.resident for each in middle) / MB, median(each.resident for each in end) / MB),
        files=(median(each.files for each in middle), median(each.files for each in end)),
    )


def environment(folder: Path) -> dict[str, str]:
    """Return the variables of the soaked installation and of the interpreter, and no other setting."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPTOUT_")}
    return kept | {
        "OPTOUT_DATA": str(folder),
        "OPTOUT_ALLOW_LOOPBACK": "yes",
        "OPTOUT_DAILY_BUDGET": "1000000",
        "OPTOUT_DEADLINE": "1s",
        "OPTOUT_MAIL_DAILY_ALERTS": "1000",
        "OPTOUT_WEB": "no",
    }


def lines(soak: Soak, seen: Told, flat: Flatness) -> Iterator[tuple[str, object, bool]]:
    """Yield what is printed: a name, a figure, and whether it is as it must be."""
    planted = [change.sentence for change in soak.plan.changes]
    waiting = [each for each in planted if seen.by_change[each] == 0 and seen.waiting[each] == 1]
    twice = sum(count > 1 for count in seen.by_change.values())
    missed = sum(seen.by_change[each] == 0 for each in planted) - len(waiting)
    yield "planted changes", len(planted), bool(planted)
    yield "told once", sum(seen.by_change[each] == 1 for each in planted), True
    yield "came, went and came: waits for a maintainer", len(waiting), all(map(soak.plan.flapping, waiting))
    yield "told more than once", twice, twice == 0
    yield "missed", missed, missed == 0
    yield "invented", len(seen.invented), not seen.invented
    yield "pages on the site", seen.on_site.total(), seen.on_site == seen.by_change
    newest = min(FEED_ENTRIES, seen.by_change.total())
    yield "entries in the feed", seen.in_feed.total(), len(seen.in_feed) == seen.in_feed.total() == newest
    mailed = seen.mails.total() + seen.lost_answers
    yield (
        "mails sent, one reader",
        seen.mails.total(),
        mailed == len(planted) - len(waiting) and max(seen.mails.values()) == 1,
    )
    yield "mails whose answer a kill lost", seen.lost_answers, seen.lost_answers <= soak.life.kills
    yield "captures or ledger damaged", len(seen.damages), not seen.damages
    yield "checks written down", seen.checks, seen.checks > 0
    for kind, count in sorted(soak.site.given.items()):
        yield f"answers given: {kind}", count, True
    full = sum(fault.kind == "full-disk" for fault in soak.plan.faults)
    yield "times the disk was full (5 h each)", full, True
    yield "kills", soak.life.kills, True
    yield "times the database was locked", soak.life.locks, True
    yield "ended by itself", len(soak.life.ended_badly), not soak.life.ended_badly
    yield "memory, second third (MB)", f"{flat.mb[0]:.1f}", True
    yield "memory, last third (MB)", f"{flat.mb[1]:.1f}", not flat.memory_grows
    yield "slope (MB a day)", f"{(flat.mb[1] - flat.mb[0]) / flat.days:.2f}", True
    yield "open files and sockets, second and last third", f"{flat.files[0]:g}, {flat.files[1]:g}", not flat.files_leak


def soaked(folder: Path, days: float) -> bool:
    """Run the soak, print its table, and say whether all is as it must be."""
    soak, variables, started = Soak(folder, days), environment(folder), time.monotonic()
    with served(soak.site) as address:
        (folder / "watchlist.yaml").write_text(soak_plan.watchlist(address), encoding="utf-8")
        read = settings_from(variables)
        with world(read, clock=soak.clock, sleep=soak.clock.sleep) as outside:
            consent = Consent(source="soak", wording="soak", asked=outside.now(), confirmed=outside.now())
            subscribe.add(outside, "ada@example.org", consent, token)
        soak.run(variables)
        with world(read, clock=soak.clock, sleep=soak.clock.sleep) as outside:
            seen = told(soak, outside)
    shown = list(lines(soak, seen, flatness(soak.life.samples)))
    print(f"{days:g} days in {time.monotonic() - started:.0f} s")
    for name, figure, well in shown:
        print(f"{name:48s} {figure!s:>12s}{'' if well else '   WRONG'}")
    for line in (*seen.invented, *seen.damages):
        print(f"  {line}")
    for change in soak.plan.changes:
        if seen.by_change[change.sentence] != 1:
            print(f"  lamp-{change.page} {soak_plan.moment(change.at):%m-%d %H:%M}: {change.sentence}")
    return all(well for _, _, well in shown)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=float, default=30, help="days that pass; at least 2")
    parser.add_argument("--keep", type=Path, help="new folder for all that the monitor keeps and logs")
    given = parser.parse_args()
    if given.days < 2:
        parser.error("--days: at least 2, so that what is planted can be seen, confirmed and told")
    if given.keep is not None:
        given.keep.mkdir(parents=True)
        return 0 if soaked(given.keep.resolve(), given.days) else 1
    with tempfile.TemporaryDirectory() as folder:
        return 0 if soaked(Path(folder), given.days) else 1


if __name__ == "__main__":
    sys.exit(main())
