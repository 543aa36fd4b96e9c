"""Scores each labelled recording with what the other recordings alone would have taught.

    python bench/leave_one_out.py RECORDING...

Rules that were written while looking at a page can know that page. Two cross-checks, for every recording in turn:

*Numbers*: each number that verdicts rest on is set to the value that scores best on the other recordings (of several
equally good ones the middle one, whatever is in use today), and the recording is scored with all of them.

*Cues*: every alternative of every strong and weak pattern of the lexicon is taken out in turn. What only this
recording misses when it is gone, no other recording would have asked for; the recording is scored without all of that.
This is harsher than fair: what came from knowing the language and not from the page is taken away too.

Takes about 20 CPU minutes. It prints scores and has no floors.
"""

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from quality import compared, labelled, row

from monitor.fetch.recorded import read_recording
from monitor.optout.lexicon import Cue, Lexicons, Strength
from monitor.pipeline.replay import replay
from monitor.wiring import lexicons

# Where a number stands, and the values tried, in order.
NUMBERS: Mapping[str, Sequence[float]] = {
    "optout.weights.LISTED_UNDER_STRONG": (1.0, 1.5, 3.0),
    "optout.weights.UNDER_STRONG": (0.5, 1.0, 1.5, 3.0),
    "optout.weights.LINK_BESIDE_THE_WAY": (0.5, 1.0, 1.5, 3.0),
    "optout.weights.ON_A_PAGE_ABOUT_IT": (0.5, 1.0, 1.5, 3.0),
    "optout.weights.NOTES_AT_MOST": (0.5, 2.0, 3.0),
    "assess.decide.OTHER_DOCUMENT": (0.05, 0.1, 0.2, 0.3),
    "assess.memory.NEARER": (0.0, 0.05, 0.15),
    "assess.memory.BACK": (0.3, 0.5, 0.7),
    "assess.memory.HOLDS": (0.3, 0.5, 0.7),
    "compare.pairs.ALIKE": (0.35, 0.5, 0.65),
    "compare.pairs.ALIKE_IN_PLACE": (0.25, 0.34, 0.5),
    "compare.marks.NEAR_HEADINGS": (2, 3, 5),
    "compare.known.GROUP_BLOCKS": (3, 5, 8, 12),
    "compare.known.GROUP_SHARE": (0.06, 0.12, 0.2),
    "compare.known.GROUP_REPLACED": (0.2, 0.34, 0.5),
    "compare.known.GROUP_GROWTH": (0.3, 0.5, 0.8),
    "optout.meaning._TYPO": (0.7, 0.8, 0.9),
    "optout.sentences._SAME": (0.2, 0.3, 0.45),
}


@dataclass(frozen=True)
class Variant:
    """One way of judging: numbers by place, and alternatives left out of patterns: (cue, pattern, alternative)."""

    numbers: tuple[tuple[str, float], ...] = ()
    without: tuple[tuple[str, int, int], ...] = ()


def alternatives(pattern: str) -> list[str]:
    """Return what stands between the bars of a pattern that are in no bracket."""
    parts, depth, at, escaped, listed = [""], 0, 0, False, False
    for at, letter in enumerate(pattern):
        if escaped or letter == "\\":
            escaped = not escaped
        elif listed:
            listed = letter != "]"
        elif letter == "[":
            listed = True
        else:
            depth += (letter == "(") - (letter == ")")
            if letter == "|" and not depth:
                parts.append("")
                continue
        parts[-1] += pattern[at]
    return parts


def places(cue: Cue) -> Iterator[tuple[str, int, int]]:
    """Yield every alternative of a cue."""
    for number, pattern in enumerate(cue.all):
        yield from ((cue.id, number, choice) for choice in range(len(alternatives(pattern.pattern))))


def thinned(words: Lexicons, without: Sequence[tuple[str, int, int]]) -> Lexicons:
    """Return the lexicons with these alternatives of English left out; a pattern with none left is never found."""
    gone = defaultdict(set)
    for cue, pattern, choice in without:
        gone[cue, pattern].add(choice)
    english = words["en"]
    cues = tuple(
        replace(cue, all=tuple(_thin(cue, n, gone[cue.id, n]) for n in range(len(cue.all)))) for cue in english.cues
    )
    digest = english.digest + repr(sorted(without))
    fewer = replace(english, digest=digest)
    vars(fewer)["cues"] = cues  # in the place of those that the property would compile
    return {**words, "en": fewer}


