"""The invented site on loopback, raw enough to hang, to cut a connection and to lie; the clock that both sides read."""

import mmap
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path

import soak_plan

WALL = (
    b"<!doctype html><html lang=en><head><title>Log in</title></head><body><h1>Log in to Lumen</h1>"
    b"<p>You must log in to continue.</p><form><input type=email name=mail><input type=password name=word>"
    b"<button>Log in</button></form></body></html>"
)
SHELL = b"<!doctype html><html lang=en><head><title>Lumen</title></head><body><div id=root></div></body></html>"


class SharedClock:
    """A clock in a file: the monitor moves it, the site reads it, and a killed monitor finds it where it was."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(struct.pack("d", 0.0))
        with path.open("r+b") as file:
            self._cell = mmap.mmap(file.fileno(), 8)
        self._lock = threading.Lock()

    @property
    def seconds(self) -> float:
        """The seconds since the plan began."""
        return float(struct.unpack_from("d", self._cell)[0])

    def __call__(self) -> datetime:
        """Return the moment (UTC)."""
        return soak_plan.moment(self.seconds)

    def sleep(self, seconds: float) -> None:
        """Move on by so many seconds."""
        with self._lock:
            struct.pack_into("d", self._cell, 0, self.seconds + seconds)

    def reach(self, seconds: float) -> None:
        """Move on to a moment, never back."""
        with self._lock:
            struct.pack_into("d", self._cell, 0, max(seconds, self.seconds))


class Site:
    """Answers for the pages by plan, and counts what it gave."""

    def __init__(self, planned: soak_plan.Plan, clock: SharedClock, asked: Callable[[float], None]) -> None:
        self.planned = planned
        self.clock = clock
        self.asked = asked
        self.given: Counter[str] = Counter()
        self.tokens = count(1)
        self.flapped: set[int] = set()
        self.released = threading.Event()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request for a page."""
        page, now = int(handler.path.rpartition("/")[2]), self.clock.seconds
        fault = self.planned.fault(page, now)
        self.given[fault or "page"] += 1
        self.asked(now)
        match fault:
            case "time-out":
                self.released.wait(5)
            case "reset":
                _reset(handler.connection)
            case "http-500":
                _send(handler, 500, b"a fault")
            case "http-429":
                _send(handler, 429, b"slow down", ("Retry-After", "1800"))
            case "wall" | "shell":
                _send(handler, 200, WALL if fault == "wall" else SHELL)
            case _:
                self._page(handler, page, now, flapping=fault == "flap")

    def _page(self, handler: BaseHTTPRequestHandler, page: int, now: float, *, flapping: bool) -> None:
        """Answer with the page; while it flaps, every second answer lacks its section about AI."""
        other = flapping and page not in self.flapped
        (self.flapped.add if other else self.flapped.discard)(page)
        tag = f'"{page}-{self.planned.edits(page, now)}-{hash(self.planned.sentence(page, now))}-{other}"'
        if page % 2 and handler.headers.get("If-None-Match") == tag:
            self.given["304"] += 1
            _send(handler, 304, b"")
            return
        sent = soak_plan.body(self.planned, page, now, token=next(self.tokens), flapped=other)
        _send(handler, 200, sent, *((("ETag", tag),) if page % 2 else ()))


@contextmanager
def served(site: Site) -> Iterator[str]:
    """Serve the site on loopback for as long as the block runs; give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with suppress(ConnectionError):
                site.answer(self) if self.path.startswith("/lamp/") else _send(self, 404, b"")

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        site.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _send(handler: BaseHTTPRequestHandler, status: int, sent: bytes, *headers: tuple[str, str]) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "text/html; charset=utf-8")
    handler.send_header("Content-Length", str(len(sent)))
    for name, value in headers:
        handler.send_header(name, value)
    handler.end_headers()
    if status != 304:
        handler.wfile.write(sent)


def _reset(connection: socket.socket) -> None:
    """Close a connection so that the other side sees it reset (SO_LINGER of zero seconds)."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
