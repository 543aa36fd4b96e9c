"""What the browser fetcher promises, with real Chromium and pages on loopback that render by script."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from importlib.util import find_spec

import pytest
from ssrfguard import Policy

from monitor.fetch.auto import AutoFetcher
from monitor.fetch.browser import BrowserFetcher
from monitor.fetch.chromium import Chromium, NoBrowser, chromium_path
from monitor.fetch.http import HttpFetcher
from monitor.fetch.relay import Relay
from monitor.fetch.terms import Outside, Terms
from monitor.fetch.turns import PoliteTurns
from monitor.model.capture import Capture, Fetched, Miss, MissReason, Unchanged, Validators, validators_of
from monitor.model.page import Page, PageId, PageKind, Presence, Recipe
from tests.contract.servers import Clock, Request, always, answer, by_path, serving

MISSING = not chromium_path() or find_spec("playwright") is None
needs_chromium = pytest.mark.skipif(
    MISSING and not os.environ.get("REQUIRE_BROWSER"), reason="Chromium or playwright is not installed"
)
SHELL = b"""<html lang="en"><body><div id="root"></div><script>
setTimeout(async () => {
  const text = await (await fetch('/text')).text();
  document.querySelector('#root').innerHTML = '<main><h1>Privacy</h1>' + text + '</main>';
}, 50);
</script></body></html>"""


def page_at(url: str, **more: object) -> Page:
    return Page(id=PageId("page"), url=url, kind=PageKind.POLICY, region="eu", language="de", robots="ignore", **more)  # type: ignore[arg-type]


@contextmanager
def browsing(executable: str | None = None, **more: object) -> Iterator[BrowserFetcher]:
    clock = Clock()
    terms = Terms(
        hosts=frozenset({"127.0.0.1"}),
        contact="me@example.org",
        **{"allow_loopback": True, "deadline": timedelta(seconds=30), "limit_bytes": 2_000_000, **more},  # type: ignore[arg-type]
    )
    outside = Outside(now=clock.now, sleep=clock.sleep, chance=lambda: 0.5)
    turns = PoliteTurns(clock.now, clock.sleep, pause=timedelta(0), daily_budget=100)
    with closing(BrowserFetcher(terms, outside, turns, HttpFetcher(terms, outside, turns), executable)) as browser:
        yield browser


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserFetcher]:
    with browsing() as one:
        yield one


def captured(fetched: Fetched) -> Capture:
    assert isinstance(fetched, Capture), fetched
    return fetched


@pytest.mark.browser
@needs_chromium
def test_a_page_that_renders_by_script_comes_whole_with_a_picture(browser: BrowserFetcher) -> None:
    answers = {"/": answer(SHELL), "/text": answer(b"<p>You can object here.</p>")}
    with serving(by_path(answers)) as server:
        page = page_at(f"{server.url}/", recipe=Recipe(("main",)), present=Presence(phrases=("object here",)))
        capture = captured(browser(page, None))

    assert b"<p>You can object here.</p>" in capture.body
    assert capture.screenshot.startswith(b"\x89PNG")
    assert (capture.status, capture.final_url) == (200, f"{server.url}/")
    assert capture.header("Content-Type") == "text/html; charset=utf-8"
    assert capture.source["fetcher"] == "browser"
    assert capture.vantage.user_agent.endswith("Safari/537.36 optout-monitor/0.1.0 (+me@example.org)")
    assert server.requests[0].headers["user-agent"] == capture.vantage.user_agent
    assert server.requests[0].headers["accept-language"].startswith("de")


@pytest.mark.browser
@needs_chromium
def test_what_is_collapsed_is_opened_and_nothing_else_is_clicked(browser: BrowserFetcher) -> None:
    body = b"""<html><body>
    <nav><button aria-expanded="false" onclick="this.textContent='menu opened'">menu</button></nav>
    <details><summary>More</summary><p>inside</p></details>
    <button aria-expanded="false" onclick="document.querySelector('#a').textContent='answer shown'">Q</button>
    <div id="a"></div>
    <a href="/elsewhere" aria-expanded="false">leads away</a>
    <form><button aria-expanded="false" onclick="this.textContent='form sent'">send</button></form>
    </body></html>"""
    with serving(always(answer(body))) as server:
        capture = captured(browser(page_at(f"{server.url}/"), None))

    assert b"answer shown" in capture.body
    assert b'<details open="">' in capture.body
    assert b"menu opened" not in capture.body.replace(b"='menu opened'", b"")
    assert b"form sent" not in capture.body.replace(b"='form sent'", b"")
    assert "/elsewhere" not in server.paths


@pytest.mark.browser
@needs_chromium
def test_pictures_media_fonts_and_downloads_are_not_loaded(browser: BrowserFetcher) -> None:
    body = b"""<html><head><style>@font-face{font-family:x;src:url(/font)} body{font-family:x}</style></head><body>
    <img src="/picture"><video src="/film" autoplay></video><p>text</p>
    <iframe src="/download"></iframe></body></html>"""
    download = answer(b"binary", content_type="application/octet-stream", Content_Disposition="attachment")
    with serving(by_path({"/": answer(body), "/download": download})) as server:
        capture = captured(browser(page_at(f"{server.url}/"), None))

    assert b"<p>text</p>" in capture.body
    assert not {"/picture", "/film", "/font"} & set(server.paths)


@pytest.mark.browser
@needs_chromium
def test_no_page_sees_what_another_left_behind(browser: BrowserFetcher) -> None:
    body = b"""<html><body><p id="p"></p><script>
    document.querySelector('#p').textContent = 'before: ' + document.cookie + localStorage.getItem('k');
    document.cookie = 'c=1'; localStorage.setItem('k', 'v');</script></body></html>"""
    with serving(always(answer(body, Set_Cookie="s=1; Path=/"))) as server:
        captured(browser(page_at(f"{server.url}/"), None))
        second = captured(browser(page_at(f"{server.url}/"), None))

    assert b"before: s=1null" in second.body
    assert all("cookie" not in request.headers for request in server.requests if request.path == "/")


@pytest.mark.browser
@needs_chromium
def test_redirects_are_recorded_and_errors_keep_their_bytes(browser: BrowserFetcher) -> None:
    answers = {"/a": answer(status=302, Location="/b"), "/b": answer(b"<p>no such page</p>", 404)}
    with serving(by_path(answers)) as server:
        fetched = browser(page_at(f"{server.url}/a"), None)

    assert isinstance(fetched, Miss)
    assert (fetched.why, fetched.detail) == (MissReason.HTTP_ERROR, "HTTP 404")
    assert fetched.capture is not None
    assert b"<p>no such page</p>" in fetched.capture.body
    assert fetched.capture.hops == (f"{server.url}/a",)


@pytest.mark.browser
@needs_chromium
def test_a_page_cannot_lead_the_browser_to_another_host(browser: BrowserFetcher) -> None:
    body = b"<html><body><p>here</p><script>location = 'http://elsewhere.example/'</script></body></html>"
    with serving(always(answer(body))) as server:
        fetched = browser(page_at(f"{server.url}/"), None)

    assert isinstance(fetched, Capture)
    assert fetched.final_url == f"{server.url}/"


@pytest.mark.browser
@needs_chromium
def test_a_script_without_end_is_ended_with_the_browser_and_the_next_page_gets_a_new_one() -> None:
    loop = b"<html><body><p>x</p><script>for (;;) {}</script></body></html>"
    answers = {"/loop": answer(loop), "/good": answer(b"<html><body>good</body></html>")}
    with browsing(deadline=timedelta(seconds=4)) as browser, serving(by_path(answers)) as server:
        begun = time.monotonic()
        stuck = browser(page_at(f"{server.url}/loop"), None)
        took = time.monotonic() - begun
        after = browser(page_at(f"{server.url}/good"), None)

    assert isinstance(stuck, Miss)
    assert stuck.why is MissReason.TIMED_OUT
    assert took < 15
    assert b"good" in captured(after).body


@pytest.mark.browser
@needs_chromium
def test_a_page_that_takes_more_than_its_share_is_cut_off(browser: BrowserFetcher) -> None:
    with serving(always(answer(b"<html><body>" + b"<p>much</p>" * 500_000))) as server:
        fetched = browser(page_at(f"{server.url}/"), None)

    assert isinstance(fetched, Miss)
    assert fetched.why is MissReason.TOO_LARGE


@pytest.mark.browser
@needs_chromium
def test_the_browser_and_its_children_are_gone_after_it_was_closed() -> None:
    with browsing() as browser, serving(always(answer(b"<html><body>x</body></html>"))) as server:
        captured(browser(page_at(f"{server.url}/"), None))
        while_open = browser.memory_bytes()
        browser.close()
        after = browser.memory_bytes()

    assert while_open > 10_000_000
    assert after == 0


@pytest.mark.browser
@needs_chromium
def test_a_browser_that_waits_for_a_page_is_closed_at_once() -> None:
    asked, let_go = threading.Event(), threading.Event()

    def silent(request: Request, connection: socket.socket) -> None:
        asked.set()
        let_go.wait(20)

    with browsing() as browser, serving(silent) as server, ThreadPoolExecutor(1) as waiting:
        fetched = waiting.submit(browser, page_at(f"{server.url}/"), None)
        assert asked.wait(20)
        begun = time.monotonic()
        browser.close()
        took = time.monotonic() - begun
        let_go.set()
        miss = fetched.result(20)

    assert took < 5
    assert isinstance(miss, Miss)
    assert browser.memory_bytes() == 0


def test_an_address_that_is_not_allowed_starts_no_browser() -> None:
    with browsing(allow_loopback=False) as browser:
        fetched = browser(page_at("http://127.0.0.1:1/"), None)
        elsewhere = browser(page_at("https://elsewhere.example/"), None)

    assert isinstance(fetched, Miss)
    assert isinstance(elsewhere, Miss)
    assert (fetched.why, elsewhere.why) == (MissReason.NOT_ALLOWED, MissReason.NOT_ALLOWED)
    assert browser.memory_bytes() == 0


def test_an_installation_without_chromium_says_what_to_install() -> None:
    with browsing(executable="") as browser:
        fetched = browser(page_at("http://127.0.0.1:1/"), None)

    assert isinstance(fetched, Miss)
    assert fetched.detail == "no browser: install Chromium and the extra `browser`"


def test_a_browser_that_does_not_start_is_told() -> None:
    with pytest.raises(NoBrowser, match="Chromium does not start"):
        Chromium("/bin/false", 1)


def asked(port: int, request: bytes) -> bytes:
    """Return the first line of the relay's answer, nothing when it only closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client, suppress(ConnectionError):
        client.sendall(request)
        return client.makefile("rb").readline().strip()
    return b""


