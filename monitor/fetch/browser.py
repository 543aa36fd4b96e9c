"""The browser fetcher: loads a page in Chromium, waits for its declared content, opens what is collapsed.

One browser is shared by all pages, in one thread of its own, and replaced after a while; each page gets a context
without any past. A timer ends the whole browser when a page takes too long: nothing else ends a script that never
returns. The network lies behind the relay, which connects only to addresses that were checked.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.util import find_spec

from monitor.fetch.chromium import NoBrowser, chromium_path
from monitor.fetch.door import NoReply, retry_after
from monitor.fetch.http import HttpFetcher
from monitor.fetch.rendering import Rendering, Seen
from monitor.fetch.terms import Outside, Terms, host_of
from monitor.fetch.turns import Turns
from monitor.model.capture import Capture, Fetched, Miss, MissReason, Validators
from monitor.model.page import Page, Vantage

PAGES_PER_BROWSER = 50


class BrowserFetcher:
    """Loads pages one after the other. It keeps the terms, turns and robots.txt of the plain fetcher."""

    def __init__(
        self, terms: Terms, outside: Outside, turns: Turns, plain: HttpFetcher, executable: str | None = None
    ) -> None:
        self._terms = terms
        self._outside = outside
        self._turns = turns
        self._plain = plain
        self._executable = chromium_path() if executable is None else executable
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="browser")
        self._running: Rendering | None = None
        self._closing = threading.Event()

    def __call__(self, page: Page, since: Validators | None) -> Fetched:
        """Return what came; a browser has no use for the capture we hold, since it cannot ask on condition."""
        _ = since
        proxy = self._terms.proxies.get(page.proxy, "")
        refused = self._refused(page, proxy)
        if refused:
            return self._miss(page, MissReason.NOT_ALLOWED, refused)
        pause = self._plain.robots.pause(page.url, proxy) if page.robots != "ignore" else timedelta(0)
        with self._turns(host_of(page.url), pause) as not_now:
            if not_now is not None:
                return replace(self._miss(page, MissReason.LEFT_ALONE, not_now.why), retry_after=not_now.wait)
            fetched = self._thread.submit(self._load, page, proxy).result()
        return self._heeded(page, fetched)

    def close(self) -> None:
        """End the browser, also one that waits for a page, which is a miss then; the next page starts another one."""
        self._closing.set()
        if self._running is not None:
            self._running.cut()
        self._thread.submit(self._end).result()
        self._closing.clear()

    def memory_bytes(self) -> int:
        """Return the memory that the browser holds now; nothing while there is none."""
        return self._running.memory_bytes() if self._running else 0

    def _refused(self, page: Page, proxy: str) -> str:
        if page.proxy and not proxy:
            return f"no proxy named {page.proxy!r}"
        refused = self._plain.door.refused(page.url)
        if refused or page.robots == "ignore":
            return refused
        return self._plain.robots.problem(page.url, proxy)

    def _load(self, page: Page, proxy: str) -> Fetched:
        """Load a page in the browser's thread."""
        running = self._running or self._begun()
        if isinstance(running, NoReply):
            return self._miss(page, running.why, running.detail)
        if self._closing.is_set():
            return self._miss(page, MissReason.NO_ANSWER, "the browser was closed")
        from playwright.sync_api import Error

        at = self._outside.now()
        try:
            seen = running.seen(page, proxy)
        except Error as error:
            self._end()
            return self._failed(page, running, error.message)
        if running.loaded >= PAGES_PER_BROWSER or running.spent:
            self._end()
        return self._judged(page, at=at, seen=seen)

    def _failed(self, page: Page, running: Rendering, said: str) -> Miss:
        if running.spent:
            detail = f"more than {self._terms.limit_bytes * 2} bytes with all that it loads"
            return self._miss(page, MissReason.TOO_LARGE, detail)
        why = MissReason.TIMED_OUT if running.timed_out or "Timeout" in said else MissReason.NO_ANSWER
        return self._miss(page, why, said.partition("\n")[0][:300])

    def _begun(self) -> Rendering | NoReply:
        if not self._executable or find_spec("playwright") is None:
            detail = "no browser: install Chromium and the extra `browser`"
            return NoReply(why=MissReason.NO_ANSWER, detail=detail)
        try:
            self._running = Rendering(self._terms, self._outside, self._executable)
        except NoBrowser as error:
            return NoReply(why=MissReason.NO_ANSWER, detail=str(error))
        return self._running

    def _end(self) -> None:
        if self._running is not None:
            self._running.end()
            self._running = None

    def _judged(self, page: Page, *, at: datetime, seen: Seen) -> Fetched:
        capture = Capture(
            page=page.id,
            url=page.url,
            at=at,
            body=seen.html.encode("utf-8", "replace"),
            status=seen.status,
            headers=seen.headers,
            final_url=seen.url,
            hops=seen.hops,
            vantage=Vantage(region=page.region, language=page.language, user_agent=seen.user_agent),
            source={"fetcher": "browser", "browser": seen.browser, **({"proxy": page.proxy} if page.proxy else {})},
            screenshot=seen.screenshot,
        )
        for url in (*seen.hops, seen.url):
            refused = self._plain.door.refused(url)
            if refused:
                return replace(self._miss(page, MissReason.BAD_REDIRECT, refused), at=at)
        if len(capture.body) > self._terms.limit_bytes:
            detail = f"more than {self._terms.limit_bytes} bytes, rendered"
            return replace(self._miss(page, MissReason.TOO_LARGE, detail), at=at)
        if not 200 <= seen.status < 300:
            return replace(self._miss(page, MissReason.HTTP_ERROR, f"HTTP {seen.status}"), at=at, capture=capture)
        return capture

    def _heeded(self, page: Page, fetched: Fetched) -> Fetched:
        """Return what came, or that the host wants us to slow down, which is remembered for it."""
        capture = fetched.capture if isinstance(fetched, Miss) else None
        if capture is None or capture.status not in {429, 503}:
            return fetched
        wait = retry_after(capture.header("Retry-After"), capture.at)
        if capture.status == 503 and wait is None:
            return fetched
        assert isinstance(fetched, Miss)
        waits = self._turns.refused(host_of(page.url), wait)
        return replace(fetched, why=MissReason.RATE_LIMITED, retry_after=waits)

    def _miss(self, page: Page, why: MissReason, detail: str) -> Miss:
        return Miss(page=page.id, at=self._outside.now(), why=why, detail=detail)
