"""Captures out of a server that speaks the two interfaces of the Wayback Machine, over real sockets."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.fetch.http import HttpFetcher
from monitor.fetch.terms import Outside, Terms
from monitor.fetch.wayback import Held, Wayback
from monitor.model.errors import ArchiveError
from monitor.model.page import Page, PageId, PageKind

PAGE = Page(id=PageId("lumen-policy"), url="https://lumen.example/policy", kind=PageKind.POLICY, language="en")
ALL = (date(2024, 1, 1), date(2024, 12, 31))
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROWS = [
    ["20240101080000", "https://lumen.example/policy?a=b#c", "AAAA"],
    ["20240601080000", "http://lumen.example/policy", "BBBB"],
]


@dataclass
class Archive:
    """What the server holds, and what it was asked."""

    rows: list[list[str]] = field(default_factory=lambda: [list(row) for row in ROWS])
    listing: bytes = b""
    status: int = 200
    failing: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    now: datetime = NOON

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)

    def answer(self, path: str) -> tuple[int, str, bytes]:
        self.asked.append(path)
        parts = urlsplit(path)
        if parts.path == "/cdx/search/cdx":
            columns = parse_qs(parts.query)["fl"][0].split(",")
            return self.status, "application/json", self.listing or json.dumps([columns, *self.rows]).encode()
        stamp = path.removeprefix("/web/")[:14]
        status = self.failing.pop(stamp, 200)
        return status, "text/html; charset=utf-8", f"<h1>As of {stamp}</h1>".encode()


@contextmanager
def serving(archive: Archive) -> Iterator[Wayback]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, body = archive.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if self.path.startswith("/web/"):
                self.send_header("X-Archive-Orig-Content-Type", "text/html; charset=iso-8859-1")
                self.send_header("X-Archive-Orig-Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT")
            if status == 429:
                self.send_header("Retry-After", "30")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    terms = Terms(hosts=frozenset({"127.0.0.1"}), allow_loopback=True, pause=timedelta(seconds=10))
    outside = Outside(now=lambda: archive.now, sleep=archive.sleep, chance=lambda: 0.5)
    try:
        yield Wayback(HttpFetcher(terms, outside), f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()


def test_what_it_holds_between_two_days_is_asked_for_once_for_each_text() -> None:
    archive = Archive()
    with serving(archive) as machine:
        held = machine.held("https://lumen.example/policy", *ALL)

    asked = parse_qs(urlsplit(archive.asked[-1]).query)
    assert held == tuple(Held(*row) for row in ROWS)
    assert asked["url"] == ["https://lumen.example/policy"]
    assert (asked["from"], asked["to"], asked["collapse"]) == (["20240101"], ["20241231"], ["digest"])


def test_captures_are_those_of_then_with_the_headers_of_then() -> None:
    archive = Archive()
    with serving(archive) as machine:
        first, second = machine.captures(PAGE, [Held(*row) for row in ROWS])

    assert first.body == b"<h1>As of 20240101080000</h1>"
    assert (first.at, second.at) == (datetime(2024, 1, 1, 8, tzinfo=UTC), datetime(2024, 6, 1, 8, tzinfo=UTC))
    assert first.header("content-type") == "text/html; charset=iso-8859-1"
    assert first.header("last-modified") == "Mon, 01 Jan 2024 00:00:00 GMT"
    assert (first.url, first.final_url) == (PAGE.url, "https://lumen.example/policy?a=b#c")
    assert (first.source["archive"], first.source["digest"]) == ("wayback", "AAAA")
    assert any(path.startswith("/web/20240101080000id_/https://lumen.example/policy?a=b%23c") for path in archive.asked)


def test_it_waits_between_requests_and_longer_when_told_to() -> None:
    archive = Archive(failing={"20240601080000": 429})
    with serving(archive) as machine:
        captures = list(machine.captures(PAGE, [Held(*row) for row in ROWS]))

    assert len(captures) == 2
    assert max(archive.slept) >= 30
    assert sum(second >= 9 for second in archive.slept) >= 2


def test_a_capture_that_does_not_come_ends_it_and_those_before_it_are_there() -> None:
    archive = Archive(failing={"20240601080000": 404})
    with serving(archive) as machine:
        captures = machine.captures(PAGE, [Held(*row) for row in ROWS])

        assert next(captures).at.month == 1
        with pytest.raises(ArchiveError, match="the next import goes on here"):
            next(captures)


@pytest.mark.parametrize(
    ("archive", "problem"),
    [
        (Archive(status=503), "rate-limited|answered 503"),
        (Archive(listing=b"<html>busy</html>"), "cannot be read"),
        (Archive(listing=b'{"rows": 1}'), "cannot be read"),
        (Archive(rows=[["20240101080000", "javascript:alert(1)", "A"]]), "a row that is none"),
        (Archive(rows=[["yesterday", "https://lumen.example/", "A"]]), "a row that is none"),
        (Archive(rows=[["20240101080000"]]), "a row that is none"),
    ],
)
def test_an_answer_that_is_no_list_is_refused_in_words(archive: Archive, problem: str) -> None:
    with serving(archive) as machine, pytest.raises(ArchiveError, match=problem):
        machine.held("https://lumen.example/policy", *ALL)


def test_an_archive_without_captures_has_none() -> None:
    with serving(Archive(listing=b"[]")) as machine:
        assert machine.held("https://lumen.example/policy", *ALL) == ()


def test_only_the_archive_is_asked() -> None:
    archive = Archive()
    with serving(archive) as machine:
        elsewhere = Wayback(machine.fetcher, "https://evil.example")

        with pytest.raises(ArchiveError, match="not-allowed"):
            elsewhere.held("https://lumen.example/policy", *ALL)

    assert archive.asked == []
