"""Values for the tests of what keeps: an invented page, captures, findings, alerts, and one whole check of them."""

from datetime import UTC, datetime, timedelta

from monitor.model.alert import Alert, AlertId, AlertState, Evidence, Review
from monitor.model.capture import Capture, Digest
from monitor.model.document import Block, BlockKind, Document
from monitor.model.finding import Finding, History, Sight
from monitor.model.page import Page, PageId, PageKind, ServiceId
from monitor.model.status import Check, Outcome
from monitor.model.subscriber import Edition, Post, SubscriberId
from monitor.model.verdict import Kind, Level, Quote, Verdict
from monitor.store import Store

NOON = datetime(2026, 2, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULES = "rules-1"


def at(hours: float) -> datetime:
    """Return a moment so many hours after noon."""
    return NOON + hours * HOUR


def page(name: str = "murmel-policy") -> Page:
    return Page(id=PageId(name), url=f"https://murmel.example/{name}", kind=PageKind.POLICY)


PAGE = page()


def capture(number: int = 0, name: str = PAGE.id) -> Capture:
    body = f"<p>Text {number} of {name}.</p>".encode() * 40
    return Capture(page=PageId(name), url=page(name).url, at=NOON + number * HOUR, body=body)


def finding(text: str = "You can object.", at: datetime = NOON, kind: Kind = Kind.FIRST) -> Finding:
    block = Block(kind=BlockKind.PARAGRAPH, text=text, key=text.lower())
    document = Document(blocks=(block,), fingerprint=text)
    sight = Sight(capture=Digest(text), at=at, fingerprint=text)
    history = History(rules=RULES, newest=sight, document=document, seen={"m": at})
    return Finding(verdict=Verdict(kind=kind), history=history, sight=sight, document=document)


def check(at: datetime = NOON, outcome: Outcome = Outcome.NEWS, name: str = PAGE.id) -> Check:
    return Check(page=PageId(name), at=at, outcome=outcome, capture=Digest("c"))


def alert(id: str = "a1", state: AlertState = AlertState.PENDING) -> Alert:
    evidence = Evidence(before=Digest("b"), before_at=NOON - timedelta(days=1), after=Digest("c"), after_at=NOON)
    return Alert(
        id=AlertId(id),
        page=PAGE.id,
        service=ServiceId("murmel"),
        kind=Kind.OPTOUT,
        level=Level.ALERT,
        title="Murmel: a step was added",
        meaning="Follow the page.",
        quotes=(Quote("", "Send the form."),),
        evidence=evidence,
        raised=NOON,
        state=state,
    )


def post(id: str = "a1", reader: str = "s1") -> Post:
    return Post(alert=AlertId(id), subscriber=SubscriberId(reader), edition=Edition.ALERT)


def review(before: AlertState, after: AlertState, who: str = "ada", id: str = "a1") -> Review:
    return Review(alert=AlertId(id), before=before, after=after, who=who, at=NOON, reason="seen")


def checked(store: Store, number: int, *, name: str = PAGE.id, alerts: tuple[Alert, ...] = ()) -> None:
    """Do what one check does to the store, in its order."""
    came = capture(number, name)
    found = finding(f"Text {number} of {name}.", came.at, Kind.OPTOUT)
    store.evidence.keep(came)
    store.evidence.write_reading(page(name), found)
    store.journal.record(page(name), check(came.at, name=name), found, alerts)


def told(store: Store, id: str = "a1") -> None:
    """Do what approving and publishing an alert does to the store, as far as it was not done."""
    steps = {AlertState.PENDING: AlertState.APPROVED, AlertState.APPROVED: AlertState.PUBLISHED}
    now = store.desk.alert(id)
    while now is not None and now.state in steps:
        after = steps[now.state]
        posts = [post(id)] if after is AlertState.PUBLISHED else []
        now = store.desk.decide(review(now.state, after, id=id), posts)
