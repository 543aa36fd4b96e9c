"""Hostile addresses and answers: none is reached that must not be, none takes more than its share, all are told."""

import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from monitor.fetch.http import HttpFetcher
from monitor.fetch.lookup import MOST_AT_ONCE, Lookup
from monitor.fetch.terms import Outside, Terms, host_of, policy_of
from monitor.model.capture import Capture, Fetched, Miss, MissReason
from monitor.model.page import Page, PageId, PageKind
from tests.contract.servers import Clock, Request, Respond, always, answer, by_path, serving

LIMIT_BYTES = 1_000_000
Resolver = Callable[..., list[tuple[int, int, int, str, tuple[object, ...]]]]


def page_at(url: str) -> Page:
    return Page(id=PageId("page"), url=url, kind=PageKind.POLICY, robots="ignore")


def fetched_from(url: str, *hosts: str, resolver: Resolver | None = None, **more: object) -> Fetched:
    clock = Clock()
    terms = Terms(
        hosts=frozenset({"127.0.0.1", *hosts}),
        limit_bytes=LIMIT_BYTES,
        deadline=timedelta(seconds=0.6),
        timeouts=(0.4, 0.4),
        attempts=1,
        **{"allow_loopback": True, **more},  # type: ignore[arg-type]
    )
    fetcher = HttpFetcher(terms, Outside(now=clock.now, sleep=clock.sleep, chance=lambda: 0.5, resolver=resolver))
    return fetcher(page_at(url), None)


def missed(fetched: Fetched) -> Miss:
    assert isinstance(fetched, Miss), fetched
    return fetched


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


def answers(*addresses: str) -> Resolver:
    """Return a resolver that answers each call with the next of these, a comma between several; then the last again."""
    left = list(addresses)

    def resolver(host: str, port: int, *_: object, **__: object) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
        told = left.pop(0) if len(left) > 1 else left[0]
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port, 0, 0) if ":" in address else (address, port),
            )
            for address in told.split(",")
        ]

    return resolver


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


def test_a_redirect_in_a_circle_is_told() -> None:
    with serving(by_path({"/a": answer(status=302, Location="/b"), "/b": answer(status=302, Location="/a")})) as server:
        miss = missed(fetched_from(f"{server.url}/a"))

    assert (miss.why, miss.detail) == (
        MissReason.BAD_REDIRECT,
        f"redirects in a circle at '{server.url}/a'",
    )
    assert miss.capture is not None
    assert miss.capture.status == 302


def test_a_redirect_without_end_is_told() -> None:
    def respond(request: Request, channel: socket.socket) -> None:
        channel.sendall(answer(status=307, Location=f"{request.path}x"))

    with serving(respond) as server:
        miss = missed(fetched_from(f"{server.url}/"))

    assert (miss.why, miss.detail) == (MissReason.BAD_REDIRECT, "more than 10 redirects")


def head(*lines: str) -> bytes:
    return ("\r\n".join(("HTTP/1.1 200 OK", "Content-Type: text/html", *lines)) + "\r\n\r\n").encode()


def endless(start: bytes, piece: bytes) -> Respond:
    """Send a start, then the same piece until the other side has had enough."""

    def respond(_: Request, channel: socket.socket) -> None:
        channel.sendall(start)
        while True:
            channel.sendall(piece)

    return respond


def dripping(start: bytes, piece: bytes) -> Respond:
    """Send a start, then a little now and then, so that no time-out between two bytes is ever reached."""

    def respond(_: Request, channel: socket.socket) -> None:
        channel.sendall(start)
        pause = threading.Event()
        while not pause.wait(0.05):
            channel.sendall(piece)

    return respond


def silent(start: bytes) -> Respond:
    """Send a start, then nothing, and keep the connection."""

    def respond(_: Request, channel: socket.socket) -> None:
        channel.sendall(start)
        channel.recv(1)

    return respond


def bomb(encoding: str) -> bytes:
    """Return 50 MB of nothing, packed."""
    nothing = bytes(50_000_000)
    packed = gzip.compress(nothing) if encoding == "gzip" else zlib.compress(nothing)
    return answer(packed, Content_Encoding=encoding)


TOO_LARGE, TIMED_OUT, NO_ANSWER = MissReason.TOO_LARGE, MissReason.TIMED_OUT, MissReason.NO_ANSWER


