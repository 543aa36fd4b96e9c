"""What is watched: services and pages as `watchlist.yaml` declares them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import NewType

PageId = NewType("PageId", str)
ServiceId = NewType("ServiceId", str)


# The fetcher of what stands for a feed among pages; no page of a watchlist can name it.
FEED = "feed"
ARCHIVE = "archive"


class PageKind(StrEnum):
    """What sort of document an address leads to; it sets what a change in it can mean."""

    POLICY = "policy"
    FORM = "form"
    HELP = "help"
    SETTINGS_GUIDE = "settings-guide"
    TERMS = "terms"
    NEWS = "news"
    NOTICE = "notice"


class Publication(StrEnum):
    """Who lets an alert out: the program by itself, or a maintainer."""

    AUTOMATIC = "automatic"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which part of a page is read: CSS selectors by id, role or section; empty `select` is the whole body."""

    select: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Presence:
    """What must stand on a capture for it to count as the page."""

    selectors: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    least_chars: int = 100


@dataclass(frozen=True, slots=True)
class PublicationRule:
    """Who lets out alerts of each level; an alert that is held always waits for a maintainer."""

    alert: Publication = Publication.REVIEW
    digest: Publication = Publication.AUTOMATIC


@dataclass(frozen=True, slots=True)
class Vantage:
    """From where and as whom a page is asked for: region and language as BCP 47 subtags, and user agent."""

    region: str = ""
    language: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A watched page as declared in `watchlist.yaml`; its id never changes.

    `cron` (five fields, UTC) takes the place of `every` when it is not empty. `edition_of` is the id of the entry
    that this page is another vantage of; each edition has its own history. `proxy` names a proxy of the settings.
    `robots` is `obey`, or `ignore` with the reason why in `robots_reason`.
    """

    id: PageId
    url: str
    kind: PageKind
    service: ServiceId = ServiceId("")
    title: str = ""
    region: str = ""
    language: str = ""
    every: timedelta = timedelta(hours=12)
    cron: str = ""
    fetcher: str = "plain"
    recipe: Recipe = Recipe()
    present: Presence = Presence()
    publish: PublicationRule = PublicationRule()
    robots: str = "obey"
    robots_reason: str = ""
    edition_of: PageId = PageId("")
    proxy: str = ""
    note: str = ""

    @property
    def asked_for(self) -> bool:
        """Say whether the page is asked for; the past of an archive comes by import alone."""
        return self.fetcher != ARCHIVE

    @property
    def from_feed(self) -> bool:
        """Say whether this stands for a feed among the pages that readers see."""
        return self.fetcher == FEED


@dataclass(frozen=True, slots=True)
class Service:
    """A service people use: an id, the name shown to readers, and where its way out is explained.

    `also` are other names that news use for it, such as its owner's.
    """

    id: ServiceId
    name: str
    homepage: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSource:
    """A news feed read as an early signal; it is never evidence of a change by itself."""

    id: str
    url: str
    title: str
    service: ServiceId = ServiceId("")
    language: str = "en"
    every: timedelta = timedelta(hours=1)
    publish: Publication = Publication.AUTOMATIC

    @property
    def page(self) -> Page:
        """Return what stands for this feed among the pages that readers see; feeds and pages share their ids."""
        return Page(
            id=PageId(self.id),
            url=self.url,
            kind=PageKind.NEWS,
            service=self.service,
            title=self.title,
            language=self.language,
            every=self.every,
            fetcher=FEED,
        )


@dataclass(frozen=True, slots=True)
class Watchlist:
    """Everything that is watched, in the order of the file; `hosts` are those a redirect may lead to as well."""

    services: Mapping[ServiceId, Service] = field(default_factory=dict)
    pages: tuple[Page, ...] = ()
    feeds: tuple[FeedSource, ...] = ()
    hosts: tuple[str, ...] = ()
    _by_id: Mapping[str, Page] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {page.id: page for page in self.pages})

    def page(self, id: str) -> Page | None:
        """Return the page with this id, or None when none is declared."""
        return self._by_id.get(id)

    def with_feeds(self) -> "Watchlist":
        """Return the watchlist as readers see it: what stands for its feeds comes after the pages."""
        return replace(self, pages=(*self.pages, *(feed.page for feed in self.feeds)))
