"""Ten years of alerts, one a day, read by a feed reader from the built-in server, document by document."""

from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest

from monitor.publish.feeds import FeedPublisher
from monitor.render.place import Place
from monitor.web.app import web_app
from monitor.web.serve import served
from tests.contract.web import BASE, web
from tests.published import alert, published

DAYS = 3_650


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the feeds of ten years and give where they stand."""
    public = tmp_path_factory.mktemp("public")
    write(public)
    with web(public) as site, served(web_app(site.house.world, site.front), host="127.0.0.1", port=0) as address:
        yield f"{address}optout/"


def write(public: Path) -> None:
    record = published(*(alert(number) for number in range(DAYS)))
    FeedPublisher(root=public, place=Place(base_url=BASE))(record)


@pytest.mark.parametrize("extension", ["rss", "atom"])
def test_a_reader_who_follows_the_older_documents_finds_each_day_exactly_once(host: str, extension: str) -> None:
    found: list[str] = []
    address = f"{host}feeds/all.{extension}"
    while address:
        read = feedparser.parse(address)
        assert (read.status, read.bozo, len(read.entries) <= 50) == (200, False, True)
        found += [entry.link for entry in read.entries]
        older = [link.href for link in read.feed.links if link.rel == "prev-archive"]
        address = older[0].replace(BASE, host) if older else ""

    place = Place(base_url=BASE)
    assert len(found) == DAYS
    assert set(found) == {place.change(alert(number).id) for number in range(DAYS)}


@pytest.mark.parametrize("extension", ["rss", "atom"])
def test_reading_again_with_either_mark_is_answered_304_and_brings_nothing(host: str, extension: str) -> None:
    address = f"{host}feeds/all.{extension}"
    first = feedparser.parse(address)

    by_tag = feedparser.parse(address, etag=first.etag)
    by_date = feedparser.parse(address, modified=first.modified)
    by_both = feedparser.parse(address, etag=first.etag, modified=first.modified)

    assert (first.status, len(first.entries)) == (200, 50)
    assert [(read.status, len(read.entries)) for read in (by_tag, by_date, by_both)] == [(304, 0)] * 3
