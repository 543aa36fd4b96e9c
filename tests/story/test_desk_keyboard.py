"""A maintainer works through a queue of real changes in a real browser, with nothing but the keyboard."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from monitor.fetch.recorded import read_recording
from monitor.model.alert import AlertState
from monitor.model.page import PageId
from monitor.pipeline import rules
from monitor.pipeline.past import import_captures
from monitor.pipeline.publish import publish
from tests.browsing import Window, browser, window
from tests.story.desk import Desk, pressed, served_desk, tab_to, watching

pytestmark = [pytest.mark.browser, pytest.mark.shared]

# Recordings and how many captures are taken of each, so that together they hold 30 alerts.
TAKEN = {
    "google-gemini-privacy-help": 40,
    "meta-privacy-policy-printable": 40,
    "openai-training-opt-out": 40,
    "pga-versions-instagram-privacy-policy": 14,
}


@dataclass(slots=True)
class Maintainer:
    """Somebody at a keyboard before the desk."""

    desk: Desk
    window: Window

    def go(self, *keys: str) -> None:
        """Press keys, of which the last one leads to another page."""
        for key in keys[:-1]:
            self.window.page.keyboard.press(key)
        pressed(self.window, keys[-1])

    def go_to(self, wanted: str) -> None:
        """Follow the link or press the button with these words, found with Tab."""
        tab_to(self.window, wanted)
        self.go("Enter")

    def write(self, name: str, words: str) -> None:
        """Replace what stands in a field."""
        tab_to(self.window, name)
        self.window.page.keyboard.press("Control+A")
        self.window.page.keyboard.type(words)

    @property
    def heading(self) -> str:
        return self.window.page.locator("h1").inner_text()

    @property
    def waiting(self) -> int:
        """Return how many decisions the queue says are left."""
        (number,) = re.findall(r"^(\d+) decisions? to take", self.heading)
        return int(number)

    @property
    def shown(self) -> str:
        """Return the id of the alert that the page is about."""
        return self.window.page.url.partition("/alerts/")[2].partition("/")[0].partition("?")[0]

    def decided(self) -> Counter[AlertState]:
        return Counter(alert.state for alert in self.desk.world.desk.alerts())


@pytest.fixture
def desk(corpus: Path, tmp_path: Path) -> Iterator[Desk]:
    described = [json.loads((corpus / name / "recording.json").read_text("utf-8"))["page"] for name in TAKEN]
    with served_desk(tmp_path / "desk", watching(described)) as made:
        for name, count in TAKEN.items():
            page = made.world.watchlist.page(PageId(name))
            assert page is not None
            import_captures(page, islice(read_recording(corpus / name).captures, count), made.world, for_review=True)
        yield made


@pytest.fixture
def maintainer(desk: Desk, chromium: str) -> Iterator[Maintainer]:
    with browser(chromium) as running, window(running, desk.base) as opened:
        yield Maintainer(desk, opened)


def test_thirty_alerts_of_recorded_pages_are_worked_through_by_keys_alone(maintainer: Maintainer) -> None:
    maintainer.desk.sign_in(maintainer.window)
    assert maintainer.waiting == 30

    _looks_round(maintainer)
    _takes_back(maintainer)
    edited = _edits_and_publishes(maintainer)
    _makes_a_rule(maintainer)
    _decides_the_rest(maintainer)
    assert maintainer.decided().keys() == {AlertState.APPROVED, AlertState.DISMISSED}
    _corrects(maintainer, edited)
    _signs_out(maintainer)


def _looks_round(at: Maintainer) -> None:
    """The first case is chosen, j and k choose the next and the one before, ? shows the keys."""
    page = at.window.page
    chosen = (
        "() => [...document.querySelectorAll('[data-case]')].indexOf(document.activeElement.closest('[data-case]'))"
    )
    places = [page.evaluate(chosen)]
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
        places.append(page.evaluate(chosen))
    page.keyboard.press("?")
    keys_shown = page.locator("#keys dl").is_visible()

    page.keyboard.press("?")

    assert places == [0, 1, 2, 1]
    assert keys_shown
    assert not page.locator("#keys dl").is_visible()


def _takes_back(at: Maintainer) -> None:
    at.go("d", "Enter")
    assert (at.waiting, at.decided()[AlertState.DISMISSED]) == (29, 1)

    at.go("u", "Enter")
    assert at.decided()[AlertState.DISMISSED] == 0
    at.go("g")
    assert at.waiting == 30


def _edits_and_publishes(at: Maintainer) -> str:
    at.go("o")
    edited = at.shown
    at.go("e")
    at.write("title", "The page says something else about training")
    at.go("Enter")
    assert at.heading == "The page says something else about training"

    at.go("p", "Enter")
    assert at.shown not in ("", edited)  # the next one is shown at once
    skipped = at.shown
    at.go("s")
    assert at.shown not in (edited, skipped)
    return edited


def _makes_a_rule(at: Maintainer) -> None:
    alert = at.shown
    at.go_to("Dismiss as a rule")
    at.go_to("Try it on history")
    assert at.window.page.get_by_role("heading", name="It would have hidden").is_visible()
    assert rules.active(at.desk.world) == ()

    at.go_to("Keep this rule")
    (rule,) = rules.active(at.desk.world)
    assert rule.who == "ada"
    assert at.desk.world.desk.alert(alert).state is AlertState.DISMISSED  # type: ignore[union-attr]  # it is there


def _decides_the_rest(at: Maintainer) -> None:
    """From the queue every decision is two keys."""
    at.go_to("Queue")
    while left := at.waiting:
        at.go("p" if left % 2 else "d", "Enter")
        assert at.waiting == left - 1


def _corrects(at: Maintainer, edited: str) -> None:
    publish(at.desk.world)
    at.go_to("Decided")
    at.go_to("The page says something else about training")
    assert at.shown == edited
    at.go("e")
    at.write("title", "The page says less about training than before")
    at.go("Enter")
    publish(at.desk.world)

    site = at.desk.settings.places.public / "changes"
    assert at.desk.world.desk.alert(edited).state is AlertState.CORRECTED  # type: ignore[union-attr]  # it is there
    assert "The page says less about training than before" in (site / at.shown / "index.html").read_text("utf-8")
    assert at.shown in (site / edited / "index.html").read_text("utf-8")


def _signs_out(at: Maintainer) -> None:
    at.go_to("Sign out")
    assert at.heading == "Sign in"

    at.window.open(f"{at.desk.base}desk/")
    assert at.heading == "Sign in"
