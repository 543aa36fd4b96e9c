"""What the pages of the static site tell, and that they stay as they are while nothing changes."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from monitor.model.alert import AlertId
from monitor.model.page import PageId
from monitor.model.procedure import Procedure
from monitor.model.status import Problem, Standing
from monitor.model.verdict import Quote
from monitor.ports import Published
from monitor.publish.pages import LIMIT_BYTES, Edition, printer
from monitor.publish.site import SitePublisher
from monitor.publish.site_pages import content_of, near_parts, pages_of
from monitor.render.tongue import ENGLISH, Tongue
from tests.contract.reading import BASE, PLACE, contents, many, page, pages, sample, write
from tests.published import CHAT, POLICY, START, WATCHLIST, WAY_OUT, alert, hostile_alert, published


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sample site and its feeds."""
    return sample(tmp_path_factory.mktemp("public"))


def test_the_start_page_tells_the_way_out_of_each_service(root: Path) -> None:
    start = page(root, "")

    for fact in (
        "Settings › Privacy centre › Your rights",
        '<a class="out" href="https://example.org/rights" rel="nofollow noreferrer external">https://example.org/rights</a>',
        "Say how the use affects you",
        "“Tell us how this processing impacts you.”",
        "Country you live in",
        "Choices: Austria, Chile",
        "filled in already",
        "2026-09-30",
        "“Log in to continue.”",
        "“If you live in the European Region, you can object.”",
        "“This does not cover photos that others share of you.”",
        "“We send a confirmation e-mail.”",
        "paragraph 19 of the page, after 42 % of its words. Steps: 3. Required fields: 2.",
        'Last checked <time datetime="2026-07-24T22:33:00Z">2026-07-24 22:33 UTC</time>',
        'last changed <time datetime="2026-07-21T22:33:00Z">2026-07-21 22:33 UTC</time>',
    ):
        assert fact in start
    assert [text.strip() for text in re.findall(r'<span class="badge (must|may)"', start)] == ["must", "must", "may"]


def test_the_start_page_draws_how_deep_each_way_out_lay_and_says_it_in_a_table(root: Path) -> None:
    start = page(root, "")

    assert start.count("<polyline ") == 1  # one way out has a history
    assert "How deep it lay over time" in start
    assert "<td>5 %</td><td>3</td><td>2</td>" in start


def test_a_service_that_offers_no_way_out_is_told_as_such(tmp_path: Path) -> None:
    read = {CHAT.id: Standing(page=CHAT.id, read=START, checked=START, procedure=Procedure())}

    write(tmp_path, published(standings=read))

    assert "No way to opt out is described on the pages that we watch." in page(tmp_path, "")


def test_a_service_that_was_never_read_is_not_said_to_offer_none(tmp_path: Path) -> None:
    write(tmp_path, published(standings={}))

    assert "No way to opt out" not in page(tmp_path, "")
    assert page(tmp_path, "").count("Not read yet, so nothing can be said.") == 2


def test_a_page_that_could_not_be_read_is_told_on_start_overview_and_its_own_page(root: Path) -> None:
    assert "not read since 2026-07-21 22:33 UTC" in page(root, "")
    assert "1 of them could not be read lately." in page(root, "pages")
    own = page(root, "pages/facebook-form")
    assert "<strong>Not read since 2026-07-21 22:33 UTC.</strong>" in own
    assert "6 checks in a row brought no page." in own
    assert "What came instead: a login wall" in own


def test_a_change_shows_both_quotes_with_the_changed_words_marked_and_labelled(root: Path) -> None:
    change = page(root, f"changes/{alert(2).id}")

    assert 'form: <del><span class="heard">removed: </span>https://example.org/help/contact/1</del></p>' in change
    assert 'form: <ins><span class="heard">added: </span>https://example.org/support/privacy</ins></p>' in change
    assert "What are your rights? › Object" in change


def test_a_change_shows_times_hashes_vantage_and_who_decided(root: Path) -> None:
    change = page(root, f"changes/{alert(2).id}")

    for fact in (
        "2026-07-21 22:33 UTC",
        "2026-07-23 22:33 UTC",
        "2026-07-23 23:33 UTC",
        "2026-07-24 00:33 UTC",
        f"<code>{'a' * 64}</code>",
        f"<code>{'b' * 64}</code>",
        "<dd>eu</dd>",
        "<dd>published</dd>",
        "Ada, ",
        ": read it</dd>",
        f'<a href="{BASE}changes/{alert(2).id}/">',
    ):
        assert fact in change


