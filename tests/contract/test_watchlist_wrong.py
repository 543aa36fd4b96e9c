"""What the reader of the watchlist promises of what is wrong in a file: a hundred errors at most, with their lines."""

from pathlib import Path

import msgspec
import pytest

from monitor.model.errors import WatchlistError
from monitor.watchlist import Rules, read_watchlist
from tests.contract.watched import START, USUAL, read


def errors_of(text: str, rules: Rules = USUAL) -> list[str]:
    with pytest.raises(WatchlistError) as caught:
        read(text, rules)
    return str(caught.value).split("\n")


def test_a_mistake_that_stands_in_every_entry_is_told_a_hundred_times_and_counted() -> None:
    entry = "  - {{id: p{}, service: nobody, title: T, kind: policy, url: 'https://a.example/'}}\n"
    entries = "".join(map(entry.format, range(300)))

    errors = errors_of(f"services: {{}}\npages:\n{entries}")

    assert len(errors) == 101
    assert errors[0].startswith("watchlist.yaml:3: pages[0]")
    assert errors[-1] == "watchlist.yaml: 200 more, not told here"


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
        ("cron: '0 */24 * * *'", "pages[0].cron: hour: expected numbers from 0 to 23"),
        ("cron: '0-30/50 6 * * *'", "pages[0].cron: minute: expected numbers from 0 to 59"),
        ("cron: '0 6 30 2 *'", "pages[0].cron: no such month has such a day: this never comes"),
        ("cron: '0 6 31 4,6,9,11 *'", "pages[0].cron: no such month has such a day: this never comes"),
        ("cron: '*/2 * * * *'", "pages[0].cron: expected turns at least 0:05:00 apart"),
        ("cron: '0,58 0,23 * * *'", "pages[0].cron: expected turns at least 0:05:00 apart"),
        ("cron: '0 6 * * sat-mon'", "pages[0].cron: weekday: a week goes from mon to sun: write the days of 'sat-mon'"),
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
    text = START.replace("https://book.example/privacy", f"'{url}'")

    often = read(f"{text}    every: 1s\n", Rules(loopback=True))
    each_minute = read(f"{text}    cron: '* * * * *'\n", Rules(loopback=True))

    assert often.pages[0].url == url
    assert each_minute.pages[0].url == url


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"{START}    every: 1m\n", "pages[0].every"),
        (f"{START}    cron: '* * * * *'\n", "pages[0].cron"),
        (f"defaults:\n  every: 1m\n{START}", "pages[0].every"),
    ],
)
def test_other_machines_are_not_asked_more_often_where_this_one_may_be(text: str, named: str) -> None:
    (error,) = errors_of(text, Rules(loopback=True))

    assert named in error


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


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"services: {b: {name: B\xfccher}}")

    for name, problem in (("gone.yaml", "cannot be read"), ("latin.yaml", "is not UTF-8 (byte 22)")):
        with pytest.raises(WatchlistError, match=name) as caught:
            read_watchlist(tmp_path / name)
        assert problem in str(caught.value)


def test_a_feed_cannot_have_the_id_of_a_page() -> None:
    errors = errors_of("""\
        services: {book: {name: Book}}
        pages:
          - {id: news, service: book, title: T, url: "https://book.example/", kind: policy}
        feeds:
          - {id: news, title: News, url: "https://book.example/feed"}
        """)

    assert errors == ["watchlist.yaml:5: feeds[0].id: the id 'news' is taken by pages[0]"]
