"""Spans of time as people write them in files: `90s`, `30m`, `12h`, `7d`, `2w`."""

import re
from datetime import timedelta

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_SPAN = re.compile(r"(\d{1,6})\s*([smhdw])")


def span_of(text: str) -> timedelta | None:
    """Return the span that a text like `12h` names, or None when it names none."""
    match = _SPAN.fullmatch(text.strip())
    return int(match[1]) * _UNITS[match[2]] if match else None


def span_text(span: timedelta) -> str:
    """Return a span in its largest whole unit, such as `12h`; parts of a second are dropped."""
    for unit, size in reversed(_UNITS.items()):
        if span % size == timedelta(0) and span >= size:
            return f"{span // size}{unit}"
    return f"{span // _UNITS['s']}s"
