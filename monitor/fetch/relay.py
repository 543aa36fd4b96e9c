"""A forward proxy on loopback that a browser must go through: it connects only to addresses that were checked.

A browser looks names up by itself, so checking addresses before it loads them proves nothing. Here every connection it
makes, for whatever reason, is resolved once, checked, and opened to what was checked; and its bytes are counted.
"""

import re
import selectors
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from ssrfguard import Policy, Resolver, SSRFGuardError, Target, connect, resolve

HEAD_BYTES = 64_000
IDLE_SECONDS = 60.0
CONNECT_SECONDS = 10.0


class Relay:
    """Runs in threads of its own while its `with` block lasts."""

    def __init__(
        self, policy: Policy, resolver: Resolver | None, limit_bytes: int, *, when_spent: Callable[[], None]
    ) -> None:
        self._policy = policy
        self._resolver = resolver
        self._when_spent = when_spent
        self._limit = limit_bytes
        self._left = limit_bytes
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self.refused: list[str] = []
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=5)

    def refill(self) -> None:
        """Begin a new page: its bytes are counted from nothing."""
        with self._lock:
            self._left = self._limit
            self.refused.clear()

    @property
    def spent(self) -> bool:
        """Say whether the page took more than its share; its connections are closed then."""
        return self._left < 0

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # the listener was closed: the block has ended
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        client.settimeout(IDLE_SECONDS)
        with client, suppress(OSError):
            head, rest = _head(client)
            method, _, more = head.partition(b" ")
            url, _, _ = more.partition(b" ")
            try:
                if method == b"CONNECT":
                    self._tunnel(client, url.decode("latin-1"), rest)
                elif method:
                    self._forward(client, head, url.decode("latin-1"), rest)
            except SSRFGuardError as error:
                self.refused.append(str(error)[:300])
                client.sendall(b"HTTP/1.1 403 Not allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def _tunnel(self, client: socket.socket, authority: str, rest: bytes) -> None:
        with self._opened(self._policy.check_url(f"https://{authority}/")) as server:
            client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            server.sendall(rest)
            self._splice(client, server)

    def _forward(self, client: socket.socket, head: bytes, url: str, rest: bytes) -> None:
        """Pass on one plain request and end the connection after it, so that the next one is checked as well."""
        with self._opened(self._policy.check_url(url)) as server:
            server.sendall(_origin_form(head, url) + rest)
            self._splice(client, server)

    def _opened(self, target: Target) -> socket.socket:
        addresses = resolve(target, policy=self._policy, resolver=self._resolver)
        server = connect(addresses, policy=self._policy, timeout=CONNECT_SECONDS)
        server.settimeout(IDLE_SECONDS)
        return server

    def _splice(self, client: socket.socket, server: socket.socket) -> None:
        """Carry bytes both ways until one side ends, nothing comes for a while, or the page's share is spent."""
        other = {client: server, server: client}
        with selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ)
            selector.register(server, selectors.EVENT_READ)
            while ready := selector.select(IDLE_SECONDS):
                for key, _ in ready:
                    side = key.fileobj
                    assert isinstance(side, socket.socket)
                    piece = side.recv(65536)
                    if not piece or not self._allowed(len(piece)):
                        return
                    other[side].sendall(piece)

    def _allowed(self, count: int) -> bool:
        with self._lock:
            before, self._left = self._left, self._left - count
        if before >= 0 and self.spent:
            self._when_spent()
        return not self.spent


def _head(client: socket.socket) -> tuple[bytes, bytes]:
    """Return the head of a request and what came after it; both empty when it is cut or too long."""
    raw = b""
    while b"\r\n\r\n" not in raw and len(raw) < HEAD_BYTES:
        piece = client.recv(16_384)
        if not piece:
            return b"", b""
        raw += piece
    head, found, rest = raw.partition(b"\r\n\r\n")
    return (head + b"\r\n\r\n", rest) if found else (b"", b"")


def _origin_form(head: bytes, url: str) -> bytes:
    """Return a request's head as its server wants it: path only, nothing for a proxy, one request a connection."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    first, _, lines = head.partition(b"\r\n")
    method = first.partition(b" ")[0]
    kept = re.sub(rb"(?im)^(proxy-[\w-]+|connection|keep-alive):.*\r\n", b"", lines)
    return method + b" " + path.encode("latin-1") + b" HTTP/1.1\r\nConnection: close\r\n" + kept
