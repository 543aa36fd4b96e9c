"""What the site's templates are given: values with the words already chosen, in the order they are shown.

Comes in: watchlist, published alerts, standings, versions. Goes out: one view a page of the site.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from monitor.model.alert import Alert, AlertId, AlertState, Review
from monitor.model.change import Edit
from monitor.model.page import Page, PageId, Service, ServiceId, Watchlist
from monitor.model.status import Standing, Version
from monitor.model.verdict import Kind, Quote
from monitor.render import facts
from monitor.render.cut import cut
from monitor.render.facts import shortened
from monitor.render.place import change_path, page_path, service_anchor
from monitor.render.safe import one_line
from monitor.render.tongue import Tongue
from monitor.render.words import after_html, before_html, quote_edits

# Characters a side of a quote, and how many quotes, on a change's page, so that it stays under 100 KB.
_QUOTE_CHARS = 900
_MOST_QUOTES = 12
_WHOLE_CHARS = 2_500
_MOST_WHOLE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How services and pages are called, those that are watched no longer by their ids."""

    services: Mapping[ServiceId, Service]
    pages: Mapping[PageId, Page]

    def service(self, id: ServiceId) -> str:
        """Return a service's name."""
        known = self.services.get(id)
        return one_line(known.name if known else id)

    def page(self, id: PageId) -> str:
        """Return a page's title, or its id when it has none."""
        known = self.pages.get(id)
        return one_line(known.title if known and known.title else id)


def names_of(watchlist: Watchlist) -> Names:
    """Return how the watchlist calls its services and pages."""
    return Names(services=watchlist.services, pages={page.id: page for page in watchlist.pages})


