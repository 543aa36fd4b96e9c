"""Everything that a maintainer needs to decide about one alert, as one value.

Comes in: the world and the id of an alert. Goes out: the alert with its case, the comparison of its two captures read
by today's recipe, what came between them, and which words of its page are pinned.
"""

from dataclasses import dataclass
from datetime import datetime

from monitor.model.alert import Alert, Review
from monitor.model.capture import Digest
from monitor.model.desk import Pin, Seen
from monitor.model.errors import UnknownCapture
from monitor.model.status import Check, Outcome
from monitor.pipeline.comparison import Comparison, compared, kept_at, watched
from monitor.pipeline.queue import Case, case_of
from monitor.pipeline.review import found
from monitor.ports import World

SUSPECT = frozenset({Outcome.REFUSED, Outcome.MISSED, Outcome.HELD})
CHECKS_READ = 5_000  # newest checks of a page that are looked through for suspect captures


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A check between the two captures that brought something else: a wall, an error page, a cut load, or nothing."""

    at: datetime
    outcome: Outcome
    capture: Digest | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One alert with all that is known of it.

    `comparison` is None when its captures are not both kept or its page is not watched any more; `missing` says why.
    `checks_between` counts the checks from the capture before to the one after, both included.
    """

    alert: Alert
    case: Case
    reviews: tuple[Review, ...]
    comparison: Comparison | None
    missing: str
    suspects: tuple[Suspect, ...]
    checks_between: int
    pins: tuple[Pin, ...]
    corrected_by: Alert | None

    @property
    def seen(self) -> Seen:
        """Return the alert as it was read here, to be handed in with the decision on it alone."""
        return Seen(self.alert.id, len(self.reviews))


def dossier(world: World, alert_id: str) -> Dossier:
    """Return all that is known of the alert with this id (its beginning is enough).

    Raises:
        UnknownAlert: none has this id, or several begin so.
    """
    alert = found(alert_id, world)
    comparison, missing = _comparison(world, alert)
    proof = alert.evidence
    return Dossier(
        alert=alert,
        case=case_of(alert, world),
        reviews=world.desk.reviews(alert.id),
        comparison=comparison,
        missing=missing,
        suspects=_suspects(world, alert),
        checks_between=world.journal.checked_between(alert.page, proof.before_at, proof.after_at),
        pins=tuple(pin for pin in world.desk.pins() if pin.page == alert.page and pin.ended is None),
        corrected_by=next((one for one in world.desk.alerts() if one.corrects == alert.id), None),
    )


def _comparison(world: World, alert: Alert) -> tuple[Comparison | None, str]:
    proof = alert.evidence
    try:
        page = watched(world, alert.page)
        before = kept_at(world, alert.page, proof.before, proof.before_at)
        after = kept_at(world, alert.page, proof.after, proof.after_at)
    except UnknownCapture as error:
        return None, str(error)
    return compared(world, page, before, after), ""


def _suspects(world: World, alert: Alert) -> tuple[Suspect, ...]:
    """Return what came between the captures, and since, that was not the page, oldest first."""
    checks = world.journal.checks(alert.page, newest=CHECKS_READ)
    return tuple(_suspect(check) for check in reversed(checks) if _between(check, alert))


def _between(check: Check, alert: Alert) -> bool:
    proof = alert.evidence
    until = proof.confirmed_at or proof.after_at
    return check.outcome in SUSPECT and proof.before_at < check.at < until and check.at != proof.after_at


def _suspect(check: Check) -> Suspect:
    return Suspect(at=check.at, outcome=check.outcome, capture=check.capture, detail=check.detail)
