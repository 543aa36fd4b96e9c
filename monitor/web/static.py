"""The generated site over HTTP: whole files of the public folder, with validators, so that readers get 304.

Only what the publishers put there is served: no hidden file, nothing outside the folder, nothing but GET and HEAD.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from os import fstat
from pathlib import Path

from starlette.responses import RedirectResponse, Response

from monitor.web.front import House, Visit

MEDIA_TYPES: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".xml": "application/xml",
    ".txt": "text/plain; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".json": "application/json",
    ".zip": "application/zip",
}
_FEED_JSON = "application/feed+json"
_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_NOT_YET = (
    b"<!doctype html><html lang=en><title>Not written yet</title><p>The site is not written yet: the first publication "
    b"begins a minute after the start.</p></html>"
)
_NAMED_BY_BYTES = re.compile(r"assets/[a-z0-9-]+\.[0-9a-f]{12}\.[a-z]+")
FOREVER, EACH_TIME = "public, max-age=31536000, immutable", "no-cache"


def static_file(visit: Visit, house: House) -> Response:
    """Return the file under a path, or the page for unknown addresses."""
    root = house.front.public
    path = visit.path
    if path and not all(_SEGMENT.fullmatch(part) for part in path.removesuffix("/").split("/")):
        return _missing(root)
    if path and not path.endswith("/") and (root / path).is_dir():
        return RedirectResponse(house.front.place.prefix + path + "/", status_code=308)
    return _file(root, f"{path}index.html" if not path or path.endswith("/") else path, visit) or _missing(root)


def _file(root: Path, path: str, visit: Visit) -> Response | None:
    """Return a file, 304 when the reader has it already, or None when there is none inside the folder."""
    media_type = media_type_of(path)
    target = (root / path).resolve()
    if not media_type or not target.is_relative_to(root.resolve()) or not target.is_file():
        return None
    with target.open("rb") as file:
        modified = datetime.fromtimestamp(int(fstat(file.fileno()).st_mtime), UTC)
        content = file.read()
    headers = {
        "ETag": f'"{sha256(content).hexdigest()[:32]}"',
        "Last-Modified": format_datetime(modified, usegmt=True),
        "Cache-Control": FOREVER if _NAMED_BY_BYTES.fullmatch(path) else EACH_TIME,
    }
    if _known(visit, headers["ETag"], modified):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def media_type_of(path: str) -> str:
    """Return the media type of a file, or an empty string for one that is not served."""
    if re.fullmatch(r"feeds/.+\.json", path):
        return _FEED_JSON
    return MEDIA_TYPES.get(Path(path).suffix, "")


def _known(visit: Visit, etag: str, modified: datetime) -> bool:
    """Say whether the reader holds this state; an entity tag decides alone (RFC 9110, section 13.2.2)."""
    if (tags := visit.headers.get("if-none-match")) is not None:
        named = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return etag in named or "*" in named
    since = visit.headers.get("if-modified-since", "")
    try:
        return modified <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


def _missing(root: Path) -> Response:
    """Return the site's page for addresses that are none; before the first publication there is no site yet."""
    page, headers = root / "404.html", {"Cache-Control": EACH_TIME}
    if not page.is_file():
        return Response(_NOT_YET, 503, headers | {"Retry-After": "60"}, MEDIA_TYPES[".html"])
    return Response(page.read_bytes(), 404, headers, MEDIA_TYPES[".html"])
