"""Pages that are huge, deep, cut, in a wrong charset or hostile: read as far as possible, never a crash."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.extract import extract, surface
from monitor.model.capture import Capture
from monitor.model.page import Presence, Recipe
from tests.rooms.pages import capture, page, read, short, texts

RECIPE = Recipe()


def test_a_page_of_fifty_megabytes_is_read_to_a_limit_and_says_so() -> None:
    document = extract(capture(b"<p>Some text.</p>" * 3_000_000), RECIPE)

    assert document.missing == ("everything after 8000000 bytes",)
    assert document.blocks[0].text == "Some text."


def test_an_address_of_megabytes_leads_nowhere() -> None:
    document = extract(capture(b'<a href="/' + b"x" * 5_000_000 + b'">Object</a>'), RECIPE)

    assert [(block.text, block.links) for block in document.blocks] == [("Object", ())]


@pytest.mark.parametrize(
    "tag", ["div", "b", "ul><li", "table><tr><td", "a href=x", "blockquote", "button", "h2", "form"]
)
def test_ten_thousand_nested_tags_are_read(tag: str) -> None:
    assert texts(extract(capture(f"<{tag}>" * 10_000 + "the end"), RECIPE))[-1:] in (["the end"], [])


def test_unclosed_formatting_without_end_is_read_in_part() -> None:
    document = extract(capture(b"<b><i><u>" * 100_000), RECIPE)

    assert document.missing == ("everything after 100000 bytes",)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<p>Grüße</p>".encode("latin-1"), "text/html"),
        ("<p>Grüße</p>".encode("latin-1"), "text/html; charset=utf-8"),
        ("<p>Grüße</p>".encode(), "text/html; charset=iso-8859-1"),
        ("<p>Grüße</p>".encode("utf-16"), "text/html"),
        ("<p>Grüße</p>".encode("utf-16-le"), "text/html; charset=utf-16le"),
        (b'<meta charset="windows-1252"><p>Gr\xfc\xdfe</p>', "text/html"),
        ("\ufeff<p>Grüße</p>".encode(), "text/html"),
    ],
)
def test_text_is_read_whatever_charset_is_declared(body: bytes, kind: str) -> None:
    assert texts(extract(capture(body, kind), RECIPE)) == ["Grüße"]


def test_a_character_cut_in_two_at_the_end_does_not_change_the_charset() -> None:
    assert texts(extract(capture("<p>Grüße</p><p>ü".encode()[:-1]), RECIPE))[0] == "Grüße"


def test_nul_bytes_surrogates_and_direction_marks_are_left_out() -> None:
    document = extract(capture(b"<p>a\x00b \xed\xa0\x80 c\xe2\x80\xaed</p>"), RECIPE)

    assert "\x00" not in document.blocks[0].text
    assert "\u202e" not in document.blocks[0].text


def test_an_empty_body_is_an_empty_document() -> None:
    assert extract(capture(b""), RECIPE).blocks == ()


def test_a_component_tree_is_read_where_no_program_ran() -> None:
    script = (
        r'<script>{"json_cms_content":"{\"type\":\"Fragment\",\"children\":[{\"type\":\"SharedH1TagView\",\"children\":'
        r"[\"Privacy\"]},{\"type\":\"SharedPTagView\",\"children\":[\"You can \",{\"type\":\"SharedATagView\","
        r'\"props\":{\"href\":\"https:\/\/x.example\/o\"},\"children\":[\"object\"]},\" <now>.\"]}]}"}</script>'
    )

    document = read(f"<div></div>{script}", select=("#root",))

    assert short(document) == [("heading", "Privacy"), ("paragraph", "You can object <now>.")]
    assert document.blocks[1].links[0].target == "https://x.example/o"


@pytest.mark.parametrize(
    "script",
    [
        '<script>"json_cms_content":"{cut',
        '<script>"json_cms_content":"' + r"{\"children\":[" * 5_000 + '"</script>',
        '<script>"json_cms_content":17</script>',
    ],
)
def test_a_broken_component_tree_is_no_text(script: str) -> None:
    assert read(script).blocks == ()


markup = st.text(alphabet="<>/abdiulpt hr=\"'&;#[]()*_`|\n1.é\u202e", max_size=200)


@settings(deadline=timedelta(seconds=2))
@given(markup, st.sampled_from(["text/html", "text/markdown", "text/plain", "", "text/html; charset=nonsense"]))
def test_whatever_stands_on_a_page_it_is_read(text: str, kind: str) -> None:
    sample = capture(text, kind)

    document = extract(sample, RECIPE)

    assert document == extract(sample, RECIPE)
    assert all(block.text == " ".join(block.text.split()) for block in document.blocks)
    assert surface(sample, Presence()).chars >= 0


@settings(deadline=timedelta(seconds=2))
@given(st.binary(max_size=200))
def test_whatever_bytes_come_they_are_read(body: bytes) -> None:
    assert extract(capture(body), RECIPE).fingerprint


@given(st.permutations(['id="a"', 'class="b c"', 'href="/o?x=1"', 'title="t"', 'data-k="1"', 'target="_blank"']))
def test_the_order_of_attributes_says_nothing(attributes: list[str]) -> None:
    written = extract(capture(page(f"<p><a {' '.join(attributes)}>object</a> now</p>")), RECIPE)

    assert written.fingerprint == read('<p><a href="/o?x=1">object</a> now</p>').fingerprint


def _mutated(body: bytes, random: Random) -> bytes:
    """Cut, shuffle or garble a page."""
    at, to = sorted(random.randrange(len(body)) for _ in range(2))
    return random.choice(
        [body[:to], body[to:] + body[:at], body[:at] + body[to:], body[:at] + b"\xff\x00<" + body[at:]]
    )


@pytest.mark.parametrize("seed", range(40))
def test_a_page_cut_or_shuffled_is_read(seed: int) -> None:
    whole = page(
        "<h1>Policy</h1>" + "<ul><li>Posts <a href='/p'>more</a></li></ul><table><tr><td>a<td>b</table>" * 20
    ).encode()

    broken: Capture = capture(_mutated(whole, Random(seed)))

    assert extract(broken, RECIPE).fingerprint
    assert surface(broken, Presence(("h1", "[["))).present in ((), ("h1",))
