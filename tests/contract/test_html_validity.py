"""Every page and mail that a reader can meet, held to the Nu HTML Checker: no error and no warning."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.model.subscriber import Subscriber
from monitor.pipeline.keys import Errand
from monitor.publish.languages import editions, tongue
from monitor.publish.site import SitePublisher
from monitor.render.invitation import invitation_mail
from monitor.render.mail import alert_mail, digest_mail
from monitor.render.warning import warning_mail
from tests.checking import Checker
from tests.contract.reading import PLACE, contents, many, sample
from tests.contract.test_invitation import ADA, LINK
from tests.contract.test_warning import PAGE, PROBLEM
from tests.contract.web import SAME, Web, web
from tests.published import alert, hostile_alert, published
from tests.rooms.test_render_mail import HEAD, NEWS
from tests.rooms.test_render_mail import READER as MAIL_READER

# Source: what mail programs need and the checker does not know: Apple Mail's dark mode, and breaking long addresses
# in Outlook (docs/decisions/0006-mail.md).
MAIL_STYLES = ("color-scheme", "break-word")


def html(root: Path) -> dict[str, str]:
    return {path: content.decode() for path, content in contents(root).items() if path.endswith(".html")}


def test_every_page_of_the_site(checker: Checker, tmp_path: Path) -> None:
    pages = html(sample(tmp_path / "public"))

    assert checker.complaints(pages, tmp_path) == []


def test_every_page_of_the_site_in_every_language(checker: Checker, tmp_path: Path) -> None:
    record = published(*many(3), alert(300, corrects=alert(1).id), hostile_alert(), mail_is_sent=True)
    SitePublisher(root=tmp_path / "public", place=PLACE, editions=editions())(record)

    assert checker.complaints(html(tmp_path / "public"), tmp_path) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_that_is_made_for_one_reader(checker: Checker, tmp_path: Path, language: str) -> None:
    with web(tmp_path / "public", editions=editions()) as site:
        site.house.store.told.update({each.id: each for each in (alert(1), hostile_alert())})
        pages = dict(_made(site, "" if language == "en" else f"{language}/", language))

    assert {name: f'<html lang="{language}">' in page for name, page in pages.items()} == dict.fromkeys(pages, True)
    assert checker.complaints(pages, tmp_path) == []


def _made(site: Web, folder: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield each page on the way from the form to the last word, and each answer of a search."""
    for path in ("subscribe/", "search/?q=form", "search/?q=%3Cb%3E", "said/", "said/?page=policy&words=object"):
        yield path, site.client.get(f"/optout/{folder}{path}").text
    for name, address in (("refused", "nobody"), ("sent", "ada@example.org")):
        form = {"address": address, "level": "alert", "spoken": language}
        yield name, site.client.post(f"/optout/{folder}subscribe/", data=form, headers=SAME).text
    for name, answer in (("asked", site.client.get), ("confirmed", site.client.post)):
        yield name, answer(site.inviting.path, headers=SAME).text
    (reader,) = site.house.store.people.values()
    for errand in (Errand.PREFERENCES, Errand.LEAVE):
        yield f"{errand}", site.client.get(_key(site, errand, reader)).text
    yield "left", site.client.post(_key(site, Errand.LEAVE, reader)).text
    erase = _key(site, Errand.PREFERENCES, reader).replace("/preferences/", "/erase/")
    yield "erased", site.client.post(erase, headers=SAME).text


def _key(site: Web, errand: Errand, reader: Subscriber) -> str:
    return f"/optout/mail/{errand}/{site.keys.key(reader.id, errand)}"


def test_every_mail(checker: Checker, tmp_path: Path) -> None:
    assert ADA.asking is not None
    other = replace(NEWS, alert=hostile_alert())
    mails = {
        "alert": alert_mail(NEWS, HEAD, MAIL_READER),
        "hostile alert in German": alert_mail(other, HEAD, MAIL_READER, tongue("de")),
        "digest": digest_mail((NEWS, other), HEAD, MAIL_READER),
        "invitation": invitation_mail(ADA.asking, LINK, PLACE),
        "warning": warning_mail(PROBLEM, PAGE, PLACE),
    }

    assert checker.complaints({name: mail.html for name, mail in mails.items()}, tmp_path, known=MAIL_STYLES) == []


def test_the_checker_would_find_what_is_wrong(checker: Checker, tmp_path: Path) -> None:
    head = '<!doctype html>\n<html lang="en">\n<head><title>A page</title></head>\n'

    (complaint,) = checker.complaints({"a page": f"{head}<body><ul><p>No item</p></ul></body></html>"}, tmp_path)

    assert complaint.startswith("a page, line 4: Element “p” not allowed as child of element “ul”")
