"""Recorded pages of the real web: what must be read of them."""

from pathlib import Path

import pytest

from monitor.extract import extract
from monitor.model.document import Block, Document
from monitor.model.page import Recipe
from tests.rooms.pages import capture

BULLET = "Public content you or others create or share, like posts, comments or audio on Meta Products"
SECTION = "Developing and improving AI at Meta"
MINORS = "For all registered users, including those under the age of majority"
BASE = "https://mbasic.facebook.com/privacy/policy/printable/"

pytestmark = pytest.mark.shared


def _html(path: Path, *select: str, url: str = BASE) -> Document:
    return extract(capture(path.read_bytes(), url=url), Recipe(select))


def _under(document: Document, *headings: str) -> list[Block]:
    """Return the blocks that have all these words in their trail."""
    return [block for block in document.blocks if all(any(words in over for over in block.trail) for words in headings)]


@pytest.mark.parametrize(("name", "times"), [("021.html", 1), ("022.html", 0)])
def test_the_bullet_about_minors_stands_under_its_section_and_audience(corpus: Path, name: str, times: int) -> None:
    document = _html(corpus / "meta-privacy-policy-printable" / name, "#root")

    assert [block.text for block in _under(document, SECTION, MINORS)].count(BULLET) == times


def test_an_archived_policy_gives_the_same_headings_to_its_bullets(corpus: Path) -> None:
    path = corpus / "pga-versions-instagram-privacy-policy" / "0111.md"

    document = extract(capture(path.read_bytes(), "text/markdown"), Recipe())

    audience = "For all registered users of the Meta Products, including those under the age of majority"
    assert len(_under(document, SECTION, audience)) > 5


def test_the_links_to_object_are_told_apart_where_no_word_changed(corpus: Path) -> None:
    before, after = (
        _html(corpus / "meta-privacy-policy-printable" / name, "#root") for name in ("029.html", "030.html")
    )

    old = {link.target for block in before.blocks for link in block.links if "object" in link.text.lower()}
    new = {link.target for block in after.blocks for link in block.links if "object" in link.text.lower()}

    assert "https://www.facebook.com/help/contact/367438723733209" in old - new
    assert "https://help.meta.com/support/privacy" in new - old


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("000.html", "002.html"),  # recovered after an error
        ("032.html", "033.html"),  # a cookie dialog beside the text
        ("035.html", "036.html"),  # the whole document under aria-hidden while the dialog is open
        ("037.html", "038.html"),  # a second, hidden copy left by streaming
        ("039.html", "040.html"),  # scripts missing, half the bytes
    ],
)
def test_the_same_text_served_otherwise_has_the_same_main_text(corpus: Path, one: str, other: str) -> None:
    folder = corpus / "failures-and-variants"

    first, second = (_html(folder / name, url="https://service.example/x") for name in (one, other))

    assert first.chars == second.chars


def test_a_fetch_that_only_moved_its_tokens_reads_the_same(corpus: Path) -> None:
    first, second = (
        _html(corpus / "meta-privacy-policy-printable" / name, "#root") for name in ("019.html", "020.html")
    )

    assert first.fingerprint == second.fingerprint
