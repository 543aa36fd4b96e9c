"""Two editions of one page: the English one moves its form, the German one does not, and readers see it."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor import wiring
from monitor.pipeline.check import check_all
from monitor.pipeline.publish import publish
from monitor.settings import settings_from
from tests.contract.servers import serving
from tests.fakes import Clock
from tests.story.installed import Pages, environment

OLD, NEW = "https://lumen.example/forms/object-17", "https://lumen.example/forms/object-18"
WATCHLIST = """
services: {{lumen: {{name: Lumen}}}}
pages:
  - id: policy
    service: lumen
    title: Lumen privacy policy
    url: {url}/en
    kind: policy
    present: {{least_chars: 20}}
    publish: {{alert: automatic}}
    editions:
      - {{region: de, language: de, url: "{url}/de"}}
"""
ENGLISH = (
    "We use your posts to train our AI models.",
    'You can object to AI training with our <a href="{form}">objection form</a> at any time.',
)
GERMAN = (
    "Wir verwenden deine Beiträge, um unsere KI-Modelle zu trainieren.",
    'Du kannst dem Training von KI mit unserem <a href="{form}">Widerspruchsformular</a> jederzeit widersprechen.',
)
FILLER = {
    "en": "We keep what you switch on and off for ninety days, and we tell nobody when you are at home.",
    "de": "Wir speichern, was du ein- und ausschaltest, neunzig Tage lang und sagen niemandem, wann du zu Hause bist.",
}


def policy(language: str, form: str) -> bytes:
    said = "".join(f"<p>{line.format(form=form)}</p>" for line in (ENGLISH if language == "en" else GERMAN))
    return f"<html lang={language}><body><main><h1>AI</h1>{said}<p>{FILLER[language]}</p></main></body></html>".encode()


@pytest.fixture
def start_page(tmp_path: Path) -> str:
    """Return the start page after the English edition moved its form and the German one did not."""
    clock, site = Clock(datetime(2026, 7, 1, 8, tzinfo=UTC)), Pages()
    site.bodies = {"/en": policy("en", OLD), "/de": policy("de", OLD)}
    with serving(site.respond) as server:
        (tmp_path / "watchlist.yaml").write_text(WATCHLIST.format(url=server.url), encoding="utf-8")
        with wiring.world(settings_from(environment(tmp_path)), clock=clock.now) as world:
            list(check_all(world.watchlist.pages, world))
            site.bodies["/en"] = policy("en", NEW)
            for _ in range(3):
                clock.turn(timedelta(hours=12))
                list(check_all(world.watchlist.pages, world))
            publish(world)
    return (tmp_path / "public" / "index.html").read_text("utf-8")


def test_a_german_edition_that_still_shows_the_old_form_stands_on_the_page_of_the_way_out(start_page: str) -> None:
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>", start_page, re.DOTALL)

    (row,) = [row for row in rows if row[0] == "Forms and links"]
    assert (OLD in row[1], NEW in row[1]) == (False, True)
    assert (OLD in row[2], NEW in row[2]) == (True, False)
    assert "The other edition showed this until 2026-07-01." in row[2]
    assert "The other edition" not in row[1]
    assert "Between languages only addresses" in start_page
