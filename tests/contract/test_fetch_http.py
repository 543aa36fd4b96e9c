"""What the plain fetcher promises, over real sockets on loopback."""

import gzip
import ssl
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from monitor.fetch.http import HttpFetcher
from monitor.fetch.terms import Outside, Terms, hosts_of
from monitor.model.capture import Capture, Miss, MissReason, Unchanged, validators_of
from monitor.model.page import FeedSource, Page, PageId, PageKind, Vantage, Watchlist
from tests.contract.servers import Clock, always, answer, by_path, in_turn, serving

HTML = b"<html><body><p>page</p></body></html>"


def page_at(url: str, **more: object) -> Page:
    return Page(id=PageId("page"), url=url, kind=PageKind.POLICY, region="eu", language="de-AT", **more)  # type: ignore[arg-type]


def fetcher(clock: Clock, **more: object) -> HttpFetcher:
    terms = Terms(hosts=frozenset({"127.0.0.1", "localhost"}), allow_loopback=True, contact="me@example.org", **more)  # type: ignore[arg-type]
    return HttpFetcher(terms, Outside(now=clock.now, sleep=clock.sleep, chance=lambda: 0.5))


def test_a_page_comes_with_all_that_proves_it() -> None:
    clock = Clock()
    with serving(always(answer(HTML, ETag='"v1"', Set_Cookie="datr=visitor; Path=/"))) as server:
        fetched = fetcher(clock)(page_at(f"{server.url}/policy?x=1#part"), None)

    assert isinstance(fetched, Capture)
    assert fetched.body == HTML
    assert fetched.status == 200
    assert fetched.url == f"{server.url}/policy?x=1#part"
    assert fetched.final_url == f"{server.url}/policy?x=1"
    assert fetched.hops == ()
    assert fetched.at == datetime(2026, 1, 5, 8, 0, 10, tzinfo=UTC)
    assert fetched.headers == (
        ("X-Archive-Orig-Content-Length", "37"),
        ("Content-Type", "text/html; charset=utf-8"),
        ("ETag", '"v1"'),
    )
    assert fetched.vantage == Vantage("eu", "de-AT", "optout-monitor/0.1.0 (+me@example.org)")
    assert fetched.source["request"].startswith(f"GET /policy?x=1 HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n")


def test_the_request_says_who_asks_in_which_language_and_carries_nothing_else() -> None:
    with serving(always(answer(HTML))) as server:
        fetcher(Clock())(page_at(f"{server.url}/policy"), None)

    asked = dict(server.requests[-1].headers)
    assert asked == {
        "host": f"127.0.0.1:{server.port}",
        "user-agent": "optout-monitor/0.1.0 (+me@example.org)",
        "accept": "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.8,*/*;q=0.1",
        "accept-language": "de-AT,de;q=0.9",
        "accept-encoding": "gzip, deflate",
        "connection": "close",
    }


def test_nothing_is_carried_from_one_page_to_the_next() -> None:
    once = fetcher(Clock())
    with serving(always(answer(HTML, Set_Cookie="c=1; Path=/"))) as server:
        once(page_at(f"{server.url}/one"), None)
        once(page_at(f"{server.url}/two"), None)

    assert server.paths == ["/robots.txt", "/one", "/two"]
    assert all("cookie" not in request.headers for request in server.requests)


def test_credentials_of_the_environment_are_never_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password hush\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with serving(always(answer(HTML))) as server:
        fetched = fetcher(Clock())(page_at(server.url), None)

    assert isinstance(fetched, Capture)
    assert "authorization" not in server.requests[-1].headers


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(HTML)),
        ("GZIP", gzip.compress(HTML[:9]) + gzip.compress(HTML[9:])),
        ("x-gzip", gzip.compress(HTML)),
        ("deflate", zlib.compress(HTML)),
        ("deflate", zlib.compress(HTML)[2:-4]),
        ("identity", HTML),
        ("gzip", b""),
    ],
)
def test_a_packed_body_is_kept_unpacked(encoding: str, packed: bytes) -> None:
    with serving(always(answer(packed, Content_Encoding=encoding))) as server:
        fetched = fetcher(Clock())(page_at(server.url), None)

    assert isinstance(fetched, Capture)
    assert fetched.body == (HTML if packed else b"")
    assert fetched.header("Content-Encoding") == ""
    assert fetched.header("X-Archive-Orig-Content-Encoding") == encoding


def test_an_answer_without_length_ends_with_the_connection() -> None:
    with serving(always(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML)) as server:
        fetched = fetcher(Clock())(page_at(server.url), None)

    assert isinstance(fetched, Capture)
    assert fetched.body == HTML


