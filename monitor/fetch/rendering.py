"""One running browser and its relay: an address in, what it showed in the end out. Used from one thread only."""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from ssrfguard import Policy, SSRFGuardError

from monitor.fetch.chromium import Chromium
from monitor.fetch.lookup import Lookup
from monitor.fetch.relay import Relay
from monitor.fetch.terms import Outside, Terms, policy_of
from monitor.model.page import Page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Response, Route
    from playwright.sync_api import Page as Tab

CONTENT_WAIT = timedelta(seconds=20)
LOAD_WAIT, SETTLE_WAIT = timedelta(seconds=8), timedelta(seconds=3)
TALLEST = 16_000  # pixels; Chromium draws nothing below 16,384
SCREEN = {"width": 1280, "height": 1024}
_NOT_LOADED = frozenset({"image", "media", "font", "manifest", "websocket", "eventsource", "texttrack", "other"})

# Opens what a reader would open: <details>, and buttons that say that they unfold something. Links that lead elsewhere,
# menus and dialogs are left alone; the number is bounded for pages that grow with every click.
_OPEN = """() => {
  for (const found of document.querySelectorAll('details')) found.open = true;
  const shut = document.querySelectorAll('[aria-expanded="false"]:not([aria-haspopup]):not(input):not(select)');
  let opened = 0;
  for (const found of shut) {
    const link = found.closest('a[href]');
    if (found.closest('nav, header, footer, [role=navigation], [role=banner], form') || opened >= 300) continue;
    if (link && !link.getAttribute('href').startsWith('#')) continue;
    found.click();
    opened += 1;
  }
  return opened;
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the browser showed in the end."""

    url: str
    hops: tuple[str, ...]
    status: int
    headers: tuple[tuple[str, str], ...]
    html: str
    screenshot: bytes
    user_agent: str
    browser: str


class Rendering:
    """One browser with its relay, used from one thread only."""

    def __init__(self, terms: Terms, outside: Outside, executable: str) -> None:
        from playwright.sync_api import sync_playwright

        self._terms = terms
        self._policy = policy_of(terms)
        self._stack = ExitStack()
        self.loaded = 0
        self.timed_out = False
        lookup = Lookup(terms.timeouts[0], outside.resolver)
        try:
            self._relay = self._stack.enter_context(
                Relay(_any_host(terms), lookup, terms.limit_bytes * 2, when_spent=self.cut)
            )
            self._chromium = Chromium(executable, self._relay.port)
            self._stack.callback(self._chromium.end)
            playwright = self._stack.enter_context(sync_playwright())
            self._browser: Browser = playwright.chromium.connect_over_cdp(self._chromium.endpoint)
        except BaseException:
            self._stack.close()
            raise

    @property
    def spent(self) -> bool:
        """Say whether the page took more than its share, and the browser was ended for it."""
        return self._relay.spent

    def memory_bytes(self) -> int:
        """Return the memory that the browser and its children hold now."""
        return self._chromium.memory_bytes()

    def cut(self) -> None:
        """End the browser at once, from any thread: what waits for it fails, and `end` is still to be called."""
        self._chromium.end()

    def end(self) -> None:
        """End the browser and its relay."""
        self._stack.close()

    def seen(self, page: Page, proxy: str) -> Seen:
        """Return what a page shows; playwright's errors pass through, also when the timer ended the browser."""
        self.loaded += 1
        self._relay.refill()
        timer = threading.Timer(self._terms.deadline.total_seconds(), self._out_of_time)
        timer.daemon = True
        timer.start()
        try:
            context = self._context(page, proxy)
            try:
                return self._shown(context, page)
            finally:
                if not self.timed_out:
                    context.close()
        finally:
            timer.cancel()

    def _out_of_time(self) -> None:
        self.timed_out = True
        self.cut()

    def _context(self, page: Page, proxy: str) -> "BrowserContext":
        context = self._browser.new_context(
            accept_downloads=False,
            service_workers="block",
            locale=page.language or "en",
            viewport={"width": SCREEN["width"], "height": SCREEN["height"]},
            user_agent=self._user_agent(),
            proxy=_proxy_settings(proxy) if proxy else None,
        )
        context.route("**/*", self._routed)
        return context

    def _user_agent(self) -> str:
        """Return Chromium's own name, so that pages serve what they serve to it, and ours."""
        version = self._browser.version.partition(".")[0]
        mozilla = f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0"
        return f"{mozilla} Safari/537.36 {self._terms.user_agent}"

    def _routed(self, route: "Route") -> None:
        """Let through what a page needs to show its text; a page itself only from a host of the watchlist."""
        request = route.request
        if request.is_navigation_request() and self._navigation_refused(request.url):
            route.abort("aborted")  # as if the reader had pressed stop: the page that is shown stays
        elif request.resource_type in _NOT_LOADED:
            route.abort("blockedbyclient")
        else:
            route.continue_()

    def _navigation_refused(self, url: str) -> bool:
        try:
            self._policy.check_url(url)
        except SSRFGuardError:
            return True
        return False

    def _shown(self, context: "BrowserContext", page: Page) -> Seen:
        from playwright.sync_api import Error

        tab = context.new_page()
        tab.on("dialog", lambda dialog: dialog.dismiss())
        response = tab.goto(page.url, wait_until="commit", timeout=self._terms.deadline.total_seconds() * 1e3)
        if response is None:
            raise Error("the page gave no answer")
        _wait_for_state(tab, "domcontentloaded", LOAD_WAIT)
        _wait_for_content(tab, page)
        tab.evaluate(_OPEN)
        _wait_for_state(tab, "networkidle", SETTLE_WAIT)
        html = tab.content()
        return Seen(
            url=tab.url,
            hops=_hops(response),
            status=response.status,
            headers=_headers(response),
            html=html,
            screenshot=_screenshot(tab),
            user_agent=self._user_agent(),
            browser=f"Chromium {self._browser.version}",
        )


