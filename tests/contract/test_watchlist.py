"""What the reader of the watchlist promises: the values it makes, and every error with its line."""

import tracemalloc
from datetime import timedelta
from pathlib import Path
from textwrap import dedent

import msgspec
import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from monitor.model.errors import WatchlistError
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
    Watchlist,
)
from monitor.watchlist import Rules, read_watchlist, schema_text, watchlist_from
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

HOME = Path(__file__).parents[2]
USUAL = Rules()
START = """\
services:
  book: {name: Book}
pages:
  - id: policy
    service: book
    title: Policy
    url: https://book.example/privacy
    kind: policy
"""


def read(text: str, rules: Rules = USUAL) -> Watchlist:
    return watchlist_from(dedent(text), "watchlist.yaml", rules)


def errors_of(text: str, rules: Rules = USUAL) -> list[str]:
    with pytest.raises(WatchlistError) as caught:
        read(text, rules)
    return str(caught.value).split("\n")


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


def test_every_error_is_told_at_once_in_the_order_of_the_lines() -> None:
    errors = errors_of("""\
        services:
          book: {name: Book, hompage: x}
        hosts: [bad host]
        defaults:
          evry: 3h
        pagse: []
        pages:
          - id: a
            service: bok
            title: T
            url: http://book.example/
            kind: polcy
            recipe:
              select: main
          - id: b
            service: book
            url: https://book.example/
            kind: policy
            every: 1m
            recipe:
              select: [.x1lliihq, "a["]
            editions:
              - {region: de, language: de, prxy: x}
          - id: b
            service: book
            titel: T
            url: https://2130706433/
            kind: policy
        """)

    assert errors == [
        "watchlist.yaml:2: services.book.hompage: unknown key (did you mean 'homepage'?); known here: name, homepage,"
        " also",
        "watchlist.yaml:3: hosts[0]: expected a list of host names such as help.example.com or *.example.com",
        "watchlist.yaml:5: defaults.evry: unknown key (did you mean 'every'?); known here: region, language, every,"
        " fetcher, present, publish",
        "watchlist.yaml:6: pagse: unknown key (did you mean 'pages'?); known here: services, pages, defaults, hosts,"
        " feeds",
        "watchlist.yaml:9: pages[0].service: no service 'bok' (did you mean 'book'?)",
        "watchlist.yaml:11: pages[0].url: not an https address",
        "watchlist.yaml:12: pages[0].kind: expected one of policy, form, help, settings-guide, terms, news, notice",
        "watchlist.yaml:14: pages[0].recipe.select: expected a list of CSS selectors",
        "watchlist.yaml:15: pages[1]: the key 'title' is missing",
        "watchlist.yaml:19: pages[1].every: less than 5m asks more of a host than is fair",
        "watchlist.yaml:21: pages[1].recipe.select[0]: '.x1lliihq': class 'x1lliihq' looks generated and will shift;"
        " select by id, role or section",
        "watchlist.yaml:21: pages[1].recipe.select[1]: 'a[': brackets that do not match",
        "watchlist.yaml:23: pages[1].editions[0].prxy: unknown key (did you mean 'proxy'?); known here: region,"
        " language, url, proxy, present, note",
        "watchlist.yaml:24: pages[2]: the key 'title' is missing",
        "watchlist.yaml:24: pages[2].id: the id 'b' is taken by pages[1]",
        "watchlist.yaml:26: pages[2].titel: unknown key (did you mean 'title'?); known here: id, service, title, url,"
        " kind, region, language, every, cron, fetcher, recipe, present, publish, robots, proxy, editions, note",
        "watchlist.yaml:27: pages[2].url: '2130706433' is not the name of a public host",
    ]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("every: soon", "pages[0].every: expected a span such as 30m, 6h, 1d"),
        ("every: 0h", "pages[0].every: expected a span such as 30m, 6h, 1d"),
        ("every: 6", "pages[0].every: expected a span such as 30m, 6h, 1d"),
        ("cron: '* * * *'", "pages[0].cron: expected five fields: minute hour day month weekday"),
        ("cron: '60 * * * *'", "pages[0].cron: minute: expected numbers from 0 to 59"),
        ("cron: '9-3 * * * *'", "pages[0].cron: minute: expected numbers from 0 to 59"),
        ("cron: '*/0 * * * *'", "pages[0].cron: minute: expected numbers from 0 to 59"),
        ("cron: '0 6 * * 1'", "pages[0].cron: weekday: expected names such as mon or mon-fri, not '1'"),
        ("region: Germany", "pages[0].region: expected two lower-case letters such as de or eu, or three digits"),
        ("language: german", "pages[0].language: expected a language tag such as en or pt-BR"),
        ("fetcher: curl", "pages[0].fetcher: expected plain, browser, auto or archive"),
        ("robots: ignore", "pages[0].robots: expected obey, or a table with ignore and the reason why"),
        ("robots: {ignore: why not}", "pages[0].robots.ignore: expected the reason why, in at least 20 letters"),
        ("publish: {alert: always}", "pages[0].publish.alert: expected automatic or review"),
        ("present: {least_chars: -1}", "pages[0].present.least_chars: "),
        ("present: {selectors: ['#a >']}", "pages[0].present.selectors[0]: '#a >': not a CSS selector"),
        ("proxy: mars", "pages[0].proxy: the settings have no proxy 'mars' (did you mean 'maris'?)"),
        ("editions: [{region: de}]", "pages[0].editions[0]: the key 'language' is missing"),
        (
            "editions: [{region: de, language: de}, {region: de, language: de}]",
            "pages[0].editions[1]: the edition de-de is given twice",
        ),
    ],
)
def test_a_wrong_value_is_told_with_its_place(line: str, error: str) -> None:
    errors = errors_of(START + f"    {line}\n", Rules(proxies=("maris",)))

    assert len(errors) == 1
    assert errors[0].startswith(f"watchlist.yaml:9: {error}")


