"""Everything that a maintainer needs to decide about one alert, as one value.

Comes in: the world and the id of an alert. Goes out: the alert with its case, the comparison of its two captures read
by today's recipe, what came between them, and which words of its page are pinned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.compare import Row
from monitor.model.alert import Alert, Review
from monitor.model.capture import Digest
from monitor.model.desk import Pin, Seen
from monitor.model.document import Block
from monitor.model.errors import UnknownCapture
from monitor.model.status import Check, Outcome
from monitor.model.verdict import Quote
from monitor.pipeline.comparison import Comparison, compared, kept_at, watched
from monitor.pipeline.queue import Case, case_of
from monitor.pipeline.review import found
from monitor.ports import World
from monitor.text import fold

SUSPECT = frozenset({Outcome.REFUSED, Outcome.MISSED, Outcome.HELD})
LEADS_TO = " → "  # between the words of a link and its address, in a quote
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
    `quoted` are its passages that the alert quotes, `others` those that changed beside them in the same revision.
    `checks_between` counts the checks from the capture before to the one after, both included.
    """

    alert: Alert
    case: Case
    reviews: tuple[Review, ...]
    comparison: Comparison | None
    missing: str
    quoted: tuple[tuple[Row, ...], ...]
    others: tuple[tuple[Row, ...], ...]
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
    quoted, others = _by_quotes(alert, comparison.passages if comparison else ())
    return Dossier(
        alert=alert,
        case=case_of(alert, world),
        reviews=world.desk.reviews(alert.id),
        comparison=comparison,
        missing=missing,
        quoted=quoted,
        others=others,
        suspects=_suspects(world, alert),
        checks_between=world.journal.checked_between(alert.page, proof.before_at, proof.after_at),
        pins=tuple(pin for pin in world.desk.pins() if pin.page == alert.page and pin.ended is None),
        corrected_by=next((one for one in world.desk.alerts() if one.corrects == alert.id), None),
    )


def _comparison(world: World, alert: Alert) -> tuple[Comparison | None, str]:
    proof = alert.evidence
    try:
        page = watched(world, alert.page)
        if page.from_feed:
            return None, "it is a signal from a feed: the entry that it quotes is all there is"
        before = kept_at(world, alert.page, proof.before, proof.before_at)
        after = kept_at(world, alert.page, proof.after, proof.after_at)
    except UnknownCapture as error:
        return None, str(error)
    return compared(world, page, before, after), ""


def _by_quotes(
    alert: Alert, passages: Sequence[tuple[Row, ...]]
) -> tuple[tuple[tuple[Row, ...], ...], tuple[tuple[Row, ...], ...]]:
    """Return the passages that hold a quote of the alert, and the others."""
    told = [any(_holds(row, alert.quotes) for row in one if row.changed) for one in passages]
    sorted_out = tuple(zip(passages, told, strict=True))
    return tuple(one for one, quoted in sorted_out if quoted), tuple(one for one, quoted in sorted_out if not quoted)


def _holds(row: Row, quotes: Sequence[Quote]) -> bool:
    """Say whether a row holds a quote: its words, under its headings."""
    trails = {block.trail for block in (row.before, row.after) if block is not None}
    own = [quote for quote in quotes if quote.trail in trails]
    return any(_says(row.before, quote.before) or _says(row.after, quote.after) for quote in own)


def _says(block: Block | None, words: str) -> bool:
    """Say whether a block says what a quote does: its words, or a link with its address."""
    if block is None or not words:
        return False
    text, arrow, target = words.partition(LEADS_TO)
    if arrow and any(link.target == target for link in block.links):
        return True
    return fold(text) in block.key or fold(text) in fold(block.text)


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
