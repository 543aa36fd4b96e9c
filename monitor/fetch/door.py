"""The one door to the network: an address in, an answer or a reason out. Pages, robots.txt and feeds go through it.

Redirects are followed by hand, and every hop is held to all the rules again: scheme, host, address, robots.txt, a turn
at its host.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from urllib.parse import urldefrag, urljoin, urlsplit

from requests import Response
from requests.exceptions import ConnectTimeout, ReadTimeout, RequestException, SSLError
from requests.utils import requote_uri
from ssrfguard import SSRFGuardError
from urllib3.exceptions import HTTPError

from monitor.fetch.body import ENCODINGS, Damaged, TooLarge, body_of
from monitor.fetch.terms import Outside, Terms, host_of
from monitor.fetch.transport import HEAD_BYTES, Cutoff, Transport
from monitor.fetch.turns import NotNow, Turns
from monitor.model.capture import MissReason

MOST_HOPS = 10
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NOT_MODIFIED = 304
# How the body was packed on its way, and cookies: the body that is kept is unpacked, and a cookie names a visitor.
_ON_THE_WAY = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_NOT_KEPT = frozenset({"set-cookie", "set-cookie2"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What to ask for. `validators` are headers for one address only, so that a redirect gets none that is not its.

    `allowed` is asked before every hop and returns why an address must not be asked, or nothing.
    """

    url: str
    language: str = ""
    accept: str = "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.8,*/*;q=0.1"
    proxy: str = ""
    validators: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    limit_bytes: int = 20_000_000
    pause: timedelta = timedelta(0)
    allowed: Callable[[str], str] = lambda _: ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server answered in the end: final address, the addresses that led there, headers, unpacked body."""

    url: str
    hops: tuple[str, ...]
    at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    request: str

    def header(self, name: str) -> str:
        """Return the last value of a header, or an empty text."""
        wanted = name.lower()
        return next((value for key, value in reversed(self.headers) if key.lower() == wanted), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReply:
    """Why there is no answer, or none that counts; `reply` is what came all the same."""

    why: MissReason
    detail: str
    retry_after: timedelta | None = None
    reply: Reply | None = None


class Door:
    """Asks for addresses, one hop after the other."""

    def __init__(self, terms: Terms, outside: Outside, turns: Turns) -> None:
        self._terms = terms
        self._outside = outside
        self._turns = turns
        self._transport = Transport(terms, outside.resolver)

    def __call__(self, ask: Ask) -> Reply | NoReply:
        """Return the answer at the end of the redirects, whatever its status, or why there is none."""
        url, hops = urldefrag(ask.url)[0], list[str]()
        cutoff = Cutoff(self._terms.deadline)
        while True:
            reply = self._hop(ask, url, tuple(hops), cutoff)
            if isinstance(reply, NoReply) or reply.status not in REDIRECTS or not reply.header("Location"):
                return reply
            hops.append(url)
            url = _target(url, reply.header("Location"))
            problem = _loop(url, hops)
            if problem:
                return NoReply(why=MissReason.BAD_REDIRECT, detail=problem, reply=reply)

    def refused(self, url: str) -> str:
        """Return why an address as such is not allowed (scheme, host, port, credentials in it), or nothing."""
        try:
            self._transport.checked(url)
        except SSRFGuardError as error:
            return _refusal(error)
        return ""

    def _hop(self, ask: Ask, url: str, hops: tuple[str, ...], cutoff: Cutoff) -> Reply | NoReply:
        refused = self.refused(url) or ask.allowed(url)
        if refused:
            why = MissReason.BAD_REDIRECT if hops else MissReason.NOT_ALLOWED
            return NoReply(why=why, detail=f"leads to {_short(url)}: {refused}" if hops else refused)
        host = host_of(url)
        with self._turns(host, ask.pause) as not_now:
            if not_now is not None:
                return _later(not_now)
            answer = self._answer(ask, url, hops, cutoff)
        if isinstance(answer, Reply):
            return self._heeded(answer, host)
        return answer

    def _answer(self, ask: Ask, url: str, hops: tuple[str, ...], cutoff: Cutoff) -> Reply | NoReply:
        """Return one answer; everything that can go wrong on the way is told as a value."""
        at = self._outside.now()
        headers = self._headers(ask, url)
        line_bytes = ask.limit_bytes + HEAD_BYTES
        try:
            with (
                cutoff,
                self._transport.answer(url, headers, cutoff, limit_bytes=line_bytes, proxy=ask.proxy) as response,
            ):
                reply = _reply(response, url=url, hops=hops, at=at, limit_bytes=ask.limit_bytes)
        except SSRFGuardError as error:
            why = MissReason.BAD_REDIRECT if hops else MissReason.NOT_ALLOWED
            return NoReply(why=why, detail=_refusal(error))
        except TooLarge as error:
            return NoReply(why=MissReason.TOO_LARGE, detail=str(error))
        except Damaged as error:
            return NoReply(why=MissReason.NO_ANSWER, detail=str(error))
        except (RequestException, HTTPError, HTTPException, OSError) as error:
            return _failure(error, expired=cutoff.expired, proxied=bool(ask.proxy))
        # A connection that was cut off ends like one whose body has no length and is whole.
        return _timed_out() if cutoff.expired else reply

    def _headers(self, ask: Ask, url: str) -> Mapping[str, str]:
        languages = {"Accept-Language": _languages(ask.language)} if ask.language else {}
        return {
            "User-Agent": self._terms.user_agent,
            "Accept": ask.accept,
            **languages,
            "Accept-Encoding": ENCODINGS,
            "Connection": "close",
            **ask.validators.get(url, {}),
        }

    def _heeded(self, reply: Reply, host: str) -> Reply | NoReply:
        """Return the answer, or that the host wants us to slow down, which is remembered for it."""
        if reply.status < 400:
            self._turns.welcomed(host)
        if reply.status not in {429, 503}:
            return reply
        named = retry_after(reply.header("Retry-After"), reply.at)
        if reply.status == 503 and named is None:
            return reply
        wait = self._turns.refused(host, named)
        detail = f"HTTP {reply.status}; asked to wait {int(wait.total_seconds())} s"
        return NoReply(why=MissReason.RATE_LIMITED, detail=detail, retry_after=wait, reply=reply)


def retry_after(value: str, now: datetime) -> timedelta | None:
    """Return how long a `Retry-After` asks to wait, in seconds or until a date (RFC 9110, section 10.2.3)."""
    if re.fullmatch(r"\d{1,9}", value.strip()):
        return timedelta(seconds=int(value))
    try:
        until = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return max(until - now, timedelta(0)) if until.tzinfo else None


def _languages(language: str) -> str:
    """Return the language, then the same without its region."""
    base = language.partition("-")[0]
    return language if base == language else f"{language},{base};q=0.9"


def _reply(response: Response, *, url: str, hops: tuple[str, ...], at: datetime, limit_bytes: int) -> Reply:
    raw = response.raw
    bodiless = response.status_code == NOT_MODIFIED  # RFC 9110, section 15.4.5
    bodiless = bodiless or (response.status_code in REDIRECTS and "Location" in response.headers)
    headers = tuple(_kept(raw.headers.iteritems()))
    return Reply(
        url=url,
        hops=hops,
        at=at,
        status=response.status_code,
        headers=headers,
        body=b"" if bodiless else _body(response, limit_bytes),
        request=_request_text(response),
    )


def _body(response: Response, limit_bytes: int) -> bytes:
    headers = response.headers
    return body_of(
        response.raw, headers.get("Content-Encoding", ""), headers.get("Content-Length", "").strip(), limit_bytes
    )


def _kept(headers: object) -> list[tuple[str, str]]:
    """Return headers as they came, in order; what was true of the way only is renamed, as web archives do."""
    kept = []
    for name, value in headers:  # type: ignore[attr-defined]  # urllib3's dict of headers has no stub for it
        lowered = name.lower()
        if lowered not in _NOT_KEPT:
            kept.append((f"X-Archive-Orig-{name}" if lowered in _ON_THE_WAY else name, value))
    return kept


def _request_text(response: Response) -> str:
    """Return the request's line and headers as they went out."""
    request = response.request
    parts = urlsplit(request.url or "")
    lines = [f"GET {request.path_url} HTTP/1.1", f"Host: {parts.netloc}"]
    lines.extend(f"{name}: {value}" for name, value in request.headers.items())
    return "\r\n".join(lines) + "\r\n"


