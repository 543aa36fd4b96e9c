"""Every view of the desk in a real browser: nothing axe calls serious, nothing wider than a phone, light and dark."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from monitor.model.alert import AlertState
from monitor.model.page import PageId
from monitor.pipeline import pins, review, rules
from monitor.pipeline.publish import publish
from monitor.pipeline.review import Decider, Words
from tests.browsing import browser, window
from tests.checking import Checker
from tests.story.desk import Desk, lumen, saw, served_desk
from tests.story.lumen import DEADLINE, LOGIN, MINORS, policy

pytestmark = pytest.mark.browser

ADA = Decider("ada", "read both captures")


@dataclass(frozen=True, slots=True)
class Views:
    """A served desk and the path of each of its views."""

    desk: Desk
    paths: dict[str, str]


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Views]:
    with served_desk(tmp_path_factory.mktemp("desk"), lumen("policy", "copy", "terms", "notice")) as desk:
        saw(desk, "policy", policy(), policy(DEADLINE), policy(DEADLINE))
        saw(desk, "copy", policy(), policy(DEADLINE), policy(DEADLINE))
        saw(desk, "terms", policy(), policy(minors=""), policy(minors=""))
        saw(desk, "notice", policy(), policy(LOGIN), policy(LOGIN))
        yield Views(desk, _paths(desk))


@pytest.fixture(scope="module")
def running(chromium: str) -> Iterator[Browser]:
    with browser(chromium) as made:
        yield made


def _paths(desk: Desk) -> dict[str, str]:
    """Decide about some of what waits, and return where every view stands then."""
    waiting, told, ruled, _ = (_alert(desk, page) for page in ("policy", "terms", "notice", "copy"))
    desk.clock.turn(timedelta(days=3))
    review.approve(told, ADA, desk.world)
    publish(desk.world)
    corrected = review.correct(told, Words(title="Lumen: a promise about minors is gone"), ADA, desk.world).id
    pins.pin(PageId("policy"), MINORS, ADA, desk.world)
    rules.add(rules.rule_of(rules.proposed(review.found(ruled, desk.world)), ADA, desk.world), desk.world)
    proof = review.found(waiting, desk.world).evidence
    both = f"changes/{proof.before}..{proof.after}"
    return {
        "the queue": "desk/",
        "what changed": f"desk/alerts/{waiting}",
        "side by side": f"desk/alerts/{waiting}?view=beside",
        "steps, links, fields": f"desk/alerts/{waiting}?view=way",
        "captures": f"desk/alerts/{waiting}?view=captures",
        "a corrected alert": f"desk/alerts/{told}",
        "a correction": f"desk/alerts/{corrected}",
        "the words": f"desk/alerts/{waiting}/edit",
        "a rule": f"desk/alerts/{ruled}/rule",
        "what was decided": "desk/decided/",
        "rules and pins": "desk/rules/",
        "two captures": both,
        "two captures side by side": f"{both}?view=beside",
        "a capture": f"captures/{proof.after}",
        "since when": f"desk/since/?page=policy&words={quote(DEADLINE)}",
        "nothing under this address": "desk/alerts/beef",
    }


def _alert(desk: Desk, page: str) -> str:
    waiting = desk.world.desk.alerts(AlertState.HELD, AlertState.PENDING)
    return next(alert.id for alert in waiting if alert.page == page)


def test_every_view_is_valid_html(views: Views, running: Browser, checker: Checker, tmp_path: Path) -> None:
    with window(running, views.desk.base) as opened:
        pages = {"sign-in": opened.page.request.get(f"{views.desk.base}desk/sign-in/").text()}
        views.desk.sign_in(opened)
        for name, path in views.paths.items():
            pages[name] = opened.page.request.get(views.desk.base + path).text()

    assert checker.complaints(pages, tmp_path) == []


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_view_has_what_shuts_people_out(views: Views, running: Browser, narrow: bool, dark: bool) -> None:
    with window(running, views.desk.base, narrow=narrow, dark=dark) as opened:
        opened.open(f"{views.desk.base}desk/")
        found = {"sign-in": (opened.grave(), opened.wider_than_itself())}
        views.desk.sign_in(opened)
        for name, path in views.paths.items():
            opened.open(views.desk.base + path)
            found[name] = (opened.grave(), opened.wider_than_itself())

    assert {name: said for name, said in found.items() if said != ([], 0)} == {}