def test_a_corrected_change_and_its_correction_link_each_other(root: Path) -> None:
    old, new = page(root, f"changes/{alert(1).id}"), page(root, f"changes/{alert(300).id}")

    assert f'This was corrected later.</strong> <a href="../../changes/{alert(300).id}/">' in old
    assert f'This corrects an earlier alert. <a href="../../changes/{alert(1).id}/">' in new


def test_a_long_passage_is_cut_to_what_changed_and_shown_longer_on_demand(tmp_path: Path) -> None:
    long = " ".join(f"Sentence {number} says how information is used." for number in range(40))
    quote = Quote(f"{long} You may object. {long}", f"{long} You may no longer object. {long}")

    write(tmp_path, published(alert(1, quotes=(quote,))))

    change = page(tmp_path, f"changes/{alert(1).id}")
    assert change.count('<ins><span class="heard">added: </span>no longer</ins>') == 2
    assert "More of the passage" in change


def test_the_history_of_a_page_lists_its_versions_newest_first(root: Path) -> None:
    own = page(root, f"pages/{POLICY.id}")

    assert "3 versions are kept" in own
    assert (
        own.index("The link for objecting leads")
        < own.index("Two links changed their tracking")
        < own.index("First reading")
    )
    assert '<span class="badge">no change of meaning</span>' in own


def test_a_long_history_goes_on_on_further_pages(tmp_path: Path) -> None:
    version = published().versions[1]
    versions = tuple(replace(version, at=START + timedelta(days=day), summary=f"version {day}") for day in range(130))

    write(tmp_path, published(versions=versions))

    assert "version 129<" in page(tmp_path, f"pages/{POLICY.id}").replace("\n", "<")
    assert "version 0<" in page(tmp_path, f"pages/{POLICY.id}/1-50").replace("\n", "<")
    assert (tmp_path / f"pages/{POLICY.id}/51-80/index.html").exists()


def test_older_changes_stand_on_pages_that_stay_as_they_are(tmp_path: Path) -> None:
    write(tmp_path, published(*many(120)))
    older = (tmp_path / "changes/1-50/index.html").read_bytes()

    changed = write(tmp_path, published(*many(121)))

    assert (tmp_path / "changes/1-50/index.html").read_bytes() == older
    assert f"changes/{alert(3).id}/index.html" not in changed
    assert "changes/51-71/index.html" in changed
    assert not (tmp_path / "changes/51-70").exists()


def keys(record: Published) -> dict[str, str]:
    """Return what names the content of each page of the English site; nothing where it is always made."""
    english = Edition(tongue=ENGLISH)
    return {
        each.path: each.key for each in pages_of(content_of(record, PLACE), printer(PLACE, english, (english,), {}))
    }


def test_hostile_words_are_text_on_every_page(root: Path) -> None:
    for path, content in contents(root).items():
        if path.endswith(".html"):
            assert "alert('x')" not in content.decode(), path
            assert not set("\u202e\u202c\x00\x0b\x1b") & set(content.decode()), path
    change = page(root, f"changes/{hostile_alert().id}")
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in change
    assert '<span class="out">javascript:alert(1)</span>' in change


def test_the_same_record_gives_the_same_bytes_and_nothing_is_written_twice(tmp_path: Path) -> None:
    record = published(*many(55), hostile_alert())
    write(tmp_path / "one", record)
    write(tmp_path / "two", replace(record, alerts=record.alerts[::-1]))

    changed = write(tmp_path / "one", record)

    assert changed == ()
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_watched_page_and_the_overview_are_named_anew_only_when_something_they_tell_is_different() -> None:
    before = published(alert(1), alert(2))
    standing = replace(before.standings[POLICY.id], checked=alert(2).raised + timedelta(days=3))
    after = replace(before, standings={**before.standings, POLICY.id: standing})

    differing = {path for path, key in keys(after).items() if key != keys(before)[path]}

    assert differing == {"pages/", "pages/facebook-policy/"}


