"""A recording through the same `assess` that runs live: captures in, one line each out, nothing touched."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from monitor.assess import assess, rules
from monitor.model.capture import Capture
from monitor.model.finding import Finding, History, Sight
from monitor.model.page import Page
from monitor.model.verdict import Verdict
from monitor.optout.lexicon import Lexicons


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one capture of a recording is, once all of it was read.

    `decided_at` is the index of the capture at which the decision was final; `held` means that it would wait.
    """

    index: int
    file: str
    at: str
    verdict: Verdict
    decided_at: int


def replay(page: Page, captures: Iterable[Capture], lexicons: Lexicons) -> list[Line]:
    """Return one line for each capture, in order. Captures are taken one at a time and not kept."""
    history = History(rules=rules(page, lexicons))
    lines: list[Line] = []
    places: dict[Sight, int] = {}
    for index, capture in enumerate(captures):
        finding = assess(page, history, capture, lexicons)
        history = finding.history
        _settle(lines, places, finding, index)
        if finding.sight is not None and finding.verdict.held:
            places[finding.sight] = index
        lines.append(_line(index, capture, finding))
    return lines


def _settle(lines: list[Line], places: dict[Sight, int], finding: Finding, index: int) -> None:
    """Write into earlier lines what this finding confirmed or dropped."""
    for settled in finding.settled:
        place = places.pop(settled.sight, None)
        if place is not None:
            lines[place] = replace(lines[place], verdict=settled.verdict, decided_at=index)


def _line(index: int, capture: Capture, finding: Finding) -> Line:
    at = capture.at.isoformat().replace("+00:00", "Z")
    return Line(index=index, file=capture.source.get("file", ""), at=at, verdict=finding.verdict, decided_at=index)
