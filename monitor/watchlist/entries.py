"""The shape of `watchlist.yaml`: every key with what it means, its limits and its default.

The JSON Schema for editors and the reference page come from here. Unknown keys are refused.
"""

from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from monitor.model.page import PageKind, Publication

Id: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Line: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200)]
Address: TypeAlias = Annotated[str, Meta(min_length=1, max_length=2000)]
Span: TypeAlias = Annotated[str, Meta(pattern=r"^\d{1,6}\s*[smhdw]$")]
Region: TypeAlias = Annotated[str, Meta(pattern=r"^([a-z]{2}|[0-9]{3})$")]
Language: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Selectors: TypeAlias = list[Annotated[str, Meta(min_length=1, max_length=500)]]
Phrases: TypeAlias = list[Annotated[str, Meta(min_length=2, max_length=500)]]
FetcherName: TypeAlias = Literal["plain", "browser", "auto", "archive"]


class Strict(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A table of the file; a key that it does not know is an error."""


class RecipeEntry(Strict, frozen=True):
    """Which part of the page is read."""

    select: Annotated[
        Selectors, Meta(description="CSS selectors of what is read, by id, role or section; empty reads the body.")
    ] = []
    drop: Annotated[Selectors, Meta(description="CSS selectors of what is left out of it.")] = []


class PresentEntry(Strict, frozen=True):
    """What must stand on a capture for it to count as the page."""

    selectors: Annotated[Selectors, Meta(description="CSS selectors that must match something.")] | UnsetType = UNSET
    phrases: Annotated[Phrases, Meta(description="Texts that must be visible.")] | UnsetType = UNSET
    least_chars: (
        Annotated[int, Meta(ge=0, le=10_000_000, description="Least number of characters of read text.")] | UnsetType
    ) = UNSET


class PublishEntry(Strict, frozen=True):
    """Who lets out alerts; a held alert always waits for a maintainer."""

    alert: Annotated[Publication, Meta(description="For alerts told at once.")] | UnsetType = UNSET
    digest: Annotated[Publication, Meta(description="For lines of the weekly digest.")] | UnsetType = UNSET


class RobotsEntry(Strict, frozen=True):
    """An exception from the host's robots.txt, with the reason why."""

    ignore: Annotated[str, Meta(min_length=20, max_length=500, description="Why robots.txt is not obeyed here.")]


class EditionEntry(Strict, frozen=True):
    """The same page asked for from elsewhere or in another language, with a history of its own."""

    region: Annotated[Region, Meta(description="Country (or `eu`) the page is asked for from.")]
    language: Annotated[Language, Meta(description="Language asked for and expected.")]
    url: Annotated[Address, Meta(description="Address of this edition, when it differs.")] | UnsetType = UNSET
    proxy: Annotated[Id, Meta(description="Name of a proxy in the settings to ask through.")] | UnsetType = UNSET
    present: Annotated[PresentEntry, Meta(description="What must stand on this edition.")] | UnsetType = UNSET
    note: Annotated[Line, Meta(description="What is known about this edition.")] | UnsetType = UNSET


class PageEntry(Strict, frozen=True):
    """A watched page."""

    id: Annotated[Id, Meta(description="Name of the page for ever: lower case, digits and hyphens.")]
    service: Annotated[Id, Meta(description="Service that it belongs to.")]
    title: Annotated[Line, Meta(description="Name shown to readers.")]
    url: Annotated[Address, Meta(description="Address; https only.")]
    kind: Annotated[PageKind, Meta(description="What sort of document it is.")]
    region: Annotated[Region, Meta(description="Country (or `eu`) it is asked for from.")] | UnsetType = UNSET
    language: Annotated[Language, Meta(description="Language asked for and expected.")] | UnsetType = UNSET
    every: Annotated[Span, Meta(description="How often it is asked for, such as `6h`.")] | UnsetType = UNSET
    cron: Annotated[Line, Meta(description="Five cron fields (UTC) instead of `every`.")] | UnsetType = UNSET
    fetcher: Annotated[FetcherName, Meta(description="Which fetcher asks for it.")] | UnsetType = UNSET
    recipe: Annotated[RecipeEntry, Meta(description="Which part of it is read.")] = RecipeEntry()
    present: Annotated[PresentEntry, Meta(description="What must stand on it to count.")] | UnsetType = UNSET
    publish: Annotated[PublishEntry, Meta(description="Who lets out its alerts.")] | UnsetType = UNSET
    robots: Annotated[
        Literal["obey"] | RobotsEntry, Meta(description="`obey`, or a table with `ignore` and the reason why.")
    ] = "obey"
    proxy: Annotated[Id, Meta(description="Name of a proxy in the settings to ask through.")] | UnsetType = UNSET
    editions: Annotated[
        list[EditionEntry], Meta(description="The same page from elsewhere; each becomes a page `id@region-language`.")
    ] = []
    note: Annotated[str, Meta(max_length=2000, description="What is known about the page, for maintainers.")] = ""


class DefaultsEntry(Strict, frozen=True):
    """What holds for every page that does not say otherwise, key by key."""

    region: Annotated[Region, Meta(description="See `pages`.")] = "eu"
    language: Annotated[Language, Meta(description="See `pages`.")] = "en"
    every: Annotated[Span, Meta(description="See `pages`.")] = "12h"
    fetcher: Annotated[FetcherName, Meta(description="See `pages`.")] = "plain"
    present: Annotated[PresentEntry, Meta(description="See `pages`.")] = PresentEntry()
    publish: Annotated[PublishEntry, Meta(description="See `pages`.")] = PublishEntry()


class ServiceEntry(Strict, frozen=True):
    """A service people use."""

    name: Annotated[Line, Meta(description="Name shown to readers.")]
    homepage: Annotated[Address, Meta(description="Its own page about the way out, for readers.")] | UnsetType = UNSET
    also: Annotated[
        list[Annotated[str, Meta(min_length=2, max_length=60)]],
        Meta(description="Other names that news use for it, such as its owner's; upper and lower case count."),
    ] = []


class FeedEntry(Strict, frozen=True):
    """A news feed read as an early signal; it is never evidence of a change by itself."""

    id: Annotated[Id, Meta(description="Name of the feed for ever.")]
    title: Annotated[Line, Meta(description="Name shown to readers.")]
    url: Annotated[Address, Meta(description="Address; https only.")]
    service: Annotated[Id, Meta(description="Service that it speaks of, if one.")] | UnsetType = UNSET
    language: Annotated[Language, Meta(description="Language of its entries.")] = "en"
    every: Annotated[Span, Meta(description="How often it is read.")] = "1h"
    publish: Annotated[Publication, Meta(description="Who lets out what its entries signal.")] | UnsetType = UNSET


class WatchlistEntry(Strict, frozen=True):
    """What is watched, and how."""

    services: Annotated[dict[Id, ServiceEntry], Meta(description="Services by id.")]
    pages: Annotated[list[PageEntry], Meta(description="Watched pages.")]
    defaults: Annotated[DefaultsEntry, Meta(description="What holds for pages that do not say otherwise.")] = (
        DefaultsEntry()
    )
    hosts: Annotated[
        list[Annotated[str, Meta(pattern=r"^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$")]],
        Meta(description="Hosts that a redirect may lead to besides those of the pages; `*.` stands for any below."),
    ] = []
    feeds: Annotated[list[FeedEntry], Meta(description="News feeds read as early signals.")] = []
