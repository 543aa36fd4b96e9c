"""Feed documents as Atom 1.0. Source: RFC 4287; RFC 5005, section 4, for archives."""

from collections.abc import Sequence
from functools import lru_cache

from monitor.render.entry import Entry
from monitor.render.place import Place
from monitor.render.sheet import Sheet
from monitor.render.tongue import stamp
from monitor.render.xml import DECLARATION, around, element, empty, opening

EXTENSION = "atom"
MEDIA_TYPE = "application/atom+xml"


def item(entry: Entry, place: Place) -> bytes:
    """Return an entry as an `entry`; an alert whose words were edited keeps its id and has a later `updated`."""
    parts = (
        element("id", entry.id),
        element("title", entry.title, type="text"),
        empty("link", rel="alternate", type="text/html", href=entry.link),
        empty("link", rel="related", type="text/html", href=entry.related) if entry.related else "",
        element("published", stamp(entry.published)),
        element("updated", stamp(entry.updated)),
        _categories(entry.categories, place),
        element("summary", entry.summary, type="text"),
        element("content", entry.content, type="html"),
    )
    return around("entry", "\n".join(filter(None, parts))).encode()


@lru_cache(maxsize=1024)  # there are as many as pages, times kinds and levels
def _categories(categories: tuple[tuple[str, str], ...], place: Place) -> str:
    return "\n".join([empty("category", term=term, scheme=place.tag("terms", name)) for name, term in categories])


def document(sheet: Sheet, items: Sequence[bytes], place: Place) -> bytes:
    """Return a feed document; its moment is that of its newest entry."""
    feed = sheet.feed
    head = (
        opening(
            "feed",
            xmlns="http://www.w3.org/2005/Atom",
            xmlns_fh="http://purl.org/syndication/history/1.0",
            xml_lang=feed.language,
        ),
        element("id", feed.id(place)),
        element("title", feed.title, type="text"),
        element("subtitle", feed.description, type="text"),
        element("updated", stamp(sheet.updated)),
        around("author", element("name", place.name)),
        empty("link", rel="alternate", type="text/html", href=place.url(feed.home)),
        _link("self", place.url(f"{sheet.path}.{EXTENSION}")),
        *_around(sheet, place),
    )
    start = DECLARATION + "\n".join(filter(None, head))
    return b"\n".join((start.encode(), *items, b"</feed>\n"))


def _around(sheet: Sheet, place: Place) -> tuple[str, ...]:
    """Return the links to the hub, the current document and the next older archive document."""
    hub = empty("link", rel="hub", href=place.hub) if place.hub and not sheet.archived else ""
    current = _link("current", place.url(f"{sheet.feed.path}.{EXTENSION}")) if sheet.archived else ""
    older = _link("prev-archive", place.url(f"{sheet.previous}.{EXTENSION}")) if sheet.previous else ""
    return hub, current, older, "<fh:archive/>" if sheet.archived else ""


def _link(rel: str, href: str) -> str:
    return empty("link", rel=rel, type=MEDIA_TYPE, href=href)
