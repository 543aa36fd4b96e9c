"""What a feed document is in every format: which feed, which part of it, which addresses stand around it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.render.place import Place

# The moment of a feed without entries: formats ask for one, and it must not be the moment of writing.
NEVER = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed: its path without extension (`feeds/all`), what it is called, and which page of the site shows it.

    `name` is what it is called among the feeds of one site.
    """

    path: str
    title: str
    description: str
    name: str = ""
    home: str = ""
    language: str = "en"

    def id(self, place: Place) -> str:
        """Return the feed's `tag:` URI."""
        return place.tag("feed", *self.path.split("/")[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One document of a feed: the subscription document, or an archive document (RFC 5005, section 4).

    `path` and `previous` (the next older archive document, or empty) are without extension.
    """

    feed: Feed
    path: str
    updated: datetime
    previous: str = ""

    @property
    def archived(self) -> bool:
        """Say whether this is an archive document."""
        return self.path != self.feed.path
