"""Which pages the site has in one language, and what each is made of."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import blake2b, sha256
from typing import TypeVar

from monitor.codec import encode
from monitor.model.alert import AlertId, Review
from monitor.model.page import PageId, ServiceId
from monitor.model.status import Version
from monitor.ports import Published
from monitor.publish.edition import edition as program
from monitor.publish.pages import Printer
from monitor.render import facts
from monitor.render.chart import depth_chart
from monitor.render.editions import GapView, gap_views
from monitor.render.feeds import ALL, Leaf, feeds, leaves, problems_feed, told, topic
from monitor.render.place import Place
from monitor.render.sheet import Feed
from monitor.render.tongue import Tongue
from monitor.render.views import (
    ChangeView,
    PageView,
    ServiceView,
    change_views,
    deciding,
    differences,
    names_of,
    page_views,
    service_views,
    sides,
    unlisted,
    version_views,
)

T = TypeVar("T")
_LISTED = 20  # pages of a service that the start page tells of; the overview has all
_OVERVIEW = 80  # watched pages a page of the overview; one takes about 1 KB


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that the site tells, as views: the same in every language."""

    changes: tuple[ChangeView, ...]
    pages: tuple[PageView, ...]
    services: tuple[ServiceView, ...]
    gaps: tuple[GapView, ...]
    feeds: Mapping[str, Feed]
    lost: tuple[PageView, ...]
    versions: dict[PageId, list[Version]]
    decided: Mapping[AlertId, Review]
    mail_is_sent: bool
    evidenced: frozenset[AlertId]
    named: Mapping[AlertId, bytes]  # digests of all that the page of a change tells, whatever the language


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """One page: its path below the edition's folder, how to make it, what names its content, when it last changed."""

    path: str
    made: Callable[[], bytes]
    key: str = ""
    changed: datetime | None = None


def content_of(record: Published, place: Place, evidenced: frozenset[AlertId] = frozenset()) -> Content:
    """Return all that is published as views, newest changes first; `evidenced` have their evidence beside them."""
    names = names_of(record.watchlist)
    alerts = told(record.alerts)
    changes = change_views(alerts, names)
    lost = frozenset(problem.page for problem in record.problems if problem.recovered is None)
    pages = page_views(record.watchlist, record.standings, changes, names, lost=lost)
    decided = deciding(record.reviews)
    versions: dict[PageId, list[Version]] = {}
    for version in record.versions:
        versions.setdefault(version.page, []).append(version)
    return Content(
        changes=changes,
        pages=pages,
        services=tuple(service_views(record.watchlist, pages, changes)),
        gaps=gap_views(record.gaps, pages, alerts),
        feeds={feed.path: feed for feed in (*feeds(record.watchlist, alerts, place.name), problems_feed(place.name))},
        lost=tuple(view for view in pages if view.lost),
        versions=versions,
        decided=decided,
        mail_is_sent=record.mail_is_sent,
        evidenced=evidenced,
        named={change.alert.id: _named(change, decided, evidenced) for change in changes},
    )


def _named(change: ChangeView, decided: Mapping[AlertId, Review], evidenced: frozenset[AlertId]) -> bytes:
    alert = change.alert.id
    return sha256(encode((change, decided.get(alert), alert in evidenced))).digest()


def pages_of(content: Content, printer: Printer) -> Iterator[SitePage]:
    """Yield every page of one edition of the site."""
    yield _start(content, printer)
    yield from _lists(content, printer)
    yield from (_change(change, content, printer) for change in content.changes)
    yield from _overviews(content, printer)
    for view in content.pages:
        yield from _page(view, content, printer)
    yield _follow(content, printer)
    yield _search(content, printer)
    for name in ("verify", "about", "privacy", "imprint"):
        yield _fixed(name, content, printer)


def key_of(printer: Printer, *parts: bytes) -> str:
    """Return what names a file of an edition of the site: this program, where and how it speaks, and these parts."""
    named = encode((program(), printer.place, printer.edition.language, [each.folder for each in printer.editions]))
    return blake2b(b"\n".join((named, *parts)), digest_size=16).hexdigest()


