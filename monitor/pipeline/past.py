"""Captures from elsewhere become a page's past: kept as evidence, read in order of time, and never news.

Comes in: a declared page and captures of it. Goes out: how many were kept; versions and history stand in the journal.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from monitor.assess import alerts_of, assess, rules, way_out
from monitor.extract import extract
from monitor.model.alert import Alert, AlertState
from monitor.model.capture import Capture
from monitor.model.finding import Finding, History
from monitor.model.page import Page
from monitor.model.procedure import Procedure
from monitor.model.status import Check
from monitor.pipeline.check import MISS_MARK, detail, outcome
from monitor.pipeline.rules import ruled
from monitor.ports import World

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Imported:
    """How many captures came in, and how many of them were not the page."""

    captures: int
    refused: int


def import_captures(page: Page, captures: Iterable[Capture], world: World, *, for_review: bool = False) -> Imported:
    """Keep captures as those of a page and read all of its captures anew, oldest first; nothing of it is told.

    Importing twice does no harm. `for_review` puts what changed in that past before the maintainers, who decide about
    it as about any alert; nothing of it goes out by itself.

    Raises:
        StoreError: something cannot be kept; what was kept before stays.
    """
    count = sum(1 for _ in _kept(page, captures, world))
    refused = sum(_recorded(page, world, for_review=for_review))
    return Imported(captures=count, refused=refused)


def unknown_of(page: Page, name: str, wanted: Iterable[T], known_by: Callable[[T], str], world: World) -> tuple[T, ...]:
    """Return what is not kept yet of a page, by what its captures note of their source under this name.

    An import that was cut goes on where it ended.
    """
    known = {capture.source.get(name) for capture in world.evidence.captures(page.id)}
    return tuple(one for one in wanted if known_by(one) not in known)


def way_out_of(page: Page, capture: Capture, world: World) -> Procedure:
    """Return the way out that one capture describes."""
    return way_out(page, extract(capture, page.recipe), world.lexicons)


def _kept(page: Page, captures: Iterable[Capture], world: World) -> Iterator[Capture]:
    for capture in captures:
        own = replace(capture, page=page.id)
        world.evidence.keep(own)
        yield own


def _recorded(page: Page, world: World, *, for_review: bool) -> Iterator[bool]:
    """Write down every capture of a page, oldest first; yield whether it was refused."""
    history = History(rules=rules(page, world.lexicons))
    for capture in world.evidence.captures(page.id):
        if MISS_MARK in capture.source:
            continue
        finding = assess(page, history, capture, world.lexicons)
        if finding.document is not None and finding.history.newest == finding.sight:
            world.evidence.write_reading(page, finding)
        told = Check(
            page=page.id, at=capture.at, outcome=outcome(finding), capture=capture.digest, detail=detail(finding)
        )
        if finding.history is history:
            world.journal.missed(told)
        else:
            alerts = _for_review(page, finding) if for_review else ()
            world.journal.record(page, told, finding, *ruled(alerts, world))
        history = finding.history
        yield finding.refusal is not None


def _for_review(page: Page, finding: Finding) -> tuple[Alert, ...]:
    """Return the alerts of a finding so that a person lets them out, whatever the rule of the page is."""
    alerts = alerts_of(page, finding)
    by_itself = AlertState.APPROVED
    return tuple(replace(one, state=AlertState.PENDING) if one.state is by_itself else one for one in alerts)
