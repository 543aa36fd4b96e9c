"""What the static site promises: valid and accessible HTML, no script, nothing from elsewhere, frozen, harmless."""

import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from posixpath import join, normpath
from urllib.parse import unquote, urlsplit

import html5lib
import pytest
from jsonschema import Draft202012Validator

from monitor.model.procedure import Stated
from monitor.model.status import Standing
from monitor.model.verdict import Quote
from monitor.publish.site import SCHEMAS
from tests.contract.reading import BASE, Seen, contents, page, pages, sample, write
from tests.published import START, WATCHLIST, WAY_OUT, alert, published

LIMIT_BYTES = 100_000
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sample site and its feeds."""
    return sample(tmp_path_factory.mktemp("public"))


def test_every_page_is_valid_html(root: Path) -> None:
    for path, content in contents(root).items():
        if path.endswith(".html"):
            html5lib.HTMLParser(strict=True).parse(content.decode())


def test_no_page_is_over_a_hundred_kilobytes(root: Path) -> None:
    assert {
        path: len(content)
        for path, content in contents(root).items()
        if len(content) > LIMIT_BYTES and path.endswith(".html")
    } == {}


def test_a_page_stays_under_a_hundred_kilobytes_whatever_is_published(tmp_path: Path) -> None:
    words = "一二三 " * 2_500
    stated = tuple(Stated(words, words + str(number), (words,) * 5) for number in range(30))
    way = replace(
        WAY_OUT, steps=stated, forms=stated, eligibility=stated, covered=stated, excluded=stated, confirmation=stated
    )
    quotes = tuple(Quote(f"{words} {n} {words}", f"{words} {n + 1} {words}", (words,) * 5) for n in range(20))
    big = replace(published(alert(1, quotes=quotes, meaning=words, title=words)), mail_is_sent=True)
    standings = {each.id: Standing(page=each.id, read=START, checked=START, procedure=way) for each in WATCHLIST.pages}

    write(tmp_path, replace(big, standings=standings))

    sizes = {path: len(content) for path, content in contents(tmp_path).items() if path.endswith(".html")}
    assert {path: size for path, size in sizes.items() if size > LIMIT_BYTES} == {}


def test_every_page_has_its_landmarks_one_main_heading_and_headings_in_order(root: Path) -> None:
    for path, seen in pages(root).items():
        names = [tag for tag, _ in seen.elements]
        assert all(names.count(landmark) == 1 for landmark in ("header", "main", "footer", "title")), path
        assert names.count("h1") == 1, path
        levels = [int(tag[1]) for tag in names if tag in HEADINGS]
        assert levels[0] == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), (path, levels)


def test_the_first_link_skips_to_the_content(root: Path) -> None:
    for path, seen in pages(root).items():
        assert seen.all("a")[0]["href"] == "#content", path
        assert seen.all("main")[0]["id"] == "content", path
        assert seen.all("html")[0]["lang"] == "en", path


def test_ids_are_unique_and_every_label_is_there(root: Path) -> None:
    for path, seen in pages(root).items():
        ids = [attributes["id"] for _, attributes in seen.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), path
        labels = [attributes["aria-labelledby"] for _, attributes in seen.elements if "aria-labelledby" in attributes]
        assert set(labels) <= set(ids), path


def test_nothing_runs_but_the_search_and_nothing_is_loaded_from_elsewhere(root: Path) -> None:
    for path, seen in pages(root).items():
        assert not seen.all("iframe", "object", "embed", "img", "base", "style"), path
        assert path == "search/index.html" or not seen.all("script", "form"), path
        assert not [
            name for _, attributes in seen.elements for name in attributes if name.startswith("on") or name == "style"
        ]
        loaded = [link["href"] for link in seen.all("link") if link["rel"] in ("stylesheet", "icon")]
        assert all(not urlsplit(address).netloc for address in loaded), path
        (policy,) = [
            meta["content"] for meta in seen.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"
        ]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'"), path


def test_the_search_runs_our_own_script_and_works_as_a_form_without_it(root: Path) -> None:
    seen = Seen((root / "search" / "index.html").read_bytes())

    (script,), (form,) = seen.all("script"), seen.all("form")
    assert (root / "search" / script["src"]).is_file()
    assert (form["method"], form["action"]) == ("get", "../search/")
    assert "../changes/" in seen.links()


def test_the_data_for_other_programs_is_as_its_published_schema_says(root: Path) -> None:
    for name in ("changes", "procedures"):
        schema = json.loads((root / f"{name}.schema.json").read_bytes())
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema).validate(json.loads((root / f"{name}.json").read_bytes()))


def test_the_schemas_in_the_reference_are_those_that_are_published(root: Path) -> None:
    reference = Path(__file__).resolve().parents[2] / "docs" / "reference"

    for name in SCHEMAS:
        assert (reference / name).read_bytes() == (root / name).read_bytes()


def test_privacy_and_imprint_say_who_is_responsible(root: Path) -> None:
    for name in ("privacy", "imprint"):
        assert "desk@example.org" in page(root, name)
    assert "The Watch, Example Street 1" in page(root, "imprint")


def test_links_lead_only_where_links_may_lead(root: Path) -> None:
    for path, seen in pages(root).items():
        for target in seen.links():
            assert urlsplit(target).scheme in ("", "https", "mailto"), (path, target)


def test_every_link_inside_the_site_leads_to_a_file(root: Path) -> None:
    files = set(contents(root))
    for path, seen in pages(root).items():
        for target in seen.links():
            parts = urlsplit(target)
            if target.startswith(BASE):
                inside = unquote(parts.path).removeprefix("/optout/")
            elif parts.scheme or not parts.path:
                continue
            elif path == "404.html":
                inside = parts.path.removeprefix("/optout/")
            else:
                inside = normpath(join(path.rpartition("/")[0], parts.path)) + ("/" if parts.path.endswith("/") else "")
            inside = inside.removeprefix("./")
            found = inside + "index.html" if inside.endswith("/") or not inside else inside
            assert found in files, (path, target)


def test_links_inside_the_site_do_not_name_where_it_stands(root: Path) -> None:
    for path, seen in pages(root).items():
        if path != "404.html":
            shown = [link["href"] for link in seen.all("a") if not link["href"].startswith(BASE + "changes/")]
            assert not [target for target in shown if target.startswith(("/", BASE))], path


def test_the_page_for_unknown_addresses_works_under_any_of_them(root: Path) -> None:
    links = [link["href"] for link in Seen((root / "404.html").read_bytes()).all("a")]

    assert "/optout/" in links
    assert "/optout/changes/" in links


def test_every_page_announces_the_feeds(root: Path) -> None:
    for path, seen in pages(root).items():
        kinds = [link["type"] for link in seen.all("link") if link["rel"] == "alternate"]
        assert {"application/rss+xml", "application/atom+xml", "application/feed+json"} <= set(kinds), path


def test_every_page_names_a_card_with_a_picture_that_is_there(root: Path) -> None:
    for path, seen in pages(root).items():
        card = {meta["property"]: meta["content"] for meta in seen.all("meta") if "property" in meta}
        if path == "404.html":
            assert card == {}
            continue
        own = BASE + path.removesuffix("index.html")
        assert (card["og:url"], card["og:type"], card["og:site_name"]) == (own, "website", "Optout Monitor"), path
        assert all((card["og:title"], card["og:description"])), path
        picture = (root / card["og:image"].removeprefix(BASE)).read_bytes()
        size = (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24]))  # Source: PNG, section 11.2.1 (IHDR)
        assert (picture[:8], size) == (b"\x89PNG\r\n\x1a\n", (1200, 630)), path
        assert size == (int(card["og:image:width"]), int(card["og:image:height"])), path
        assert len(picture) < 20_000, path


def test_the_style_sheet_is_ours_named_by_its_bytes_and_knows_dark_and_print(root: Path) -> None:
    (sheet,) = (root / "assets").glob("site.*.css")
    css = sheet.read_text()

    assert re.fullmatch(r"site\.[0-9a-f]{12}\.css", sheet.name)
    assert "url(" not in css
    assert "@import" not in css
    assert "prefers-color-scheme: dark" in css
    assert "@media print" in css


def _colours(css: str, after: str) -> dict[str, tuple[float, float, float]]:
    block = css[css.index(after) :]
    found = re.findall(r"--([a-z-]+): #([0-9a-f]{6})", block[: block.index("}")])
    return {name: (int(v[:2], 16) / 255, int(v[2:4], 16) / 255, int(v[4:], 16) / 255) for name, v in found}


def _luminance(colour: tuple[float, float, float]) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [":root {", "@media (prefers-color-scheme: dark)"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("ink", "paper"), ("ink", "sheet"), ("ink", "tint"), ("soft", "paper"), ("soft", "sheet"), ("soft", "tint"),
        ("link", "paper"), ("link", "sheet"), ("top-ink", "top"), ("del-ink", "del"), ("ins-ink", "ins"),
        ("warn-ink", "warn"),
    ],
)  # fmt: skip
def test_every_text_has_enough_contrast_in_both_schemes(root: Path, scheme: str, ink: str, paper: str) -> None:
    # WCAG 2.2, success criterion 1.4.3: 4.5 to 1
    (sheet,) = (root / "assets").glob("site.*.css")
    colours = _colours(sheet.read_text(), scheme)

    light, dark = sorted((_luminance(colours[ink]), _luminance(colours[paper])), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= 4.5