@pytest.mark.parametrize(
    ("respond", "whys"),
    [
        pytest.param(endless(head(), b"x" * 65536), {TOO_LARGE}, id="endless body"),
        pytest.param(
            endless(head("Transfer-Encoding: chunked"), b"4000\r\n" + b"x" * 0x4000 + b"\r\n"),
            {TOO_LARGE},
            id="endless chunks",
        ),
        pytest.param(always(head("Content-Length: 99999999999") + b"x"), {TOO_LARGE}, id="says that it is enormous"),
        pytest.param(always(answer(b"x" * (LIMIT_BYTES + 1))), {TOO_LARGE}, id="one byte too many"),
        pytest.param(always(bomb("gzip")), {TOO_LARGE}, id="gzip bomb"),
        pytest.param(always(bomb("deflate")), {TOO_LARGE}, id="deflate bomb"),
        pytest.param(
            always(answer(gzip.compress(b"") * 60_000, Content_Encoding="gzip")),
            {TOO_LARGE},
            id="gzip of nothing but members",
        ),
        pytest.param(silent(b""), {TIMED_OUT}, id="says nothing"),
        pytest.param(silent(b"HTTP/1.1 200"), {TIMED_OUT}, id="stops in the status line"),
        pytest.param(silent(head("Content-Length: 10")), {TIMED_OUT}, id="stops before the body"),
        pytest.param(dripping(b"", b"H"), {TIMED_OUT, NO_ANSWER}, id="drips a status line"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"), {TIMED_OUT}, id="drips headers"),
        pytest.param(dripping(head(), b"x"), {TIMED_OUT}, id="drips a body"),
        pytest.param(dripping(head("Content-Length: 9000"), b"x"), {TIMED_OUT}, id="drips a body of known length"),
        pytest.param(
            dripping(head("Transfer-Encoding: chunked"), b"1\r\nx\r\n"), {TIMED_OUT}, id="drips a body in chunks"
        ),
        pytest.param(endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), {TOO_LARGE}, id="a flood of 100 Continue"),
        pytest.param(
            endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"), {MissReason.HTTP_ERROR}, id="a flood of 103 Early Hints"
        ),
        pytest.param(endless(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"), {NO_ANSWER}, id="a flood of headers"),
        pytest.param(endless(b"HTTP/1.1 200 OK\r\n", b"a" * 65536), {NO_ANSWER}, id="a header without end"),
        pytest.param(endless(b"", b"H" * 65536), {NO_ANSWER}, id="a status line without end"),
        pytest.param(
            endless(head("Transfer-Encoding: chunked"), b"1" * 65536), {NO_ANSWER}, id="a chunk size without end"
        ),
        pytest.param(
            endless(head("Transfer-Encoding: chunked") + b"0\r\n", b"a: b\r\n"),
            {TOO_LARGE, MissReason.TIMED_OUT},  # whichever bound a busy machine comes to first
            id="a flood of trailers",
        ),
        pytest.param(always(head("Transfer-Encoding: chunked") + b"zz\r\nx\r\n"), {NO_ANSWER}, id="a broken chunk"),
        pytest.param(always(head("Transfer-Encoding: chunked") + b"-5\r\nx\r\n"), {NO_ANSWER}, id="a negative chunk"),
        pytest.param(
            endless(head("Transfer-Encoding: chunked") + b"-1\r\n", b"x" * 65536),
            {TOO_LARGE},
            id="a chunk of minus one, which the library reads to the end",
        ),
        pytest.param(always(head("Transfer-Encoding: chunked") + b"5\r\nab"), {NO_ANSWER}, id="a cut chunk"),
        pytest.param(always(head("Content-Length: 100") + b"short"), {NO_ANSWER}, id="a body shorter than said"),
        pytest.param(always(head("Content-Length: 5", "Content-Length: 9") + b"short"), {NO_ANSWER}, id="two lengths"),
        pytest.param(
            always(answer(gzip.compress(b"page" * 99)[:-9], Content_Encoding="gzip")), {NO_ANSWER}, id="cut gzip"
        ),
        pytest.param(always(answer(b"no gzip", Content_Encoding="gzip")), {NO_ANSWER}, id="what is no gzip"),
        pytest.param(always(answer(b"??", Content_Encoding="deflate")), {NO_ANSWER}, id="what is no deflate"),
        pytest.param(always(answer(b"x", Content_Encoding="br")), {NO_ANSWER}, id="packed as not asked for"),
        pytest.param(always(answer(b"x", Content_Encoding="gzip, gzip, gzip")), {NO_ANSWER}, id="packed several times"),
        pytest.param(always(b""), {NO_ANSWER}, id="closes at once"),
        pytest.param(always(b"\x00\x01\x02\r\n\r\n"), {NO_ANSWER}, id="what is no HTTP"),
        pytest.param(always(b"HTTP/1.1 abc\r\n\r\n"), {NO_ANSWER}, id="a status that is no number"),
        pytest.param(always(b"HTTP/1.1 99 X\r\n\r\n"), {NO_ANSWER}, id="a status that is none"),
        pytest.param(always(b"HTTP/9.9 200 OK\r\n\r\n"), {NO_ANSWER}, id="a version that is none"),
        pytest.param(always(b"SSH-2.0-OpenSSH_9.9\r\n"), {NO_ANSWER}, id="another protocol"),
        pytest.param(always(answer(b"x", 200, "image/svg+xml")), {MissReason.NOT_TEXT}, id="an unknown type"),
        pytest.param(always(answer(b"x", 200, "\xff/\xfe")), {MissReason.NOT_TEXT}, id="a type in no charset"),
        pytest.param(always(answer(b"", 999)), {MissReason.HTTP_ERROR}, id="an unheard-of status"),
    ],
)
def test_a_hostile_answer_is_told_in_time(respond: Respond, whys: set[MissReason]) -> None:
    with serving(respond) as server:
        begun = time.monotonic()
        miss = missed(fetched_from(server.url))
        took = time.monotonic() - begun

    assert miss.why in whys, miss
    assert miss.detail
    assert len(miss.detail) < 400
    assert took < 5


def certified(authority: trustme.CA, tmp_path: Path, *names: str, until: datetime | None = None) -> ssl.SSLContext:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    since = None if until is None else until - timedelta(days=30)
    authority.issue_cert(*names, not_before=since, not_after=until).configure_cert(context)
    return context


@pytest.mark.parametrize(
    ("name", "until", "trusted", "problem"),
    [
        ("other.example", None, True, "mismatch"),
        ("127.0.0.1", datetime(2020, 1, 1, tzinfo=UTC), True, "expired"),
        ("127.0.0.1", None, False, "unable to get local issuer certificate"),
    ],
)
def test_a_certificate_that_proves_nothing_ends_the_fetch(
    tmp_path: Path, name: str, until: datetime | None, trusted: bool, problem: str
) -> None:
    tls = certified(trustme.CA(), tmp_path, name, until=until)
    bundle = str(tmp_path / "ca.pem") if trusted else ""
    with serving(always(answer()), tls=tls) as server:
        miss = missed(fetched_from(server.url, ca_bundle=bundle))

    assert miss.why is MissReason.TLS
    assert problem in miss.detail
    assert server.requests == []


def test_a_name_is_proved_by_its_certificate_and_not_by_the_address_behind_it(tmp_path: Path) -> None:
    tls = certified(trustme.CA(), tmp_path, "127.0.0.1")
    with serving(always(answer()), tls=tls) as server:
        url = server.url.replace("127.0.0.1", "book.example")
        bundle = str(tmp_path / "ca.pem")
        miss = missed(fetched_from(url, "book.example", resolver=answers("127.0.0.1"), ca_bundle=bundle))

    assert miss.why is MissReason.TLS


def test_an_old_version_of_tls_is_refused(tmp_path: Path) -> None:
    tls = certified(trustme.CA(), tmp_path, "127.0.0.1")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        tls.maximum_version = ssl.TLSVersion.TLSv1_1
    with serving(always(answer()), tls=tls) as server:
        miss = missed(fetched_from(server.url, ca_bundle=str(tmp_path / "ca.pem")))

    assert miss.why is MissReason.TLS


def test_a_certificate_that_signed_itself_is_refused(tmp_path: Path) -> None:
    authority = trustme.CA()
    (tmp_path / "own.pem").write_bytes(authority.private_key_pem.bytes() + authority.cert_pem.bytes())
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(tmp_path / "own.pem")
    with serving(always(answer()), tls=tls) as server:
        miss = missed(fetched_from(server.url))

    assert miss.why is MissReason.TLS
    assert "self-signed certificate" in miss.detail


@contextmanager
def greeting(first: bytes, then: bytes) -> Iterator[int]:
    """Send bytes to whoever connects, before they ask, then some more now and then; give the port."""

    def accept() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.sendall(first)
            while not stop.wait(0.05):
                connection.sendall(then)

    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept)
        thread.start()
        yield int(listener.getsockname()[1])
        stop.set()
        thread.join()


def test_a_handshake_that_drips_is_cut_off() -> None:
    with greeting(b"\x16\x03\x03\x40\x00", b"\x02") as port:
        begun = time.monotonic()
        miss = missed(fetched_from(f"https://127.0.0.1:{port}/"))
        took = time.monotonic() - begun

    assert miss.why is MissReason.TIMED_OUT
    assert took < 5


def test_plain_http_where_tls_was_promised_is_refused() -> None:
    with greeting(answer(), b"") as port:
        miss = missed(fetched_from(f"https://127.0.0.1:{port}/"))

    assert miss.why is MissReason.TLS


def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    miss = missed(fetched_from(f"http://127.0.0.1:{port}/"))

    assert miss.why is MissReason.NO_ANSWER
    assert "refused" in miss.detail.lower()


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


def test_lookups_that_hang_stay_few() -> None:
    never = threading.Event()
    lookup = Lookup(0.01, lambda *_: never.wait())
    for _ in range(MOST_AT_ONCE):
        with pytest.raises(TimeoutError):
            lookup("slow.example", 443)

    with pytest.raises(socket.gaierror, match="other names are still being looked up"):
        lookup("book.example", 443)

    never.set()
