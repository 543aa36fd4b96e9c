"""Every kind of page that a reader sees, in a real browser: nothing axe calls serious, and no script needed."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from monitor.model.subscriber import SubscriberState
from monitor.pipeline.keys import Errand
from monitor.publish.feeds import FeedPublisher
from monitor.publish.languages import editions
from monitor.publish.site import SitePublisher
from monitor.render.place import Place, change_path, page_path
from monitor.web.app import web_app
from monitor.web.serve import served
from tests.browsing import Window, browser, window
from tests.contract.web import Web, web
from tests.published import POLICY, alert, hostile_alert, published

pytestmark = pytest.mark.browser

KINDS = {
    "start": "",
    "start in German": "de/",
    "changes": "changes/",
    "older changes": "changes/1-13/",
    "a change": change_path(alert(1).id),
    "a correction": change_path(alert(300).id),
    "a hostile change": change_path(hostile_alert().id),
    "pages": "pages/",
    "a page": page_path(POLICY.id),
    "feeds": "feeds/",
    "search": "search/",
    "search with words": "search/?q=form",
    "verify": "verify/",
    "about": "about/",
    "privacy": "privacy/",
    "imprint": "imprint/",
    "nothing there": "nowhere/",
    "subscribe": "subscribe/",
    "a key that opens nothing": "mail/confirm/nobody.nothing",
}


@dataclass(frozen=True, slots=True)
class Site:
    """The served site: its address, and the app behind it."""

    base: str
    web: Web


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    public = tmp_path_factory.mktemp("public")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    base = f"http://127.0.0.1:{port}/optout/"
    place = Place(base_url=base, subscribe=f"{base}subscribe/")
    record = published(*map(alert, range(60)), alert(300, corrects=alert(1).id), hostile_alert(), mail_is_sent=True)
    SitePublisher(root=public, place=place, editions=editions())(record)
    FeedPublisher(root=public, place=place)(record)
    with (
        web(public, base=base, editions=editions()) as app,
        served(web_app(app.house.world, app.front), host="127.0.0.1", port=port),
    ):
        app.house.store.told.update({each.id: each for each in record.alerts})
        yield Site(base, app)


@pytest.fixture(scope="module")
def running(chromium: str) -> Iterator[Browser]:
    with browser(chromium) as made:
        yield made


@pytest.mark.parametrize("dark", [False, True], ids=["wide and light", "narrow and dark"])
def test_no_kind_of_page_has_what_shuts_people_out(site: Site, running: Browser, dark: bool) -> None:
    with window(running, site.base, narrow=dark, dark=dark) as opened:
        found = {}
        for name, path in KINDS.items():
            opened.open(site.base + path)
            found[name] = (opened.grave(), opened.wider_than_itself())

    assert {name: said for name, said in found.items() if said != ([], 0)} == {}
    assert opened.outside == []
    assert opened.spoke == []


@pytest.mark.parametrize("dark", [False, True], ids=["wide and light", "narrow and dark"])
def test_no_step_of_joining_and_leaving_has_what_shuts_people_out(site: Site, running: Browser, dark: bool) -> None:
    with window(running, site.base, narrow=dark, dark=dark) as opened:
        seen = dict(_steps(site, opened, f"reader-{dark}@example.org".lower()))

    assert list(seen) == ["asked", "refused", "sent", "opened", "confirmed", "preferences", "leaving", "left", "erased"]
    assert {name: said for name, said in seen.items() if said != ([], 0)} == {}


def test_without_scripts_a_reader_joins_leaves_and_searches(site: Site, running: Browser) -> None:
    with window(running, site.base, script=False) as opened:
        _join(site, opened, "quiet@example.org")
        joined = site.web.state("quiet@example.org")
        opened.open(site.base + _key(site, Errand.LEAVE, "quiet@example.org"))
        _press(opened)
        opened.open(f"{site.base}search/?q=leads+another+(17)")
        found = opened.page.locator("main").inner_text()

    assert (joined, site.web.state("quiet@example.org")) == (SubscriberState.CONFIRMED, SubscriberState.LEFT)
    assert "the link for objecting leads to another address (17)" in found
    assert "(18)" not in found


def _steps(site: Site, opened: Window, address: str) -> Iterator[tuple[str, tuple[list[str], int]]]:
    """Yield what is wrong with each page on the way from the form to the last word."""

    def seen(name: str) -> tuple[str, tuple[list[str], int]]:
        return name, (opened.grave(), opened.wider_than_itself())

    opened.open(f"{site.base}subscribe/")
    yield seen("asked")
    _fill(opened, "reader@192.0.2.1")
    yield seen("refused")
    _fill(opened, address)
    yield seen("sent")
    opened.open(site.web.inviting.sent[-1][1])
    yield seen("opened")
    _press(opened)
    yield seen("confirmed")
    for name, errand in (("preferences", Errand.PREFERENCES), ("leaving", Errand.LEAVE)):
        opened.open(site.base + _key(site, errand, address))
        yield seen(name)
    _press(opened)
    yield seen("left")
    opened.open(site.base + _key(site, Errand.PREFERENCES, address))
    _press(opened, "button.grave")
    yield seen("erased")


def _join(site: Site, opened: Window, address: str) -> None:
    opened.open(f"{site.base}subscribe/")
    _fill(opened, address)
    opened.open(site.web.inviting.sent[-1][1])
    _press(opened)


def _fill(opened: Window, address: str) -> None:
    opened.page.fill("input[name=address]", address)
    _press(opened)


def _press(opened: Window, button: str = "main form button") -> None:
    with opened.page.expect_navigation():
        opened.page.locator(button).first.click()


def _key(site: Site, errand: Errand, address: str) -> str:
    known = site.web.house.store.with_address(address)
    assert known is not None
    return f"mail/{errand}/{site.web.keys.key(known.id, errand)}"