def test_an_answer_in_chunks_is_put_together() -> None:
    chunks = b"5\r\n<html\r\n1;x=y\r\n>\r\n0\r\nTrailer: x\r\n\r\n"
    raw = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
    with serving(always(raw)) as server:
        fetched = fetcher(Clock())(page_at(server.url), None)

    assert isinstance(fetched, Capture)
    assert fetched.body == b"<html>"


def held(server_url: str, **headers: str) -> Capture:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Capture(
        page=PageId("page"),
        url=f"{server_url}/policy",
        at=datetime(2026, 1, 4, tzinfo=UTC),
        body=HTML,
        headers=named,
        final_url=f"{server_url}/policy",
    )


def test_a_server_that_still_has_the_same_is_believed() -> None:
    with serving(always(answer(b"", 304))) as server:
        since = held(server.url, ETag='W/"v1"', Last_Modified="Sun, 04 Jan 2026 00:00:00 GMT")
        fetched = fetcher(Clock())(page_at(f"{server.url}/policy"), validators_of(since))

    assert fetched == Unchanged(page=PageId("page"), at=datetime(2026, 1, 5, 8, 0, 10, tzinfo=UTC), since=since.digest)
    assert server.requests[-1].headers["if-none-match"] == 'W/"v1"'
    assert server.requests[-1].headers["if-modified-since"] == "Sun, 04 Jan 2026 00:00:00 GMT"


def test_a_304_that_was_not_asked_for_is_an_error() -> None:
    with serving(always(answer(b"", 304))) as server:
        fetched = fetcher(Clock())(page_at(server.url), None)

    assert isinstance(fetched, Miss)
    assert (fetched.why, fetched.detail) == (MissReason.HTTP_ERROR, "HTTP 304")


def test_validators_are_sent_only_to_the_address_that_gave_them() -> None:
    with serving(by_path({"/policy": answer(status=302, Location="/moved"), "/moved": answer(HTML)})) as server:
        fetched = fetcher(Clock())(page_at(f"{server.url}/policy"), validators_of(held(server.url, ETag='"v1"')))

    assert isinstance(fetched, Capture)
    assert "if-none-match" in server.requests[1].headers
    assert "if-none-match" not in server.requests[2].headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_recorded(status: int) -> None:
    answers = {
        "/a": answer(b"moved", status, Location="/b?x=1#frag"),
        "/b?x=1": answer(b"moved", status, Location="c"),
        "/c": answer(HTML),
    }
    with serving(by_path(answers)) as server:
        fetched = fetcher(Clock())(page_at(f"{server.url}/a"), None)

    assert isinstance(fetched, Capture)
    assert fetched.hops == (f"{server.url}/a", f"{server.url}/b?x=1")
    assert fetched.final_url == f"{server.url}/c"


def test_a_redirect_in_raw_utf8_is_understood() -> None:
    answers = {"/a": answer(status=302).replace(b"\r\n\r\n", "\r\nLocation: /für\r\n\r\n".encode(), 1)}
    with serving(by_path({**answers, "/f%C3%BCr": answer(HTML)})) as server:
        fetched = fetcher(Clock())(page_at(f"{server.url}/a"), None)

    assert isinstance(fetched, Capture)
    assert fetched.final_url == f"{server.url}/f%C3%BCr"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_an_error_of_ours_is_not_asked_again_and_its_bytes_are_kept(status: int) -> None:
    with serving(always(answer(b"<p>no such page</p>", status))) as server:
        fetched = fetcher(Clock())(page_at(f"{server.url}/policy"), None)

    assert isinstance(fetched, Miss)
    assert (fetched.why, fetched.detail) == (MissReason.HTTP_ERROR, f"HTTP {status}")
    assert fetched.capture is not None
    assert (fetched.capture.body, fetched.capture.status) == (b"<p>no such page</p>", status)
    assert server.paths == ["/robots.txt", "/policy"]


def test_an_error_of_theirs_is_asked_again_with_growing_pauses() -> None:
    clock = Clock()
    with serving(in_turn(answer(b"", 500), answer(b"", 502), answer(HTML))) as server:
        fetched = fetcher(clock, pause=timedelta(0))(page_at(f"{server.url}/policy"), None)

    assert isinstance(fetched, Capture)
    assert clock.slept == [1.0, 2.0]
    assert server.paths.count("/policy") == 3


def test_an_error_that_stays_is_told_after_the_last_attempt() -> None:
    with serving(always(answer(b"<p>broken</p>", 500))) as server:
        fetched = fetcher(Clock())(page_at(f"{server.url}/policy"), None)

    assert isinstance(fetched, Miss)
    assert fetched.detail == "HTTP 500"
    assert fetched.capture is not None
    assert fetched.capture.body == b"<p>broken</p>"
    assert server.paths.count("/policy") == 3


