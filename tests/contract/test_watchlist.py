"""What the reader of the watchlist promises: the values it makes of what a file says."""

import tracemalloc
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from monitor.model.page import (
    FeedSource,
    Page,
    PageId,
    PageKind,
    Presence,
    Publication,
    PublicationRule,
    Recipe,
    Service,
    ServiceId,
)
from monitor.watchlist import Rules, read_watchlist, schema_text
from monitor.watchlist.entries import (
    DefaultsEntry,
    EditionEntry,
    FeedEntry,
    PageEntry,
    PresentEntry,
    PublishEntry,
    RecipeEntry,
    RobotsEntry,
    ServiceEntry,
    WatchlistEntry,
)
from tests.contract.watched import START, read

HOME = Path(__file__).parents[2]


def test_the_least_page_gets_every_default() -> None:
    watchlist = read(START)

    assert watchlist.services == {"book": Service(ServiceId("book"), "Book")}
    assert watchlist.pages == (
        Page(
            id=PageId("policy"),
            url="https://book.example/privacy",
            kind=PageKind.POLICY,
            service=ServiceId("book"),
            title="Policy",
            region="eu",
            language="en",
            every=timedelta(hours=12),
            fetcher="plain",
            present=Presence(least_chars=100),
            publish=PublicationRule(Publication.REVIEW, Publication.AUTOMATIC),
        ),
    )


def test_a_page_says_more_than_the_defaults_key_by_key() -> None:
    watchlist = read("""\
        defaults:
          region: us
          every: 1d
          present: {least_chars: 300, phrases: [Privacy]}
          publish: {digest: review}
        services: {book: {name: Book, homepage: "https://book.example/"}}
        hosts: ["*.book.example"]
        feeds:
          - {id: news, title: News, url: "https://book.example/feed", service: book, every: 2h}
        pages:
          - id: policy
            service: book
            title: Policy
            url: https://book.example/privacy
            kind: form
            cron: "*/15 6-22 * * mon-fri"
            fetcher: auto
            recipe: {select: ["#root", "[role=main]"], drop: [nav]}
            present: {selectors: [form]}
            publish: {alert: automatic}
            robots: {ignore: a reason that says why it is done}
            proxy: de
            note: known
        """)

    page = watchlist.pages[0]
    assert (page.region, page.every, page.cron) == ("us", timedelta(days=1), "*/15 6-22 * * mon-fri")
    assert page.recipe == Recipe(("#root", "[role=main]"), ("nav",))
    assert page.present == Presence(("form",), ("Privacy",), 300)
    assert page.publish == PublicationRule(Publication.AUTOMATIC, Publication.REVIEW)
    assert (page.robots, page.robots_reason) == ("ignore", "a reason that says why it is done")
    assert (page.fetcher, page.proxy, page.note) == ("auto", "de", "known")
    assert watchlist.hosts == ("*.book.example",)
    assert watchlist.feeds == (
        FeedSource(
            id="news",
            url="https://book.example/feed",
            title="News",
            service=ServiceId("book"),
            language="en",
            every=timedelta(hours=2),
            publish=Publication.REVIEW,
        ),
    )


def test_an_edition_is_a_page_of_its_own_with_all_else_as_its_page() -> None:
    watchlist = read(
        START
        + """\
    present: {phrases: [Privacy], least_chars: 500}
    editions:
      - {region: de, language: de, proxy: berlin, present: {phrases: [Datenschutz]}}
      - {region: br, language: pt-BR, url: "https://book.example/br"}
"""
    )

    page, german, brazilian = watchlist.pages
    assert (page.id, page.edition_of) == ("policy", "")
    assert (german.id, german.edition_of) == ("policy@de-de", "policy")
    assert (german.region, german.language, german.proxy) == ("de", "de", "berlin")
    assert german.present == Presence((), ("Datenschutz",), 500)
    assert german.url == page.url
    assert (brazilian.id, brazilian.url) == ("policy@br-pt-br", "https://book.example/br")
    assert watchlist.page("policy@de-de") == german


