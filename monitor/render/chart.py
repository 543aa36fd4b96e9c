"""How deep a way out lay over time, as a small drawing: versions in, numbers of an SVG out. No script, no colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from monitor.model.status import Version

WIDTH, HEIGHT = 320, 90
_LEFT, _TOP = 8, 8  # empty room round the drawing
LEAST_POINTS = 2  # one point is no history: the sentence beside it says it all


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A step line over time: `line` is for `points` of a polyline, `dots` are its changes, `rows` says it in words."""

    line: str
    dots: tuple[tuple[str, str], ...]
    rows: tuple[tuple[datetime, int, int, int], ...]
    width: int = WIDTH
    height: int = HEIGHT


def depth_chart(versions: Sequence[Version]) -> Chart | None:
    """Return the share of a page's words before its way out, in percent from top to bottom, or None without history.

    `rows` hold moment, percent, steps and required fields, oldest first; equal neighbours are one.
    """
    rows: list[tuple[datetime, int, int, int]] = []
    for version in sorted(versions, key=lambda each: each.at):
        if (effort := version.effort) is not None:
            now = (round(effort.share * 100), effort.steps, effort.required_fields)
            if not rows or rows[-1][1:] != now:
                rows.append((version.at, *now))
    if len(rows) < LEAST_POINTS:
        return None
    last = max(version.at for version in versions)
    span = max((last - rows[0][0]).total_seconds(), 1.0)
    places = [(_across((row[0] - rows[0][0]).total_seconds() / span), _down(row[1])) for row in rows]
    corners = [places[0]]
    for before, after in pairwise(places):
        corners += [(after[0], before[1]), after]
    corners.append((_across(1.0), places[-1][1]))
    return Chart(line=" ".join(f"{x},{y}" for x, y in corners), dots=tuple(places), rows=tuple(rows))


def _across(part: float) -> str:
    return f"{_LEFT + part * (WIDTH - 2 * _LEFT):.1f}"


def _down(percent: int) -> str:
    return f"{_TOP + percent / 100 * (HEIGHT - 2 * _TOP):.1f}"
