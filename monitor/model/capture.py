"""What came when a page was asked for: the exact bytes, or why there are none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NewType, TypeAlias

from monitor.model.page import PageId, Vantage

Digest = NewType("Digest", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One answer of a server, as it came: bytes, status, headers, final address, moment (UTC) and vantage.

    `screenshot` is a PNG of the page where a browser rendered it, and empty otherwise.
    """

    page: PageId
    url: str
    at: datetime
    body: bytes = field(repr=False)
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    final_url: str = ""
    hops: tuple[str, ...] = ()
    vantage: Vantage = Vantage()
    source: Mapping[str, str] = field(default_factory=dict)
    screenshot: bytes = field(default=b"", repr=False)
    digest: Digest = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", Digest(sha256(self.body).hexdigest()))

    def header(self, name: str) -> str:
        """Return the last value of a header, or an empty string; names match without case (RFC 9110, section 5.1)."""
        wanted = name.lower()
        return next((value for key, value in reversed(self.headers) if key.lower() == wanted), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server is told of a capture that we hold, so that it can say that the page is still that one.

    `url` was asked for and `final_url` gave it, with this ETag and Last-Modified (RFC 9110, section 8.8), empty where
    the answer had none; `fetcher` is the way it came by.
    """

    capture: Digest
    url: str
    final_url: str = ""
    etag: str = ""
    modified: str = ""
    fetcher: str = ""


def validators_of(capture: Capture) -> Validators:
    """Return what its server is told of a capture; one that was no success validates nothing."""
    good = capture.status == 200
    return Validators(
        capture=capture.digest,
        url=capture.url,
        final_url=capture.final_url,
        etag=capture.header("ETag") if good else "",
        modified=capture.header("Last-Modified") if good else "",
        fetcher=capture.source.get("fetcher", ""),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The server said that nothing changed since a capture that we hold (RFC 9110, section 15.4.5)."""

    page: PageId
    at: datetime
    since: Digest


class MissReason(StrEnum):
    """Why no page came."""

    NO_ANSWER = "no-answer"
    TIMED_OUT = "timed-out"
    TLS = "tls"
    HTTP_ERROR = "http-error"
    RATE_LIMITED = "rate-limited"
    LEFT_ALONE = "left-alone"
    NOT_ALLOWED = "not-allowed"
    TOO_LARGE = "too-large"
    BAD_REDIRECT = "bad-redirect"
    NOT_TEXT = "not-text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """No page came; `capture` holds what came instead, when bytes did (an error page is evidence too)."""

    page: PageId
    at: datetime
    why: MissReason
    detail: str
    retry_after: timedelta | None = None
    capture: Capture | None = None


Fetched: TypeAlias = Capture | Unchanged | Miss


class RefusalReason(StrEnum):
    """Why what came is not the page."""

    HTTP_ERROR = "http-error"
    LOGIN_WALL = "login-wall"
    CONSENT_WALL = "consent-wall"
    BOT_CHECK = "bot-check"
    ERROR_PAGE = "error-page"
    EMPTY_SHELL = "empty-shell"
    MISSING_CONTENT = "missing-content"
    WRONG_LANGUAGE = "wrong-language"
    OTHER_DOCUMENT = "other-document"
    REDIRECT_PAGE = "redirect-page"
    TRUNCATED = "truncated"
    RATE_LIMITED = "rate-limited"
    MAINTENANCE = "maintenance"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What came is not the page, with what on it says so."""

    why: RefusalReason
    evidence: tuple[str, ...]
