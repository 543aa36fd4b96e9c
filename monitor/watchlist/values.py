"""Checked entries in, the values of the house out: defaults filled in, editions spread out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from msgspec import UNSET, UnsetType

from monitor.model.page import FeedSource, Page, PageId, Presence, PublicationRule, Recipe, ServiceId
from monitor.model.span import span_of
from monitor.watchlist.checks import LEAST_EVERY
from monitor.watchlist.entries import (
    DefaultsEntry,
    EditionEntry,
    FeedEntry,
    PageEntry,
    PresentEntry,
    PublishEntry,
    RobotsEntry,
)

T = TypeVar("T")


def given(value: T | UnsetType, default: T) -> T:
    """Return a key's value, or the default when the key is not there."""
    return default if value is UNSET else value


def spread(entry: PageEntry, defaults: DefaultsEntry) -> Iterator[Page]:
    """Yield the page of an entry, then one page for each of its editions."""
    page = _page(entry, defaults)
    yield page
    for edition in entry.editions:
        yield replace(
            page,
            id=PageId(f"{entry.id}@{edition_name(edition)}"),
            edition_of=page.id,
            url=given(edition.url, page.url),
            region=edition.region,
            language=edition.language,
            proxy=given(edition.proxy, ""),
            present=_presence(edition.present, page.present),
            note=given(edition.note, page.note),
        )


def edition_name(edition: EditionEntry) -> str:
    """Return what tells an edition from the others of its page, such as `de-de`."""
    return f"{edition.region}-{edition.language}".lower()


def _page(entry: PageEntry, defaults: DefaultsEntry) -> Page:
    robots = entry.robots
    usual = _rule(defaults.publish, PublicationRule())
    return Page(
        id=PageId(entry.id),
        url=entry.url,
        kind=entry.kind,
        service=ServiceId(entry.service),
        title=entry.title,
        region=given(entry.region, defaults.region),
        language=given(entry.language, defaults.language),
        every=span_of(given(entry.every, defaults.every)) or LEAST_EVERY,
        cron=given(entry.cron, ""),
        fetcher=given(entry.fetcher, defaults.fetcher),
        recipe=Recipe(tuple(entry.recipe.select), tuple(entry.recipe.drop)),
        present=_presence(entry.present, _presence(defaults.present, Presence())),
        publish=_rule(entry.publish, usual),
        robots="ignore" if isinstance(robots, RobotsEntry) else robots,
        robots_reason=robots.ignore if isinstance(robots, RobotsEntry) else "",
        proxy=given(entry.proxy, ""),
        note=entry.note,
    )


def _presence(entry: PresentEntry | UnsetType, usual: Presence) -> Presence:
    if entry is UNSET:
        return usual
    return Presence(
        selectors=tuple(given(entry.selectors, list(usual.selectors))),
        phrases=tuple(given(entry.phrases, list(usual.phrases))),
        least_chars=given(entry.least_chars, usual.least_chars),
    )


def _rule(entry: PublishEntry | UnsetType, usual: PublicationRule) -> PublicationRule:
    if entry is UNSET:
        return usual
    return PublicationRule(alert=given(entry.alert, usual.alert), digest=given(entry.digest, usual.digest))


def feed(entry: FeedEntry, defaults: DefaultsEntry) -> FeedSource:
    """Return the feed of an entry; what it signals is let out as any line of the digest unless it says otherwise."""
    return FeedSource(
        id=entry.id,
        url=entry.url,
        title=entry.title,
        service=ServiceId(given(entry.service, "")),
        language=entry.language,
        every=span_of(entry.every) or LEAST_EVERY,
        publish=given(entry.publish, _rule(defaults.publish, PublicationRule()).digest),
    )
