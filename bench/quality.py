"""Scores the replay of labelled recordings and holds the score to pinned floors.

    python bench/quality.py RECORDING... [--floors bench/floors.toml] [--aspects] [-v]

RECORDING is a folder with recording.json and truth.jsonl (one labelled line per capture after the first). A change
is *told* when it is an alert that is not held, *found* when it is an alert at all. Recall counts found alerts;
precision counts told ones (one that the truth calls a digest is half right). A false alarm is an alert where the
truth says noise, flap or capture. Labels on which reasonable readers differ (`accept`) are left out when the answer
is one of theirs.
Exits 1 below a floor; floors may only rise.
"""

import argparse
import json
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from monitor.fetch.recorded import read_recording
from monitor.model.verdict import Level
from monitor.pipeline.replay import Line, replay
from monitor.wiring import lexicons

QUIET = {"first", "same", "noise", "flap", "capture"}


def labelled(recording: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (recording / "truth.jsonl").read_text().splitlines() if line.strip()]


def scored(recording: Path) -> tuple[Counter[str], dict[str, Counter[str]], list[str]]:
    """Return the counts of one recording, those per aspect, and a line for each mistake."""
    page, captures = read_recording(recording)
    return compared(recording.name, labelled(recording), replay(page, captures, lexicons()))


def compared(
    name: str, truths: list[dict[str, Any]], replayed: Iterable[Line]
) -> tuple[Counter[str], dict[str, Counter[str]], list[str]]:
    """Return the counts of a replay held beside its labels, those per aspect, and a line for each mistake."""
    lines = {line.index: line for line in replayed}
    counts: Counter[str] = Counter(captures=len(lines))
    aspects: dict[str, Counter[str]] = defaultdict(Counter[str])
    mistakes: list[str] = []
    for truth in truths:
        line = lines[truth["index"]]
        level = line.verdict.level.value
        if truth["level"] == "alert" and level == "alert":
            _count_aspects(aspects, set(truth["aspects"]), {aspect.value for aspect in line.verdict.aspects})
        if level not in truth.get("accept", ()):
            counts += _counted(truth, line)
        if mistake := _mistake(name, truth, line):
            mistakes.append(mistake)
    return counts, aspects, mistakes


def _counted(truth: dict[str, Any], line: Line) -> Counter[str]:
    alert, held = line.verdict.level is Level.ALERT, line.verdict.held
    told = alert and not held
    false = alert and truth["level"] == "none" and truth["kind"] in QUIET
    return Counter(
        alerts=truth["level"] == "alert",
        found=truth["level"] == "alert" and alert,
        told=told,
        right=told and truth["level"] == "alert",
        half=told and truth["level"] == "digest",
        false_told=false and told,
        false_held=false and held,
        digests=truth["level"] == "digest",
        digests_found=truth["level"] == "digest" and line.verdict.relevant,
    )


def _count_aspects(aspects: dict[str, Counter[str]], wanted: set[str], found: set[str]) -> None:
    for aspect in wanted | found:
        aspects[aspect].update(wanted=aspect in wanted, found=aspect in found, right=aspect in wanted & found)


def _mistake(name: str, truth: dict[str, Any], line: Line) -> str:
    level, want = line.verdict.level.value, truth["level"]
    if level == want or level in truth.get("accept", ()):
        return ""
    held = " held" if line.verdict.held else ""
    labelled_as, got = f"{truth['kind']}/{want}", f"{line.verdict.kind.value}/{level}{held}"
    what = f"{line.verdict.title} | {truth['what'][:110]}"
    return f"{name[:24]} #{truth['index']} is {labelled_as}, got {got}: {what}"


def measures(counts: Counter[str]) -> dict[str, float]:
    """Return the figures that floors are pinned on."""
    return {
        "recall": counts["found"] / counts["alerts"] if counts["alerts"] else 1.0,
        "precision": (counts["right"] + counts["half"] / 2) / counts["told"] if counts["told"] else 1.0,
        "false_told": counts["false_told"],
        "false_held": counts["false_held"],
        "digest_recall": counts["digests_found"] / counts["digests"] if counts["digests"] else 1.0,
    }


def row(name: str, counts: Counter[str]) -> str:
    score = measures(counts)
    return (
        f"{name:42.42s} {counts['captures']:5d} captures  recall {counts['found']:2d}/{counts['alerts']:2d}"
        f" {score['recall']:.2f}  told {counts['told']:3d} precision {score['precision']:.2f}"
        f"  false told {counts['false_told']} held {counts['false_held']}"
        f"  digest {counts['digests_found']}/{counts['digests']} {score['digest_recall']:.2f}"
    )


def below(score: dict[str, float], floors: dict[str, float]) -> list[str]:
    """Return a sentence for each floor that is not reached; counts of false alarms are ceilings."""
    return [
        f"{name} is {score[name]:.3f}, pinned at {floor:.3f}"
        for name, floor in floors.items()
        if (score[name] > floor if name.startswith("false") else score[name] < floor)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", nargs="+", type=Path)
    parser.add_argument("--floors", type=Path)
    parser.add_argument("--aspects", action="store_true", help="precision and recall of each aspect")
    parser.add_argument("-v", "--verbose", action="store_true", help="every mistake")
    given = parser.parse_args()
    total: Counter[str] = Counter()
    aspects: dict[str, Counter[str]] = defaultdict(Counter[str])
    recordings = [path for path in given.recordings if (path / "truth.jsonl").exists()]
    if not recordings:
        print("quality: none of these folders holds a truth.jsonl", file=sys.stderr)
        return 2
    with ProcessPoolExecutor() as pool:
        for path, (counts, of_aspects, mistakes) in zip(recordings, pool.map(scored, recordings), strict=True):
            print(row(path.name, counts))
            if given.verbose:
                print(*(f"    {mistake}" for mistake in mistakes), sep="\n")
            total += counts
            for aspect, more in of_aspects.items():
                aspects[aspect] += more
    print(row("all", total))
    if given.aspects:
        _print_aspects(aspects)
    failed = below(measures(total), tomllib.loads(given.floors.read_text())["all"]) if given.floors else []
    print(*(f"below the floor: {line}" for line in failed), sep="\n")
    return 1 if failed else 0


def _print_aspects(aspects: dict[str, Counter[str]]) -> None:
    for name, counts in sorted(aspects.items()):
        recall = counts["right"] / counts["wanted"] if counts["wanted"] else float("nan")
        precision = counts["right"] / counts["found"] if counts["found"] else float("nan")
        print(f"{name:20s} labelled {counts['wanted']:2d}  recall {recall:.2f}  precision {precision:.2f}")


if __name__ == "__main__":
    sys.exit(main())
