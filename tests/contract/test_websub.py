"""What a ping to a WebSub hub promises: after publication, of feeds that changed, and never in anybody's way."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from monitor.publish.feeds import FeedPublisher
from monitor.publish.websub import TIMEOUT, Pinged
from monitor.render.place import Place
from tests.contract.reading import many
from tests.published import alert, published

BASE = "https://watch.example/"


@contextmanager
def _hub(status: int = 202) -> Iterator[tuple[str, list[list[tuple[str, str]]]]]:
    """Give a hub's address and what it was told, one list of fields a request."""
    told: list[list[tuple[str, str]]] = []

    class Hub(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response_only(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _pinged(root: Path, hub: str) -> Pinged:
    place = Place(base_url=BASE, hub=hub)
    return Pinged(FeedPublisher(root=root, place=place), place)


def test_the_hub_is_told_once_of_every_feed_that_changed_the_general_ones_first(tmp_path: Path) -> None:
    with _hub() as (hub, told):
        _pinged(tmp_path, hub)(published(alert(1)))

    (fields,) = told
    assert fields[0] == ("hub.mode", "publish")
    assert fields[1:4] == [
        ("hub.url", f"{BASE}feeds/all.atom"),
        ("hub.url", f"{BASE}feeds/all.json"),
        ("hub.url", f"{BASE}feeds/all.rss"),
    ]
    assert ("hub.url", f"{BASE}feeds/page/facebook-policy.rss") in fields


def test_the_hub_is_not_asked_when_nothing_changed(tmp_path: Path) -> None:
    with _hub() as (hub, told):
        publisher = _pinged(tmp_path, hub)
        publisher(published(alert(1)))

        changed = publisher(published(alert(1)))

    assert changed == ()
    assert len(told) == 1


def test_archive_documents_have_no_subscribers_and_are_not_pinged(tmp_path: Path) -> None:
    with _hub() as (hub, told):
        changed = _pinged(tmp_path, hub)(published(*many(120)))

    assert "feeds/all/1-50.rss" in changed
    assert not [value for _, value in told[0] if "1-50" in value]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_hub_that_refuses_changes_nothing_and_is_followed_nowhere(
    tmp_path: Path, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with _hub(status) as (hub, told):
        changed = _pinged(tmp_path, hub)(published(alert(1)))

    assert "feeds/all.rss" in changed
    assert len(told) == 1
    assert f"answered {status}" in caplog.text


def test_a_hub_that_is_not_there_changes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with _hub() as (hub, _):
        pass

    changed = _pinged(tmp_path, hub)(published(alert(1)))

    assert "feeds/all.rss" in changed
    assert "was not reached" in caplog.text


def test_a_hub_that_never_answers_is_waited_for_no_longer_than_its_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = Place(base_url=BASE, hub=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        changed = Pinged(FeedPublisher(root=tmp_path, place=place), place, timeout=(0.1, 0.1))(published(alert(1)))

    assert max(TIMEOUT) <= 5
    assert "feeds/all.rss" in changed
    assert "was not reached" in caplog.text
    assert "timed out" in caplog.text


def test_without_a_hub_nothing_is_asked(tmp_path: Path) -> None:
    assert _pinged(tmp_path, "")(published(alert(1)))
