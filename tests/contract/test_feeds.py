"""What every feed promises: a feed reader reads it, the W3C validator would be silent, it is frozen and harmless."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from xml.etree import ElementTree

import feedparser
import pytest

from monitor.model.alert import AlertId
from monitor.model.page import PageId
from monitor.publish.feeds import FORMATS, FeedPublisher
from monitor.publish.languages import tongue
from monitor.render.place import Place
from tests.contract.feeds_of import BASE, PLACE, contents, many, write
from tests.published import START, alert, hostile_alert, published

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}
HISTORY = "{http://purl.org/syndication/history/1.0}"
# Markup that the W3C validator's SecurityRisk names, and attributes that run or load something.
RISKY = re.compile(
    r"<\s*(script|meta|embed|object|iframe|img|style|link|form|svg)\b|\bon\w+\s*=|\bsrc\s*=", re.IGNORECASE
)
ADDRESS = re.compile(r"\b(?:href|src)=[\"']([^\"']*)")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of feeds with archives, a correction, an edited alert and a hostile one."""
    root = tmp_path_factory.mktemp("public")
    corrected = alert(300, corrects=alert(1).id, title="Facebook: the old form answers after all")
    edited = alert(301, updated=START + timedelta(days=400))
    write(root, *many(120), corrected, edited, hostile_alert())
    return root


def documents(root: Path, extension: str) -> Iterator[tuple[str, Path]]:
    for path in sorted((root / "feeds").rglob(f"*.{extension}")):
        yield BASE + path.relative_to(root).as_posix(), path


def every(root: Path, extension: str) -> list[tuple[str, ElementTree.Element]]:
    return [(url, ElementTree.fromstring(path.read_bytes())) for url, path in documents(root, extension)]


@pytest.mark.parametrize("extension", ["rss", "atom", "json"])
def test_a_feed_reader_reads_each_feed_without_complaint(root: Path, extension: str) -> None:
    for url, path in documents(root, extension):
        if extension == "json":
            assert json.loads(path.read_bytes())["feed_url"] == url
            continue
        read = feedparser.parse(
            path.read_bytes(), response_headers={"content-location": url, "content-type": TYPES[extension]}
        )

        assert not read.bozo, f"{url}: {read.get('bozo_exception')}"
        assert read.feed.title
        assert all(entry.id.startswith("tag:") and entry.link.startswith(BASE) for entry in read.entries)


@pytest.mark.parametrize("extension", ["rss", "atom"])
def test_a_second_reading_brings_no_new_ids(tmp_path: Path, extension: str) -> None:
    write(tmp_path, *many(60))
    first = {entry.id for entry in feedparser.parse((tmp_path / f"feeds/all.{extension}").read_bytes()).entries}

    write(tmp_path, *many(60))

    second = {entry.id for entry in feedparser.parse((tmp_path / f"feeds/all.{extension}").read_bytes()).entries}
    assert len(first) == 50
    assert second == first


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test looks at answers."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """Serve the folder as a static host would and yield its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("extension", ["rss", "atom"])
def test_a_static_host_answers_304_until_something_is_told(tmp_path: Path, served: str, extension: str) -> None:
    address = f"{served}feeds/all.{extension}"
    write(tmp_path, *many(3))
    first = feedparser.parse(address)

    write(tmp_path, *many(3))
    second = feedparser.parse(address, modified=first.modified)

    assert (first.status, len(first.entries)) == (200, 3)
    assert (second.status, len(second.entries)) == (304, 0)


def test_the_validator_would_find_no_missing_or_wrong_self_link(root: Path) -> None:
    # MissingAtomSelfLink, SelfDoesntMatchLocation
    for url, tree in every(root, "rss"):
        assert [link.get("href") for link in tree.iterfind(f"channel/{ATOM}link[@rel='self']")] == [url]
    for url, tree in every(root, "atom"):
        assert [link.get("href") for link in tree.iterfind(f"{ATOM}link[@rel='self']")] == [url]