@dataclass(frozen=True, slots=True)
class Sides:
    """One quote as HTML: headings, words before with what went marked, words after with what came marked.

    `whole_before` and `whole_after` are the quote at greater length where it was cut to what changed, or empty.
    """

    trail: tuple[str, ...]
    before: Markup
    after: Markup
    whole_before: Markup = Markup()
    whole_after: Markup = Markup()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """A change as its page and the lists show it."""

    alert: Alert
    path: str
    service: str
    page: str
    page_path: str
    told: datetime
    corrects: str = ""
    corrected_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """A watched page and where it stands; `lost` says that it was not read for several checks."""

    page: Page
    path: str
    title: str
    service: str
    standing: Standing
    lost: bool
    changes: tuple[ChangeView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceView:
    """A service with the pages watched for it; `ways` are those that describe a way out."""

    service: Service
    name: str
    anchor: str
    pages: tuple[PageView, ...]
    ways: tuple[PageView, ...]
    checked: datetime | None
    read: datetime | None
    changed: datetime | None
    newest: ChangeView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """One version in a page's history, with the published change it brought, if any."""

    version: Version
    change: ChangeView | None


def change_views(alerts: Sequence[Alert], names: Names) -> tuple[ChangeView, ...]:
    """Return published alerts as views, newest first; each knows the alert that corrects it."""
    corrected: dict[AlertId, AlertId] = {alert.corrects: alert.id for alert in alerts if alert.corrects}
    return tuple(_change(alert, names, corrected.get(alert.id)) for alert in reversed(alerts))


def _change(alert: Alert, names: Names, corrected_by: AlertId | None) -> ChangeView:
    return ChangeView(
        alert=alert,
        path=change_path(alert.id),
        service=names.service(alert.service),
        page=names.page(alert.page),
        page_path=page_path(alert.page) if alert.page in names.pages else "",
        told=alert.published or alert.raised,
        corrects=change_path(alert.corrects) if alert.corrects else "",
        corrected_by=change_path(corrected_by) if corrected_by else "",
    )


def page_views(
    watchlist: Watchlist,
    standings: Mapping[PageId, Standing],
    changes: Sequence[ChangeView],
    names: Names,
    *,
    lost: Collection[PageId] = (),
) -> tuple[PageView, ...]:
    """Return every watched page with its standing and its changes, in the order of the watchlist."""
    by_page: dict[PageId, list[ChangeView]] = {}
    for change in changes:
        by_page.setdefault(change.alert.page, []).append(change)
    views = []
    for page in watchlist.pages:
        standing = standings.get(page.id, Standing(page=page.id))
        views.append(
            PageView(
                page=page,
                path=page_path(page.id),
                title=names.page(page.id),
                service=names.service(page.service) if page.service else "",
                standing=standing,
                lost=page.id in lost,
                changes=tuple(by_page.get(page.id, ())),
            )
        )
    return tuple(views)


def service_views(watchlist: Watchlist, pages: Sequence[PageView], changes: Sequence[ChangeView]) -> list[ServiceView]:
    """Return every service of the watchlist with its pages and ways out, in the order of the watchlist."""
    return [_service(service, tuple(_own(service, pages)), changes) for service in watchlist.services.values()]


def _own(service: Service, pages: Sequence[PageView]) -> Iterator[PageView]:
    """Yield the pages of a service itself; a feed about it tells nothing of when those were read."""
    yield from (view for view in pages if view.page.service == service.id and not view.page.from_feed)


def _service(service: Service, pages: tuple[PageView, ...], changes: Sequence[ChangeView]) -> ServiceView:
    own = (change for change in changes if change.alert.service == service.id)
    newest = next((change for change in own if change.alert.kind is not Kind.SIGNAL), None)
    return ServiceView(
        service=service,
        name=one_line(service.name),
        anchor=service_anchor(service.id),
        pages=pages,
        ways=tuple(view for view in pages if view.standing.procedure),
        checked=max((view.standing.checked for view in pages if view.standing.checked), default=None),
        read=max((view.standing.read for view in pages if view.standing.read), default=None),
        changed=max((view.standing.changed for view in pages if view.standing.changed), default=None),
        newest=newest,
    )


def version_views(versions: Sequence[Version], changes: Sequence[ChangeView]) -> tuple[VersionView, ...]:
    """Return one page's versions, newest first, each with the change that was told of it."""
    told = {change.alert.evidence.after: change for change in reversed(changes) if not change.corrects}
    return tuple(VersionView(version=version, change=told.get(version.capture)) for version in reversed(versions))


def sides(alert: Alert, tongue: Tongue, room: float = 1.0) -> tuple[Sides, ...]:
    """Return an alert's quotes with the changed words marked, cut to what changed; shorter where room is below 1."""
    return tuple(
        _sides(quote, tongue, room, whole=room == 1.0 and place < _MOST_WHOLE)
        for place, quote in enumerate(alert.quotes[:_MOST_QUOTES])
    )


def _sides(quote: Quote, tongue: Tongue, room: float, *, whole: bool) -> Sides:
    edits = quote_edits(quote)
    shown = cut(edits, max(100, int(_QUOTE_CHARS * room)), tongue)
    longer = cut(edits, _WHOLE_CHARS, tongue) if whole and shown != edits else ()
    return Sides(
        tuple(shortened(name, 200) for name in quote.trail[:8] if name.strip()),
        *_marked(shown, tongue),
        *_marked(longer, tongue),
    )


def _marked(edits: tuple[Edit, ...], tongue: Tongue) -> tuple[Markup, Markup]:
    before = before_html(edits, label=tongue.say("removed:"))
    after = after_html(edits, label=tongue.say("added:"))
    return Markup(before), Markup(after)  # noqa: S704 - escaped word by word in `words`


def unlisted(alert: Alert) -> int:
    """Return how many quotes a change's page leaves out."""
    return max(0, len(alert.quotes) - _MOST_QUOTES)


def differences(alert: Alert, tongue: Tongue) -> dict[str, list[tuple[str, str]]]:
    """Return what differs between the ways out: pairs of before and after under the name of the difference."""
    named: dict[str, list[tuple[str, str]]] = {}
    for each in alert.differences[:40]:
        pair = (shortened(each.before, 600), shortened(each.after, 600))
        named.setdefault(facts.difference_name(each, tongue), []).append(pair)
    return named


def deciding(reviews: Sequence[Review]) -> Mapping[AlertId, Review]:
    """Return the decision that let each alert out, the newest; one that rules of the watchlist let out has none."""
    return {review.alert: review for review in reviews if review.after is AlertState.APPROVED}