def test_a_server_that_asks_for_a_short_pause_gets_it() -> None:
    clock = Clock()
    with serving(in_turn(answer(b"", 429, Retry_After="7"), answer(HTML))) as server:
        fetched = fetcher(clock, pause=timedelta(0))(page_at(f"{server.url}/policy"), None)

    assert isinstance(fetched, Capture)
    assert clock.slept == [7.5]


def test_a_server_that_asks_for_a_long_pause_is_left_alone_until_then() -> None:
    clock = Clock()
    once = fetcher(clock)
    until = "Mon, 05 Jan 2026 10:00:00 GMT"
    with serving(in_turn(answer(b"slow down", 503, Retry_After=until), answer(HTML))) as server:
        first = once(page_at(f"{server.url}/policy"), None)
        second = once(page_at(f"{server.url}/other"), None)
        clock.at = datetime(2026, 1, 5, 10, 1, tzinfo=UTC)
        third = once(page_at(f"{server.url}/policy"), None)

    assert isinstance(first, Miss)
    assert first.why is MissReason.RATE_LIMITED
    assert first.retry_after == timedelta(hours=1, minutes=59, seconds=50)
    assert first.capture is not None
    assert first.capture.body == b"slow down"
    assert isinstance(second, Miss)
    assert (second.why, second.detail) == (MissReason.LEFT_ALONE, "127.0.0.1 asked us to wait")
    assert isinstance(third, Capture)
    assert server.paths == ["/robots.txt", "/policy", "/policy"]


def test_a_connection_that_breaks_is_tried_again() -> None:
    clock = Clock()
    with serving(in_turn(b"", answer(HTML))) as server:
        fetched = fetcher(clock, pause=timedelta(0))(page_at(f"{server.url}/policy"), None)

    assert isinstance(fetched, Capture)
    assert clock.slept == [1.0]


@pytest.mark.parametrize("kind", ["image/png", "application/octet-stream", "application/pdf", "video/mp4"])
def test_what_is_no_text_is_told_and_kept(kind: str) -> None:
    with serving(always(answer(b"\x89PNG", content_type=kind))) as server:
        fetched = fetcher(Clock())(page_at(server.url), None)

    assert isinstance(fetched, Miss)
    assert (fetched.why, fetched.detail) == (MissReason.NOT_TEXT, f"came as {kind!r}")
    assert fetched.capture is not None
    assert fetched.capture.body == b"\x89PNG"


@pytest.mark.parametrize("kind", ["", "text/plain", "TEXT/HTML", "application/xhtml+xml"])
def test_texts_are_taken_whatever_they_are_called(kind: str) -> None:
    with serving(always(answer(HTML, content_type=kind))) as server:
        fetched = fetcher(Clock())(page_at(server.url), None)

    assert isinstance(fetched, Capture)


def robots_of(text: bytes, status: int = 200) -> Callable[[str], dict[str, bytes]]:
    return lambda path: {"/robots.txt": answer(text, status, "text/plain"), path: answer(HTML)}


@pytest.mark.parametrize(
    ("text", "status", "problem"),
    [
        (b"User-agent: *\nDisallow: /", 200, "robots.txt does not allow it"),
        (b"User-agent: optout-monitor\nDisallow: /pol", 200, "robots.txt does not allow it"),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /", 200, "robots.txt does not allow it"),
        (b"", 500, "robots.txt cannot be read (HTTP 500)"),
    ],
)
def test_robots_txt_is_obeyed(text: bytes, status: int, problem: str) -> None:
    with serving(by_path(robots_of(text, status)("/policy"))) as server:
        fetched = fetcher(Clock())(page_at(f"{server.url}/policy"), None)

    assert isinstance(fetched, Miss)
    assert (fetched.why, fetched.detail) == (MissReason.NOT_ALLOWED, problem)
    assert server.paths == ["/robots.txt"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (b"User-agent: *\nDisallow: /other", 200),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: optout-monitor\nAllow: /", 200),
        (b"<html>no robots here</html>", 200),
        (b"gone", 404),
        (b"forbidden", 403),
    ],
)
def test_what_robots_txt_does_not_forbid_is_asked(text: bytes, status: int) -> None:
    with serving(by_path(robots_of(text, status)("/policy"))) as server:
        fetched = fetcher(Clock())(page_at(f"{server.url}/policy"), None)

    assert isinstance(fetched, Capture)


def test_robots_txt_is_asked_once_a_day() -> None:
    clock = Clock()
    once = fetcher(clock)
    with serving(by_path(robots_of(b"User-agent: *\nDisallow: /x")("/policy"))) as server:
        for _ in range(3):
            once(page_at(f"{server.url}/policy"), None)
        clock.at += timedelta(hours=25)
        once(page_at(f"{server.url}/policy"), None)

    assert server.paths.count("/robots.txt") == 2


