"""What the desk promises in a real browser beyond its keys: no script needed, focus seen, changes heard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from monitor.model.alert import AlertState
from monitor.model.page import PageId
from tests.browsing import Window, browser, window
from tests.story.desk import NAME, PASSWORD, Desk, lumen, saw, served_desk, tab_to
from tests.story.lumen import DEADLINE, LOGIN, policy

pytestmark = pytest.mark.browser

# The alert that the focus or the choice is in, by its address.
AT = "() => document.activeElement.closest('[data-case]')?.querySelector('[data-key=o]').pathname.split('/').pop()"


@pytest.fixture(scope="module")
def running(chromium: str) -> Iterator[Browser]:
    with browser(chromium) as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return a desk at which two confirmed alerts wait, and one that one fetch alone shows."""
    with served_desk(tmp_path / "desk", lumen("policy", "terms", "notice")) as made:
        saw(made, "policy", policy(), policy(DEADLINE), policy(DEADLINE))
        saw(made, "terms", policy(), policy(minors=""), policy(minors=""))
        saw(made, "notice", policy(), policy(LOGIN))
        yield made


@pytest.fixture
def opened(desk: Desk, running: Browser) -> Iterator[Window]:
    with window(running, desk.base) as made:
        desk.sign_in(made)
        yield made


def alert_of(desk: Desk, page: str) -> str:
    (found,) = (alert.id for alert in desk.world.desk.alerts() if alert.page == PageId(page))
    return found


def states(desk: Desk) -> dict[str, AlertState]:
    return {alert.page: alert.state for alert in desk.world.desk.alerts()}


def test_everything_is_decided_without_script(desk: Desk, running: Browser) -> None:
    with window(running, desk.base, script=False) as plain:
        page = plain.page
        page.goto(f"{desk.base}desk/alerts/{alert_of(desk, 'policy')}")
        page.get_by_label("Name").fill(NAME)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("combobox", name="Reason").fill("read both captures")
        page.get_by_role("button", name="Publish and next").click()
        page.goto(f"{desk.base}desk/alerts/{alert_of(desk, 'terms')}")
        page.get_by_role("button", name="Dismiss and next").click()
        page.get_by_role("button", name="Undo").click()

        assert states(desk) == {
            "policy": AlertState.APPROVED,
            "terms": AlertState.PENDING,
            "notice": AlertState.HELD,
        }
        assert [review.reason for review in desk.world.desk.reviews(alert_of(desk, "policy"))][
            -1
        ] == "read both captures"


def test_a_key_never_reaches_into_another_case(desk: Desk, opened: Window) -> None:
    held = alert_of(desk, "notice")
    for _ in states(desk):
        if opened.page.evaluate(AT) == held:
            break
        opened.page.keyboard.press("j")
    before = states(desk)

    for key in ("p", "Enter"):  # it is not offered before another fetch agrees
        opened.page.keyboard.press(key)

    assert opened.page.evaluate(AT) == held
    assert opened.page.url == f"{desk.base}desk/"
    assert states(desk) == before


def test_keys_are_about_the_case_that_has_the_focus(desk: Desk, opened: Window) -> None:
    last = opened.page.locator("[data-case]").last
    last.get_by_role("link").first.focus()
    focused = opened.page.evaluate(AT)

    opened.page.keyboard.press("d")

    assert opened.page.evaluate(AT) == focused
    assert opened.page.evaluate("() => document.activeElement.textContent") == "Dismiss"


def test_letters_typed_as_a_reason_are_no_keys(desk: Desk, opened: Window) -> None:
    tab_to(opened, "reason")
    opened.page.keyboard.type("jumped, dropped, skipped?")

    assert opened.page.locator("input[name=reason]").first.input_value() == "jumped, dropped, skipped?"


def test_wherever_tab_stops_can_be_seen(desk: Desk, opened: Window) -> None:
    opened.open(f"{desk.base}desk/alerts/{alert_of(desk, 'policy')}")
    outlined = """() => {
      const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
      const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.width > 0;
      const place = [...document.querySelectorAll("*")].indexOf(at);
      return at === document.body ? null : [place, at.textContent.trim().slice(0, 40) || at.name, seen];
    }"""

    stops = []
    for _ in range(80):
        opened.page.keyboard.press("Tab")
        stop = opened.page.evaluate(outlined)
        if stop is None or stop in stops:
            break
        stops.append(stop)

    assert stops[0][1] == "Skip to the content"
    assert len(stops) > 15
    assert [name for _, name, seen in stops if not seen] == []


def test_what_went_and_came_is_heard_as_such(desk: Desk, opened: Window) -> None:
    opened.open(f"{desk.base}desk/alerts/{alert_of(desk, 'policy')}")

    came = opened.page.get_by_role("insertion").first
    assert came.text_content() == f" added: {DEADLINE}"
    opened.open(f"{desk.base}desk/alerts/{alert_of(desk, 'terms')}")
    assert (opened.page.get_by_role("deletion").first.text_content() or "").startswith(" removed: ")
