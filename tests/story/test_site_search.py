"""The search of the site on a host that only hands out files: a small script over `changes.json`, in a real browser."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, expect

from monitor.publish.languages import editions
from monitor.publish.site import SitePublisher
from monitor.render.place import Place
from tests.browsing import browser, window
from tests.published import alert, hostile_alert, published

pytestmark = pytest.mark.browser
TOLD = alert(7, title="Policy: the link “object” now leads to another address")


class _Quiet(SimpleHTTPRequestHandler):
    """Hands out files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Hand out the site from a folder and give where it stands; its own addresses are those of another host."""
    public = tmp_path_factory.mktemp("public")
    place = Place(base_url="https://watch.example/optout/")
    SitePublisher(root=public, place=place, editions=editions())(published(alert(1), TOLD, hostile_alert()))
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(public))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def running(chromium: str) -> Iterator[Browser]:
    with browser(chromium) as made:
        yield made


@pytest.mark.parametrize(
    ("folder", "words", "title"),
    [
        ("", "ANOTHER link", "Policy: the link “object” now leads to another address"),
        ("de/", "führt jetzt", "Policy: der Link „object“ führt jetzt zu einer anderen Adresse"),
        ("de/", "now leads", "Policy: der Link „object“ führt jetzt zu einer anderen Adresse"),
    ],
)
def test_a_reader_finds_a_change_by_its_words_and_is_led_to_it(
    host: str, running: Browser, folder: str, words: str, title: str
) -> None:
    with window(running, host) as opened:
        opened.open(f"{host}{folder}search/")
        opened.page.fill("#q", words)
        opened.page.press("#q", "Enter")
        opened.page.locator("#results a", has_text=title).click()
        expect(opened.page.locator("h1")).to_have_text(title)
        where = opened.page.url

    assert where == f"{host}{folder}changes/{TOLD.id}/"
    assert (opened.outside, opened.faults) == ([], [])


def test_words_in_the_address_are_searched_for_and_hostile_ones_stay_text(host: str, running: Browser) -> None:
    with window(running, host) as opened:
        opened.open(f"{host}search/?q=%3Cscript%3E+alert")
        found = opened.page.locator("#results li")
        expect(found).to_have_count(1)
        title = found.inner_text()

    assert "<script>alert('x')</script>" in title
    assert (opened.outside, opened.spoke, opened.faults) == ([], [], [])


def test_what_no_change_holds_is_said_so(host: str, running: Browser) -> None:
    with window(running, host) as opened:
        opened.open(f"{host}fr/search/?q=xylophone")
        expect(opened.page.locator("#say")).to_have_text("Aucun changement ne contient tous ces mots.")
