"""A file in, a watchlist out: every entry read by itself, and what only the whole file can tell checked."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from msgspec import UNSET, UnsetType

from monitor.model.errors import WatchlistError
from monitor.model.page import FeedSource, Page, Service, ServiceId, Watchlist
from monitor.model.span import span_of
from monitor.watchlist.checks import ID, LEAST_EVERY, address_problem, on_this_machine, selector_problem
from monitor.watchlist.cron import cron_problem
from monitor.watchlist.entries import DefaultsEntry, FeedEntry, PageEntry, PresentEntry, ServiceEntry, WatchlistEntry
from monitor.watchlist.marks import NotYaml, lines_of, values_of
from monitor.watchlist.problems import Problem, converted, nearest
from monitor.watchlist.values import edition_name, feed, given, spread

LIMIT_BYTES = 200_000_000
MOST_TOLD = 100  # problems of one file; a mistake that a program wrote stands in every entry
_TOO_OFTEN = "less than 5m asks more of a host than is fair"


@dataclass(frozen=True, slots=True)
class Rules:
    """What an installation allows: pages on this machine, the proxies it has (None is any), a selector parser."""

    loopback: bool = False
    proxies: Collection[str] | None = None
    selector_problem: Callable[[str], str] | None = None


def read_watchlist(path: Path, rules: Rules = Rules()) -> Watchlist:
    """Return what a watchlist file declares.

    Raises:
        WatchlistError: it cannot be read, or says what cannot be; errors are told with their lines, a hundred at most.
    """
    try:
        if path.stat().st_size > LIMIT_BYTES:
            raise WatchlistError(str(path), f"larger than {LIMIT_BYTES} bytes")
        text = path.read_text("utf-8")
    except OSError as error:
        raise WatchlistError(
            str(path), f"cannot be read ({error.strerror}); OPTOUT_DATA or OPTOUT_WATCHLIST says where it lies"
        ) from error
    except UnicodeDecodeError as error:
        raise WatchlistError(str(path), f"is not UTF-8 (byte {error.start})") from error
    return watchlist_from(text, path.name, rules)


def watchlist_from(text: str, name: str, rules: Rules = Rules()) -> Watchlist:
    """Return what the text of a watchlist declares; `name` is the file's name, for errors.

    Raises:
        WatchlistError: it says what cannot be; errors are told with their lines, a hundred at most.
    """
    try:
        keys = values_of(text)
    except NotYaml as error:
        raise WatchlistError(f"{name}:{error.line}" if error.line else name, error.problem) from error
    problems: list[Problem] = []
    watchlist = _Reading(rules, problems).watchlist(keys)
    if problems:
        raise _all(problems, text, name)
    return watchlist


def _all(problems: list[Problem], text: str, name: str) -> WatchlistError:
    told = list(dict.fromkeys(problems))
    placed = sorted(zip(lines_of(text, (problem.path for problem in told)), told, strict=True))
    first, *others = (
        (f"{name}:{line}: {problem.path}" if problem.path else f"{name}:{line}", problem.sentence)
        for line, problem in placed[:MOST_TOLD]
    )
    more = [f"{name}: {len(placed) - MOST_TOLD} more, not told here"] if len(placed) > MOST_TOLD else []
    return WatchlistError(*first, *(f"{where}: {sentence}" for where, sentence in others), *more)


class _Reading:
    """One reading of one file; notes every problem and goes on."""

    def __init__(self, rules: Rules, problems: list[Problem]) -> None:
        self._rules = rules
        self._problems = problems

    def watchlist(self, keys: object) -> Watchlist:
        """Return as much of a watchlist as can be made of the file's keys."""
        if not isinstance(keys, dict):
            self._note("", "expected the keys services and pages")
            return Watchlist()
        top = converted(WatchlistEntry, _without_entries(keys), "", self._problems)
        services = self._services(_table(keys.get("services")))
        defaults, places = top.defaults if top else DefaultsEntry(), dict[str, str]()
        pages = self._pages(_rows(keys.get("pages")), services, defaults, places)
        feeds = self._feeds(_rows(keys.get("feeds")), services, defaults, places)
        return Watchlist(services=services, pages=pages, feeds=feeds, hosts=tuple(top.hosts) if top else ())

    def _note(self, path: str, sentence: str) -> None:
        if sentence:
            self._problems.append(Problem(path, sentence))

    def _services(self, rows: Mapping[str, object]) -> Mapping[ServiceId, Service]:
        services = {}
        for name, row in rows.items():
            path = f"services.{name}"
            if not ID.fullmatch(name):
                self._note(path, "expected lower-case letters, digits and single hyphens")
            entry = converted(ServiceEntry, row, path, self._problems)
            if entry is not None:
                homepage = given(entry.homepage, "")
                if homepage:
                    self._note(f"{path}.homepage", address_problem(homepage, loopback=self._rules.loopback))
                services[ServiceId(name)] = Service(ServiceId(name), entry.name, homepage, tuple(entry.also))
        return services

    def _pages(
        self,
        rows: list[object],
        services: Mapping[ServiceId, Service],
        defaults: DefaultsEntry,
        places: dict[str, str],
    ) -> tuple[Page, ...]:
        self._present_checked(defaults.present, "defaults.present")
        self._span_checked(defaults.every, "defaults.every")
        pages: list[Page] = []
        for index, row in enumerate(rows):
            path = f"pages[{index}]"
            entry = converted(PageEntry, row, path, self._problems)
            if entry is None:
                continue
            self._page_checked(entry, path, services)
            self._once(entry.id, path, places)
            for page in spread(entry, defaults):
                self._pace_checked(page, path)
                pages.append(page)
        return tuple(pages)

    def _once(self, id: str, path: str, places: dict[str, str]) -> None:
        if id in places:
            self._note(f"{path}.id", f"the id {id!r} is taken by {places[id]}")
        places.setdefault(id, path)

    def _page_checked(self, entry: PageEntry, path: str, services: Mapping[ServiceId, Service]) -> None:
        self._service_checked(entry.service, path, services)
        self._note(f"{path}.url", address_problem(entry.url, loopback=self._rules.loopback))
        self._span_checked(given(entry.every, "1d"), f"{path}.every")
        if entry.cron is not UNSET:
            least = timedelta(0) if self._rules.loopback else LEAST_EVERY
            self._note(f"{path}.cron", cron_problem(entry.cron, least))
            self._note(f"{path}.cron", "give either every or cron" if entry.every is not UNSET else "")
        self._selectors_checked(entry.recipe.select, f"{path}.recipe.select")
        self._selectors_checked(entry.recipe.drop, f"{path}.recipe.drop")
        self._present_checked(entry.present, f"{path}.present")
        self._proxy_checked(entry.proxy, path)
        self._editions_checked(entry, path)

    def _editions_checked(self, entry: PageEntry, path: str) -> None:
        taken: dict[str, str] = {}
        for index, edition in enumerate(entry.editions):
            place = f"{path}.editions[{index}]"
            if edition.url is not UNSET:
                self._note(f"{place}.url", address_problem(edition.url, loopback=self._rules.loopback))
            self._present_checked(edition.present, f"{place}.present")
            self._proxy_checked(edition.proxy, place)
            name = edition_name(edition)
            self._note(place, f"the edition {name} is given twice" if name in taken else "")
            taken[name] = place

    def _service_checked(self, id: str, path: str, services: Mapping[ServiceId, Service]) -> None:
        if id not in services:
            self._note(f"{path}.service", f"no service {id!r}{nearest(id, tuple(services))}")

    def _pace_checked(self, page: Page, path: str) -> None:
        """Note a page of another machine that comes round too often where pages of this machine may."""
        if not self._rules.loopback or on_this_machine(page.url):
            return
        if page.cron:
            self._note(f"{path}.cron", cron_problem(page.cron, LEAST_EVERY))
        elif page.every < LEAST_EVERY:
            self._note(f"{path}.every", _TOO_OFTEN)

    def _span_checked(self, text: str, path: str) -> None:
        span = span_of(text)
        if span is None or span <= timedelta(0):
            self._note(path, "expected a span such as 30m, 6h, 1d")
        elif span < LEAST_EVERY and not self._rules.loopback:
            self._note(path, _TOO_OFTEN)

    def _selectors_checked(self, selectors: list[str], path: str) -> None:
        for index, selector in enumerate(selectors):
            problem = selector_problem(selector)
            if not problem and self._rules.selector_problem is not None:
                problem = self._rules.selector_problem(selector)
            self._note(f"{path}[{index}]", problem and f"{selector!r}: {problem}")

    def _present_checked(self, entry: PresentEntry | UnsetType, path: str) -> None:
        if entry is not UNSET and entry.selectors is not UNSET:
            self._selectors_checked(entry.selectors, f"{path}.selectors")

    def _proxy_checked(self, proxy: str | UnsetType, path: str) -> None:
        known = self._rules.proxies
        if proxy is not UNSET and known is not None and proxy not in known:
            self._note(f"{path}.proxy", f"the settings have no proxy {proxy!r}{nearest(proxy, tuple(known))}")

    def _feeds(
        self,
        rows: list[object],
        services: Mapping[ServiceId, Service],
        defaults: DefaultsEntry,
        places: dict[str, str],
    ) -> tuple[FeedSource, ...]:
        feeds: list[FeedSource] = []
        for index, row in enumerate(rows):
            path = f"feeds[{index}]"
            entry = converted(FeedEntry, row, path, self._problems)
            if entry is None:
                continue
            if entry.service is not UNSET:
                self._service_checked(entry.service, path, services)
            self._note(f"{path}.url", address_problem(entry.url, loopback=self._rules.loopback))
            self._span_checked(entry.every, f"{path}.every")
            self._once(entry.id, path, places)
            feeds.append(feed(entry, defaults))
            self._pace_checked(feeds[-1].page, path)
        return tuple(feeds)


def _without_entries(keys: dict[object, object]) -> dict[object, object]:
    """Return the file's keys with its services, pages and feeds emptied: those are read one by one."""
    kept = dict(keys)
    kept.update({key: {} for key in ("services",) if isinstance(keys.get(key), dict)})
    kept.update({key: [] for key in ("pages", "feeds") if isinstance(keys.get(key), list)})
    return kept


def _table(value: object) -> Mapping[str, object]:
    return {str(key): entry for key, entry in value.items()} if isinstance(value, dict) else {}


def _rows(value: object) -> list[object]:
    return value if isinstance(value, list) else []
