"""What the reader of feeds promises, over real sockets on loopback."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest

from monitor.fetch.feed import FeedReader
from monitor.fetch.http import HttpFetcher
from monitor.fetch.terms import Outside, Terms
from monitor.model.capture import MissReason
from monitor.model.feed import Entries, Entry, NoEntries, SameEntries
from monitor.model.page import FeedSource
from tests.contract.servers import Clock, always, answer, by_path, serving

ATOM = b"""\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
<entry><id>tag:news.example,2026:1</id><title>An &lt;b&gt;objection&lt;/b&gt; form for everyone</title>
<link href="https://news.example/1"/><updated>2026-01-04T12:00:00+01:00</updated>
<summary type="html">&lt;p&gt;People may object&lt;/p&gt;
&lt;script&gt;alert(1)&lt;/script&gt; to training.</summary></entry>
<entry><title>Without id</title><link href="javascript:alert(1)"/><summary>Text</summary></entry>
</feed>"""


def source(url: str) -> FeedSource:
    return FeedSource(id="news", url=url, title="News")


def reader() -> FeedReader:
    clock = Clock()
    terms = Terms(hosts=frozenset({"127.0.0.1"}), allow_loopback=True)
    fetcher = HttpFetcher(terms, Outside(now=clock.now, sleep=clock.sleep, chance=lambda: 0.5))
    return FeedReader(fetcher.door, fetcher.robots, clock.now)


def test_a_feed_gives_its_entries_as_plain_text() -> None:
    raw = answer(ATOM, content_type="application/atom+xml", ETag='"7"', Last_Modified="Sun, 04 Jan 2026 11:00:00 GMT")
    with serving(always(raw)) as server:
        fetched = reader()(source(f"{server.url}/feed"))

    assert isinstance(fetched, Entries)
    assert (fetched.capture.body, fetched.capture.page) == (ATOM, "news")
    assert fetched == Entries(
        feed="news",
        at=datetime(2026, 1, 5, 8, 0, 10, tzinfo=UTC),
        entries=(
            Entry(
                id="tag:news.example,2026:1",
                title="An objection form for everyone",
                link="https://news.example/1",
                summary="People may object to training.",
                at=datetime(2026, 1, 4, 11, tzinfo=UTC),
            ),
            Entry(id=sha256(b"Without id\nText").hexdigest(), title="Without id", summary="Text"),
        ),
        capture=fetched.capture,
        etag='"7"',
        modified="Sun, 04 Jan 2026 11:00:00 GMT",
    )


def test_a_feed_that_is_as_it_was_is_not_read_again() -> None:
    with serving(always(answer(b"", 304))) as server:
        fetched = reader()(source(f"{server.url}/feed"), etag='"7"', modified="Sun, 04 Jan 2026 11:00:00 GMT")

    assert fetched == SameEntries(feed="news", at=datetime(2026, 1, 5, 8, 0, 10, tzinfo=UTC))
    assert server.requests[-1].headers["if-none-match"] == '"7"'
    assert server.requests[-1].headers["if-modified-since"] == "Sun, 04 Jan 2026 11:00:00 GMT"


@pytest.mark.parametrize(
    ("body", "count", "fault"),
    [
        (ATOM[:-120], 1, "not well-formed"),
        (b"<rss><channel><item><title>One</title></item>", 1, "not well-formed"),
        (b"<html><body>Please log in</body></html>", 0, "not a feed"),
        (b"", 0, "not a feed"),
        (b"\x00\xff\xfe", 0, "not well-formed"),
        (b"<rss version='2.0'><channel><item><title>&#xD800;</title></item></channel></rss>", 0, "not well-formed"),
        (
            b"<rss version='2.0'><channel><item><title>&#9999999999;</title></item></channel></rss>",
            0,
            "not well-formed",
        ),
        (
            b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
            b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
            b"<rss version='2.0'><channel><item><title>&d;&d;&d;&d;&d;&d;</title></item></channel></rss>",
            1,
            "",
        ),
        (
            b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            b"<rss version='2.0'><channel><item><title>root &x;</title></item></channel></rss>",
            1,
            "",
        ),
    ],
)
def test_a_malformed_feed_is_read_as_far_as_it_goes_and_told(body: bytes, count: int, fault: str) -> None:
    with serving(always(answer(body, content_type="application/rss+xml"))) as server:
        fetched = reader()(source(f"{server.url}/feed"))

    assert isinstance(fetched, Entries)
    assert len(fetched.entries) <= count
    assert fault in fetched.fault
    assert all(len(entry.title) <= 300 and "root:" not in entry.title for entry in fetched.entries)


def test_what_does_not_come_is_told() -> None:
    robots = answer(b"User-agent: *\nDisallow: /", content_type="text/plain")
    with serving(always(answer(b"gone", 410))) as gone, serving(by_path({"/robots.txt": robots})) as closed:
        missing = reader()(source(f"{gone.url}/feed"))
        forbidden = reader()(source(f"{closed.url}/feed"))
        outside = reader()(source("https://elsewhere.example/feed"))

    assert isinstance(missing, NoEntries)
    assert (missing.why, missing.detail) == (MissReason.HTTP_ERROR, "HTTP 410")
    assert isinstance(forbidden, NoEntries)
    assert (forbidden.why, forbidden.detail) == (MissReason.NOT_ALLOWED, "robots.txt does not allow it")
    assert isinstance(outside, NoEntries)
    assert outside.why is MissReason.NOT_ALLOWED