def test_a_page_may_ignore_robots_txt_with_a_reason() -> None:
    with serving(by_path(robots_of(b"User-agent: *\nDisallow: /")("/policy"))) as server:
        page = page_at(f"{server.url}/policy", robots="ignore", robots_reason="a public notice")
        fetched = fetcher(Clock())(page, None)

    assert isinstance(fetched, Capture)
    assert server.paths == ["/policy"]


def test_robots_txt_holds_for_where_a_redirect_leads_as_well() -> None:
    answers = {
        "/robots.txt": answer(b"User-agent: *\nDisallow: /private", content_type="text/plain"),
        "/policy": answer(status=302, Location="/private"),
    }
    with serving(by_path(answers)) as server:
        fetched = fetcher(Clock())(page_at(f"{server.url}/policy"), None)

    assert isinstance(fetched, Miss)
    assert fetched.why is MissReason.BAD_REDIRECT
    assert "robots.txt does not allow it" in fetched.detail


def test_a_host_gets_a_pause_between_two_requests_and_the_longer_one_it_asks_for() -> None:
    clock = Clock()
    once = fetcher(clock, pause=timedelta(seconds=10))
    robots = b"User-agent: *\nCrawl-delay: 25"
    with serving(by_path(robots_of(robots)("/policy"))) as server:
        once(page_at(f"{server.url}/policy"), None)
        once(page_at(f"{server.url}/policy"), None)

    assert clock.slept == [25.0, 25.0]


def test_a_host_is_asked_no_more_often_in_a_day_than_its_budget() -> None:
    clock = Clock()
    once = fetcher(clock, daily_budget=2, pause=timedelta(0))
    with serving(always(answer(HTML))) as server:
        page = page_at(f"{server.url}/policy")
        first, second = once(page, None), once(page, None)
        clock.at += timedelta(hours=16)
        third = once(page, None)

    assert isinstance(first, Capture)
    assert isinstance(second, Miss)
    assert second.detail == "the budget of 2 requests a day to 127.0.0.1 is spent"
    assert second.retry_after == timedelta(hours=16)
    assert isinstance(third, Capture)


def test_a_proxy_of_the_settings_is_used_and_an_unknown_one_is_told() -> None:
    with serving(always(answer(HTML))) as proxy:
        through = fetcher(Clock(), proxies={"de": proxy.url})
        fetched = through(page_at("http://localhost:9/policy", proxy="de", robots="ignore"), None)
        unknown = through(page_at("http://localhost:9/policy", proxy="br"), None)

    assert isinstance(fetched, Capture)
    assert proxy.paths == ["http://localhost:9/policy"]
    assert fetched.source["proxy"] == "de"
    assert isinstance(unknown, Miss)
    assert (unknown.why, unknown.detail) == (MissReason.NOT_ALLOWED, "no proxy named 'br'")


def test_a_proxy_that_fails_is_told_without_its_password() -> None:
    through = fetcher(Clock(), proxies={"de": "http://user:hush@127.0.0.1:1"})

    fetched = through(page_at("http://localhost:9/policy", proxy="de", robots="ignore"), None)

    assert isinstance(fetched, Miss)
    assert fetched.why is MissReason.NO_ANSWER
    assert "hush" not in repr(fetched)
    assert "hush" not in repr(Terms(hosts=frozenset(), proxies={"de": "http://user:hush@127.0.0.1:1"}))


def test_a_certificate_of_a_trusted_authority_for_this_name_is_accepted(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(tls)
    with serving(always(answer(HTML)), tls=tls) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        fetched = fetcher(Clock(), ca_bundle=str(tmp_path / "ca.pem"))(page_at(url), None)

    assert isinstance(fetched, Capture)
    assert fetched.source["tls"] == "verified"


def test_the_hosts_of_a_watchlist_are_those_of_its_pages_and_feeds_and_those_it_adds() -> None:
    watchlist = Watchlist(
        pages=(page_at("https://WWW.book.example/x"), page_at("https://m.book.example/")),
        feeds=(FeedSource(id="f", url="https://news.example/feed", title="F"),),
        hosts=("*.book.example",),
    )

    assert hosts_of(watchlist) == {"www.book.example", "m.book.example", "news.example", "*.book.example"}


@pytest.mark.shared
def test_a_real_page_comes_byte_for_byte(corpus: Path) -> None:
    body = (corpus / "meta-privacy-policy-printable" / "020.html").read_bytes()
    with serving(always(answer(gzip.compress(body), Content_Encoding="gzip"))) as server:
        fetched = fetcher(Clock())(page_at(server.url), None)

    assert isinstance(fetched, Capture)
    assert fetched.body == body
