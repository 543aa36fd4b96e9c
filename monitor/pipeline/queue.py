"""What waits for a decision, one case each: ranked by what changed, with the grounds of the rank, never by volume.

Comes in: the world. Goes out: cases. Alerts that say the same of several pages, regions or languages are one case and
are decided together, each with a review of its own (`review.approve_all(case.seen, ...)`).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from monitor.model.alert import Alert, AlertId, AlertState
from monitor.model.desk import Seen
from monitor.model.page import PageId, Watchlist
from monitor.model.procedure import DifferenceKind
from monitor.model.verdict import Aspect, Kind, Level, Quote, Reason
from monitor.ports import World
from monitor.text import fold

WAITING = (AlertState.HELD, AlertState.PENDING)
# Editions of one page in other languages change within days of each other; later it is another change.
# Source: docs/decisions/0017-desk.md.
TOGETHER = timedelta(days=7)
# How a reason names where it saw its cue: the headings next to it, joined so.
HEADINGS, REASON_HEADINGS = " > ", 3


class Touched(StrEnum):
    """What a change touches; what stands first here stands first in the queue."""

    PROCEDURE = "procedure"
    FORM_FIELD = "form field"
    DEADLINE = "deadline"
    LINK_TARGET = "link target"
    WORDING = "opt-out wording"
    SECTION_GONE = "section gone"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why an alert has its rank: the rule, the cue it saw, the passage that holds it, its headings and the weight.

    `block` is the quote that holds the cue or stands under it, and empty when the alert quotes another passage.
    """

    rule: str
    cue: str
    block: str
    trail: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One decision: the alert that is shown, and all alerts (it first) that the decision is about.

    `priority` is the machine's number, `significance` a person's (0 while nobody gave one). `seen` is handed in with
    the decision, so that nobody who decides meanwhile is overwritten.
    """

    alerts: tuple[Alert, ...]
    level: Level
    touched: Touched
    priority: int
    significance: int
    grounds: tuple[Ground, ...]
    seen: tuple[Seen, ...]

    @property
    def alert(self) -> Alert:
        """Return the alert that stands for the case."""
        return self.alerts[0]

    @property
    def unconfirmed(self) -> bool:
        """Say whether one fetch alone shows one of its alerts, so that the case cannot be let out yet."""
        return any(alert.unconfirmed for alert in self.alerts)


def queue(world: World) -> tuple[Case, ...]:
    """Return what waits for a decision, what readers would be woken for first.

    Within a level the order is by what is touched, then by significance, priority and age.
    """
    reviews: defaultdict[AlertId, int] = defaultdict(int)
    for review in world.desk.reviews():
        reviews[review.alert] += 1
    groups = grouped(world.desk.alerts(*WAITING), world.watchlist)
    return tuple(sorted((_case(group, reviews) for group in groups), key=_rank))


def case_of(alert: Alert, world: World) -> Case:
    """Return the case that an alert belongs to: with all that wait, or with all that were decided and say the same."""
    waits = alert.state in WAITING
    others = [one for one in world.desk.alerts() if (one.state in WAITING) is waits and one.id != alert.id]
    group = next(each for each in grouped([alert, *others], world.watchlist) if alert in each)
    reviews = {one.id: len(world.desk.reviews(one.id)) for one in group}
    return _case((alert, *(one for one in group if one.id != alert.id)), reviews)


def grouped(alerts: Iterable[Alert], watchlist: Watchlist) -> tuple[tuple[Alert, ...], ...]:
    """Return alerts in groups that say the same, in the order of their first ones.

    Two say the same when all their words before and after read the same, whatever the page; or when they come within
    days from editions of one page in different languages, and touch the same in the same way. A correction stands
    alone, and two alerts of one page are two decisions.
    """
    groups: list[list[Alert]] = []
    known: defaultdict[Hashable, list[list[Alert]]] = defaultdict(list)
    for alert in alerts:
        keys = _keys(alert, watchlist)
        near = (group for key in keys for group in known[key])
        group = next((each for each in near if _belongs(alert, each)), None)
        if group is None:
            group = []
            groups.append(group)
            for key in keys:
                known[key].append(group)
        group.append(alert)
    return tuple(tuple(each) for each in groups)


def touched(alert: Alert) -> Touched:
    """Return what an alert touches most."""
    kinds = {difference.kind for difference in alert.differences}
    for name, differences, aspects in _TOUCHES:
        if kinds & differences or aspects.intersection(alert.aspects):
            return name
    if alert.kind is Kind.CAPTURE:
        return Touched.SECTION_GONE
    return Touched.WORDING if alert.kind is Kind.OPTOUT else Touched.OTHER


_D = DifferenceKind
_TOUCHES: tuple[tuple[Touched, frozenset[DifferenceKind], frozenset[Aspect]], ...] = (
    (
        Touched.PROCEDURE,
        frozenset(
            {
                _D.STEP_ADDED,
                _D.STEP_REMOVED,
                _D.STEP_REWORDED,
                _D.STEPS_REORDERED,
                _D.FORM_ADDED,
                _D.FORM_REMOVED,
                _D.LOGIN_CHANGED,
            }
        ),
        frozenset({Aspect.STEP, Aspect.SETTINGS_PATH}),
    ),
    (
        Touched.FORM_FIELD,
        frozenset({_D.FIELD_ADDED, _D.FIELD_REMOVED, _D.FIELD_REQUIRED, _D.FIELD_OPTIONAL, _D.OPTIONS_CHANGED}),
        frozenset({Aspect.FORM_FIELD}),
    ),
    (
        Touched.DEADLINE,
        frozenset({_D.DEADLINE_SET, _D.DEADLINE_MOVED, _D.DEADLINE_LIFTED}),
        frozenset({Aspect.DEADLINE}),
    ),
    (Touched.LINK_TARGET, frozenset({_D.FORM_MOVED}), frozenset({Aspect.FORM_LINK})),
)


def _case(alerts: tuple[Alert, ...], reviews: Mapping[AlertId, int]) -> Case:
    shown = alerts[0]
    return Case(
        alerts=alerts,
        level=min((alert.level for alert in alerts), key=list(Level).index),
        touched=min((touched(alert) for alert in alerts), key=list(Touched).index),
        priority=max(alert.priority for alert in alerts),
        significance=max(alert.significance for alert in alerts),
        grounds=grounds(shown),
        seen=tuple(Seen(alert.id, reviews.get(alert.id, 0)) for alert in alerts),
    )


def _rank(case: Case) -> tuple[int, int, int, int, float, str]:
    alert = case.alert
    return (
        list(Level).index(case.level),
        list(Touched).index(case.touched),
        -case.significance,
        -case.priority,
        alert.raised.timestamp(),
        alert.id,
    )


def grounds(alert: Alert) -> tuple[Ground, ...]:
    """Return why an alert has its rank, the weightiest first, equal ones once."""
    found = (_ground(alert, reason) for reason in alert.reasons)
    return tuple(sorted(dict.fromkeys(found), key=lambda ground: -ground.weight))


def _ground(alert: Alert, reason: Reason) -> Ground:
    """Return a reason with the quote that it is about: one that stands where it saw its cue, or one that holds it."""
    here = [quote for quote in alert.quotes if HEADINGS.join(quote.trail[-REASON_HEADINGS:]) == reason.where]
    found = (*_holding(here, reason.cue), *_sides(here), *_holding(alert.quotes, reason.cue))
    elsewhere = ("", tuple(filter(None, reason.where.split(HEADINGS))))
    block, trail = next(iter(found), elsewhere)
    return Ground(rule=reason.rule, cue=reason.cue, block=block, trail=trail, weight=reason.weight)


def _sides(quotes: Iterable[Quote]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the words of quotes, those that are there now first in each, with the headings over them."""
    return [(side, quote.trail) for quote in quotes for side in (quote.after, quote.before) if side]


