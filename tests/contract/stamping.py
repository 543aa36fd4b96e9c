"""A store whose ledger is time-stamped by an authority of this machine, for the tests of stamps, packs and damages."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from monitor.model.alert import Alert, Evidence
from monitor.model.capture import Capture
from monitor.model.proof import Anchor
from monitor.model.verdict import Quote
from monitor.store import Store
from tests.contract.stored import HOUR, NOON, PAGE, alert, capture, check, finding
from tools.authority import LocalAuthority

BEFORE = "You can object to this use through this form."
AFTER = "You can no longer object to this use."


def authority(folder: Path, name: str = "Murmel Time") -> LocalAuthority:
    """Return an authority of this machine, or skip where there is no openssl."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here: apt-get install openssl")
    return LocalAuthority(folder, name)


def page_of(words: str, number: int) -> Capture:
    """Return a capture of a page that says these words."""
    body = f"<html><body><h1>Rights</h1><p>{words}</p><p>Text of hour {number}.</p></body></html>".encode()
    return Capture(page=PAGE.id, url=PAGE.url, at=NOON + number * HOUR, body=body)


def watched(store: Store) -> Alert:
    """Keep a page that changed in its fourth hour, another page in between; return the alert about it."""
    for number in range(6):
        came = page_of(BEFORE if number < 3 else AFTER, number)
        store.evidence.keep(came)
        store.evidence.keep(capture(number, "murmel-terms"))
        store.journal.record(PAGE, check(came.at), finding(f"text {number}", came.at), ())
    store.evidence.write_reading(PAGE, finding())
    before, after = page_of(BEFORE, 2), page_of(AFTER, 3)
    seen = Evidence(before=before.digest, before_at=before.at, after=after.digest, after_at=after.at, url=PAGE.url)
    return _about(seen)


def _about(seen: Evidence) -> Alert:
    made = alert()
    return Alert(
        id=made.id,
        page=made.page,
        service=made.service,
        kind=made.kind,
        level=made.level,
        title=made.title,
        meaning=made.meaning,
        quotes=(Quote(BEFORE, AFTER, ("Rights",)),),
        evidence=seen,
        raised=made.raised,
        state=made.state,
        published=seen.after_at + HOUR,
    )


def stamped(store: Store, by: LocalAuthority, hours: int = 24) -> Anchor:
    """Have the newest line of a store's ledger time-stamped."""
    head = store.evidence.head()
    assert head is not None
    return store.evidence.anchor(head, by(head.line), NOON + hours * HOUR)


@contextmanager
def answering(status: int, *answers: object) -> Iterator[str]:
    """Serve replies in turn: bytes as they are, or what makes them of a question."""
    left = list(answers)

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            made = left.pop(0)
            body = made(question) if callable(made) else made
            assert isinstance(body, bytes)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Desk) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()