def test_pages_that_are_no_longer_made_go_and_files_of_others_stay(tmp_path: Path) -> None:
    write(tmp_path, published(alert(1)))
    (tmp_path / "pages/whatsapp-policy/notes.txt").write_text("mine")
    fewer = replace(WATCHLIST, pages=(POLICY,))

    changed = write(tmp_path, published(alert(1), watchlist=fewer))

    assert "pages/whatsapp-policy/index.html" in changed
    assert not (tmp_path / "pages/whatsapp-policy/index.html").exists()
    assert (tmp_path / "pages/whatsapp-policy/notes.txt").exists()
    assert not (tmp_path / "pages/facebook-form").exists()


def test_a_change_of_a_page_that_is_watched_no_longer_keeps_its_address(tmp_path: Path) -> None:
    write(tmp_path, published(alert(1, page=PageId("gone"))))

    change = page(tmp_path, f"changes/{alert(1).id}")
    assert "› gone</p>" in change
    assert 'href="../../pages/gone/"' not in change


def test_unpublished_alerts_stand_nowhere(tmp_path: Path) -> None:
    write(tmp_path, published(alert(1, published=None, title="Facebook: not let out")))

    assert b"not let out" not in b"".join(contents(tmp_path).values())


def test_all_changes_and_ways_out_can_be_had_as_data(root: Path) -> None:
    changes = json.loads((root / "changes.json").read_bytes())
    ways = json.loads((root / "procedures.json").read_bytes())

    assert changes["format"] == ways["format"] == 1
    assert len(changes["changes"]) == 62
    first = changes["changes"][0]
    assert first["url"] == f"{BASE}changes/{alert(0).id}/"
    assert first["quotes"][0]["trail"] == ["What are your rights?", "Object"]
    assert first["changed_at"] == "2026-07-21T22:33:00Z"
    assert [way["page"] for way in ways["procedures"]] == ["facebook-policy", "facebook-form", "whatsapp-policy"]
    assert ways["procedures"][0]["procedure"]["deadline"]["value"] == "2026-09-30"
    assert ways["procedures"][1]["misses"] == 6


def test_the_sitemap_names_every_page_by_its_absolute_address(root: Path) -> None:
    tree = ElementTree.fromstring((root / "sitemap.xml").read_bytes())
    addresses = {element.text or "" for element in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}

    assert addresses == {BASE + path.removesuffix("index.html") for path in pages(root) if path != "404.html"}
    assert (root / "robots.txt").read_text() == f"User-agent: *\nDisallow:\n\nSitemap: {BASE}sitemap.xml\n"


def test_a_second_language_stands_in_a_folder_of_its_own_with_links_between(tmp_path: Path) -> None:
    english, german = Edition(tongue=Tongue("en")), Edition(tongue=Tongue("de"), folder="de/", name="Deutsch")

    SitePublisher(root=tmp_path, place=PLACE, editions=(english, german))(published(alert(1)))

    change = page(tmp_path, f"de/changes/{alert(1).id}")
    assert '<html lang="de">' in change
    assert f'href="../../../changes/{alert(1).id}/"' in change
    assert 'href="../../../assets/site.' in change
    assert '<a class="brand" href="../../">' in change
    assert f'<link rel="alternate" hreflang="de" href="{BASE}de/changes/{alert(1).id}/">' in page(
        tmp_path, f"changes/{alert(1).id}"
    )
    assert f"<loc>{BASE}de/pages/</loc>" in (tmp_path / "sitemap.xml").read_text()


def test_many_watched_pages_go_on_on_further_pages(tmp_path: Path) -> None:
    pages = tuple(replace(POLICY, id=PageId(f"policy-{number}")) for number in range(100))

    write(tmp_path, published(watchlist=replace(WATCHLIST, pages=pages), standings={}))

    assert "100 pages are watched." in page(tmp_path, "pages")
    assert "pages/policy-99/" in page(tmp_path, "pages/more/2")
    assert "Every watched page names its own feeds:" not in page(tmp_path, "feeds")


