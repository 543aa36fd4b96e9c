r"""Regular expression -> the letters that its matches hold, so that most sentences need not be searched at all.

A pattern such as `\btrain(?:s|ed)?\b|\breteach\w*` matches only where some word holds `train`, `trains`, `trained` or
`reteach`. Words are few and come again: which of them hold such letters is asked once, and a sentence is known by them.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined]  # how Python itself reads patterns; not documented
from typing import Any, TypeAlias

# A pattern as Python's parser gives it: operations with their arguments, of many shapes.
_Parsed: TypeAlias = Iterable[tuple[object, Any]]

_LETTERS = re.compile(r"[^\W\d_]+", re.UNICODE)
_MOST = 64  # ways to begin that are told apart


@lru_cache(maxsize=2)  # asked for the language of a sentence, then for its cues
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in order, letters only."""
    return tuple(_LETTERS.findall(text))


def letters_of(pattern: re.Pattern[str]) -> frozenset[str]:
    """Return runs of letters of which every match holds at least one within a word; empty when none can be told."""
    if pattern.flags & re.IGNORECASE:
        return frozenset()
    needed = _needed(_parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    return frozenset(needed or ())


def _needed(parsed: _Parsed) -> frozenset[str]:
    """Return the rarest of what must stand in a row of operations: that with the longest shortest run."""
    found: list[frozenset[str]] = []
    written = [""]
    for operation, argument in parsed:
        ways = _written(operation, argument)
        if ways and len(written) * len(ways) <= _MOST:
            written = [before + after for before in written for after in ways]
            continue
        found += [_within_words(written), frozenset() if ways else _of(operation, argument)]
        written = list(ways) or [""]
    found.append(_within_words(written))
    return max(found, key=_telling)


def _written(operation: object, argument: Any) -> Sequence[str]:
    """Return all that an operation can match, when that is few strings; nothing when it is not."""
    match operation:
        case _constants.AT | _constants.ASSERT_NOT:
            return [""]
        case _constants.LITERAL:
            return [chr(argument)]
        case _constants.IN if all(one is _constants.LITERAL for one, _ in argument):
            return [chr(code) for _, code in argument]
        case _constants.SUBPATTERN if not argument[1]:  # else another case counts as the same within it
            return _all_written(argument[-1])
        case _constants.BRANCH:
            each = [_all_written(way) for way in argument[1]]
            return [one for ways in each for one in ways] if all(each) and sum(map(len, each)) <= _MOST else []
        case _constants.MAX_REPEAT | _constants.MIN_REPEAT if argument[:2] == (0, 1):
            once = _all_written(argument[2])
            return ["", *once] if once else []
        case _:
            return []


def _all_written(parsed: _Parsed) -> Sequence[str]:
    written = [""]
    for operation, argument in parsed:
        ways = _written(operation, argument)
        written = [before + after for before in written for after in ways]
        if not 0 < len(written) <= _MOST:
            return []
    return written


def _of(operation: object, argument: Any) -> frozenset[str]:
    """Return what must stand in an operation that can match more than can be listed."""
    match operation:
        case _constants.SUBPATTERN if not argument[1]:
            return _needed(argument[-1])
        case _constants.BRANCH:
            each = [_needed(way) for way in argument[1]]
            return frozenset().union(*each) if all(each) else frozenset()
        case _constants.MAX_REPEAT | _constants.MIN_REPEAT if argument[0]:
            return _needed(argument[2])
        case _:
            return frozenset()


def _within_words(written: Iterable[str]) -> frozenset[str]:
    """Return the longest run of letters of each string; nothing when one has none."""
    runs = [max(_LETTERS.findall(one), key=len, default="") for one in written]
    return frozenset(runs) if all(runs) else frozenset()


def _telling(runs: frozenset[str]) -> tuple[int, int]:
    """Return a rank: the longer the shortest run the better, then the fewer of them."""
    return min(map(len, runs), default=0), -len(runs)
