"""A loopback SendGrid: holds requests to the OpenAPI description and answers as a test wants.

Answers: a status, `HANG` (reads the request and never answers), `DROP` (reads it and closes the connection), `CUT`
(promises more of an answer than it sends).
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

HANG: Final = -1
DROP: Final = -2
CUT: Final = -3

CLOCK = 1_800_000_000  # the server's clock, Unix time

ERRORS: Mapping[int, bytes] = {
    400: b'{"errors": [{"message": "The subject is required.", "field": "subject", "help": null}]}',
    401: b'{"errors": [{"message": "The provided authorization grant is invalid", "field": null, "help": null}]}',
    403: b'{"errors": [{"message": "The from address does not match a verified Sender", "field": "from"}]}',
    413: b"<html>too large</html>",
    429: b'{"errors": [{"field": null, "message": "too many requests"}]}',
    500: b"",
    502: b"<html>bad gateway</html>",
    503: b"upstream connect error",
}


@dataclass(slots=True)
class Received:
    """One request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    complaints: tuple[str, ...]


@dataclass(slots=True)
class SendGridServer:
    """What it was told to answer, in order (then 202), and what it received."""

    url: str
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def sendgrid_server(description: Path | None = None) -> Iterator[SendGridServer]:
    """Serve on loopback until the block ends; with the OpenAPI description every body is checked against it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    state = SendGridServer(url=f"http://127.0.0.1:{server.server_address[1]}")
    server.state = state  # type: ignore[attr-defined]  # the standard library's way to reach a handler
    server.validator = validator(description) if description else None  # type: ignore[attr-defined]  # as above
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def validator(description: Path) -> Draft202012Validator:
    """Return a validator of mail/send request bodies; OpenAPI 3.1 schemas are JSON Schema 2020-12."""
    document = json.loads(description.read_text("utf-8"))
    body = document["paths"]["/mail/send"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return Draft202012Validator({**body, "components": document["components"]})


class _Handler(BaseHTTPRequestHandler):
    """Answers one request as the state says."""

    def do_POST(self) -> None:
        state: SendGridServer = self.server.state  # type: ignore[attr-defined]  # set above
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        state.received.append(Received(self.command, self.path, dict(self.headers), body, self._complaints(body)))
        answer = state.answers.pop(0) if state.answers else 202
        if answer == HANG:
            state.released.wait(30)
        if answer in (HANG, DROP):
            self.close_connection = True
            return
        self._answer(answer, state.headers)

    do_GET = do_POST  # noqa: N815  # a redirected POST would come as one

    def _complaints(self, body: Any) -> tuple[str, ...]:
        schema: Draft202012Validator | None = self.server.validator  # type: ignore[attr-defined]  # set above
        return tuple(f"{error.json_path}: {error.message}" for error in schema.iter_errors(body)) if schema else ()

    def _answer(self, status: int, headers: Mapping[str, str]) -> None:
        content = ERRORS.get(status, b"")
        self.send_response_only(202 if status == CUT else status)
        self.send_header("Date", formatdate(CLOCK, usegmt=True))
        self.send_header("Content-Length", "100" if status == CUT else str(len(content)))
        if status == 202:
            self.send_header("X-Message-Id", f"msg-{len(self.server.state.received)}")  # type: ignore[attr-defined]
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
