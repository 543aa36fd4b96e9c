"""Around routes: where the site stands behind its proxy, headers that keep pages harmless, no forms from elsewhere."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers as Seen
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.render.place import Place

# No inline script or style, nothing from elsewhere. Source: Content Security Policy Level 3; OWASP Secure Headers.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: under that a browser says `Origin: null` of our own forms (Fetch, section 3.1, Origin header).
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Headers:
    """Puts `HEADERS` on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the headers."""

        async def outward(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, outward if scope["type"] == "http" else send)


class Prefix:
    """Takes the prefix of the site off a path, so that it does not matter whether the proxy did."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = prefix.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on under its path inside the site."""
        path = scope.get("path", "")
        if scope["type"] == "http" and self._prefix and f"{path}/".startswith(f"{self._prefix}/"):
            scope = {**scope, "path": path[len(self._prefix) :] or "/", "root_path": ""}
        await self._app(scope, receive, send)


def cross_origin(headers: Seen, place: Place) -> bool:
    """Say whether a browser sent this from a page of another site.

    Browsers say where a form was sent from, and pages cannot change that; programs that are no browsers say nothing,
    and have nobody's cookies to misuse. Source: Fetch Metadata Request Headers; RFC 6454, section 7.
    """
    if site := headers.get("sec-fetch-site"):
        return site != "same-origin"
    origin = headers.get("origin")
    return origin is not None and origin != _origin(place)


def _origin(place: Place) -> str:
    parts = urlsplit(place.base_url)
    return f"{parts.scheme}://{parts.netloc}"