def missing_page(content: Content, printer: Printer) -> bytes:
    """Return the page shown under addresses that are none."""
    return printer.page("missing.html", None, _alternates(content))


def _start(content: Content, printer: Printer) -> SitePage:
    def made() -> bytes:
        ways = (view.page.id for service in content.services for view in service.ways[:_LISTED])
        gaps: defaultdict[ServiceId, list[GapView]] = defaultdict(list)
        for gap in content.gaps:
            gaps[gap.page.page.service].append(gap)
        views: dict[str, object] = {
            "listed": _LISTED,
            "services": content.services,
            "gaps": gaps,
            "lost": content.lost,
            "charts": {page: depth_chart(content.versions.get(page, [])) for page in ways},
        }
        return printer.fitting("start.html", "", _alternates(content), **views)

    return SitePage(path="", made=made, changed=_newest(content.changes))


def _lists(content: Content, printer: Printer) -> Iterator[SitePage]:
    """Yield the newest changes and, on pages that stay as they are once full, the older ones."""
    all_leaves = list(leaves("changes", len(content.changes)))
    for leaf in all_leaves:
        held = _held(content.changes, leaf)
        yield SitePage(
            path=f"{leaf.path}/",
            made=_list_maker(leaf, all_leaves, held, content, printer),
            key=key_of(printer, encode((leaf, held, _alternates(content)))) if leaf.full else "",
            changed=_newest(held),
        )


def _list_maker(
    leaf: Leaf, all_leaves: list[Leaf], held: Sequence[ChangeView], content: Content, printer: Printer
) -> Callable[[], bytes]:
    def made() -> bytes:
        return printer.page(
            "changes.html",
            f"{leaf.path}/",
            _alternates(content),
            changes=held,
            count=len(content.changes),
            range=_range(leaf),
            leaves=_turns(leaf, all_leaves),
        )

    return made


def _change(change: ChangeView, content: Content, printer: Printer) -> SitePage:
    alert, tongue = change.alert, printer.edition.tongue
    alternates = _alternates(content, topic("service", alert.service), topic("page", alert.page))

    def made() -> bytes:
        return printer.fitting(
            "change.html",
            change.path,
            alternates,
            change=change,
            meaning=facts.meaning(alert, tongue),
            quotes=partial(sides, alert, tongue),
            differences=differences(alert, tongue),
            unlisted=unlisted(alert),
            others=facts.others(alert, tongue),
            review=content.decided.get(alert.id),
            evidenced=alert.id in content.evidenced,
        )

    key = key_of(printer, content.named[alert.id], encode(alternates))
    return SitePage(path=change.path, made=made, key=key, changed=max(change.told, alert.updated or change.told))


def _overviews(content: Content, printer: Printer) -> Iterator[SitePage]:
    """Yield the watched pages in the order of the watchlist, so many a page."""
    starts, alternates = range(0, max(1, len(content.pages)), _OVERVIEW), _alternates(content)
    for number, start in enumerate(starts, 1):
        views: dict[str, object] = {
            "pages": content.pages[start : start + _OVERVIEW],
            "count": len(content.pages),
            "lost": len(content.lost),
            "leaves": [(str(each), _overview_path(each)) for each in near_parts(number, len(starts))],
        }
        path = _overview_path(number)
        made = partial(printer.page, "pages.html", path, alternates, **views)
        yield SitePage(path=path, made=made, key=key_of(printer, encode((views, alternates))))


def _overview_path(number: int) -> str:
    return f"pages/more/{number}/" if number > 1 else "pages/"


def near_parts(number: int, count: int) -> list[int]:
    """Return the parts, from 1, that one of so many leads to: itself, first, last, and those 1, 10, 100 ... away.

    So every part is a few steps from any other, and a list of ten thousand parts does not name them all in each.
    """
    steps = [10**power for power in range(len(str(count)))]
    near = {1, number, count, *(number - step for step in steps), *(number + step for step in steps)}
    return sorted(part for part in near if 1 <= part <= count)


