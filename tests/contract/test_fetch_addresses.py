"""Hostile addresses, names and redirects: none is reached that must not be, and all are told."""

import socket
import threading
import time
from contextlib import suppress

import pytest

from monitor.fetch.http import HttpFetcher
from monitor.fetch.lookup import MOST_AT_ONCE, Lookup
from monitor.fetch.terms import Outside, Terms, host_of, policy_of
from monitor.model.capture import Capture, MissReason
from tests.contract.asking import answers, fetched_from, missed, page_at
from tests.contract.servers import Clock, always, answer, by_path, serving


def allowed_by_name(url: str) -> tuple[str, ...]:
    """Return the host when it can be allowed by name at all, so that only the rule for addresses is left to refuse."""
    host = host_of(url)
    with suppress(ValueError):
        policy_of(Terms(hosts=frozenset({host})))
        return (host,)
    return ()


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.7.7.7/",
        "https://0.0.0.0/",
        "https://10.0.0.1/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://169.254.170.2/v2/credentials",
        "https://100.64.0.1/",
        "https://100.100.100.200/latest/meta-data/",
        "https://192.0.0.192/",
        "https://192.0.2.1/",
        "https://198.18.0.1/",
        "https://224.0.0.1/",
        "https://240.0.0.1/",
        "https://255.255.255.255/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://[::127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://[2002:7f00:1::]/",
        "https://[2001:0:7f00:1::]/",
        "https://[fe80::1]/",
        "https://[fe80::1%25lo]/",
        "https://[fc00::1]/",
        "https://[fd00:ec2::254]/",
        "https://[ff02::1]/",
        "https://[2001:db8::1]/",
        "https://2130706433/",
        "https://2852039166/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://017700000001/",
        "https://127.1/",
        "https://127.0.1/",
        "https://①②⑦.⓪.⓪.①/",
        "https://127。0。0。1/",
        "https://localhost/",
        "https://localhost./",
        "http://book.example/",
        "file:///etc/passwd",
        "file://book.example/etc/passwd",
        "ftp://book.example/",
        "gopher://book.example:70/_GET",
        "data:text/html,<p>page",
        "javascript:alert(1)",
        "dict://book.example:11211/",
        "https://user@book.example/",
        "https://user:word@book.example/",
        "https://book.example@127.0.0.1/",
        "https://book.example:22/",
        "https://book.example:0/",
        "https://book.example:99999/",
        "https://book.example\\@127.0.0.1/",
        "https://book.example\t/",
        "https://book.example\r\nHost: evil.example/",
        "https://book.example.evil.example/",
        "https://evilbook.example/",
        "https:///path",
        "https://",
        "//book.example/",
        "book.example",
        "",
        "https://[::1",
        "https://" + "a" * 9000 + ".example/",
    ],
)
def test_no_socket_is_opened_for_an_address_that_is_not_allowed(url: str) -> None:
    def resolver(host: str, *_: object, **__: object) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]

    looked_up: list[str] = []
    named = ("book.example",) if "book.example" in url else allowed_by_name(url)

    miss = missed(fetched_from(url, *named, resolver=resolver, allow_loopback=False))

    assert miss.why is MissReason.NOT_ALLOWED
    assert miss.detail.startswith("not allowed: ")
    assert looked_up in ([], [host_of(url).rstrip(".")])


@pytest.mark.parametrize(
    "addresses",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.31.255.255",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "::ffff:10.0.0.1",
        "fe80::1",
        "fd00::1",
        "64:ff9b::a00:1",
        "2002:a00:1::1",
        "93.184.215.14,10.0.0.1",
        "2606:2800:21f::1,::1",
    ],
)
def test_a_name_that_stands_for_a_private_address_is_not_reached(addresses: str) -> None:
    miss = missed(
        fetched_from("https://book.example/", "book.example", resolver=answers(addresses), allow_loopback=False)
    )

    assert miss.why is MissReason.NOT_ALLOWED
    assert miss.detail.startswith("not allowed: ")


def test_the_address_that_was_checked_is_the_one_that_is_reached() -> None:
    with serving(always(answer())) as server:
        url = server.url.replace("127.0.0.1", "book.example")
        fetched = fetched_from(url, "book.example", resolver=answers("127.0.0.1", "169.254.169.254"))

    assert isinstance(fetched, Capture)
    assert server.requests[0].headers["host"] == f"book.example:{server.port}"


