"""Measures what a check costs beside parsing the page and taking its text, in CPU time and as ratios of one run.

    python bench/speed.py [--smoke]

The page is the printable policy of the development corpus (375 KB of HTML), found in the folder that SHARED
names or in `shared` beside the checkout; without it the bench says so and ends, with REQUIRE_SHARED=1 as a failure.
Every process walks through the recording, or starts with nothing but the stored history; each capture is checked once,
so that no figure profits from having read it before, and the page is parsed beside each check. `--smoke` runs few
repeats and exits 1 when a ratio is above its ceiling in bench/floors-speed.toml.
"""

import argparse
import gc
import importlib.util
import json
import os
import pickle
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from html import escape
from itertools import count, islice
from pathlib import Path
from statistics import median
from typing import TypeVar

from selectolax.lexbor import LexborHTMLParser

from monitor.assess import alerts_of, assess, rules
from monitor.codec import encode
from monitor.extract import extract
from monitor.fetch.recorded import read_recording
from monitor.model.alert import Alert, AlertState
from monitor.model.capture import Capture
from monitor.model.finding import Finding, History
from monitor.model.page import Page, Watchlist
from monitor.model.verdict import Kind, Quote
from monitor.pipeline.replay import replay
from monitor.ports import Published
from monitor.publish.feeds import FORMATS, FeedPublisher
from monitor.publish.files import replaced
from monitor.render import atom
from monitor.render.entry import Entry, entry_of
from monitor.render.feeds import NEWEST
from monitor.render.place import Place
from monitor.wiring import lexicons

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
RECORDING = "meta-privacy-policy-printable"
CEILINGS = Path(__file__).with_name("floors-speed.toml")
UNCHANGED = 20  # differs from the capture before it in tokens alone
ONE_ENTRY, REVISION = 22, 30  # a list entry that left; a revision of 340 lines with the links that moved
ALERTS, MANY_ALERTS = 1_000, 10_000
PARSES = 15
SHM = "/dev/shm"
FEEDS = 5  # that an alert of the recording stands in
FEEDS_BYTES = 700_000_000  # the feeds of ten thousand alerts
QUOTED = re.compile("<blockquote[^>]*>(.*?)</blockquote>", re.DOTALL)
WORD = re.compile(r"\w+|\W")


def recording() -> Path | None:
    folder = Path(os.environ.get("SHARED", ROOT.parent / "shared")) / "corpus"
    return next(iter(sorted(folder.glob(f"{RECORDING}*"))), None)


def captures_of(path: Path) -> tuple[Page, list[Capture]]:
    page, captures = read_recording(path)
    return page, list(captures)


def cpu(act: Callable[[], object]) -> float:
    """Return the CPU seconds of one call, begun with an empty nursery."""
    return timed(act)[1]


def timed(act: Callable[[], T]) -> tuple[T, float]:
    """Return what a call gave and its CPU seconds."""
    gc.collect()
    started = time.process_time()
    answer = act()
    return answer, time.process_time() - started


def parsing(body: bytes) -> float:
    """Return the CPU seconds of parsing a page and taking its text, once."""
    return cpu(lambda: _text(body))


def _text(body: bytes) -> str:
    read = LexborHTMLParser(body).body
    return read.text() if read is not None else ""


# What a child process measures: each prints one line of JSON.


def measured_walk(path: Path) -> dict[str, float]:
    """Return ratios of single checks in a process that goes through the page's past, as a running monitor does."""
    page, captures = captures_of(path)
    history, words = History(rules=rules(page, lexicons())), lexicons()
    parses, checks, quiet = [], [], []
    for capture in captures:
        parses.append(parsing(capture.body))
        finding, spent = timed(lambda: assess(page, history, capture, words))  # noqa: B023  called at once
        checks.append(spent)
        history = finding.history
        if finding.verdict.kind is Kind.NOISE:
            quiet.append(spent)
    base = median(parses)
    return {
        "parse_ms": base * 1000,
        "unchanged": median(quiet) / base,
        "changed_entry": checks[ONE_ENTRY] / base,
        "changed_revision": checks[REVISION] / base,
    }


