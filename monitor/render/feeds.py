"""Which feeds there are, and how the entries of one are laid out over its documents.

The subscription document holds the newest entries. Older ones stand in archive documents of equal size, filled from
the oldest; the last of them, not yet full, is named by the entries it holds. So the entries of an address never change
(RFC 5005, section 4), and every entry stands in exactly one document.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from monitor.model.alert import Alert
from monitor.model.page import Watchlist
from monitor.model.verdict import Level
from monitor.render.labels import LEVELS
from monitor.render.place import page_path, service_anchor, slug
from monitor.render.safe import one_line
from monitor.render.sheet import Feed
from monitor.render.tongue import ENGLISH, Tongue

Tongues: TypeAlias = Callable[[str], Tongue]  # a language (BCP 47) to the tongue that it is told in

NEWEST = 50  # entries in a subscription document, and in a full archive document
ALL = "feeds/all"
PROBLEMS = "feeds/problems"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One document of a feed: its path without extension, which entries it holds (oldest first), and the next older."""

    path: str
    first: int
    last: int
    previous: str = ""
    older: bool = True

    @property
    def full(self) -> bool:
        """Say whether this is an archive document to which nothing will be added."""
        return self.older and self.last - self.first == NEWEST


def english(_: str) -> Tongue:
    """Return English, whatever the language."""
    return ENGLISH


def leaves(path: str, count: int) -> Iterator[Leaf]:
    """Yield the documents of a feed with this many entries, oldest archive first, the subscription document last."""
    previous, archived = "", max(0, count - NEWEST)
    for first in range(0, archived, NEWEST):
        last = min(first + NEWEST, archived)
        leaf = Leaf(f"{path}/{first + 1}-{last}", first, last, previous)
        previous = leaf.path
        yield leaf
    yield Leaf(path, archived, count, previous, older=False)


def topic(kind: str, id: str) -> str:
    """Return the path, without extension, of the feed for one service, page, language or level."""
    return f"feeds/{kind}/{slug(id)}"


def topics(alert: Alert) -> tuple[str, ...]:
    """Return the paths of all feeds that an alert belongs to."""
    named = (("service", alert.service), ("page", alert.page), ("language", alert.language), ("level", alert.level))
    return (ALL, *(topic(kind, name) for kind, name in named if name))


def told(alerts: Iterable[Alert]) -> list[Alert]:
    """Return the alerts that were published, in the order of their publication."""
    return sorted((alert for alert in alerts if alert.published), key=lambda alert: (alert.published, alert.id))


def feeds(
    watchlist: Watchlist, alerts: Sequence[Alert], site: str, tongue: Tongue = ENGLISH, tongues: Tongues = english
) -> Iterator[Feed]:
    """Yield every feed of alerts: those of the watchlist, empty or not, then those that only older alerts have.

    The feed of a language speaks that language where `tongues` knows it.
    """
    found: dict[str, Feed] = {}
    spoken = _by_language(watchlist, alerts, site, tongues)
    for feed in (*_declared(watchlist, site, tongue), *spoken, *_remembered(alerts, site, tongue)):
        found.setdefault(feed.path, feed)
    yield from found.values()


def everything(site: str, tongue: Tongue = ENGLISH) -> Feed:
    """Return the feed of every published alert, which all pages announce."""
    return _feed(ALL, site, tongue.say("all changes"), "changes/", tongue)


def problems_feed(site: str, tongue: Tongue = ENGLISH) -> Feed:
    """Return the feed of pages that could not be read."""
    return Feed(
        path=PROBLEMS,
        title=tongue.say("%(site)s: pages that could not be read", site=site),
        name=tongue.say("Pages that could not be read"),
        description=tongue.say(
            "When a watched page cannot be read for several checks in a row, and when it can again."
        ),
        home="pages/",
        language=tongue.language,
    )


def _declared(watchlist: Watchlist, site: str, tongue: Tongue) -> Iterator[Feed]:
    yield everything(site, tongue)
    for service in watchlist.services.values():
        home = f"#{service_anchor(service.id)}"
        yield _feed(topic("service", service.id), site, one_line(service.name), home, tongue)
    for page in watchlist.pages:
        owner = watchlist.services.get(page.service)
        name = f"{owner.name}: {page.title or page.id}" if owner else page.title or page.id
        yield _feed(topic("page", page.id), site, one_line(name), page_path(page.id), tongue)
    for level in (Level.ALERT, Level.DIGEST):
        yield _feed(topic("level", level), site, tongue.say(LEVELS[level]), "changes/", tongue)


def _remembered(alerts: Sequence[Alert], site: str, tongue: Tongue) -> Iterator[Feed]:
    """Yield the feeds of services and pages that alerts name, whether still in the watchlist or not."""
    for service in sorted({alert.service for alert in alerts if alert.service}):
        yield _feed(topic("service", service), site, one_line(service), "changes/", tongue)
    for page in sorted({alert.page for alert in alerts}):
        yield _feed(topic("page", page), site, one_line(page), page_path(page), tongue)


def _by_language(watchlist: Watchlist, alerts: Sequence[Alert], site: str, tongues: Tongues) -> Iterator[Feed]:
    """Yield the feeds of the languages that watched pages or alerts are in."""
    declared = {page.language for page in watchlist.pages if page.language}
    for language in sorted(declared | {alert.language for alert in alerts if alert.language}):
        yield _language(language, site, tongues(language))


def _language(language: str, site: str, tongue: Tongue) -> Feed:
    name = tongue.say("pages in %(language)s", language=one_line(language))
    return _feed(topic("language", language), site, name, "changes/", tongue)


def _feed(path: str, site: str, name: str, home: str, tongue: Tongue) -> Feed:
    return Feed(
        path=path,
        title=tongue.say("%(site)s: %(name)s", site=site, name=name),
        name=name,
        description=tongue.say(
            "Changes in how people keep their data out of AI training, with proof: %(name)s", name=name
        ),
        home=home,
        language=tongue.language,
    )
