"""What the database edges promise (`monitor.ports`), over SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from monitor.model.alert import Alert, AlertId, AlertState, Evidence, Review
from monitor.model.capture import Digest
from monitor.model.document import Block, BlockKind, Document
from monitor.model.errors import NotAllowed, StoreFull, StoreTooNew, UnknownAlert
from monitor.model.finding import Finding, History, Sight
from monitor.model.page import Page, PageId, PageKind, ServiceId
from monitor.model.status import Check, Outcome
from monitor.model.subscriber import (
    Consent,
    Edition,
    Post,
    PostState,
    Subscriber,
    SubscriberId,
    SubscriberState,
)
from monitor.model.verdict import Kind, Level, Quote, Verdict
from monitor.store import Store, open_store
from monitor.store.schema import METADATA

NOON = datetime(2026, 2, 25, 12, tzinfo=UTC)
PAGE = Page(id=PageId("murmel-policy"), url="https://murmel.example/policy", kind=PageKind.POLICY)
RULES = "rules-1"


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


def finding(text: str = "You can object.", at: datetime = NOON) -> Finding:
    block = Block(kind=BlockKind.PARAGRAPH, text=text, key=text.lower())
    document = Document(blocks=(block,), fingerprint=text)
    sight = Sight(capture=Digest(text), at=at, fingerprint=text)
    history = History(rules=RULES, newest=sight, document=document, seen={"m": at})
    return Finding(verdict=Verdict(kind=Kind.FIRST), history=history, sight=sight, document=document)


def check(at: datetime = NOON, outcome: Outcome = Outcome.NEWS) -> Check:
    return Check(page=PAGE.id, at=at, outcome=outcome, capture=Digest("c"))


def subscriber(address: str = "ada@example.org", id: str = "s1") -> Subscriber:
    consent = Consent(source="by hand", wording="1", asked=NOON, confirmed=NOON)
    return Subscriber(id=SubscriberId(id), address=address, state=SubscriberState.CONFIRMED, consent=consent)


def review(before: AlertState, after: AlertState, who: str = "ada") -> Review:
    return Review(alert=AlertId("a1"), before=before, after=after, who=who, at=NOON, reason="seen")


def raised(store: Store, one: Alert) -> None:
    store.journal.record(PAGE, check(at=one.raised), finding(), [one])


def test_a_history_comes_back_as_it_was_and_only_for_its_rules(store: Store) -> None:
    found = finding()

    store.journal.record(PAGE, check(), found, [])

    assert store.journal.history(PAGE.id, RULES) == found.history
    assert store.journal.history(PAGE.id, "other rules") is None
    assert store.journal.history(PageId("unknown"), RULES) is None


def test_a_history_written_by_another_process_is_read_anew(store: Store, another: Callable[[], Store]) -> None:
    store.journal.record(PAGE, check(), finding(), [])
    store.journal.history(PAGE.id, RULES)
    newer = finding("You cannot object.", NOON + timedelta(hours=1))

    another().journal.record(PAGE, check(NOON + timedelta(hours=1)), newer, [])

    assert store.journal.history(PAGE.id, RULES) == newer.history


def test_recording_the_same_check_twice_does_no_harm(store: Store) -> None:
    for _ in range(2):
        store.journal.record(PAGE, check(), finding(), [alert()])

    assert len(store.journal.versions(PAGE.id)) == 1
    assert len(store.journal.checks(PAGE.id, newest=10)) == 1
    assert [one.id for one in store.desk.alerts()] == ["a1"]


def test_unchanged_checks_in_a_row_are_one_row_that_counts_them(store: Store) -> None:
    for hour in range(5):
        store.journal.missed(check(NOON + timedelta(hours=hour), Outcome.UNCHANGED))

    checks = store.journal.checks(PAGE.id, newest=10)

    assert [one.at for one in checks] == [NOON + timedelta(hours=hour) for hour in (4, 3, 2, 1, 0)]
    assert store.journal.checked_between(PAGE.id, NOON, NOON + timedelta(hours=4)) == 5


def test_misses_are_counted_until_the_page_is_read_again(store: Store) -> None:
    for hour in range(3):
        store.journal.missed(check(NOON + timedelta(hours=hour), Outcome.MISSED))
    before = store.journal.standing(PAGE.id)
    store.journal.record(PAGE, check(NOON + timedelta(hours=3), Outcome.FIRST), finding(), [])

    after = store.journal.standing(PAGE.id)

    assert (before.misses, before.read) == (3, None)
    assert (after.misses, after.read, after.checked) == (0, NOON + timedelta(hours=3), NOON + timedelta(hours=3))


def test_a_known_alert_keeps_its_state(store: Store) -> None:
    raised(store, alert())
    store.desk.decide(review(AlertState.PENDING, AlertState.DISMISSED))

    store.journal.record(PAGE, check(NOON + timedelta(hours=1)), finding("x"), [alert()])

    assert store.desk.alerts(AlertState.DISMISSED)[0].id == "a1"


def test_a_held_alert_that_is_confirmed_moves_on_and_says_so(store: Store) -> None:
    raised(store, alert(state=AlertState.HELD))
    confirmed = replace(alert(), evidence=replace(alert().evidence, confirmed_at=NOON + timedelta(hours=1)))

    store.journal.record(PAGE, check(NOON + timedelta(hours=1)), finding(), [confirmed])

    [now] = store.desk.alerts()
    assert (now.state, now.evidence.confirmed_at) == (AlertState.PENDING, NOON + timedelta(hours=1))
    assert [(one.who, one.reason) for one in store.desk.reviews("a1")] == [("machine", "confirmed by a later fetch")]


def test_a_held_alert_that_is_dropped_keeps_its_words(store: Store) -> None:
    raised(store, alert(state=AlertState.HELD))
    dropped = replace(alert(state=AlertState.DISMISSED), title="what had gone is back", quotes=())

    store.journal.record(PAGE, check(NOON + timedelta(hours=1)), finding(), [dropped])

    [now] = store.desk.alerts()
    assert (now.state, now.title) == (AlertState.DISMISSED, "Murmel: a step was added")


def test_a_decision_is_kept_with_its_posts_and_its_moment(store: Store) -> None:
    raised(store, alert())
    store.desk.decide(review(AlertState.PENDING, AlertState.APPROVED))
    post = Post(alert=AlertId("a1"), subscriber=SubscriberId("s1"), edition=Edition.ALERT)

    published = store.desk.decide(review(AlertState.APPROVED, AlertState.PUBLISHED), [post, post])

    assert (published.state, published.published) == (AlertState.PUBLISHED, NOON)
    assert store.outbox.posts() == (post,)
    assert [one.after for one in store.desk.reviews()] == [AlertState.APPROVED, AlertState.PUBLISHED]


def test_the_second_of_two_maintainers_is_told_what_the_first_decided(store: Store) -> None:
    raised(store, alert())
    store.desk.decide(review(AlertState.PENDING, AlertState.DISMISSED, "ada"))

    with pytest.raises(NotAllowed, match=r"dismissed .ada decided so at 2026-02-25T12:00: seen. and cannot become"):
        store.desk.decide(review(AlertState.PENDING, AlertState.APPROVED, "bob"))


def test_a_step_that_the_table_does_not_have_is_refused(store: Store) -> None:
    raised(store, alert())

    with pytest.raises(NotAllowed, match="alert a1 is pending and cannot become published"):
        store.desk.decide(review(AlertState.PENDING, AlertState.PUBLISHED))


def test_an_alert_that_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(UnknownAlert, match="no alert 'a1'"):
        store.desk.decide(review(AlertState.PENDING, AlertState.APPROVED))


def test_an_edit_keeps_the_state_and_the_id(store: Store) -> None:
    raised(store, alert())
    edited = replace(alert(), title="Murmel: a step is new")

    now = store.desk.decide(review(AlertState.PENDING, AlertState.PENDING), edited=edited)

    assert (now.title, now.state, now.id) == ("Murmel: a step is new", AlertState.PENDING, "a1")


def test_an_address_is_kept_once_however_it_is_written(store: Store) -> None:
    first = store.readers.add(subscriber("Ada@Example.org"))

    again = store.readers.add(subscriber("ada@example.org", id="s2"))

    assert (again.id, store.readers.subscribers()) == (first.id, (first,))


def test_erasing_leaves_nothing_of_a_reader(store: Store) -> None:
    store.readers.add(subscriber())
    raised(store, alert())
    store.desk.decide(review(AlertState.PENDING, AlertState.APPROVED))
    post = Post(alert=AlertId("a1"), subscriber=SubscriberId("s1"), edition=Edition.ALERT)
    store.desk.decide(review(AlertState.APPROVED, AlertState.PUBLISHED), [post])

    assert store.readers.erase("ADA@example.org")

    assert (store.readers.subscribers(), store.outbox.posts()) == ((), ())
    assert not store.readers.erase("ada@example.org")


def posted(store: Store, **columns: object) -> Post:
    raised(store, alert())
    store.desk.decide(review(AlertState.PENDING, AlertState.APPROVED))
    post = replace(
        Post(alert=AlertId("a1"), subscriber=SubscriberId("s1"), edition=Edition.ALERT),
        **columns,  # type: ignore[arg-type]  # columns of a post, written out in each test
    )
    store.desk.decide(review(AlertState.APPROVED, AlertState.PUBLISHED), [post])
    return post


def test_a_post_is_due_only_from_its_moment(store: Store) -> None:
    post = posted(store, due=NOON + timedelta(hours=1))

    assert store.outbox.due(NOON, most=10) == ()
    assert store.outbox.due(NOON + timedelta(hours=1), most=10) == (post,)


def test_of_two_processes_that_take_one_post_the_second_is_told(store: Store) -> None:
    post = posted(store)
    store.outbox.move(replace(post, state=PostState.SENDING, due=NOON))

    with pytest.raises(NotAllowed, match="the mail of alert a1 is sending and cannot become sending"):
        store.outbox.move(replace(post, state=PostState.SENDING, due=NOON))

    assert len(store.outbox.taken(NOON)) == 1


def test_sending_stays_stopped_until_it_is_resumed(store: Store) -> None:
    store.outbox.stop("too many messages")
    store.outbox.stop("another reason")

    assert store.outbox.stopped() == "too many messages"
    store.outbox.resume()
    assert store.outbox.stopped() == ""


def test_the_migrations_make_the_tables_of_the_schema(store: Store) -> None:
    with store.database.reading() as connection:
        context = MigrationContext.configure(connection)

        assert compare_metadata(context, METADATA) == []


def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    address = f"sqlite:///{path}"
    open_store(snapshots=tmp_path, database=address, lock=tmp_path / "lock").close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    before = path.read_bytes()

    with pytest.raises(StoreTooNew, match=r"monitor.db was made by a newer version \(schema 9999\): upgrade"):
        open_store(snapshots=tmp_path, database=address, lock=tmp_path / "lock")

    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in the way")

    with pytest.raises((StoreFull, FileExistsError)):
        open_store(snapshots=tmp_path, database=f"sqlite:///{tmp_path}/state/sub/monitor.db", lock=tmp_path / "lock")