def _thin(cue: Cue, number: int, gone: set[int]) -> re.Pattern[str]:
    pattern = cue.all[number]
    left = [part for choice, part in enumerate(alternatives(pattern.pattern)) if choice not in gone]
    return re.compile("|".join(left) if left else r"(?!)") if gone else pattern


def scores(recording: Path, variants: Sequence[Variant]) -> list[Counter[str]]:
    """Return the counts of one recording for each way of judging it."""
    page, captures = read_recording(recording)
    kept, truths, words = list(captures), labelled(recording), lexicons()
    found = []
    for variant in variants:
        before = {place: _set(place, value) for place, value in variant.numbers}
        lines = replay(page, iter(kept), thinned(words, variant.without) if variant.without else words)
        found.append(compared(recording.name, truths, lines)[0])
        for place, value in before.items():
            _set(place, value)
    return found


def _set(place: str, value: float) -> float:
    module, name = place.rsplit(".", 1)
    there = import_module(f"monitor.{module}")
    before: float = getattr(there, name)
    setattr(there, name, value)
    return before


def penalty(counts: Counter[str]) -> float:
    """Return how bad a score is: an alert missed or a false alarm told weighs ten lines of the digest."""
    missed = counts["alerts"] - counts["found"]
    wrong = counts["told"] - counts["right"] - counts["half"] / 2
    digests = counts["digests"] - counts["digests_found"]
    return 10 * missed + 10 * counts["false_told"] + 2 * wrong + counts["false_held"] + digests


def chosen(
    held_out: Path, tried: Mapping[str, Mapping[float, Mapping[Path, Counter[str]]]]
) -> tuple[tuple[str, float], ...]:
    """Return the numbers that the other recordings choose."""
    answer = []
    for place, by_value in tried.items():
        cost = {
            value: sum(penalty(counts) for path, counts in by_path.items() if path != held_out)
            for value, by_path in by_value.items()
        }
        best = [value for value in cost if cost[value] == min(cost.values())]
        answer.append((place, best[len(best) // 2]))
    return tuple(answer)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", nargs="+", type=Path)
    recordings = [path for path in parser.parse_args().recordings if (path / "truth.jsonl").exists()]
    numbers = [Variant(numbers=((place, value),)) for place, values in NUMBERS.items() for value in values]
    spoken = [cue for cue in lexicons()["en"].cues if cue.strength is not Strength.ASPECT]
    cues = [Variant(without=(place,)) for cue in spoken for place in places(cue)]
    variants = [Variant(), *numbers, *cues]
    with ProcessPoolExecutor() as pool:
        found = dict(zip(recordings, pool.map(scores, recordings, [variants] * len(recordings)), strict=True))
        held_out = {path: _lessons(path, found, numbers, cues) for path in recordings}
        outcomes = pool.map(scores, recordings, held_out.values())
        for path, (by_numbers, by_cues) in zip(recordings, outcomes, strict=True):
            _print(path, found[path][0], (by_numbers, by_cues), held_out[path])


def _lessons(
    path: Path, found: Mapping[Path, list[Counter[str]]], numbers: list[Variant], cues: list[Variant]
) -> tuple[Variant, Variant]:
    """Return the two ways of judging one recording by what the others teach."""
    tried: dict[str, dict[float, dict[Path, Counter[str]]]] = defaultdict(lambda: defaultdict(dict))
    for number, variant in enumerate(numbers, start=1):
        ((place, value),) = variant.numbers
        for one, counts in found.items():
            tried[place][value][one] = counts[number]
    only_here: list[tuple[str, int, int]] = []
    for number, variant in enumerate(cues, start=1 + len(numbers)):
        harmed = {one for one, counts in found.items() if penalty(counts[number]) > penalty(counts[0])}
        if harmed == {path}:
            only_here += variant.without
    return Variant(numbers=chosen(path, tried)), Variant(without=tuple(only_here))


def _print(
    path: Path, today: Counter[str], scored: tuple[Counter[str], Counter[str]], lessons: tuple[Variant, Variant]
) -> None:
    print(row(path.name, today))
    print(row("  numbers of the others", scored[0]))
    print(*(f"      {place} {value:g}" for place, value in lessons[0].numbers if not _in_use(place, value)), sep="\n")
    print(row("  without cues only it asks for", scored[1]))
    print(
        *(
            f"      {cue}, pattern {pattern + 1}, alternative {choice + 1}"
            for cue, pattern, choice in lessons[1].without
        ),
        sep="\n",
    )


def _in_use(place: str, value: float) -> bool:
    module, name = place.rsplit(".", 1)
    return bool(getattr(import_module(f"monitor.{module}"), name) == value)


if __name__ == "__main__":
    main()
