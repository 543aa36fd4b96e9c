"""Feed documents as JSON Feed 1.1. Source: https://www.jsonfeed.org/version/1.1/."""

from collections.abc import Sequence

from monitor.codec import encode
from monitor.render.entry import Entry
from monitor.render.place import Place
from monitor.render.sheet import Sheet
from monitor.render.tongue import stamp

EXTENSION = "json"
MEDIA_TYPE = "application/feed+json"


def item(entry: Entry, _place: Place) -> bytes:
    """Return an entry as a JSON object; `_optout_monitor` names its service, page, kind and level."""
    fields: dict[str, object] = {
        "id": entry.id,
        "url": entry.link,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.content,
        "date_published": stamp(entry.published),
        "date_modified": stamp(entry.updated),
        "tags": [term for _, term in entry.categories],
        "language": entry.language,
        "_optout_monitor": dict(entry.categories) | ({"corrects": entry.related} if entry.related else {}),
    }
    return encode({name: value for name, value in fields.items() if value})


def document(sheet: Sheet, items: Sequence[bytes], place: Place) -> bytes:
    """Return a feed document; `next_url` leads to older entries."""
    feed = sheet.feed
    fields: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.description,
        "home_page_url": place.url(feed.home),
        "feed_url": place.url(f"{sheet.path}.{EXTENSION}"),
        "language": feed.language,
        "authors": [{"name": place.name}],
        "next_url": place.url(f"{sheet.previous}.{EXTENSION}") if sheet.previous else "",
        "hubs": [{"type": "WebSub", "url": place.hub}] if place.hub and not sheet.archived else [],
    }
    head = encode({name: value for name, value in fields.items() if value})
    return b"".join((head[:-1], b',"items":[\n', b",\n".join(items), b"\n]}\n"))
