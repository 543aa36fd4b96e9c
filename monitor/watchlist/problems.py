"""What the schema refuses, told to people: one entry in, the typed entry and each problem with its place out."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import NamedTuple, TypeVar

import msgspec

from monitor.model.page import PageKind, Publication
from monitor.watchlist.entries import (
    DefaultsEntry,
    EditionEntry,
    FeedEntry,
    PageEntry,
    PresentEntry,
    PublishEntry,
    RecipeEntry,
    RobotsEntry,
    Strict,
)

T = TypeVar("T", bound=Strict)

# What stands for a required key that was wrong, so that the rest of its entry is checked all the same.
_STAND_INS: Mapping[str, str] = {"kind": PageKind.POLICY, "title": "-", "name": "-"}

_INSIDE: Mapping[str, type[Strict]] = {
    "defaults": DefaultsEntry,
    "editions": EditionEntry,
    "feeds": FeedEntry,
    "pages": PageEntry,
    "present": PresentEntry,
    "publish": PublishEntry,
    "recipe": RecipeEntry,
    "robots": RobotsEntry,
}
_PLAIN = (
    ("`array`", "a list"),
    ("`object`", "a table of keys"),
    ("`str`", "text"),
    ("`int`", "a whole number"),
    ("`float`", "a number"),
    ("`bool`", "yes or no"),
    ("`null`", "nothing"),
)
# Where a type alone would not help, the sentence is ours.
_WANTED: Mapping[str, str] = {
    "select": "expected a list of CSS selectors",
    "drop": "expected a list of CSS selectors",
    "selectors": "expected a list of CSS selectors",
    "also": "expected a list of names",
    "phrases": "expected a list of texts of at least two letters",
    "every": "expected a span such as 30m, 6h, 1d",
    "id": "expected lower-case letters, digits and single hyphens",
    "service": "expected the id of a service",
    "proxy": "expected the name of a proxy in the settings",
    "region": "expected two lower-case letters such as de or eu, or three digits",
    "language": "expected a language tag such as en or pt-BR",
    "kind": f"expected one of {', '.join(PageKind)}",
    "alert": f"expected {' or '.join(Publication)}",
    "digest": f"expected {' or '.join(Publication)}",
    "fetcher": "expected plain, browser, auto or archive",
    "robots": "expected obey, or a table with ignore and the reason why",
    "ignore": "expected the reason why, in at least 20 letters",
    "hosts": "expected a list of host names such as help.example.com or *.example.com",
}


class Problem(NamedTuple):
    """What is wrong at a place such as `pages[3].recipe.select`."""

    path: str
    sentence: str


def converted(kind: type[T], keys: object, path: str, problems: list[Problem]) -> T | None:
    """Return the entry that these keys make, or None when what is left of them makes none.

    The first wrong key is noted and struck out, then the rest is read again, so that every problem is told.
    """
    struck: set[str] = set()
    left = dict(keys) if isinstance(keys, dict) else keys
    while True:
        try:
            return msgspec.convert(left, kind)
        except msgspec.ValidationError as error:
            key = _noted(error, kind, path, problems, struck)
            if not isinstance(left, dict) or key in struck or not (key in left or key in _STAND_INS):
                return None
            struck.add(key)
            left.pop(key, None)
            left.update({key: _STAND_INS[key]} if key in _STAND_INS else {})


def nearest(name: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    """Return ` (did you mean ...?)` for the known name that is most like this one, or nothing when none is."""
    near = get_close_matches(name, tuple(known), n=1, cutoff=0.5)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _noted(
    error: msgspec.ValidationError, kind: type[Strict], path: str, problems: list[Problem], struck: set[str]
) -> str:
    """Note a problem; return the key of the entry to strike out, or nothing when it lies under none."""
    raw, _, below = str(error).partition(" - at `$")
    below = below.rstrip("`")
    unknown = re.search(r"unknown field `(.*)`", raw)
    missing = re.search(r"missing required field `(.*)`", raw)
    first = re.match(r"\.?([^.\[]+)", below)
    key = next((match[1] for match in (first, unknown, missing) if match), "")
    if missing and not below and missing[1] in struck:
        return ""
    problems.append(Problem(_joined(path, below, unknown), _sentence(raw, kind, below)))
    return key


def _joined(path: str, below: str, unknown: re.Match[str] | None) -> str:
    joined = (path + below).lstrip(".")
    return f"{joined}.{unknown[1]}".lstrip(".") if unknown else joined


def _sentence(raw: str, kind: type[Strict], below: str) -> str:
    unknown = re.search(r"unknown field `(.*)`", raw)
    if unknown:
        names = re.findall(r"[a-z_]+", below)
        inside = next((_INSIDE[name] for name in reversed(names) if name in _INSIDE), kind)
        known = tuple(field.name for field in msgspec.structs.fields(inside))
        return f"unknown key{nearest(unknown[1], known)}; known here: {', '.join(known)}"
    missing = re.search(r"missing required field `(.*)`", raw)
    if missing:
        return f"the key {missing[1]!r} is missing"
    last = re.findall(r"[a-z_]+", below)
    wanted = _WANTED.get(last[-1], "") if last else ""
    return wanted or _plainly(raw)


def _plainly(raw: str) -> str:
    for word, plain in _PLAIN:
        raw = raw.replace(word, plain)
    return raw[:1].lower() + raw[1:].replace("`", "'")
