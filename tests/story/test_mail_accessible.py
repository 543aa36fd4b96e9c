"""Mails as a reader sees them, in a real browser: on a narrow phone, light and dark, with nothing asked of anybody."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from monitor.publish.languages import tongue
from monitor.render.invitation import invitation_mail
from monitor.render.mail import alert_mail, digest_mail
from monitor.render.warning import warning_mail
from tests.browsing import browser, window
from tests.contract.reading import PLACE
from tests.contract.test_invitation import ADA, LINK
from tests.contract.test_warning import PAGE, PROBLEM
from tests.published import hostile_alert
from tests.rooms.test_render_mail import HEAD, NEWS, READER

pytestmark = pytest.mark.browser
PHONE = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def running(chromium: str) -> Iterator[Browser]:
    with browser(chromium) as made:
        yield made


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a file of the HTML part of every kind of mail."""
    assert ADA.asking is not None
    other = replace(NEWS, alert=hostile_alert())
    made = {
        "alert": alert_mail(NEWS, HEAD, READER),
        "hostile": alert_mail(other, HEAD, READER, tongue("de")),
        "digest": digest_mail((NEWS, other), HEAD, READER, tongue("fr")),
        "invitation": invitation_mail(ADA.asking, LINK, PLACE, tongue("es")),
        "warning": warning_mail(PROBLEM, PAGE, PLACE),
    }
    folder = tmp_path_factory.mktemp("mails")
    for name, mail in made.items():
        (folder / f"{name}.html").write_text(mail.html, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_mail_shuts_people_out_or_is_wider_than_a_narrow_phone(
    mails: dict[str, Path], running: Browser, dark: bool
) -> None:
    with window(running, "file://", dark=dark) as opened:
        opened.page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a dict of these two names is what it wants
        found = {}
        for name, path in mails.items():
            opened.open(path.as_uri())
            found[name] = (opened.grave(), opened.wider_than_itself())

    assert {name: said for name, said in found.items() if said != ([], 0)} == {}
    assert (opened.outside, opened.spoke) == ([], [])


def test_in_the_dark_a_mail_is_dark(mails: dict[str, Path], running: Browser) -> None:
    shade = "getComputedStyle(document.body).backgroundColor"
    with window(running, "file://") as light, window(running, "file://", dark=True) as dark:
        shades = []
        for opened in (light, dark):
            opened.open(mails["alert"].as_uri())
            shades.append(str(opened.page.evaluate(shade)))

    assert shades[0] != shades[1]