@pytest.mark.parametrize(
    "url",
    [
        "http://book.example/",
        "ftp://book.example/",
        "file:///etc/passwd",
        "book.example/privacy",
        "https://",
        "https://user:word@book.example/",
        "https://user@book.example/",
        "https://book.example:99999/",
        "https://book.example/a b",
        "https://book.example\\@evil.example/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0x7f000001/",
        "https://intranet/",
        "http://127.0.0.1:8000/",
    ],
)
def test_only_https_addresses_of_public_names_are_accepted(url: str) -> None:
    errors = errors_of(START.replace("https://book.example/privacy", f"'{url}'"))

    assert errors[0].startswith("watchlist.yaml:7: pages[0].url: ")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/p", "http://localhost:80/", "https://[::1]:1/"])
def test_pages_on_this_machine_are_accepted_where_that_is_allowed_and_may_be_asked_often(url: str) -> None:
    text = START.replace("https://book.example/privacy", f"'{url}'") + "    every: 1s\n"

    watchlist = read(text, Rules(loopback=True))

    assert watchlist.pages[0].url == url


@pytest.mark.parametrize(
    "selector",
    [
        "#root",
        '[id="7.subpage.11-ObjectYouHaveThe"]',
        "[role=main]",
        "main > section:not(.related-articles)",
        "main, [role=main]",
        "div:is(#a, #b) ~ p",
        "a.zippy[id] + div",
        ".article-content-container",
        "[class*=policy]",
        "[data-x='.x1lliihq']",
        "h2:nth-of-type(2n+1)",
    ],
)
def test_selectors_by_id_role_section_or_a_name_of_meaning_are_accepted(selector: str) -> None:
    text = msgspec.json.encode({"select": [selector]}).decode()

    assert read(START + f"    recipe: {text}\n").pages[0].recipe.select == (selector,)


@pytest.mark.parametrize(
    "selector",
    [
        ".x1lliihq",
        "div.a",
        "span.bz > p",
        "._a9zs",
        ".css-1q2w3e",
        ".sc-bdVaJa",
        ".jss42",
        "[class='x1lliihq x1plvlek']",
        "[class~=_a9zs]",
        "#root .x78zum5",
        "a[",
        "a]",
        "a(",
        "[title='x]",
        "main,,nav",
        "main,",
        "> p",
        "p >",
        "#",
        ".",
        "a { color: red }",
        "<p>",
        "@import 'x'",
    ],
)
def test_selectors_that_break_or_will_shift_are_refused(selector: str) -> None:
    text = msgspec.json.encode({"drop": [selector]}).decode()

    errors = errors_of(START + f"    recipe: {text}\n")

    assert errors[0].startswith(f"watchlist.yaml:9: pages[0].recipe.drop[0]: {selector!r}: ")


def test_a_parser_of_selectors_can_be_asked_as_well() -> None:
    rules = Rules(selector_problem=lambda selector: "unknown pseudo-class" if ":hover" in selector else "")

    errors = errors_of(START + "    recipe: {select: ['a:hover', main]}\n", rules)

    assert errors == ["watchlist.yaml:9: pages[0].recipe.select[0]: 'a:hover': unknown pseudo-class"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "watchlist.yaml:1: expected the keys services and pages"),
        ("- a\n", "watchlist.yaml:1: expected the keys services and pages"),
        ("pages: []\n", "watchlist.yaml:1: the key 'services' is missing"),
        ("services: {}\npages: {}\n", "watchlist.yaml:2: pages: expected a list, got a table of keys"),
        ("services: {}\npages: [7]\n", "watchlist.yaml:2: pages[0]: expected a table of keys, got a whole number"),
        ("services: {Book: {name: B}}\npages: []\n", "watchlist.yaml:1: services.Book: expected lower-case letters"),
        ("services: {}\nservices: {}\npages: []\n", "watchlist.yaml:2: "),
        ("services: {\n", "watchlist.yaml:2: "),
        ("services: !!python/object:os.system {}\n", "watchlist.yaml:1: "),
        ("a: \x07\n", "watchlist.yaml"),
        ("services: &one {}\npages: &one []\n", "watchlist.yaml:2: the anchor 'one' is given twice"),
        ("services: {}\npages: [*one]\n", "watchlist.yaml:2: found undefined alias 'one'"),
        (f"pages:\n- {'[' * 1000}{']' * 1000}\n", "watchlist.yaml:2: nested more than 50 deep"),
    ],
)
def test_what_is_no_watchlist_is_told_in_one_sentence(text: str, error: str) -> None:
    errors = errors_of(text)

    assert len(errors) == 1
    assert errors[0].startswith(error)


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


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"services: {b: {name: B\xfccher}}")

    for name, problem in (("gone.yaml", "cannot be read"), ("latin.yaml", "is not UTF-8 (byte 22)")):
        with pytest.raises(WatchlistError, match=name) as caught:
            read_watchlist(tmp_path / name)
        assert problem in str(caught.value)


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


def test_a_feed_cannot_have_the_id_of_a_page() -> None:
    errors = errors_of("""\
        services: {book: {name: Book}}
        pages:
          - {id: news, service: book, title: T, url: "https://book.example/", kind: policy}
        feeds:
          - {id: news, title: News, url: "https://book.example/feed"}
        """)

    assert errors == ["watchlist.yaml:5: feeds[0].id: the id 'news' is taken by pages[0]"]
