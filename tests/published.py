"""Invented alerts, pages and procedures for the tests of what is published; nothing here was ever on a page."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from monitor.model.alert import Alert, AlertId, AlertState, Evidence
from monitor.model.capture import Digest
from monitor.model.document import Field
from monitor.model.page import Page, PageId, PageKind, Service, ServiceId, Watchlist
from monitor.model.procedure import Difference, DifferenceKind, Effort, Entry, Procedure, Stated
from monitor.model.status import Problem, Standing, Version
from monitor.model.verdict import Aspect, Direction, Kind, Level, Quote
from monitor.ports import Published

START = datetime(2026, 7, 21, 22, 33, tzinfo=UTC)
HOSTILE = (
    "</p><script>alert('x')</script> & &lt;b&gt; ]]> \u202emoc.live\u202c \x00\x0b\x1b \"quoted\" <img src=x onerror=y>"
)

SERVICES = {
    ServiceId("facebook"): Service(ServiceId("facebook"), "Facebook", "https://www.facebook.com/"),
    ServiceId("whatsapp"): Service(ServiceId("whatsapp"), "WhatsApp", "https://www.whatsapp.com/"),
}
POLICY = Page(
    id=PageId("facebook-policy"),
    url="https://example.org/privacy/policy",
    kind=PageKind.POLICY,
    service=ServiceId("facebook"),
    title="Privacy policy",
    region="eu",
    language="en",
)
FORM = Page(
    id=PageId("facebook-form"),
    url="https://example.org/help/contact/1",
    kind=PageKind.FORM,
    service=ServiceId("facebook"),
    title="Objection form",
    region="eu",
    language="de",
)
CHAT = Page(
    id=PageId("whatsapp-policy"),
    url="https://example.org/legal/chat",
    kind=PageKind.POLICY,
    service=ServiceId("whatsapp"),
    title="WhatsApp privacy policy",
    language="en",
)
WATCHLIST = Watchlist(services=SERVICES, pages=(POLICY, FORM, CHAT))

WAY_OUT = Procedure(
    entries=(
        Entry(("Settings", "Privacy centre", "Your rights"), "https://example.org/rights", "Go to Settings first."),
    ),
    steps=(
        Stated("Open the form", "Open the objection form.", ("Your rights", "Object")),
        Stated("Say how the use affects you", "Tell us how this processing impacts you.", ("Your rights", "Object")),
        Stated("Send it", "Select Submit.", ()),
    ),
    forms=(Stated("https://example.org/help/contact/1", "You may object here.", ("Your rights",)),),
    fields=(
        Field(name="country", label="Country you live in", type="select", required=True, options=("Austria", "Chile")),
        Field(name="email", label="E-mail", type="email", required=True, prefilled="your address"),
        Field(name="why", label="Explanation", type="textarea"),
    ),
    login=Stated("required", "Log in to continue.", ()),
    deadline=Stated("2026-09-30", "Object before 30 September 2026.", ("Notice",)),
    eligibility=(Stated("EU", "If you live in the European Region, you can object.", ()),),
    covered=(Stated("public posts", "We will not use your public posts.", ()),),
    excluded=(Stated("photos by others", "This does not cover photos that others share of you.", ()),),
    confirmation=(Stated("e-mail", "We send a confirmation e-mail.", ()),),
    effort=Effort(paragraph=19, share=0.42, steps=3, required_fields=2),
)


def alert(number: int = 1, **changes: object) -> Alert:
    """Return an invented published alert; alerts of other numbers have another id and come a day later each."""
    at = START + timedelta(days=number)
    made = Alert(
        id=AlertId(sha256(f"alert {number}".encode()).hexdigest()[:20]),
        page=POLICY.id,
        service=POLICY.service,
        kind=Kind.OPTOUT,
        level=Level.ALERT,
        title=f"Facebook: the link for objecting leads to another address ({number})",
        meaning="A saved link to the old form may no longer be the way to object; start from the new address.",
        quotes=(
            Quote(
                "You can object to this use through this form: https://example.org/help/contact/1",
                "You can object to this use through this form: https://example.org/support/privacy",
                ("What are your rights?", "Object"),
            ),
        ),
        evidence=Evidence(
            before=Digest("a" * 64),
            before_at=at - timedelta(days=2),
            after=Digest("b" * 64),
            after_at=at,
            confirmed_at=at + timedelta(hours=1),
            url=POLICY.url,
            region="eu",
            language="en",
        ),
        raised=at,
        state=AlertState.PUBLISHED,
        aspects=(Aspect.FORM_LINK, Aspect.RIGHT_TO_OBJECT),
        directions=(Direction.MOVED,),
        differences=(
            Difference(
                DifferenceKind.FORM_MOVED, "https://example.org/help/contact/1", "https://example.org/support/privacy"
            ),
        ),
        other_lines=337,
        published=at + timedelta(hours=2),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # the tests name fields of Alert


def hostile_alert() -> Alert:
    """Return an alert that was made of a page written to break its readers."""
    return alert(
        900,
        title=f"Facebook: {HOSTILE}",
        meaning=HOSTILE,
        quotes=(Quote(HOSTILE, f"{HOSTILE} more", (HOSTILE, "javascript:alert(1)")),),
        differences=(Difference(DifferenceKind.FORM_MOVED, "javascript:alert(1)", f"https://example.org/{HOSTILE}"),),
        evidence=replace(alert().evidence, url="javascript:alert(1)", region=HOSTILE, language=HOSTILE),
    )


def published(*alerts: Alert, **changes: object) -> Published:
    """Return a record of these alerts, with a procedure for Facebook, none for WhatsApp, and a form not read lately."""
    record = Published(
        watchlist=WATCHLIST,
        alerts=alerts,
        standings={
            POLICY.id: Standing(
                page=POLICY.id,
                checked=START + timedelta(days=3),
                read=START + timedelta(days=3),
                changed=START,
                procedure=WAY_OUT,
            ),
            FORM.id: Standing(
                page=FORM.id,
                checked=START + timedelta(days=3),
                read=START,
                misses=6,
                detail="a login wall",
            ),
        },
        versions=(
            _version(0, "first", "none", "First reading"),
            _version(1, "noise", "none", "Two links changed their tracking"),
            _version(2, "optout", "alert", "The link for objecting leads to another address"),
        ),
        mail_is_sent=False,
        problems=(Problem(page=FORM.id, since=START, told=START + timedelta(days=1), read=START, detail="wall"),),
    )
    return replace(record, **changes)  # type: ignore[arg-type]  # the tests name fields of Published


def _version(number: int, kind: str, level: str, summary: str) -> Version:
    return Version(
        page=POLICY.id,
        at=START + timedelta(days=number),
        capture=Digest(f"{number}" * 64),
        fingerprint=f"f{number}",
        kind=kind,
        level=level,
        summary=summary,
        effort=Effort(paragraph=19, share=number / 20, steps=3, required_fields=2),
    )
