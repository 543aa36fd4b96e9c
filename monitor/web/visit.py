"""A request read into a `Visit`, at most so many bytes of it."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from monitor.web.allowance import client_key
from monitor.web.front import Fields, Visit

MOST_FIELDS = 1000
FORM_TYPE = "application/x-www-form-urlencoded"


class BodyTooLarge(ValueError):
    """The body is larger than this route takes."""


class Unreadable(ValueError):
    """The query or the form is not what it says."""


async def visit_of(request: Request, language: str, limit_bytes: int) -> Visit:
    """Return the request as its page sees it.

    Raises:
        BodyTooLarge: reading stopped at the limit.
        Unreadable: the query or the form has too many fields or is not UTF-8.
    """
    body = await _body(request, limit_bytes)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Visit(
        method=request.method,
        path=request.scope["path"].removeprefix("/"),
        client=client_key(request.client.host if request.client else ""),
        key=request.path_params.get("key", ""),
        language=language,
        query=_fields(request.url.query.encode()),
        form=_fields(body) if kind == FORM_TYPE else {},
        headers=_headers(request),
        body=body,
    )


async def _body(request: Request, limit_bytes: int) -> bytes:
    """Return the body; a length that is promised too large is not even read."""
    promised = request.headers.get("content-length", "0")
    if promised.isdecimal() and int(promised[:12]) > limit_bytes:
        raise BodyTooLarge
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit_bytes:
            raise BodyTooLarge
    return bytes(body)


def _headers(request: Request) -> Mapping[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _fields(text: bytes) -> Fields:
    """Return named values in their order; one name may have several."""
    found: dict[str, tuple[str, ...]] = {}
    try:
        pairs = parse_qsl(text.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise Unreadable from error
    for name, value in pairs:
        found[name] = (*found.get(name, ()), value)
    return found