def measured_fresh(path: Path, index: int, stored: Path) -> dict[str, float]:
    """Return ratios of one capture in a process that holds nothing but the stored history, as one started by cron."""
    page, captures = captures_of(path)
    words = lexicons()
    history = pickle.loads(stored.read_bytes())
    base = median(parsing(captures[index].body) for _ in range(PARSES))
    check = cpu(lambda: assess(page, history, captures[index], words)) / base
    return {"check": check}


def measured_reading(path: Path, index: int) -> dict[str, float]:
    """Return what parsing costs with each parser that is here, and reading the page as a first page of a process."""
    page, captures = captures_of(path)
    body = captures[index].body
    base = median(parsing(body) for _ in range(PARSES))
    found = {"extract_first": cpu(lambda: extract(captures[index], page.recipe)) / base}
    if importlib.util.find_spec("lxml") is not None:
        from lxml import html  # type: ignore[import-untyped]  # tried for the record, not a dependency

        found["lxml"] = median(cpu(lambda: html.fromstring(body).text_content()) for _ in range(PARSES)) / base
    return found


def measured_feeds(path: Path, number: int, *, alike: bool = False) -> dict[str, float]:
    """Return what the feeds of many alerts cost to build from nothing, and again when one more was published.

    It takes seconds, in which a shared machine changes its pace: the page is parsed before, between and after. The
    files lie in memory where there is room for them: what a disk takes of the CPU for `fsync` differs from run to run
    by more than all the rest.
    """
    page, captures = captures_of(path)
    alerts = sorted(islice(_alerts(page, captures, alike=alike), number), key=lambda alert: alert.raised)
    all_but_one, every = _published(page, alerts[:-1]), _published(page, alerts)
    with tempfile.TemporaryDirectory(dir=in_memory(FEEDS_BYTES)) as folder:
        publish = FeedPublisher(root=Path(folder), place=Place(base_url="https://monitor.example/"))
        parses, before = [parsing(captures[0].body) for _ in range(PARSES)], peak_mb()
        seconds = cpu(lambda: publish(all_but_one))
        grown = peak_mb() - before
        parses += [parsing(captures[0].body) for _ in range(PARSES)]
        one_more = cpu(lambda: publish(every))
        parses += [parsing(captures[0].body) for _ in range(PARSES)]
    base, found = median(parses), {"feeds_s": seconds, "one_more_s": one_more, "feeds_mb": grown}
    return found | {"feeds": seconds / base, "one_more": one_more / base}


def measured_least(path: Path, number: int) -> dict[str, float]:
    """Return the CPU seconds of what feeds of many alerts cannot do without, from nothing and with nothing round it.

    The words of every quote that an entry shows are found once, its texts are escaped once for the XML formats and
    encoded once for JSON, and as many bytes are written as the five feeds have in three formats.
    """
    page, captures = captures_of(path)
    place = Place(base_url="https://monitor.example/")
    entries = [entry_of(alert, place) for alert in islice(_alerts(page, captures, alike=False), number)]
    quotes = [re.sub("<[^>]*>", "", quote) for entry in entries for quote in QUOTED.findall(entry.content)]
    documents = [
        b"\n".join(atom.item(entry, place) for entry in entries[first : first + NEWEST])
        for first in range(0, number, NEWEST)
    ]
    found = {
        "words_s": cpu(lambda: [WORD.findall(quote) for quote in quotes]),
        "xml_s": cpu(lambda: [escape(text, quote=False) for entry in entries for text in texts_of(entry)]),
        "json_s": cpu(lambda: [encode(texts_of(entry)) for entry in entries]),
        "write_s": writing(documents, in_memory(FEEDS_BYTES)),
    }
    return found | {"least_s": sum(found.values()), "write_disk_s": writing(documents, None)}


def texts_of(entry: Entry) -> tuple[str, str]:
    return entry.summary, entry.content