def test_the_validator_would_find_every_id_present_and_unique(root: Path) -> None:
    # MissingGuid, NotSufficientlyUnique, DuplicateItemSemantics, InvalidPermalink
    for _, tree in every(root, "rss"):
        items = tree.findall("channel/item")
        guids = [guid for item in items for guid in item.findall("guid")]
        assert len(guids) == len(items)
        assert len({guid.text for guid in guids}) == len(items)
        assert all(guid.get("isPermaLink") == "false" for guid in guids)
        assert all(re.fullmatch(r"tag:optout-monitor,2025:\w+:[0-9a-f]{20}(:\w+)?", guid.text or "") for guid in guids)
    for _, tree in every(root, "atom"):
        ids = [element.text for element in tree.iterfind(f"{ATOM}entry/{ATOM}id")]
        assert len(set(ids)) == len(ids) == len(tree.findall(f"{ATOM}entry"))


def test_the_validator_would_find_no_relative_reference_and_no_risk(root: Path) -> None:
    # ContainsRelRef, SecurityRisk
    bodies = [body.text or "" for _, tree in every(root, "rss") for body in tree.iter(CONTENT)]
    bodies += [body.text or "" for _, tree in every(root, "atom") for body in tree.iter(f"{ATOM}content")]
    bodies += [
        item["content_html"] for _, path in documents(root, "json") for item in json.loads(path.read_bytes())["items"]
    ]

    assert bodies
    for body in bodies:
        assert all(address.startswith("https://") for address in ADDRESS.findall(body))
        assert not RISKY.search(re.sub(r"&lt;.*?&gt;", "", body))
        assert not re.search(r"<(?!/?(?:p|strong|blockquote|del|ins|ul|li|a)\b)", body)


def test_the_validator_would_find_the_description_before_the_content(root: Path) -> None:
    # NeedDescriptionBeforeContent, DuplicateDescriptionSemantics
    for _, tree in every(root, "rss"):
        for item in tree.iterfind("channel/item"):
            names = [child.tag for child in item]
            assert names.count("description") == names.count(CONTENT) == names.count("title") == 1
            assert names.index("description") < names.index(CONTENT)


def test_the_validator_would_find_no_odd_date(root: Path) -> None:
    # ImplausibleDate, ProblematicalRFC822Date
    shape = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
    for _, tree in every(root, "rss"):
        dates = [date.text or "" for tag in ("pubDate", "lastBuildDate") for date in tree.iter(tag)]
        assert all(shape.fullmatch(date) for date in dates)
        assert all(datetime(2020, 1, 1, tzinfo=UTC) < parsedate_to_datetime(date) for date in dates)
    for _, tree in every(root, "atom"):
        dates = [date.text or "" for tag in ("published", "updated") for date in tree.iter(ATOM + tag)]
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", date) for date in dates)
        assert all(date >= "2020" for date in dates)


def test_atom_feeds_have_what_the_standard_asks_for(root: Path) -> None:
    for _, tree in every(root, "atom"):
        assert len(tree.findall(f"{ATOM}id")) == len(tree.findall(f"{ATOM}updated")) == 1
        assert tree.findtext(f"{ATOM}author/{ATOM}name") == "Optout Monitor"
        for entry in tree.iterfind(f"{ATOM}entry"):
            assert all(
                len(entry.findall(ATOM + name)) == 1 for name in ("id", "title", "updated", "summary", "content")
            )
            assert len(entry.findall(f"{ATOM}link[@rel='alternate']")) == 1


def test_json_feeds_have_what_the_format_asks_for(root: Path) -> None:
    for _, path in documents(root, "json"):
        feed = json.loads(path.read_bytes())
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["title"]
        assert feed["home_page_url"].startswith(BASE)
        assert all({"id", "url", "content_html", "date_published"} <= item.keys() for item in feed["items"])