def _target(url: str, location: str) -> str:
    """Return where a redirect leads: an absolute address without fragment, in ASCII.

    Servers send raw UTF-8, which the HTTP library reads as Latin-1 (RFC 9110, section 5.5).
    """
    told = location.strip().encode("latin-1", "replace").decode("utf-8", "replace")
    try:
        return requote_uri(urldefrag(urljoin(url, told))[0])
    except ValueError:
        return told[:2000]


def _loop(url: str, hops: list[str]) -> str:
    if url in hops:
        return f"redirects in a circle at {_short(url)}"
    return f"more than {MOST_HOPS} redirects" if len(hops) > MOST_HOPS else ""


def _later(not_now: NotNow) -> NoReply:
    return NoReply(why=MissReason.LEFT_ALONE, detail=not_now.why, retry_after=not_now.wait)


def _refusal(error: SSRFGuardError) -> str:
    return f"not allowed: {getattr(error, 'reason', error)}"[:300]


def _short(url: str) -> str:
    """Return an address for people: without what may be a password or a token."""
    return repr(re.sub(r"//[^/]*@", "//", url.partition("?")[0])[:120])


def _timed_out() -> NoReply:
    return NoReply(why=MissReason.TIMED_OUT, detail="the answer took too long in all")


def _failure(error: Exception, *, expired: bool, proxied: bool) -> NoReply:
    if expired:
        return _timed_out()
    if isinstance(error, SSLError):
        return NoReply(why=MissReason.TLS, detail=_cause(error, proxied=proxied))
    if isinstance(error, ConnectTimeout | ReadTimeout) or "timed out" in str(error).lower():
        return NoReply(why=MissReason.TIMED_OUT, detail=_cause(error, proxied=proxied))
    return NoReply(why=MissReason.NO_ANSWER, detail=_cause(error, proxied=proxied))


def _cause(error: BaseException, *, proxied: bool) -> str:
    """Return the innermost reason; through a proxy only its kind, since messages may hold the proxy's password."""
    while True:
        inner = getattr(error, "reason", None) or (error.args[0] if error.args else None)
        if not isinstance(inner, BaseException):
            break
        error = inner
    kind = type(error).__name__
    return kind if proxied else f"{kind}: {error}"[:300]