def writing(documents: list[bytes], folder: str | None) -> float:
    """Return the CPU seconds of writing documents once for each feed and format, as a publication does."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        paths = [Path(name) / str(number) for number in range(FEEDS * len(FORMATS))]
        for path in paths:
            path.mkdir()
        return cpu(lambda: [replaced(path / str(k), each) for path in paths for k, each in enumerate(documents)])


def peak_mb() -> float:
    """Return the most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_memory(size_bytes: int) -> str | None:
    """Return a folder in memory with room for so much, or None: the usual place."""
    return SHM if Path(SHM).is_dir() and shutil.disk_usage(SHM).free > 2 * size_bytes else None


def _published(page: Page, alerts: list[Alert]) -> Published:
    watched = Watchlist(pages=(page,))
    return Published(watchlist=watched, alerts=tuple(alerts), standings={}, versions=(), mail_is_sent=False)


def _alerts(page: Page, captures: list[Capture], *, alike: bool) -> Iterator[Alert]:
    """Yield the recording's own alerts over and over, without end, each time with other ids and moments.

    Unless they shall be alike, no two say the same words either, so that no figure profits from having met them before.
    """
    found = [alert for finding in _findings(page, captures) for alert in alerts_of(page, finding)]
    for number in count():
        alert = found[number % len(found)]
        at = alert.raised + timedelta(minutes=number)
        yield replace(
            alert,
            id=type(alert.id)(f"{number:020x}"),
            quotes=alert.quotes if alike else _numbered(alert.quotes, number),
            evidence=replace(alert.evidence, before_at=at - timedelta(hours=12), after_at=at),
            raised=at,
            published=at,
            updated=at,
            state=AlertState.PUBLISHED,
        )


def _numbered(quotes: tuple[Quote, ...], number: int) -> tuple[Quote, ...]:
    """Return quotes each of which ends in a number of its own, on the sides that are there."""
    return tuple(
        replace(
            quote,
            before=quote.before and f"{quote.before} {number}.{place}",
            after=quote.after and f"{quote.after} {number}.{place}",
        )
        for place, quote in enumerate(quotes)
    )


def _findings(page: Page, captures: list[Capture]) -> Iterator[Finding]:
    history, words = History(rules=rules(page, lexicons())), lexicons()
    for capture in captures:
        finding = assess(page, history, capture, words)
        history = finding.history
        yield finding


def measured_memory(path: Path, times: int) -> dict[str, float]:
    """Return the peak memory of replaying the recording, once or several times in a row as one long one."""
    page, _ = read_recording(path)
    captures = len(replay(page, _repeated(path, times), lexicons()))
    return {"peak_mb": peak_mb(), "captures": captures}


def _repeated(path: Path, times: int) -> Iterator[Capture]:
    for turn in range(times):
        for capture in read_recording(path).captures:
            yield replace(capture, at=capture.at + timedelta(days=400 * turn))


CHILDREN: dict[str, Callable[[Path, list[str]], dict[str, float]]] = {
    "walk": lambda path, _: measured_walk(path),
    "fresh": lambda path, rest: measured_fresh(path, int(rest[0]), Path(rest[1])),
    "reading": lambda path, rest: measured_reading(path, int(rest[0])),
    "feeds": lambda path, rest: measured_feeds(path, int(rest[0])),
    "feeds_alike": lambda path, rest: measured_feeds(path, int(rest[0]), alike=True),
    "feeds_least": lambda path, rest: measured_least(path, int(rest[0])),
    "memory": lambda path, rest: measured_memory(path, int(rest[0])),
}


