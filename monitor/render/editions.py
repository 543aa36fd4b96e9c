"""What differs between a page's editions, as a table: what, how the page has it, how the edition has it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.model.alert import Alert
from monitor.model.page import PageId
from monitor.model.procedure import DifferenceKind
from monitor.model.status import EditionGap
from monitor.render.facts import shortened
from monitor.render.labels import msg
from monitor.render.views import PageView

_CHARS = 400
_MOST_ROWS = 12
_MOST_VALUES = 6

_STEPS, _FORMS, _FIELDS, _DEADLINE = msg("Steps"), msg("Forms and links"), msg("Fields of the form"), msg("Deadline")
_NAMES: Mapping[DifferenceKind, str] = {
    DifferenceKind.STEP_ADDED: _STEPS,
    DifferenceKind.STEP_REMOVED: _STEPS,
    DifferenceKind.STEP_REWORDED: _STEPS,
    DifferenceKind.STEPS_REORDERED: msg("Order of the steps"),
    DifferenceKind.FORM_ADDED: _FORMS,
    DifferenceKind.FORM_REMOVED: _FORMS,
    DifferenceKind.FORM_MOVED: _FORMS,
    DifferenceKind.FIELD_ADDED: _FIELDS,
    DifferenceKind.FIELD_REMOVED: _FIELDS,
    DifferenceKind.FIELD_REQUIRED: msg("Required only in the second"),
    DifferenceKind.FIELD_OPTIONAL: msg("Required only in the first"),
    DifferenceKind.OPTIONS_CHANGED: msg("Choices in the form"),
    DifferenceKind.DEADLINE_SET: _DEADLINE,
    DifferenceKind.DEADLINE_MOVED: _DEADLINE,
    DifferenceKind.DEADLINE_LIFTED: _DEADLINE,
    DifferenceKind.LOGIN_CHANGED: msg("Signing in"),
    DifferenceKind.ELIGIBILITY_CHANGED: msg("Who may object"),
    DifferenceKind.NO_LONGER_OFFERED: msg("Who may object"),
    DifferenceKind.NOW_OFFERED: msg("Who may object"),
    DifferenceKind.SCOPE_CHANGED: msg("What it covers"),
    DifferenceKind.CONFIRMATION_CHANGED: msg("Confirmation"),
    DifferenceKind.ENTRY_CHANGED: msg("Where to start"),
}
_GONE = frozenset({DifferenceKind.FORM_MOVED, DifferenceKind.FORM_REMOVED})


@dataclass(frozen=True, slots=True)
class Cell:
    """A value that only one edition has; `until` is when the other one was seen without it, where it had it before."""

    text: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One sort of difference: its name, not yet translated, and the values of both sides."""

    name: str
    page: tuple[Cell, ...]
    edition: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapView:
    """An edition beside the page it is an edition of."""

    page: PageView
    edition: PageView
    rows: tuple[Row, ...]


def gap_views(gaps: Iterable[EditionGap], pages: Sequence[PageView], alerts: Iterable[Alert]) -> tuple[GapView, ...]:
    """Return what differs between editions; the published alerts say until when the other side had what it has not."""
    by_id = {view.page.id: view for view in pages}
    gone = _gone(alerts)
    return tuple(
        GapView(page=by_id[gap.page], edition=by_id[gap.edition], rows=tuple(_rows(gap, gone)[:_MOST_ROWS]))
        for gap in gaps
        if gap.page in by_id and gap.edition in by_id
    )


def _gone(alerts: Iterable[Alert]) -> Mapping[tuple[PageId, str], datetime]:
    """Return when each address of a form was first seen gone from a page."""
    return {
        (alert.page, difference.before): alert.evidence.after_at
        for alert in alerts
        for difference in alert.differences
        if difference.kind in _GONE
    }


def _rows(gap: EditionGap, gone: Mapping[tuple[PageId, str], datetime]) -> list[Row]:
    sides: dict[str, tuple[list[Cell], list[Cell]]] = {}
    for each in gap.differences:
        page, edition = sides.setdefault(_NAMES[each.kind], ([], []))
        if each.before:
            page.append(Cell(shortened(each.before, _CHARS), gone.get((gap.edition, each.before))))
        if each.after:
            edition.append(Cell(shortened(each.after, _CHARS), gone.get((gap.page, each.after))))
    return [
        Row(name, tuple(page[:_MOST_VALUES]), tuple(edition[:_MOST_VALUES])) for name, (page, edition) in sides.items()
    ]
