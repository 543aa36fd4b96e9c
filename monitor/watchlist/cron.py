"""Cron lines: what a schema cannot say about them. A line in, the problem out, or nothing.

A line that is let through here must be one that `schedule` can follow: the schedule reads it while everything runs.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12))
_PART = re.compile(r"(\*|(\d{1,2})(-(\d{1,2}))?)(/(\d{1,2}))?")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY_PART = re.compile(rf"({'|'.join(_WEEKDAYS)})(-({'|'.join(_WEEKDAYS)}))?")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # days of each month
_DAY = timedelta(days=1)


def cron_problem(line: str, least: timedelta = timedelta(0)) -> str:
    """Return why this is no cron line: five fields of numbers, ranges, lists and steps, weekdays by name.

    Weekdays have names only: programs disagree whether 0 is a Sunday or a Monday. Two turns are `least` apart.
    """
    fields = line.split()
    if len(fields) != len(_FIELDS) + 1:
        return "expected five fields: minute hour day month weekday"
    read: list[frozenset[int]] = []
    for field, (name, lowest, highest) in zip(fields[:-1], _FIELDS, strict=True):
        numbers = _numbers(field, lowest, highest)
        if not numbers:
            return f"{name}: expected numbers from {lowest} to {highest}, ranges, lists or steps, not {field!r}"
        read.append(numbers)
    return _weekday_problem(fields[-1]) or _moment_problem(*read, least=least)


def _numbers(field: str, lowest: int, highest: int) -> frozenset[int]:
    """Return the numbers that a field stands for; none when one of its parts cannot be."""
    parts = [_part(part, lowest, highest) for part in field.split(",")]
    return frozenset(number for part in parts for number in part) if all(parts) else frozenset()


def _part(part: str, lowest: int, highest: int) -> range:
    match = _PART.fullmatch(part)
    if match is None:
        return range(0)
    first = int(match[2] or lowest)
    last = int(match[4] or (first if match[2] and not match[6] else highest))
    step = int(match[6] or 1)
    possible = lowest <= first <= last <= highest and step and (not match[6] or step <= last - first)
    return range(first, last + 1, step) if possible else range(0)


def _weekday_problem(field: str) -> str:
    if field == "*":
        return ""
    for part in field.split(","):
        match = _WEEKDAY_PART.fullmatch(part)
        if match is None:
            return f"weekday: expected names such as mon or mon-fri, not {field!r}"
        if match[3] and _WEEKDAYS.index(match[1]) > _WEEKDAYS.index(match[3]):
            return f"weekday: a week goes from mon to sun: write the days of {part!r} one by one"
    return ""


def _moment_problem(
    minutes: frozenset[int], hours: frozenset[int], days: frozenset[int], months: frozenset[int], *, least: timedelta
) -> str:
    if not any(min(days) <= _LONGEST[month - 1] for month in months):
        return "no such month has such a day: this never comes"
    nearest = min(_gaps(sorted(timedelta(hours=hour, minutes=minute) for hour in hours for minute in minutes)))
    return f"expected turns at least {least} apart" if nearest < least else ""


def _gaps(times: list[timedelta]) -> Iterator[timedelta]:
    """Yield the spans between the times of a day, the one over midnight too."""
    return (after - before for before, after in pairwise([*times, times[0] + _DAY]))
