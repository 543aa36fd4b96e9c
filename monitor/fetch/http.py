"""The plain fetcher: asks for a page over HTTP and says what came. The answer is a value, whatever the world does."""

from collections.abc import Mapping
from datetime import timedelta

from tenacity import RetryCallState, Retrying, retry_if_result, stop_after_attempt

from monitor.fetch.door import NOT_MODIFIED, Ask, Door, NoReply, Reply
from monitor.fetch.robots import Robots
from monitor.fetch.terms import Outside, Terms
from monitor.fetch.turns import PoliteTurns, Turns
from monitor.model.capture import Capture, Fetched, Miss, MissReason, Unchanged, Validators
from monitor.model.page import Page, Vantage

LONGEST_WAIT = timedelta(seconds=60)  # a longer one is left to the schedule
FIRST_WAIT = timedelta(seconds=1)
TEXTS = frozenset(
    {"text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/xml", "text/xml", ""}
)


class HttpFetcher:
    """Asks for a page once, and again after a pause when the answer may be another one then."""

    def __init__(self, terms: Terms, outside: Outside, turns: Turns | None = None) -> None:
        self._terms = terms
        self._outside = outside
        made = PoliteTurns(outside.now, outside.sleep, pause=terms.pause, daily_budget=terms.daily_budget)
        self.door = Door(terms, outside, turns or made)
        self.robots = Robots(self.door, outside.now)
        self._retrying = Retrying(
            stop=stop_after_attempt(terms.attempts),
            retry=retry_if_result(_may_differ_later),
            wait=self._wait,
            sleep=outside.sleep,
            retry_error_callback=_result,
        )

    def __call__(self, page: Page, since: Validators | None) -> Fetched:
        """Return what came; `since` tells the server which capture we hold."""
        if page.proxy and page.proxy not in self._terms.proxies:
            return self._miss(page, NoReply(why=MissReason.NOT_ALLOWED, detail=f"no proxy named {page.proxy!r}"))
        return self._retrying(self._once, page, since)

    def _once(self, page: Page, since: Validators | None) -> Fetched:
        reply = self.door(self._ask(page, since))
        if isinstance(reply, NoReply):
            return self._miss(page, reply)
        if reply.status == NOT_MODIFIED and since is not None:
            return Unchanged(page=page.id, at=reply.at, since=since.capture)
        if not 200 <= reply.status < 300:
            return self._miss(page, _http_error(reply))
        kind = reply.header("Content-Type").partition(";")[0].strip().lower()
        if kind not in TEXTS:
            return self._miss(page, NoReply(why=MissReason.NOT_TEXT, detail=f"came as {kind[:80]!r}", reply=reply))
        return self.capture(page, reply)

    def _ask(self, page: Page, since: Validators | None) -> Ask:
        proxy = self._terms.proxies.get(page.proxy, "")
        obeys = page.robots != "ignore"
        return Ask(
            url=page.url,
            language=page.language,
            proxy=proxy,
            validators=_validators(page, since),
            limit_bytes=self._terms.limit_bytes,
            allowed=(lambda url: self.robots.problem(url, proxy)) if obeys else (lambda _: ""),
            pause=self._pause(page, proxy) if obeys else timedelta(0),
        )

    def _pause(self, page: Page, proxy: str) -> timedelta:
        """Return the pause that the host asks for; nothing when it may not be asked at all."""
        if self.door.refused(page.url):
            return timedelta(0)
        return self.robots.pause(page.url, proxy)

    def capture(self, page: Page, reply: Reply) -> Capture:
        """Return the capture that a reply makes."""
        return Capture(
            page=page.id,
            url=page.url,
            at=reply.at,
            body=reply.body,
            status=reply.status,
            headers=reply.headers,
            final_url=reply.url,
            hops=reply.hops,
            vantage=Vantage(region=page.region, language=page.language, user_agent=self._terms.user_agent),
            source=_source(page, reply),
        )

    def _miss(self, page: Page, reply: NoReply) -> Miss:
        return Miss(
            page=page.id,
            at=reply.reply.at if reply.reply else self._outside.now(),
            why=reply.why,
            detail=reply.detail,
            retry_after=reply.retry_after,
            capture=self.capture(page, reply.reply) if reply.reply else None,
        )

    def _wait(self, state: RetryCallState) -> float:
        """Return the seconds to wait: what the server named, or twice as long each time, with chance in it."""
        fetched = _result(state)
        if isinstance(fetched, Miss) and fetched.retry_after is not None:
            return fetched.retry_after.total_seconds() + self._outside.chance()
        wait: float = FIRST_WAIT.total_seconds() * 2 ** (state.attempt_number - 1)
        return wait * (0.5 + self._outside.chance())


def _source(page: Page, reply: Reply) -> Mapping[str, str]:
    verified = {"tls": "verified"} if reply.url.startswith("https:") else {}
    proxied = {"proxy": page.proxy} if page.proxy else {}
    return {"fetcher": "plain", "request": reply.request, **verified, **proxied}


def _result(state: RetryCallState) -> Fetched:
    assert state.outcome is not None
    fetched: Fetched = state.outcome.result()
    return fetched


def _may_differ_later(fetched: Fetched) -> bool:
    """Say whether asking again soon may help: not after a refusal, nor after 4xx but 429 (RFC 6585, section 4)."""
    if not isinstance(fetched, Miss):
        return False
    match fetched.why:
        case MissReason.NO_ANSWER | MissReason.TIMED_OUT:
            return True
        case MissReason.RATE_LIMITED:
            return (
                fetched.capture is not None and fetched.retry_after is not None and fetched.retry_after <= LONGEST_WAIT
            )
        case MissReason.HTTP_ERROR:
            return fetched.capture is not None and fetched.capture.status >= 500
        case _:
            return False


def _http_error(reply: Reply) -> NoReply:
    return NoReply(why=MissReason.HTTP_ERROR, detail=f"HTTP {reply.status}", reply=reply)


def _validators(page: Page, since: Validators | None) -> Mapping[str, Mapping[str, str]]:
    """Return conditional headers for the address that gave the capture we hold, and for no other."""
    if since is None or since.url != page.url:
        return {}
    names = (("If-None-Match", since.etag), ("If-Modified-Since", since.modified))
    headers = {name: value for name, value in names if value}
    return {since.final_url or page.url.partition("#")[0]: headers} if headers else {}
