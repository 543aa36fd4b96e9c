"""What a mail says, in both parts, and what can never get out of a watched page into it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.model.alert import Alert, AlertId, AlertState, Evidence
from monitor.model.capture import Digest
from monitor.model.document import Field
from monitor.model.page import PageId, ServiceId
from monitor.model.procedure import Difference, DifferenceKind, Entry, Procedure, Stated
from monitor.model.subscriber import Consent, Subscriber, SubscriberId, SubscriberState, Topics
from monitor.model.verdict import Aspect, Kind, Level, Quote
from monitor.render.mail import Letterhead, MailText, Reader, alert_mail, digest_mail, leave_headers
from monitor.render.mail_story import News
from monitor.render.place import Place

ALERT = Alert(
    id=AlertId("0123456789abcdef0123"),
    page=PageId("lumio-privacy"),
    service=ServiceId("lumio"),
    kind=Kind.OPTOUT,
    level=Level.ALERT,
    title="Lumio: the form for objecting to AI training moved",
    meaning="A saved link to the old form may no longer work; start from the new address.",
    quotes=(
        Quote(
            before="You can object at any time with this form.",
            after="You can appeal within 30 days with this form.",
            trail=("Your rights", "Object"),
        ),
    ),
    evidence=Evidence(
        before=Digest("a" * 64),
        before_at=datetime(2026, 7, 21, 22, 33, tzinfo=UTC),
        after=Digest("b" * 64),
        after_at=datetime(2026, 7, 23, 22, 34, tzinfo=UTC),
        confirmed_at=datetime(2026, 7, 24, 10, 0, tzinfo=UTC),
        url="https://lumio.example/privacy",
        region="eu",
        language="en",
    ),
    raised=datetime(2026, 7, 24, 10, 0, tzinfo=UTC),
    state=AlertState.PUBLISHED,
    aspects=(Aspect.FORM_LINK,),
    differences=(Difference(DifferenceKind.FORM_MOVED, "https://lumio.example/old", "https://lumio.example/new"),),
    other_lines=337,
)
WAY_OUT = Procedure(
    entries=(Entry(path=("Settings", "Privacy"), target="https://lumio.example/new", quote="Open the form"),),
    steps=(Stated("open", "Open the form."), Stated("say", "Say what you object to.")),
    forms=(Stated("https://lumio.example/new", "this form"),),
    fields=(Field(name="mail", label="E-mail address", required=True), Field(name="why", label="Reason")),
    deadline=Stated("30 days", "Within 30 days."),
)
NEWS = News(
    alert=ALERT,
    service="Lumio",
    page="Privacy policy",
    page_url="https://lumio.example/privacy",
    way_out=WAY_OUT,
    reviewed=datetime(2026, 7, 24, 12, 5, tzinfo=UTC),
)
HEAD = Letterhead(place=Place(base_url="https://monitor.example/"), imprint="Example Association, Berlin")
READER = Reader(
    subscriber=Subscriber(
        id=SubscriberId("r1"),
        address="reader@example.org",
        state=SubscriberState.CONFIRMED,
        consent=Consent(
            source="web form",
            wording="1",
            asked=datetime(2026, 1, 5, tzinfo=UTC),
            confirmed=datetime(2026, 1, 6, tzinfo=UTC),
        ),
        topics=Topics(services=frozenset({ServiceId("lumio")})),
    ),
    leave="https://monitor.example/leave/t0k3n",
    preferences="https://monitor.example/preferences/t0k3n",
)


def read(mail: MailText) -> str:
    """Return the HTML part as a reader sees it, single-spaced."""
    body = LexborHTMLParser(mail.html).body
    assert body is not None
    return " ".join(body.text().split())


def flat(mail: MailText) -> str:
    """Return the text part, single-spaced."""
    return " ".join(mail.text.split())


def test_the_subject_is_the_service_and_what_changed() -> None:
    mail = alert_mail(NEWS, HEAD, READER)

    assert mail.subject == "Lumio: the form for objecting to AI training moved"


def test_a_title_without_its_service_gets_it_in_front() -> None:
    news = replace(NEWS, alert=replace(ALERT, title="the deadline for objecting ends sooner"))

    assert alert_mail(news, HEAD, READER).subject == "Lumio: the deadline for objecting ends sooner"


def test_a_correction_says_so_first() -> None:
    news = replace(NEWS, alert=replace(ALERT, corrects=AlertId("f" * 20)))

    assert alert_mail(news, HEAD, READER).subject == "Correction: Lumio: the form for objecting to AI training moved"


@pytest.mark.parametrize(
    "fact",
    [
        "Your rights > Object",
        "Before:",
        "After:",
        "Form moved: https://lumio.example/old → https://lumio.example/new",
        "A saved link to the old form may no longer work; start from the new address.",
        "Settings > Privacy: https://lumio.example/new",
        "Open the form.",
        "Say what you object to.",
        "You must fill in: E-mail address",
        "Deadline: Within 30 days.",
        "https://monitor.example/changes/0123456789abcdef0123/",
        "2026-07-21 22:33 UTC",
        "a" * 64,
        "2026-07-23 22:34 UTC",
        "b" * 64,
        "Confirmed by a later fetch 2026-07-24 10:00 UTC.",
        "Reviewed and approved by a maintainer 2026-07-24 12:05 UTC.",
        "337 other lines changed in the same revision.",
        "Read from region eu in language en.",
        "You get this because you asked for it on 2026-01-06 (web form): lumio, at once.",
        "Unsubscribe",
        "Example Association, Berlin",
    ],
)
def test_both_parts_are_complete(fact: str) -> None:
    mail = alert_mail(NEWS, HEAD, READER)

    assert fact in flat(mail)
    assert fact in read(mail)


def test_changed_words_are_marked_in_the_text() -> None:
    text = flat(alert_mail(NEWS, HEAD, READER))

    assert "You can [-object at any time-] with this form." in text
    assert "You can {+appeal within 30 days+} with this form." in text


def test_changed_words_are_marked_in_the_html() -> None:
    html = alert_mail(NEWS, HEAD, READER).html

    assert "You can <del>object at any time</del> with this form." in html
    assert "You can <ins>appeal within 30 days</ins> with this form." in html


def test_a_passage_that_stands_twice_is_told_once() -> None:
    mail = alert_mail(replace(NEWS, alert=replace(ALERT, quotes=ALERT.quotes * 3)), HEAD, READER)

    assert mail.text.count("Your rights > Object") == 1
    assert "more passage" not in mail.text


def test_passages_beyond_the_eighth_are_counted() -> None:
    quotes = tuple(Quote(f"Old rule {number}.", f"New rule {number}.") for number in range(10))

    mail = alert_mail(replace(NEWS, alert=replace(ALERT, quotes=quotes)), HEAD, READER)

    assert "rule 7." in flat(mail)
    assert "rule 8." not in flat(mail)
    assert "2 more passages are quoted on the page of this change." in flat(mail)
    assert "2 more passages are quoted on the page of this change." in read(mail)


def test_long_lists_of_facts_are_cut_short_and_counted() -> None:
    excluded = tuple(Stated(str(number), f"Not in case {number}.") for number in range(5))

    mail = alert_mail(replace(NEWS, way_out=replace(WAY_OUT, excluded=excluded)), HEAD, READER)

    assert "Not covered: Not in case 0. · Not in case 1. · 3 more on the page" in flat(mail)


def test_a_form_is_named_by_the_words_that_lead_to_it() -> None:
    mail = alert_mail(NEWS, HEAD, READER)

    assert "this form: https://lumio.example/new" in flat(mail)
    assert "this form: https://lumio.example/new" in read(mail)


def test_an_address_that_changed_in_part_is_marked_whole_and_stays_a_link() -> None:
    quote = Quote(
        "Object at https://lumio.example/form?id=1, please.", "Object at https://help.lumio.example/, please."
    )

    mail = alert_mail(replace(NEWS, alert=replace(ALERT, quotes=(quote,))), HEAD, READER)

    assert "Object at [- https://lumio.example/form?id=1 -], please." in flat(mail)
    assert "Object at {+ https://help.lumio.example/ +}, please." in flat(mail)
    assert "Object at <ins>https://help.lumio.example/</ins>, please." in mail.html


def test_an_address_that_stayed_is_not_marked() -> None:
    quote = Quote("Write to https://lumio.example/ today.", "Write to https://lumio.example/ tomorrow.")

    mail = alert_mail(replace(NEWS, alert=replace(ALERT, quotes=(quote,))), HEAD, READER)

    assert "Write to https://lumio.example/ {+tomorrow+}." in flat(mail)


def test_a_side_that_was_not_there_is_said_in_words() -> None:
    news = replace(NEWS, alert=replace(ALERT, quotes=(Quote(before="", after="Send us a letter."),)))

    mail = alert_mail(news, HEAD, READER)

    assert "Before: (not there)" in flat(mail)
    assert "After: {+Send us a letter.+}" in flat(mail)
    assert "Before: (not there)" in read(mail)


def test_a_page_without_steps_is_said_to_have_none() -> None:
    mail = alert_mail(replace(NEWS, way_out=Procedure()), HEAD, READER)

    assert "The page describes no steps that we could read. Read it yourself: https://lumio.example/privacy" in flat(
        mail
    )
    assert "The page describes no steps that we could read." in read(mail)


def test_what_no_person_reviewed_is_said() -> None:
    mail = alert_mail(replace(NEWS, reviewed=None), HEAD, READER)

    assert "Published by a rule of the watchlist; no person has reviewed it" in flat(mail)


def test_one_click_unsubscribe_stands_in_the_headers() -> None:
    assert alert_mail(NEWS, HEAD, READER).headers == (
        ("List-Id", "<alerts.monitor.example>"),
        ("List-Unsubscribe", "<https://monitor.example/leave/t0k3n>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Auto-Submitted", "auto-generated"),
    )


def test_a_mailto_address_promises_no_one_click() -> None:
    headers = leave_headers("mailto:news@example.org?subject=leave", HEAD.place)

    assert headers == (
        ("List-Id", "<alerts.monitor.example>"),
        ("List-Unsubscribe", "<mailto:news@example.org?subject=leave>"),
        ("Auto-Submitted", "auto-generated"),
    )


@pytest.mark.parametrize(
    "leave",
    [
        "",
        "http://example.org/x",
        "javascript:alert(1)",
        "https://x.example/\r\nBcc: a@b.example",
        "https://x.example/>,<y",
    ],
)
def test_an_address_that_could_break_a_header_is_refused(leave: str) -> None:
    with pytest.raises(ValueError, match="not an address to leave by"):
        leave_headers(leave, HEAD.place)


def test_a_title_cannot_add_a_header() -> None:
    news = replace(NEWS, alert=replace(ALERT, title="Lumio: x\r\nBcc: everyone@example.org\n\nhello\u2028you\x00"))

    mail = alert_mail(news, HEAD, READER)

    assert mail.subject == "Lumio: x Bcc: everyone@example.org hello you"


def test_a_very_long_title_is_cut_at_a_word() -> None:
    news = replace(NEWS, alert=replace(ALERT, title="Lumio: " + "objection " * 40))

    assert alert_mail(news, HEAD, READER).subject == "Lumio: " + "objection " * 12 + "objection…"


def test_markup_from_a_page_is_text() -> None:
    evil = "<img src=x onerror=alert(1)> {{ 7*7 }} \"'><script>alert(1)</script>"
    news = replace(
        NEWS,
        service=evil,
        page=evil,
        alert=replace(ALERT, title=evil, meaning=evil, quotes=(Quote(evil, evil + " now", (evil,)),)),
        way_out=replace(WAY_OUT, steps=(Stated(evil, evil),), forms=(Stated("javascript:alert(1)", evil),)),
    )

    tree = LexborHTMLParser(alert_mail(news, HEAD, READER).html)

    assert [node.tag for node in tree.css("img, script, iframe, object, link, [onerror]")] == []
    assert [node.attributes["href"] for node in tree.css("a") if "script" in (node.attributes["href"] or "")] == []
    assert "{{ 7*7 }}" in (tree.body.text() if tree.body else "")


def test_nothing_is_loaded_from_outside() -> None:
    html = alert_mail(NEWS, HEAD, READER).html

    assert LexborHTMLParser(html).css("img, link, script, iframe, video, audio, [src], [background]") == []
    assert "url(" not in html
    assert "@import" not in html


def test_no_text_can_turn_the_words_round() -> None:
    news = replace(NEWS, alert=replace(ALERT, title="Lumio: \u202egnp.exe", meaning="\u2066hidden\u2069"))

    mail = alert_mail(news, HEAD, READER)

    assert mail.subject == "Lumio: gnp.exe"
    assert set("\u202e\u2066\u2069") & set(mail.html + mail.text) == set()


def test_a_mail_lists_at_most_twelve_differences() -> None:
    many = tuple(Difference(DifferenceKind.STEP_ADDED, "", f"Step {number}.") for number in range(15))

    text = flat(alert_mail(replace(NEWS, alert=replace(ALERT, differences=many)), HEAD, READER))

    assert "Step added: Step 11." in text
    assert "Step 12." not in text


def test_a_digest_has_contents_and_each_alert_once() -> None:
    other = replace(
        NEWS,
        service="Orbit",
        alert=replace(ALERT, id=AlertId("fedc"), title="Orbit: a step was added"),
    )

    mail = digest_mail((NEWS, other), HEAD, READER)

    assert mail.subject == "Optout Monitor: 2 changes: Lumio, Orbit"
    assert mail.text.startswith("2 changes: Lumio, Orbit\n\nContents\n")
    assert "  1. Lumio: the form for objecting to AI training moved\n  2. Orbit: a step was added\n" in mail.text
    assert mail.text.count("https://monitor.example/changes/fedc/") == 1
    tree = LexborHTMLParser(mail.html)
    assert [link.attributes["href"] for link in tree.css("ol a")] == ["#story-1", "#story-2"]
    assert [node.attributes["id"] for node in tree.css("h2[id]")] == ["story-1", "story-2"]


def test_an_empty_digest_is_no_mail() -> None:
    with pytest.raises(ValueError, match="a digest tells of 1 to 50 alerts, not of 0"):
        digest_mail((), HEAD, READER)
