"""Words of a watched page stay words."""

import pytest

from monitor.model.alert import AlertId
from monitor.model.page import PageId, ServiceId
from monitor.render.place import Place, change_path, page_path, service_anchor, slug
from monitor.render.safe import clean, language_tag, link, markup, one_line, unambiguous


def test_controls_surrogates_and_noncharacters_are_taken_out() -> None:
    assert clean("a\x00b\x0bc\x1bd\x7fe\x9ff\ud800g\ufffeh\U0001ffffi\ufeffj") == "abcdefghij"


def test_characters_that_turn_the_reading_direction_are_taken_out() -> None:
    assert clean("\u202emoc.live\u202c \u2066x\u2069 \u200fy\u061c") == "moc.live x y"


def test_tabs_line_ends_and_letters_of_all_scripts_stay() -> None:
    text = "tab\tline\nÜber 中文 עברית 😀 e\u0301"

    assert clean(text) == text


def test_a_quote_cannot_pass_for_a_line_of_ours() -> None:
    assert one_line("one\nAfter:\u2028 two\r\n  three") == "one After: two three"


def test_markup_is_escaped_and_cleaned() -> None:
    assert markup("<a href='x'>&\x00\"") == "&lt;a href=&#x27;x&#x27;&gt;&amp;&quot;"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Terms & conditions", "Terms & conditions"),
        ("<script>", "&lt;script>"),
        ("&lt;b&gt; &#60; & <", "&amp;lt;b&amp;gt; &amp;#60; & &lt;"),
    ],
)
def test_a_text_in_rss_reads_the_same_as_plain_text_and_as_html(text: str, shown: str) -> None:
    assert unambiguous(text) == shown


@pytest.mark.parametrize("target", ["https://example.org/a?b#c", "http://example.org", "mailto:desk@example.org"])
def test_web_and_mail_addresses_may_become_links(target: str) -> None:
    assert link(f" {target} ") == target


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.org/",
        "/relative",
        "",
        "https:",
        "https:///path",
        "mailto:",
        "https://exa mple.org/",
        "https://example.org/\nx",
        "java\x00script:alert(1)",
        "https://\u202eexample.org",
        "https://[broken",
    ],
)
def test_other_addresses_never_become_links(target: str) -> None:
    assert link(target) == ""


def test_addresses_are_absolute_and_below_the_base() -> None:
    place = Place(base_url="https://watch.example/optout")

    assert place.url() == "https://watch.example/optout/"
    assert place.change(AlertId("3f2a")) == "https://watch.example/optout/changes/3f2a/"
    assert place.prefix == "/optout/"
    assert Place(base_url="https://watch.example").prefix == "/"


def test_ids_are_tags_that_name_no_host_and_no_moment() -> None:
    here, there = Place(base_url="https://one.example/"), Place(base_url="https://two.example/")

    assert here.tag("alert", "3f2a") == "tag:optout-monitor,2025:alert:3f2a"
    assert here.tag("alert", "3f2a") == there.tag("alert", "3f2a")


@pytest.mark.parametrize("id", ["../../etc", "A/b", "a b", "", "x" * 200, "ü", "a.b", ".", "\ud800"])
def test_an_id_is_one_harmless_path_segment_and_keeps_its_own(id: str) -> None:
    segment = slug(id)

    assert segment.replace("-", "").replace("_", "").isascii()
    assert "/" not in segment
    assert "." not in segment
    assert 0 < len(segment) <= 80
    assert segment != slug(id + "!")


def test_fit_ids_are_their_own_path_segments() -> None:
    assert change_path(AlertId("3f2a")) == "changes/3f2a/"
    assert page_path(PageId("facebook-policy")) == "pages/facebook-policy/"
    assert service_anchor(ServiceId("meta_ai")) == "service-meta_ai"


@pytest.mark.parametrize(
    ("language", "tag"),
    [
        ("en", "en"),
        ("pt-BR", "pt-BR"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("", ""),
        ("en us", ""),
        ("englishlanguage", ""),
        ('"><script>', ""),
        ("de\n", ""),
    ],
)
def test_what_is_no_language_is_called_not_known(language: str, tag: str) -> None:
    assert language_tag(language) == tag
