"""Canonical targets: what a link leads to, whoever wraps it and whatever tracks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.links import canonical

BASE = "https://mbasic.facebook.com/privacy/policy/printable/"
FORM = "https://www.facebook.com/help/contact/367438723733209"


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa&h=AT0xyz", "https://example.org/a"),
        ("https://lm.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa&h=AT1", "https://example.org/a"),
        ("https://l.instagram.com/?u=https%3A%2F%2Fexample.org%2Fa&e=AT1", "https://example.org/a"),
        ("https://www.google.com/url?q=https://example.org/a&sa=D&usg=AOv", "https://example.org/a"),
        ("https://www.google.de/url?q=https://example.org/a", "https://example.org/a"),
        ("https://www.facebook.com/flx/warn/?u=https%3A%2F%2Fexample.org%2Fa&h=AT1", "https://example.org/a"),
        (
            "https://www.facebook.com/privacy/center/interstitial/?next_url=https%3A%2F%2Fwww.facebook.com%2Fadpreferences",
            "https://www.facebook.com/adpreferences",
        ),
        (BASE + "https%3A%2F%2Flm.facebook.com%2Fl.php%3Fu=https%3A%2F%2Fexample.org%2Fa%3Fb%3D1&h=AT1", "https://example.org/a?b=1"),
        (BASE + "https%3A%2F%2Flm.facebook.com%2Fl.php%3Fu=https%3A%2F%2Fhelp.instagram.com%2F19%3Fhelpref%3Dx", "https://help.instagram.com/19"),
    ],
)  # fmt: skip
def test_redirect_wrappers_are_opened(href: str, target: str) -> None:
    assert canonical(href, BASE) == target


@pytest.mark.parametrize(
    "query",
    [
        "entry_point=x", "ref=dp", "refsrc=deprecated", "helpref=uf_share", "fbclid=IwAR", "h=AT0", "__tn__=-R",
        "__cft__[0]=AZ", "__xts__[0]=68", "utm_source=mail&utm_medium=b", "sjid=1", "visit_id=638", "rd=1", "rdrhc=1",
        "back_id=link-0", "source=fb", "eid=ARA", "_rdr", "paipv=0", "eav=Af", "gclid=1", "msclkid=1", "igsh=1",
        "mc_eid=1",
    ],
)  # fmt: skip
def test_tracking_is_dropped(query: str) -> None:
    assert canonical(f"{FORM}?{query}", BASE) == FORM


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("https://privacycenter.instagram.com/policy/?subpage=3.subpage.3-Public", "https://privacycenter.instagram.com/policy?subpage=3.subpage.3-Public"),
        ("https://www.whatsapp.com/legal/privacy-policy-eea?lang=en", "https://www.whatsapp.com/legal/privacy-policy-eea?lang=en"),
        ("/privacy/policy/logging/?target=LINK%3ACOOKIES&element=cell&redirect_uri=https%3A%2F%2Fa.org", "https://www.facebook.com/privacy/policy/logging?target=LINK:COOKIES"),
        ("https://support.google.com/gemini?p=privacy_help&visit_id=1-2&rd=1", "https://support.google.com/gemini?p=privacy_help"),
        ("https://example.org/?b=2&a=1", "https://example.org/?a=1&b=2"),
    ],
)  # fmt: skip
def test_what_names_a_form_article_or_section_is_kept(href: str, target: str) -> None:
    assert canonical(href, BASE) == target


@pytest.mark.parametrize("host", ["", "mbasic.", "m.", "web.", "touch.", "en-gb."])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("end", ["", "/"])
def test_one_site_has_one_form(scheme: str, host: str, end: str) -> None:
    assert canonical(f"{scheme}://{host}facebook.com/help/contact/367438723733209{end}", BASE) == FORM


def test_an_anchor_and_the_same_place_in_full_are_one_target() -> None:
    short = canonical("#1.subpage.1-YourActivity", BASE)
    full = canonical("https://m.facebook.com/privacy/policy/printable?entry_point=x#1.subpage.1-YourActivity", BASE)

    assert short == full == "https://www.facebook.com/privacy/policy/printable#1.subpage.1-YourActivity"


def test_rotating_ids_in_paths_become_a_placeholder() -> None:
    one = canonical("https://example.org/r/3f2b8c1e-9d4a-4e5f-8a7b-1c2d3e4f5a6b/opt-out", BASE)
    other = canonical("https://example.org/r/0a1b2c3d-4e5f-4a7b-9c8d-7e6f5a4b3c2d/opt-out", BASE)

    assert one == other == "https://example.org/r/{id}/opt-out"


def test_numbers_of_forms_and_articles_are_kept() -> None:
    assert canonical("/help/contact/712876720715583", BASE) != canonical("/help/contact/367438723733209", BASE)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:void(0)", "data:text/html,x", "vbscript:x", " JavaScript:alert(1)", "java\nscript:alert(1)", "",
        "https://scontent-fra5-2.xx.fbcdn.net/v/t39/1.png?_nc_ohc=x",
        "/video_redirect/?src=https%3A%2F%2Fvideo.xx.fbcdn.net",
        "https://lh3.googleusercontent.com/x", "http://[broken", "ftp://example.org/x",
    ],
)  # fmt: skip
def test_what_leads_nowhere_a_reader_could_go_has_no_target(href: str) -> None:
    assert canonical(href, BASE) == ""


def test_addresses_for_mail_and_telephone_are_kept() -> None:
    assert canonical("mailto:privacy@example.org?subject=x", BASE) == "mailto:privacy@example.org"
    assert canonical("tel:+49301", BASE) == "tel:+49301"


def test_a_wrapper_in_itself_ends() -> None:
    href = "https://example.org/a"
    for _ in range(20):
        href = "https://l.facebook.com/l.php?u=" + href.replace("&", "%26")

    assert canonical(href, BASE).startswith("https://")


hrefs = st.one_of(
    st.text(max_size=60),
    st.from_regex(r"https?://[a-z.]{1,12}(?::\d{1,5})?/[a-zA-Z0-9%/._~?&=#\[\]{}+ -]{0,50}", fullmatch=True),
    st.from_regex(r"https://l\.facebook\.com/l\.php\?u=https?(?:%3A|:)[a-zA-Z0-9%/._?&=#]{0,40}", fullmatch=True),
)


@given(hrefs)
def test_a_canonical_target_is_its_own_canonical_target(href: str) -> None:
    target = canonical(href, BASE)

    assert canonical(target, BASE) == target
    assert target == "" or target.startswith(("https://", "mailto:", "tel:"))


@pytest.mark.parametrize(
    "base",
    [
        "https://www.facebook.com/privacy/policy/printable/",
        "https://m.facebook.com/x?utm_source=a&b=c#old",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa",
        "https://scontent.fbcdn.net/a",
    ],
)
@pytest.mark.parametrize(
    "place", ["#", "#a", "# a b ", "#a#b", "#é", "#zippy=%2Cx&a", "#p:~:text=x", "#a\tb", "#<script>", "##"]
)
def test_a_place_of_a_page_is_where_its_full_address_leads(base: str, place: str) -> None:
    assert canonical(place, base) == canonical(base.partition("#")[0] + place.strip(), base)