def _any_host(terms: Terms) -> Policy:
    """Return the rule for what a page loads: any public host over https, since scripts come from anywhere."""
    return replace(policy_of(terms), allowed_hosts=frozenset())


def _proxy_settings(proxy: str) -> Any:
    parts = urlsplit(proxy)
    return {
        "server": f"{parts.scheme}://{parts.hostname}:{parts.port or 80}",
        "username": parts.username or "",
        "password": parts.password or "",
    }


def _wait_for_content(tab: "Tab", page: Page) -> None:
    """Wait until all that is declared for the page is there, but not for ever: what is missing is told later."""
    from playwright.sync_api import TimeoutError as Late

    until = time.monotonic() + CONTENT_WAIT.total_seconds()
    waits: list[Callable[[float], Any]] = [
        *(_selector_wait(tab, selector) for selector in (*page.present.selectors, *page.recipe.select)),
        *(_phrase_wait(tab, phrase) for phrase in page.present.phrases),
    ]
    for wait in waits:
        try:
            wait(max(until - time.monotonic(), 0.1) * 1e3)
        except Late:
            return


def _selector_wait(tab: "Tab", selector: str) -> Callable[[float], Any]:
    return lambda left: tab.wait_for_selector(f"css={selector}", state="attached", timeout=left)


def _phrase_wait(tab: "Tab", phrase: str) -> Callable[[float], Any]:
    has = "phrase => document.body && document.body.innerText.toLowerCase().includes(phrase.toLowerCase())"
    return lambda left: tab.wait_for_function(has, arg=phrase, timeout=left)


def _wait_for_state(tab: "Tab", state: Literal["domcontentloaded", "networkidle"], longest: timedelta) -> None:
    """Wait for a state of the page for a while; one that is never reached is no reason not to read what is there."""
    from playwright.sync_api import TimeoutError as Late

    try:
        tab.wait_for_load_state(state, timeout=longest.total_seconds() * 1e3)
    except Late:
        return


def _screenshot(tab: "Tab") -> bytes:
    """Return a picture of the page from its top, as far down as a picture can be; nothing when it takes too long."""
    from playwright.sync_api import TimeoutError as Late

    width, height = tab.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    clip: Any = {"x": 0, "y": 0, "width": min(width, SCREEN["width"]), "height": max(1, min(height, TALLEST))}
    try:
        return tab.screenshot(full_page=True, clip=clip, type="png", animations="disabled", timeout=20_000)
    except Late:
        return b""


def _hops(response: "Response") -> tuple[str, ...]:
    """Return the addresses that redirected, the first one first."""
    hops, request = list[str](), response.request.redirected_from
    while request is not None:
        hops.append(request.url)
        request = request.redirected_from
    return tuple(reversed(hops))


def _headers(response: "Response") -> tuple[tuple[str, str], ...]:
    """Return the headers as they came, except that the body is now UTF-8 as the browser wrote it."""
    dropped = {"content-type", "content-encoding", "content-length", "transfer-encoding", "set-cookie"}
    kept = ((each["name"], each["value"]) for each in response.headers_array())
    return (
        *((name, value) for name, value in kept if name.lower() not in dropped),
        ("Content-Type", "text/html; charset=utf-8"),
    )
