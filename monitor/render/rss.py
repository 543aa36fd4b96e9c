"""Feed documents as RSS 2.0, with Atom links, archive links and whole contents.

Source: RSS 2.0.11; the RSS Advisory Board's Best Practices Profile; RFC 5005; RDF Site Summary module `content`.
"""

from collections.abc import Sequence
from email.utils import format_datetime
from functools import lru_cache

from monitor.render.entry import Entry
from monitor.render.place import Place
from monitor.render.safe import unambiguous
from monitor.render.sheet import NEVER, Sheet
from monitor.render.xml import DECLARATION, around, element, empty, opening

EXTENSION = "rss"
MEDIA_TYPE = "application/rss+xml"


def item(entry: Entry, place: Place) -> bytes:
    """Return an entry as an `item`; texts that a reader may take for HTML read the same either way."""
    related = empty("atom:link", rel="related", href=entry.related) if entry.related else ""
    parts = (
        element("title", unambiguous(entry.title)),
        element("link", entry.link),
        element("guid", entry.id, isPermaLink="false"),
        element("pubDate", format_datetime(entry.published, usegmt=True)),
        _categories(entry.categories, place),
        related,
        element("description", unambiguous(entry.summary)),
        element("content:encoded", entry.content),
    )
    return around("item", "\n".join(filter(None, parts))).encode()


@lru_cache(maxsize=1024)  # there are as many as pages, times kinds and levels
def _categories(categories: tuple[tuple[str, str], ...], place: Place) -> str:
    return "\n".join([element("category", term, domain=place.tag("terms", name)) for name, term in categories])


def document(sheet: Sheet, items: Sequence[bytes], place: Place) -> bytes:
    """Return a feed document; its moment is that of its newest entry."""
    feed = sheet.feed
    dated = element("lastBuildDate", format_datetime(sheet.updated, usegmt=True)) if sheet.updated > NEVER else ""
    head = (
        opening(
            "rss",
            version="2.0",
            xmlns_atom="http://www.w3.org/2005/Atom",
            xmlns_content="http://purl.org/rss/1.0/modules/content/",
            xmlns_fh="http://purl.org/syndication/history/1.0",
        ),
        opening("channel"),
        element("title", unambiguous(feed.title)),
        element("link", place.url(feed.home)),
        element("description", unambiguous(feed.description)),
        element("language", feed.language),
        dated,
        element("docs", "https://www.rssboard.org/rss-specification"),
        _link("self", place.url(f"{sheet.path}.{EXTENSION}")),
        *_around(sheet, place),
    )
    start = DECLARATION + "\n".join(filter(None, head))
    return b"\n".join((start.encode(), *items, b"</channel>\n</rss>\n"))


def _around(sheet: Sheet, place: Place) -> tuple[str, ...]:
    """Return the links to the hub, the current document and the next older archive document."""
    hub = _link("hub", place.hub) if place.hub and not sheet.archived else ""
    current = _link("current", place.url(f"{sheet.feed.path}.{EXTENSION}")) if sheet.archived else ""
    older = _link("prev-archive", place.url(f"{sheet.previous}.{EXTENSION}")) if sheet.previous else ""
    return hub, current, older, "<fh:archive/>" if sheet.archived else ""


def _link(rel: str, href: str) -> str:
    kind = MEDIA_TYPE if rel != "hub" else ""
    return empty("atom:link", rel=rel, href=href, type=kind)
