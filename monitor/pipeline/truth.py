"""What maintainers decided about a page, as labelled truth beside a recording of its captures.

Comes in: a page and the world. Goes out: one label for each change that a person (or a rule of theirs) decided about,
by the place of its capture in a recording of this page, in the shape that quality is scored with.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from monitor.model.alert import Alert, AlertState, Review
from monitor.model.capture import Capture, Digest
from monitor.model.page import Page
from monitor.model.verdict import Aspect, Kind, Level
from monitor.pipeline.pins import is_about_pin
from monitor.pipeline.publish import MACHINE
from monitor.ports import World

LET_OUT = (AlertState.APPROVED, AlertState.PUBLISHED, AlertState.CORRECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What one capture of a recording is, as people decided; its fields, in this order, are those of `truth.jsonl`.

    `index` counts the captures of the recording from 0. What was dismissed is of level `none`.
    """

    index: int
    file: str
    kind: Kind
    level: Level
    aspects: tuple[Aspect, ...]
    what: str
    before: str
    after: str


def labels(page: Page, world: World, file_name: Callable[[int, Capture], str]) -> Iterator[Label]:
    """Yield the labels of a page, in the order of its captures; `file_name` says how the recording calls each.

    Corrections and missed pins are no verdicts about a capture and have no label.
    """
    decided = {_place(alert): (alert, review) for alert, review in _decided(page, world)}
    for index, capture in enumerate(world.evidence.captures(page.id)):
        if (capture.digest, capture.at) in decided:
            yield _label(index, file_name(index, capture), *decided[capture.digest, capture.at])


def _decided(page: Page, world: World) -> Iterator[tuple[Alert, Review]]:
    """Yield the alerts of a page that somebody decided about, each with the decision that holds."""
    for alert in world.desk.alerts(*LET_OUT, AlertState.DISMISSED):
        if alert.page != page.id or alert.corrects or is_about_pin(alert):
            continue
        wanted = AlertState.DISMISSED if alert.state is AlertState.DISMISSED else AlertState.APPROVED
        reviews = [one for one in world.desk.reviews(alert.id) if one.after is wanted and one.who != MACHINE]
        if reviews:
            yield alert, reviews[-1]


def _place(alert: Alert) -> tuple[Digest, datetime]:
    return alert.evidence.after, alert.evidence.after_at


def _label(index: int, file: str, alert: Alert, review: Review) -> Label:
    first = alert.quotes[0] if alert.quotes else None
    told = alert.state in LET_OUT
    return Label(
        index=index,
        file=file,
        kind=_kind(alert, told=told),
        level=alert.level if told else Level.NONE,
        aspects=alert.aspects if told else (),
        what=f"{alert.title} ({review.who}: {review.reason})",
        before=first.before if first else "",
        after=first.after if first else "",
    )


def _kind(alert: Alert, *, told: bool) -> Kind:
    """Return what a change is called: what was held for the capture's sake and let out was the page's doing."""
    if told:
        return Kind.OPTOUT if alert.kind is Kind.CAPTURE else alert.kind
    return Kind.CAPTURE if alert.kind is Kind.CAPTURE else Kind.NOISE
