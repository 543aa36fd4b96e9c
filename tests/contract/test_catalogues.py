"""What every catalogue promises: every message of ours, translated and compiled, and pages and mails made with it."""

import json
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest

from monitor.publish.languages import SPOKEN, editions, tongue
from monitor.publish.site import SitePublisher
from monitor.render.entry import entry_of
from monitor.render.mail import Letterhead, Reader, alert_mail
from monitor.render.mail_story import News
from tests.contract.reading import PLACE, Seen, contents, page
from tests.contract.test_invitation import ADA, LINK
from tests.contract.web import SAME, web
from tests.published import POLICY, WAY_OUT, alert, hostile_alert, published
from tools import catalogues

OTHERS = [code for code in SPOKEN if code != "en"]


def test_every_spoken_language_has_a_catalogue_and_every_catalogue_is_spoken() -> None:
    assert catalogues.languages() == sorted(OTHERS)


def test_no_message_is_missing_unsure_or_not_compiled(capsys: pytest.CaptureFixture[str]) -> None:
    status = catalogues.main(check=True)

    assert (status, capsys.readouterr().err) == (0, "")


def test_a_message_without_translation_is_told() -> None:
    catalogue = catalogues.merged("de", catalogues.template())
    catalogue.add("A sentence that nobody translated.")

    assert list(catalogues.gaps(catalogue)) == ["de: not translated: 'A sentence that nobody translated.'"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "Änderungen"), ("de-AT", "Änderungen"), ("fr", "Changements"), ("es", "Cambios"), ("sv", "Changes")],
)
def test_a_tongue_speaks_its_language_and_english_where_there_is_none(language: str, said: str) -> None:
    assert tongue(language).say("Changes") == said


def test_the_site_stands_in_every_language_each_page_valid_and_leading_to_the_others(tmp_path: Path) -> None:
    SitePublisher(root=tmp_path, place=PLACE, editions=editions())(published(alert(1), hostile_alert()))

    for path, content in contents(tmp_path).items():
        if path.endswith(".html") and path != "404.html":
            html5lib.HTMLParser(strict=True).parse(content.decode())
            folder = path.partition("/")[0]
            seen = Seen(content)
            assert seen.all("html")[0]["lang"] == (folder if folder in OTHERS else "en"), path
            others = [link["hreflang"] for link in seen.all("link") if "hreflang" in link]
            assert others == list(SPOKEN), path


@pytest.mark.parametrize(
    ("language", "title", "meaning"),
    [
        (
            "de",
            "Policy: der Link „object“ führt jetzt zu einer anderen Adresse",
            "Die Seite sagt dies jetzt zum Thema „Widerspruchsrecht“.",
        ),
        (
            "fr",
            "Policy: le lien « object » mène désormais à une autre adresse",
            "La page dit désormais cela sur « droit d’opposition ».",
        ),
        (
            "es",
            "Policy: el enlace «object» lleva ahora a otra dirección",
            "La página dice ahora esto sobre «derecho de oposición».",
        ),
    ],
)
def test_what_the_rules_wrote_is_told_in_the_language_of_the_page(
    tmp_path: Path, language: str, title: str, meaning: str
) -> None:
    told = alert(
        1,
        title="Policy: the link “object” now leads to another address",
        meaning="The page now says this about the right to object.",
    )
    quiet = replace(published().versions[1], summary="written otherwise, with the same meaning")

    SitePublisher(root=tmp_path, place=PLACE, editions=editions())(published(told, versions=(quiet,)))

    pages = {
        name: page(tmp_path, name)
        for name in ("", f"{language}/", f"{language}/changes", f"{language}/pages/{POLICY.id}")
    }
    change = page(tmp_path, f"{language}/changes/{told.id}")
    assert told.title in pages.pop("")
    assert f"<h1>{title}</h1>" in change
    assert f'<meta property="og:title" content="{title}">' in change
    assert f'<p class="meaning">{meaning}</p>' in change
    assert all(f">{title}</a>" in html and told.title not in html for html in pages.values())
    assert quiet.summary not in pages[f"{language}/pages/{POLICY.id}"]
    assert json.loads((tmp_path / language / "retold.json").read_bytes())["told"] == {told.id: [title, meaning]}


def test_a_quote_says_in_which_language_it_is_on_a_site_in_another(tmp_path: Path) -> None:
    told, unknown = alert(1, language="fr-CA"), alert(2, language='"><b>')

    SitePublisher(root=tmp_path, place=PLACE, editions=editions())(published(told, unknown))

    assert page(tmp_path, f"de/changes/{told.id}").count('<blockquote lang="fr-CA" dir="auto">') == 2
    assert page(tmp_path, f"de/changes/{unknown.id}").count('<blockquote lang="" dir="auto">') == 2


def test_the_server_searches_titles_as_they_are_shown_and_as_they_were_written(tmp_path: Path) -> None:
    with web(tmp_path, editions=editions()) as site:
        told = alert(1, title="Policy: the link “object” now leads to another address")
        site.house.store.told[told.id] = told

        german, english = (site.client.get(f"/optout/de/search/?q={words}").text for words in ("führt jetzt", "leads"))

    shown = f'<a href="../changes/{told.id}/">Policy: der Link „object“ führt jetzt zu einer anderen Adresse</a>'
    assert shown in german
    assert shown in english


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("Vorher:", "Was das für Sie bedeutet", "Abbestellen")),
        ("fr", ("Avant :", "Ce que cela signifie pour vous", "Se désabonner")),
        ("es", ("Antes:", "Qué significa para usted", "Darse de baja")),
    ],
)
def test_a_mail_is_written_in_the_language_of_its_reader(language: str, words: tuple[str, ...]) -> None:
    news = News(alert=alert(1), service="Facebook", page="Policy", page_url="https://example.org/", way_out=WAY_OUT)
    reader = Reader(subscriber=ADA, leave=LINK)

    mail = alert_mail(news, Letterhead(place=PLACE), reader, tongue(language))

    assert f'lang="{language}"' in mail.html
    assert all(word in mail.text and word in mail.html for word in words)
    assert "What it means" not in mail.text


def test_an_entry_of_a_feed_is_written_in_the_language_it_is_asked_in() -> None:
    assert "Vorher:" in entry_of(alert(1), PLACE, tongue("de")).content


def test_who_fills_in_the_german_form_sees_german_and_agrees_to_german_words(tmp_path: Path) -> None:
    with web(tmp_path, editions=editions()) as site:
        shown = site.client.get("/optout/de/subscribe/")
        form = {"address": "ada@example.org", "level": "alert", "spoken": "de"}
        sent = site.client.post("/optout/de/subscribe/", data=form, headers=SAME)
        asked = site.client.get(site.inviting.path)

        (subscriber,) = site.house.store.people.values()

    assert "Per Mail Bescheid bekommen" in shown.text
    assert 'action="../subscribe/"' in shown.text
    assert "Bitte sehen Sie in Ihr Postfach" in sent.text
    assert "Ja, schreiben Sie mir" in asked.text
    assert subscriber.consent.wording.startswith("form-de-")