def child(path: Path, what: str, *rest: object) -> dict[str, float]:
    """Return what a process of its own measures."""
    command = [sys.executable, __file__, "--child", what, str(path), *map(str, rest)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def several(repeats: int, path: Path, what: str, *rest: object) -> dict[str, float]:
    """Return the medians of several processes."""
    runs = [child(path, what, *rest) for _ in range(repeats)]
    return {name: median(run[name] for run in runs) for name in runs[0]}


def store_histories(path: Path, folder: Path, indexes: set[int]) -> dict[int, Path]:
    """Return files with what is remembered before each of these captures."""
    page, captures = captures_of(path)
    history, words, files = History(rules=rules(page, lexicons())), lexicons(), {}
    for index, capture in enumerate(captures[: max(indexes) + 1]):
        if index in indexes:
            files[index] = folder / f"{index}.history"
            files[index].write_bytes(pickle.dumps(history))
        history = assess(page, history, capture, words).history
    return files


def measures(path: Path, repeats: int) -> dict[str, float]:
    found = several(repeats, path, "walk")
    found |= several(min(repeats, 3), path, "reading", UNCHANGED)
    with tempfile.TemporaryDirectory() as folder:
        files = store_histories(path, Path(folder), {UNCHANGED, ONE_ENTRY})
        found["unchanged_fresh"] = several(min(repeats, 3), path, "fresh", UNCHANGED, files[UNCHANGED])["check"]
        found["changed_entry_fresh"] = several(min(repeats, 3), path, "fresh", ONE_ENTRY, files[ONE_ENTRY])["check"]
    found["feeds_1000"] = several(3, path, "feeds_alike", ALERTS)["feeds"]
    many = child(path, "feeds", MANY_ALERTS)
    found |= {"feeds_10000": many["feeds"], "feeds_10000_s": many["feeds_s"]}
    found |= {"feeds_one_more": many["one_more"], "feeds_one_more_s": many["one_more_s"]}
    found["feeds_mb"] = many["feeds_mb"]
    once, twice = child(path, "memory", 1), child(path, "memory", 2)
    found |= {"peak_mb_once": once["peak_mb"], "peak_mb_twice": twice["peak_mb"]}
    found["memory_growth"] = twice["peak_mb"] / once["peak_mb"]
    return found


LABELS = {
    "parse_ms": "parse and text, Lexbor (ms of CPU; 1 in all that follows)",
    "lxml": "parse and text, lxml",
    "extract_first": "read: capture to document, first page of a process",
    "unchanged": "check, nothing changed, running monitor",
    "changed_entry": "check, one list entry left, running monitor",
    "changed_revision": "check, a revision of 340 lines, running monitor",
    "unchanged_fresh": "check, nothing changed, process just started",
    "changed_entry_fresh": "check, one list entry left, process just started",
    "feeds_1000": "feeds of 1,000 alerts from nothing, six texts over and over",
    "feeds_10000": "feeds of 10,000 alerts from nothing, three formats",
    "feeds_10000_s": "feeds of 10,000 alerts from nothing (CPU s)",
    "feeds_one_more": "feeds of 10,000 alerts when one more was published",
    "feeds_one_more_s": "feeds of 10,000 alerts when one more was published (CPU s)",
    "feeds_mb": "feeds of 10,000 alerts from nothing, growth of the peak (MB)",
    "peak_mb_once": "peak memory, replay of 40 captures (MB)",
    "peak_mb_twice": "peak memory, replay of 80 captures (MB)",
    "memory_growth": "peak memory, 80 captures to 40",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="few repeats; only check the ceilings")
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        what, path, *rest = given.child
        print(json.dumps(CHILDREN[what](Path(path), rest)))
        return 0
    path = recording()
    if path is None:
        print(f"speed: no recording {RECORDING} beside the checkout or in SHARED", file=sys.stderr)
        return 1 if os.environ.get("REQUIRE_SHARED") == "1" else 0
    found = measures(path, 2 if given.smoke else 7)
    for name, value in found.items():
        print(f"{LABELS[name]:62s} {value:8.2f}")
    return above(found) if given.smoke else 0


def above(found: dict[str, float]) -> int:
    """Return 1 when a ratio is above its ceiling, and say which."""
    ceilings = tomllib.loads(CEILINGS.read_text())["ceilings"]
    failed = [
        f"{name} is {found[name]:.2f}, at most {most:.2f}" for name, most in ceilings.items() if found[name] > most
    ]
    print(*(f"above the ceiling: {line}" for line in failed), sep="\n", end="\n" if failed else "")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