def test_the_three_formats_of_a_document_hold_the_same_entries_in_the_same_order(root: Path) -> None:
    for _, path in documents(root, "rss"):
        rss = [guid.text for guid in ElementTree.fromstring(path.read_bytes()).iterfind("channel/item/guid")]
        atom = ElementTree.fromstring(path.with_suffix(".atom").read_bytes())
        feed = json.loads(path.with_suffix(".json").read_bytes())
        assert rss == [entry.text for entry in atom.iterfind(f"{ATOM}entry/{ATOM}id")], path
        assert rss == [item["id"] for item in feed["items"]], path


def test_everything_is_utf_8_and_says_so(root: Path) -> None:
    for extension in ("rss", "atom"):
        for _, path in documents(root, extension):
            assert path.read_bytes().startswith(b'<?xml version="1.0" encoding="utf-8"?>\n')
            path.read_bytes().decode("utf-8")


def walk(root: Path, extension: str) -> list[list[str]]:
    """Return the ids that a reader finds who follows the links to older entries, document by document."""
    found, path = [], f"feeds/all.{extension}"
    while path:
        content = (root / path).read_bytes()
        if extension == "json":
            feed = json.loads(content)
            found.append([item["id"] for item in feed["items"]])
            older = feed.get("next_url", "")
        else:
            read = feedparser.parse(content)
            found.append([entry.id for entry in read.entries])
            older = next((link.href for link in read.feed.links if link.rel == "prev-archive"), "")
        path = older.removeprefix(BASE)
    return found


@pytest.mark.parametrize("extension", ["rss", "atom", "json"])
def test_a_reader_that_walks_the_archives_finds_every_alert_exactly_once(root: Path, extension: str) -> None:
    found = walk(root, extension)

    assert [len(ids) for ids in found] == [50, 23, 50]
    assert len({name for ids in found for name in ids}) == 123


def test_archives_say_that_they_are_and_where_the_current_document_is(root: Path) -> None:
    for extension, at in (("rss", "channel/"), ("atom", "")):
        archive = ElementTree.fromstring((root / f"feeds/all/1-50.{extension}").read_bytes())
        current = ElementTree.fromstring((root / f"feeds/all.{extension}").read_bytes())
        assert archive.find(f"{at}{HISTORY}archive") is not None
        assert current.find(f"{at}{HISTORY}archive") is None
        links = {link.get("rel"): link.get("href") for link in archive.iterfind(f"{at}{ATOM}link")}
        assert links["current"] == f"{BASE}feeds/all.{extension}"
        assert "prev-archive" not in links


def test_the_newest_entries_come_first(root: Path) -> None:
    newest = feedparser.parse((root / "feeds/all.rss").read_bytes()).entries

    assert newest[1].title == "Facebook: the link for objecting leads to another address (301)"
    assert [entry.published_parsed for entry in newest] == sorted(
        (entry.published_parsed for entry in newest), reverse=True
    )


def test_alerts_that_were_not_published_never_appear(tmp_path: Path) -> None:
    write(tmp_path, alert(1), alert(2, published=None, title="Facebook: not let out"))

    assert b"not let out" not in b"".join(contents(tmp_path).values())


def test_a_correction_is_an_item_of_its_own_and_leaves_the_old_one_alone(tmp_path: Path) -> None:
    write(tmp_path, alert(1))
    old = feedparser.parse((tmp_path / "feeds/all.atom").read_bytes()).entries[0]

    write(tmp_path, alert(1), alert(2, corrects=alert(1).id))

    new, kept = feedparser.parse((tmp_path / "feeds/all.atom").read_bytes()).entries
    assert kept == old
    assert [link.href for link in new.links if link.rel == "related"] == [f"{BASE}changes/{alert(1).id}/"]


def test_a_page_not_read_is_one_item_of_the_problems_feed(tmp_path: Path) -> None:
    write(tmp_path)

    (entry,) = feedparser.parse((tmp_path / "feeds/problems.rss").read_bytes()).entries
    assert entry.title == "Objection form: not read"
    assert entry.link == f"{BASE}pages/facebook-form/"
    assert "What came instead: wall" in entry.summary


