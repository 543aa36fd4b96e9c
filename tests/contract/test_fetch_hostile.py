"""Hostile answers: none takes more than its share of room or time, and all are told."""

import gzip
import socket
import threading
import time
import zlib

import pytest

from monitor.model.capture import MissReason
from tests.contract.asking import LIMIT_BYTES, fetched_from, missed
from tests.contract.servers import Request, Respond, always, answer, by_path, serving


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
            {TOO_LARGE, TIMED_OUT},  # whichever bound a busy machine comes to first
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


def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    miss = missed(fetched_from(f"http://127.0.0.1:{port}/"))

    assert miss.why is MissReason.NO_ANSWER
    assert "refused" in miss.detail.lower()