def test_entries_may_share_what_an_earlier_one_says() -> None:
    watchlist = read("""\
        services: {book: {name: Book}}
        pages:
          - {id: a, service: book, title: T, url: "https://a.example/", kind: policy, recipe: &main {select: [main]}}
          - {id: b, service: book, title: T, url: "https://b.example/", kind: policy, recipe: *main}
        """)

    assert [page.recipe for page in watchlist.pages] == [Recipe(("main",)), Recipe(("main",))]


def test_the_pages_may_stand_before_the_services_and_defaults_that_they_name() -> None:
    watchlist = read("""\
        pages:
          - {id: a, service: book, title: T, url: "https://a.example/", kind: policy}
        defaults: {region: us}
        services: {book: {name: Book}}
        """)

    assert [(page.id, page.region) for page in watchlist.pages] == [("a", "us")]


def test_a_long_list_of_pages_takes_little_more_memory_than_its_pages() -> None:
    text = "services: {book: {name: Book}}\npages:\n" + "".join(
        f"  - id: page-{number}\n    service: book\n    title: Policy {number}\n    kind: policy\n"
        f"    url: https://book.example/privacy/{number}\n    every: 6h\n"
        for number in range(1000)
    )
    tracemalloc.start()

    watchlist = read(text)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(watchlist.pages) == 1000
    assert peak_bytes / 1000 < 3000  # with the nodes of the whole file at once it would be twice that


def test_the_watchlist_that_comes_with_the_program_is_right_and_names_its_schema() -> None:
    path = HOME / "watchlist.yaml"

    watchlist = read_watchlist(path, Rules(proxies=()))

    assert path.read_text("utf-8").startswith("# yaml-language-server: $schema=docs/reference/watchlist.schema.json\n")
    assert set(watchlist.services) == {"facebook", "instagram", "threads", "whatsapp", "messenger", "meta-ai"}
    assert all(page.note and page.title and page.region and page.language for page in watchlist.pages)
    assert {page.url for page in watchlist.pages} == {
        "https://mbasic.facebook.com/privacy/policy/printable/",
        "https://www.facebook.com/privacy/genai",
        "https://www.facebook.com/help/2069235856423257",
        "https://www.facebook.com/help/contact/712876720715583",
        "https://www.facebook.com/help/contact/367438723733209",
        "https://www.facebook.com/help/contact/1994830130782319",
        "https://www.facebook.com/help/contact/510058597920541",
        "https://help.meta.com/support/privacy/",
        "https://privacycenter.instagram.com/policy",
        "https://privacycenter.instagram.com/privacy/genai",
        "https://help.instagram.com/contact/767264225370182",
        "https://help.instagram.com/contact/233964459562201",
        "https://help.instagram.com/contact/117037592428568",
        "https://help.instagram.com/515230437301944",
        "https://help.instagram.com/contact/1169130897068670",
        "https://www.whatsapp.com/legal/privacy-policy-eea?lang=en",
        "https://www.whatsapp.com/contact/forms/382532939919295/",
        "https://www.messenger.com/privacy",
        "https://www.facebook.com/legal/eu-ai-terms",
        "https://www.facebook.com/legal/ai-terms",
        "https://about.fb.com/news/2025/04/making-ai-work-harder-for-europeans/",
    }


def test_the_schema_for_editors_is_the_one_the_program_makes_and_the_watchlist_meets_it() -> None:
    text = (HOME / "docs/reference/watchlist.schema.json").read_text("utf-8")

    assert text == schema_text()
    Draft202012Validator.check_schema(msgspec.json.decode(text))
    watchlist = YAML(typ="safe").load(HOME / "watchlist.yaml")
    assert list(Draft202012Validator(msgspec.json.decode(text)).iter_errors(watchlist)) == []


@pytest.mark.parametrize(
    "table",
    [
        WatchlistEntry,
        ServiceEntry,
        DefaultsEntry,
        PageEntry,
        RecipeEntry,
        PresentEntry,
        PublishEntry,
        RobotsEntry,
        EditionEntry,
        FeedEntry,
    ],
)
def test_every_key_is_in_the_reference(table: type[msgspec.Struct]) -> None:
    reference = (HOME / "docs/reference/watchlist.md").read_text("utf-8")
    section = reference.split((table.__doc__ or "").strip())[1].split("\n## ")[0]

    for field in msgspec.structs.fields(table):
        assert f"| `{field.name}` | " in section