@pytest.mark.parametrize("extension", ["rss", "atom"])
def test_hostile_words_reach_a_feed_reader_as_text(tmp_path: Path, extension: str) -> None:
    write(tmp_path, hostile_alert())

    (entry,) = feedparser.parse((tmp_path / f"feeds/all.{extension}").read_bytes(), sanitize_html=False).entries
    assert "<script" not in entry.content[0].value
    assert "&lt;script&gt;" in entry.content[0].value
    if extension == "rss":
        assert "<" not in entry.title + entry.summary
    else:
        assert entry.title_detail.type == entry.summary_detail.type == "text/plain"
    assert not set("\u202e\u202c\x00\x0b\x1b") & set(entry.title + entry.summary + entry.content[0].value)


def test_a_hostile_id_stays_inside_the_folder(tmp_path: Path) -> None:
    hostile = alert(1, page=PageId("../../../etc/passwd"), language="../..", id=AlertId("../x"))

    changed = write(tmp_path / "public", hostile)

    assert all(re.fullmatch(r"feeds/[a-z0-9_/-]+\.(rss|atom|json)", path) for path in changed)
    assert {path.name for path in tmp_path.iterdir()} == {"public"}


def test_a_hub_is_announced_by_subscription_documents_only(tmp_path: Path) -> None:
    write(tmp_path, *many(60), place=Place(base_url=BASE, hub="https://hub.example/"))

    assert b'rel="hub" href="https://hub.example/"' in (tmp_path / "feeds/all.rss").read_bytes()
    assert b'rel="hub" href="https://hub.example/"' in (tmp_path / "feeds/all.atom").read_bytes()
    assert json.loads((tmp_path / "feeds/all.json").read_bytes())["hubs"][0]["url"] == "https://hub.example/"
    assert b"hub.example" not in (tmp_path / "feeds/all/1-10.rss").read_bytes()


def test_every_format_is_written_for_every_feed(root: Path) -> None:
    stems = [{path.relative_to(root).with_suffix("") for path in (root / "feeds").rglob(f"*.{e}")} for e in FORMATS]

    assert list(FORMATS) == ["rss", "atom", "json"]
    assert stems[0] == stems[1] == stems[2]
    assert len(stems[0]) >= 11


@pytest.mark.parametrize(
    ("language", "feed_title", "title", "before"),
    [
        (
            "de",
            "Optout Monitor: Seiten in de",
            "Facebook: Ausweg geändert (Link zum Formular, Widerspruchsrecht)",
            "Vorher: ",
        ),
        ("fr", "Optout Monitor", "Facebook: moyen de s’opposer modifié (", "Avant"),
        ("es", "Optout Monitor", "Facebook: cambió la vía de oposición (", "Antes: "),
    ],
)
def test_the_feed_of_a_language_is_told_in_it_titles_included(
    tmp_path: Path, language: str, feed_title: str, title: str, before: str
) -> None:
    publisher = FeedPublisher(root=tmp_path, place=PLACE, tongues=tongue)
    publisher(published(alert(1, language=language), alert(2, language="it")))

    own = feedparser.parse((tmp_path / f"feeds/language/{language}.atom").read_bytes())
    all_changes = feedparser.parse((tmp_path / "feeds/all.atom").read_bytes())

    assert own.feed.language == language
    assert own.feed.title.startswith(feed_title)
    assert own.entries[0].title.startswith(title)
    assert before in own.entries[0].summary
    assert own.entries[0].id in {entry.id for entry in all_changes.entries}
    assert {entry.title for entry in all_changes.entries} == {alert(1).title, alert(2).title}


def test_a_language_without_a_catalogue_is_told_in_english(tmp_path: Path) -> None:
    FeedPublisher(root=tmp_path, place=PLACE, tongues=tongue)(published(alert(2, language="it")))

    assert feedparser.parse((tmp_path / "feeds/language/it.atom").read_bytes()).entries[0].title == alert(2).title