def _page(view: PageView, content: Content, printer: Printer) -> Iterator[SitePage]:
    """Yield a watched page's page and, where its history is long, further ones with older versions."""
    kept, own = content.versions.get(view.page.id, []), topic("page", view.page.id)
    versions, alternates = version_views(kept, view.changes), _alternates(content, own)
    all_leaves = list(leaves(view.path.rstrip("/"), len(versions)))
    key = key_of(printer, encode((view, kept, alternates)))
    for leaf in all_leaves:

        def made(leaf: Leaf = leaf) -> bytes:
            return printer.fitting(
                "page.html",
                f"{leaf.path}/",
                alternates,
                view=view,
                feed=own,
                chart=depth_chart(kept),
                versions=_held(versions, leaf),
                count=len(versions),
                range=_range(leaf),
                leaves=_turns(leaf, all_leaves),
            )

        yield SitePage(path=f"{leaf.path}/", made=made, key=key, changed=view.standing.changed)


def _follow(content: Content, printer: Printer) -> SitePage:
    tongue = printer.edition.tongue

    def made() -> bytes:
        groups = _groups(content.feeds.values(), tongue)
        views = {"groups": groups, "mail_is_sent": content.mail_is_sent}
        return printer.page("feeds.html", "feeds/", _alternates(content), **views)

    return SitePage(path="feeds/", made=made)


def _search(content: Content, printer: Printer) -> SitePage:
    """Return the page that searches by a script over `changes.json`; without one it leads to the list."""
    views: dict[str, object] = {"query": "", "found": None, "count": 0}
    return SitePage(path="search/", made=partial(printer.page, "search.html", "search/", _alternates(content), **views))


def _fixed(name: str, content: Content, printer: Printer) -> SitePage:
    return SitePage(
        path=f"{name}/",
        made=lambda: printer.page(name + ".html", f"{name}/", _alternates(content), mail_is_sent=content.mail_is_sent),
    )


def _groups(feeds: Collection[Feed], tongue: Tongue) -> tuple[tuple[str, tuple[Feed, ...]], ...]:
    """Return the feeds by what they are about, under the names of the groups."""
    named = (
        (tongue.say("Everything"), ("all",)),
        (tongue.say("By service"), ("service",)),
        (tongue.say("By level"), ("level",)),
        (tongue.say("By language of the page"), ("language",)),
        (tongue.say("By page"), ("page",)),
        (tongue.say("When a page cannot be read"), ("problems",)),
    )
    return tuple((name, tuple(feed for feed in feeds if feed.path.split("/")[1] in kinds)) for name, kinds in named)


def _alternates(content: Content, *paths: str) -> tuple[Feed, ...]:
    """Return the feeds that a page announces: that of everything, then those named."""
    return tuple(content.feeds[path] for path in (ALL, *paths) if path in content.feeds)


def _held(newest_first: Sequence[T], leaf: Leaf) -> Sequence[T]:
    """Return what a leaf holds, counted from the oldest, newest first."""
    count = len(newest_first)
    return newest_first[count - leaf.last : count - leaf.first]


def _range(leaf: Leaf) -> str:
    """Return which entries an older leaf holds, such as `51–100`; nothing for the newest one."""
    return leaf.path.rsplit("/", 1)[1].replace("-", "–") if leaf.older else ""


def _turns(leaf: Leaf, all_leaves: list[Leaf]) -> list[tuple[str, str]]:
    """Return the leaves that one leads to: all of them from the newest, the newest and the next older from others."""
    if not leaf.older:
        return [(_range(each), f"{each.path}/") for each in reversed(all_leaves)]
    ways = [all_leaves[-1], leaf, *(each for each in all_leaves if each.path == leaf.previous)]
    return [(_range(each), f"{each.path}/") for each in ways]


def _newest(changes: Sequence[ChangeView]) -> datetime | None:
    return max((change.told for change in changes), default=None)
