"""Loopback servers: the invented service of the story, and the finished site."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread

LOOPBACK = "127.0.0.1"


class Stage:
    """What the invented service serves now, by path; each answer holds another token."""

    def __init__(self) -> None:
        self.sources: Mapping[str, str] = {}
        self._tokens = count(1)

    def answer(self, path: str) -> bytes | None:
        """Return the bytes for a path, or None when there is no such page."""
        source = self.sources.get(path.partition("?")[0])
        return source.replace("{token}", f"t{next(self._tokens):04x}").encode() if source is not None else None


class _Actor(BaseHTTPRequestHandler):
    """Answers GET from the stage."""

    stage: Stage

    def do_GET(self) -> None:
        body = self.stage.answer(self.path)
        # Without the day of this machine in it: the evidence of the story is the same however often it is played.
        self.send_response_only(200 if body is not None else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: the demo tells what was fetched."""


@contextmanager
def staged(stage: Stage, port: int = 0) -> Iterator[str]:
    """Serve a stage on loopback for as long as the block runs; give its address without a slash at the end."""
    with _running(type("_Acting", (_Actor,), {"stage": stage}), port) as bound:
        yield f"http://{LOOPBACK}:{bound}"


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve the files of a folder on loopback for as long as the block runs; give its address."""
    with _running(partial(_Quiet, directory=str(folder)), port) as bound:
        yield f"http://{LOOPBACK}:{bound}/"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: the command line tells where it serves."""


@contextmanager
def _running(handler: object, port: int = 0) -> Iterator[int]:
    server = ThreadingHTTPServer((LOOPBACK, port), handler)  # type: ignore[arg-type]  # a partial is a factory too
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