@pytest.mark.parametrize(
    "request_line",
    [
        b"CONNECT 169.254.169.254:443 HTTP/1.1",
        b"CONNECT 127.0.0.1:443 HTTP/1.1",
        b"CONNECT [::1]:443 HTTP/1.1",
        b"CONNECT rebound.example:443 HTTP/1.1",
        b"CONNECT public.example:22 HTTP/1.1",
        b"CONNECT user@public.example:443 HTTP/1.1",
        b"GET http://public.example/ HTTP/1.1",
        b"GET http://169.254.169.254/latest/ HTTP/1.1",
        b"GET file:///etc/passwd HTTP/1.1",
        b"GET / HTTP/1.1",
    ],
)
def test_the_relay_connects_to_no_address_that_is_not_public(request_line: bytes) -> None:
    def resolver(host: str, port: int, *_: object, **__: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", port))]

    policy = Policy(allowed_schemes=frozenset({"https"}), allowed_ports=frozenset({443}))
    with Relay(policy, resolver, 1000, when_spent=lambda: None) as relay:
        line = asked(relay.port, request_line + b"\r\nHost: x\r\n\r\n")

    assert line == b"HTTP/1.1 403 Not allowed"
    assert len(relay.refused) == 1


def test_the_relay_ends_a_connection_whose_head_never_ends() -> None:
    with Relay(Policy(), None, 1000, when_spent=lambda: None) as relay:
        line = asked(relay.port, b"GET http://x/ HTTP/1.1\r\nA: " + b"a" * 70_000)

    assert line == b""


def capture_of(url: str, body: bytes, fetcher: str) -> Capture:
    return Capture(page=PageId("page"), url=url, at=Clock().now(), body=body, source={"fetcher": fetcher})


def test_auto_asks_the_browser_only_where_plain_http_lacks_the_content() -> None:
    asked_by: list[str] = []

    def plain(page: Page, since: Validators | None) -> Fetched:
        asked_by.append("plain")
        return capture_of(page.url, b"shell" if "shell" in page.url else b"content", "plain")

    def browser(page: Page, since: Validators | None) -> Fetched:
        asked_by.append("browser")
        return capture_of(page.url, b"content", "browser")

    auto = AutoFetcher(plain=plain, browser=browser, complete=lambda _, capture: capture.body == b"content")

    whole = auto(page_at("https://book.example/whole"), None)
    shell = auto(page_at("https://book.example/shell"), None)
    assert isinstance(shell, Capture)
    again = auto(page_at("https://book.example/shell"), validators_of(shell))

    assert [captured(each).source["fetcher"] for each in (whole, shell, again)] == ["plain", "browser", "browser"]
    assert asked_by == ["plain", "plain", "browser", "browser"]


def test_auto_keeps_what_came_plainly_when_the_browser_fails_or_is_not_there() -> None:
    def plain(page: Page, since: Validators | None) -> Fetched:
        return capture_of(page.url, b"shell", "plain")

    def broken(page: Page, since: Validators | None) -> Fetched:
        return Miss(page=page.id, at=Clock().now(), why=MissReason.TIMED_OUT, detail="too long")

    page = page_at("https://book.example/")
    failing = AutoFetcher(plain=plain, browser=broken, complete=lambda *_: False)(page, None)
    without = AutoFetcher(plain=plain, browser=None, complete=lambda *_: False)(page, None)

    assert captured(failing).body == b"shell"
    assert captured(without).body == b"shell"


def test_auto_passes_on_what_is_no_capture() -> None:
    same = Unchanged(page=PageId("page"), at=Clock().now(), since=capture_of("u", b"x", "plain").digest)

    auto = AutoFetcher(plain=lambda *_: same, browser=lambda *_: same, complete=lambda *_: False)

    assert auto(page_at("https://book.example/"), None) == same
