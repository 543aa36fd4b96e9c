"""Servers on loopback for tests: they speak raw bytes, so that they can be as wrong as they like, also over TLS."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

Respond = Callable[["Request", socket.socket], None]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came: path, and headers by lower-case name."""

    path: str
    headers: Mapping[str, str]


@dataclass(slots=True)
class Server:
    """A running server: its address without a path, and what it was asked."""

    url: str
    port: int
    requests: list[Request] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]


@dataclass(slots=True)
class Clock:
    """A clock that moves only when someone sleeps, and remembers how long they slept."""

    at: datetime = datetime(2026, 1, 5, 8, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


@contextmanager
def serving(respond: Respond, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[Server]:
    """Serve every connection by `respond` until the block ends."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, 0), family=family)
    listener.settimeout(0.05)
    port = int(listener.getsockname()[1])
    name = f"[{host}]" if ":" in host else host
    server = Server(f"{'https' if tls else 'http'}://{name}:{port}", port)
    stop = threading.Event()
    threads: list[threading.Thread] = []
    accepting = threading.Thread(target=_accept, args=(listener, server, respond, tls, stop, threads))
    accepting.start()
    try:
        yield server
    finally:
        stop.set()
        accepting.join()
        listener.close()
        for thread in threads:
            thread.join(timeout=5)


def _accept(
    listener: socket.socket,
    server: Server,
    respond: Respond,
    tls: ssl.SSLContext | None,
    stop: threading.Event,
    threads: list[threading.Thread],
) -> None:
    while not stop.is_set():
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        thread = threading.Thread(target=_answer, args=(connection, server, respond, tls), daemon=True)
        threads.append(thread)
        thread.start()


def _answer(connection: socket.socket, server: Server, respond: Respond, tls: ssl.SSLContext | None) -> None:
    connection.settimeout(5)
    with suppress(OSError, ssl.SSLError, ValueError):
        channel = tls.wrap_socket(connection, server_side=True) if tls else connection
        with channel:
            request = _request(channel)
            server.requests.append(request)
            respond(request, channel)
            with suppress(OSError):
                channel.shutdown(socket.SHUT_WR)
            with suppress(OSError):
                channel.recv(1)  # let the other side read before a close could reset the connection
    connection.close()


def _request(channel: socket.socket) -> Request:
    raw = b""
    while b"\r\n\r\n" not in raw:
        piece = channel.recv(65536)
        if not piece:
            raise ValueError("the request was cut")
        raw += piece
    first, *lines = raw.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return Request(first.split(" ")[1], {name.lower(): value.strip() for name, _, value in pairs})


def answer(
    body: bytes = b"<html><body>page</body></html>",
    status: int = 200,
    content_type: str = "text/html; charset=utf-8",
    **headers: str,
) -> bytes:
    """Return a whole answer as bytes; header names are written with underscores."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
    if content_type:
        lines.append(f"Content-Type: {content_type}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def always(raw: bytes) -> Respond:
    """Answer everything with these bytes, robots.txt with 404."""

    def respond(request: Request, channel: socket.socket) -> None:
        channel.sendall(answer(b"", 404) if request.path == "/robots.txt" else raw)

    return respond


def by_path(answers: Mapping[str, bytes]) -> Respond:
    """Answer each path with its bytes, others with 404."""

    def respond(request: Request, channel: socket.socket) -> None:
        channel.sendall(answers.get(request.path, answer(b"not here", 404)))

    return respond


def in_turn(*answers: bytes) -> Respond:
    """Answer with the next of these each time, the last one again and again; robots.txt with 404."""
    left = list(answers)

    def respond(request: Request, channel: socket.socket) -> None:
        if request.path == "/robots.txt":
            channel.sendall(answer(b"", 404))
        else:
            channel.sendall(left.pop(0) if len(left) > 1 else left[0])

    return respond
