"""The list of the site's addresses for search engines. Source: https://www.sitemaps.org/protocol.html."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from monitor.render.place import Place
from monitor.render.tongue import stamp
from monitor.render.xml import DECLARATION, around, element

MOST_ADDRESSES = 50_000  # that one file may hold, by the protocol


def sitemap(paths: Iterable[tuple[str, datetime | None]], place: Place) -> bytes:
    """Return the sitemap of these paths, each with the moment it last changed, if known."""
    urls = [_url(place.url(path), at) for path, at in islice(paths, MOST_ADDRESSES)]
    content = around("urlset", "\n".join(urls), xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    return f"{DECLARATION}{content}\n".encode()


def robots(place: Place) -> bytes:
    """Return `robots.txt`: everything may be read."""
    return f"User-agent: *\nDisallow:\n\nSitemap: {place.url('sitemap.xml')}\n".encode()


def _url(address: str, at: datetime | None) -> str:
    changed = f"\n{element('lastmod', stamp(at))}" if at else ""
    return around("url", element("loc", address) + changed)