def _holding(quotes: Iterable[Quote], cue: str) -> list[tuple[str, tuple[str, ...]]]:
    wanted = fold(cue)
    return [side for side in _sides(quotes) if wanted and wanted in fold(side[0])]


def _keys(alert: Alert, watchlist: Watchlist) -> tuple[Hashable, ...]:
    """Return what alerts that may be one decision with this one have in common with it."""
    if alert.corrects:
        return ()
    shape = _shape(alert, watchlist)
    return (_words(alert), shape) if alert.quotes else (shape,)


def _belongs(alert: Alert, group: Sequence[Alert]) -> bool:
    """Say whether an alert is one decision with a group that has its words, or the shape of another edition."""
    if any(alert.page == each.page for each in group):
        return False
    first = group[0]
    if alert.quotes and _words(alert) == _words(first):
        return True
    return alert.language != first.language and abs(alert.raised - first.raised) <= TOGETHER


def _words(alert: Alert) -> Hashable:
    return frozenset((fold(quote.before), fold(quote.after)) for quote in alert.quotes)


def _shape(alert: Alert, watchlist: Watchlist) -> Hashable:
    """Return what editions of one page have in common when they changed alike: the entry, and all but the words."""
    kinds = tuple(sorted(difference.kind for difference in alert.differences))
    touched = (frozenset(alert.aspects), frozenset(alert.directions), kinds, len(alert.quotes))
    return (_root(alert.page, watchlist), alert.kind, alert.level, touched)


def _root(page: PageId, watchlist: Watchlist) -> PageId:
    declared = watchlist.page(page)
    return (declared.edition_of if declared else PageId("")) or page