@pytest.mark.parametrize(
    ("number", "count", "near"),
    [
        (1, 1, [1]),
        (1, 2, [1, 2]),
        (2, 3, [1, 2, 3]),
        (1, 125, [1, 2, 11, 101, 125]),
        (60, 125, [1, 50, 59, 60, 61, 70, 125]),
        (125, 125, [1, 25, 115, 124, 125]),
    ],
)
def test_a_part_of_the_overview_leads_to_the_ends_and_to_parts_1_10_100_away(
    number: int, count: int, near: list[int]
) -> None:
    assert near_parts(number, count) == near


def test_a_part_of_a_long_overview_names_its_neighbours_and_says_which_one_it_is(tmp_path: Path) -> None:
    watched = tuple(replace(POLICY, id=PageId(f"policy-{number}")) for number in range(80 * 4))

    write(tmp_path, published(watchlist=replace(WATCHLIST, pages=watched), standings={}))

    nav = (
        page(tmp_path, "pages/more/4").partition('<nav class="jump" aria-label="More pages">')[2].partition("</nav>")[0]
    )
    assert re.findall(r'<li><a href="([^"]*)"( aria-current="page")?>(\d+)</a></li>', nav) == [
        ("../../../pages/", "", "1"),
        ("../../../pages/more/3/", "", "3"),
        ("../../../pages/more/4/", ' aria-current="page"', "4"),
    ]


def test_the_start_page_names_twenty_of_a_services_pages_and_leads_to_all(tmp_path: Path) -> None:
    watched = tuple(replace(POLICY, id=PageId(f"policy-{number}")) for number in range(100))

    write(tmp_path, published(watchlist=replace(WATCHLIST, pages=watched), standings={}))

    start = page(tmp_path, "")
    assert start.count('<a href="./pages/policy-') == 20
    assert '<a href="./pages/policy-19/">' in start
    assert '(<a href="./pages/">Watched pages</a>)' in start


def test_the_start_page_shows_twenty_ways_out_of_a_service_and_leads_to_all(tmp_path: Path) -> None:
    watched = tuple(replace(POLICY, id=PageId(f"policy-{number}")) for number in range(1_000))
    read = {each.id: Standing(page=each.id, read=START, checked=START, procedure=WAY_OUT) for each in watched}

    write(tmp_path, published(watchlist=replace(WATCHLIST, pages=watched), standings=read))

    start = page(tmp_path, "")
    assert start.count('<article class="way">') == 20
    assert '(<a href="./pages/">Watched pages</a>)' in start
    assert len(start.encode()) <= LIMIT_BYTES


def test_the_start_page_names_twenty_pages_that_could_not_be_read_and_leads_to_all(tmp_path: Path) -> None:
    watched = tuple(replace(POLICY, id=PageId(f"policy-{number}")) for number in range(100))
    problems = tuple(Problem(page=each.id, since=START, told=START) for each in watched)

    write(tmp_path, published(watchlist=replace(WATCHLIST, pages=watched), standings={}, problems=problems))

    notice = page(tmp_path, "").partition('<section class="notice"')[2].partition("</section>")[0]
    assert notice.count('<li><a href="./pages/policy-') == 20
    assert '<li><a href="./pages/">Watched pages</a></li>' in notice


def test_an_installation_without_mail_says_so(tmp_path: Path) -> None:
    write(tmp_path, published())

    assert "This installation sends no mail" in page(tmp_path, "feeds")

    write(tmp_path, published(mail_is_sent=True))

    assert "Mail goes to subscribers that the maintainers have added." in page(tmp_path, "feeds")


def test_a_hostile_id_stays_inside_the_folder(tmp_path: Path) -> None:
    write(tmp_path / "public", published(alert(1, id=AlertId("../../x"))))

    assert {path.name for path in tmp_path.iterdir()} == {"public"}
    assert not (tmp_path / "public/x").exists()


def test_an_empty_watchlist_is_a_site_too(tmp_path: Path) -> None:
    write(
        tmp_path, published(watchlist=replace(WATCHLIST, services={}, pages=()), standings={}, versions=(), problems=())
    )

    assert "No service is watched yet." in page(tmp_path, "")
    assert "No page is watched yet." in page(tmp_path, "pages")
    assert "Nothing has changed since the watching began." in page(tmp_path, "changes")