def test_a_name_that_stands_for_another_address_at_the_next_hop_is_checked_again() -> None:
    with serving(always(answer(status=302, Location="/next"))) as server:
        url = server.url.replace("127.0.0.1", "book.example")
        miss = missed(fetched_from(url, "book.example", resolver=answers("127.0.0.1", "169.254.169.254")))

    assert miss.why is MissReason.BAD_REDIRECT
    assert server.paths == ["/"]


def test_a_name_that_does_not_exist_is_told() -> None:
    def resolver(*_: object, **__: object) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    miss = missed(fetched_from("https://book.example/", "book.example", resolver=resolver))

    assert miss.why is MissReason.NO_ANSWER
    assert "Name or service not known" in miss.detail


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/",
        "http://2852039166/",
        "http://10.0.0.1/",
        "http://192.168.0.1:8080/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://0x7f.1/",
        "http://elsewhere.example/",
        "//elsewhere.example/path",
        "https://book.example.elsewhere.example/",
        "http://user:word@127.0.0.1/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1:70/_x",
        "data:text/html,<p>page",
        "javascript:alert(1)",
        "http://127.0.0.1:99999/",
        "http://[::1",
        "http:///",
        "\\\\elsewhere.example\\x",
        "/" + "a" * 20_000,
    ],
)
def test_a_redirect_out_of_what_is_allowed_is_not_followed(location: str) -> None:
    literal = ("169.254.169.254", "10.0.0.1", "192.168.0.1", "0.0.0.0")
    with serving(by_path({"/": answer(status=302, Location=location)})) as server:
        fetched = fetched_from(server.url + "/", *literal, "book.example")

    miss = missed(fetched)
    assert miss.why in {MissReason.BAD_REDIRECT, MissReason.HTTP_ERROR}
    assert server.paths[0] == "/"
    assert "word" not in repr(miss.detail)


def test_an_installation_with_an_empty_watchlist_reaches_no_host() -> None:
    clock = Clock()
    outside = Outside(now=clock.now, sleep=clock.sleep, chance=lambda: 0.5)

    miss = missed(HttpFetcher(Terms(hosts=frozenset()), outside)(page_at("https://book.example/"), None))

    assert miss.why is MissReason.NOT_ALLOWED


def test_a_name_server_that_never_answers_holds_a_fetch_no_longer_than_a_connection_may_take() -> None:
    never = threading.Event()

    def resolver(*_: object, **__: object) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
        never.wait()
        return []

    started = time.monotonic()
    miss = missed(fetched_from("https://book.example/", "book.example", resolver=resolver))
    never.set()

    assert miss.why is MissReason.TIMED_OUT
    assert "looking up book.example took longer than 0.4 s" in miss.detail
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("url", "host", "asked"),
    [
        ("https://book.example/", "book.example", ("book.example", 443)),
        ("http://book.example/", "book.example", ("book.example", 80)),
        ("https://book.example:8443/", "book.example", ("book.example", 8443)),
        ("http://[::1]/", "::1", ("::1", 80)),
        ("http://[::1]:8080/", "::1", ("::1", 8080)),
    ],
)
def test_an_address_is_asked_at_its_own_port_or_at_that_of_its_scheme(
    url: str, host: str, asked: tuple[str, int]
) -> None:
    seen = list[tuple[str, int]]()

    def resolver(host: str, port: int, *_: object, **__: object) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
        seen.append((host, port))
        raise socket.gaierror("no such name")

    miss = missed(fetched_from(url, host, resolver=resolver))

    assert miss.why is MissReason.NO_ANSWER
    assert seen == [asked]


def test_an_address_needs_no_lookup_that_could_hang() -> None:
    threads, here = list[threading.Thread](), threading.current_thread()
    lookup = Lookup(0.01, lambda *_, **__: threads.append(threading.current_thread()))

    lookup("127.0.0.1", 443, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
    lookup("127.0.0.1", 443, flags=socket.AI_NUMERICHOST)
    lookup("book.example", 443)

    assert [thread is here for thread in threads] == [True, True, False]


def test_lookups_that_hang_stay_few() -> None:
    never = threading.Event()
    lookup = Lookup(0.01, lambda *_: never.wait())
    for _ in range(MOST_AT_ONCE):
        with pytest.raises(TimeoutError):
            lookup("slow.example", 443)

    with pytest.raises(socket.gaierror, match="other names are still being looked up"):
        lookup("book.example", 443)

    never.set()
