"""What readers and outbox promise (`ports.Readers`, `ports.Outbox`), over SQLite and PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model.alert import AlertState
from monitor.model.errors import NotAllowed
from monitor.model.subscriber import (
    Consent,
    Edition,
    EventKind,
    MailEvent,
    Post,
    PostState,
    Subscriber,
    SubscriberId,
    SubscriberState,
    Topics,
)
from monitor.model.verdict import Level
from monitor.store import Store, open_store
from tests.contract.stored import HOUR, NOON, PAGE, alert, check, finding, post, review


def subscriber(address: str = "ada@example.org", id: str = "s1") -> Subscriber:
    consent = Consent(source="by hand", wording="1", asked=NOON, confirmed=NOON)
    return Subscriber(
        id=SubscriberId(id),
        address=address,
        state=SubscriberState.CONFIRMED,
        consent=consent,
        topics=Topics(languages=frozenset({"de", "en"}), level=Level.DIGEST),
    )


def posted(store: Store, *posts: Post) -> None:
    store.journal.record(PAGE, check(), finding(), [alert(state=AlertState.APPROVED)])
    store.desk.decide(review(AlertState.APPROVED, AlertState.PUBLISHED), posts)


def event(address: str = "ada@example.org") -> MailEvent:
    return MailEvent(
        kind=EventKind.BOUNCE,
        message_id="m1",
        address=address,
        at=NOON,
        subscriber=SubscriberId("s1"),
        alerts=(),
        edition=Edition.ALERT,
    )


def test_a_subscriber_comes_back_as_it_was(store: Store, another: Callable[[], Store]) -> None:
    store.readers.add(subscriber())

    readers = another().readers
    assert readers.subscribers() == (subscriber(),)
    assert readers.subscriber(SubscriberId("s1")) == subscriber()
    assert readers.with_address("ada@example.org") == subscriber()
    assert readers.subscriber(SubscriberId("s2")) is None
    assert readers.with_address("bob@example.org") is None


def test_an_address_is_kept_once_however_it_is_written(store: Store) -> None:
    first = store.readers.add(subscriber("Ada@Example.org"))

    again = store.readers.add(subscriber("ada@example.org", id="s2"))

    assert (again.id, store.readers.subscribers()) == (first.id, (first,))


def test_many_are_kept_in_the_order_they_came_and_known_ones_as_they_are(store: Store) -> None:
    store.readers.add(subscriber("reader-3@example.org", id="before"))

    store.readers.add_all(subscriber(f"reader-{number}@example.org", f"s{number}") for number in range(2_000))

    found = store.readers.subscribers()
    assert len(found) == 2_000
    assert [one.id for one in found[:5]] == ["before", "s0", "s1", "s2", "s4"]


def test_a_subscriber_is_written_as_it_is_now(store: Store) -> None:
    store.readers.add(subscriber())
    left = replace(subscriber(), state=SubscriberState.LEFT)

    store.readers.replace(left)

    assert store.readers.subscribers() == (left,)


def test_erasing_leaves_nothing_of_a_reader(store: Store) -> None:
    store.readers.add(subscriber())
    store.readers.add(subscriber("bob@example.org", "s2"))
    posted(store, post(), post(reader="s2"))

    assert store.readers.erase("ADA@example.org")

    assert (store.readers.subscribers(), store.outbox.posts()) == (
        (subscriber("bob@example.org", "s2"),),
        (post(reader="s2"),),
    )
    assert not store.readers.erase("ada@example.org")


def test_not_a_byte_of_an_erased_reader_stays_in_the_file(tmp_path: Path) -> None:
    store = open_store(
        snapshots=tmp_path / "snapshots", database=f"sqlite:///{tmp_path / 'monitor.db'}", lock=tmp_path / "lock"
    )
    store.readers.add_all(subscriber(f"reader-{number}@example.org", f"s{number}") for number in range(50))

    for number in range(0, 50, 2):
        store.readers.erase(f"reader-{number}@example.org")
    store.close()

    [file] = [path for path in tmp_path.glob("monitor.db*") if path.stat().st_size]
    assert b"reader-8@example.org" not in file.read_bytes()
    assert b"reader-9@example.org" in file.read_bytes()


def test_a_post_is_due_only_from_its_moment_and_the_oldest_first(store: Store) -> None:
    later, now, sent = replace(post(reader="s1"), due=NOON + HOUR), post(reader="s2"), post(reader="s3")
    posted(store, later, now, sent)
    store.outbox.move(replace(sent, state=PostState.SENDING, due=NOON))

    assert store.outbox.due(NOON, most=10) == (now,)
    assert store.outbox.due(NOON + HOUR, most=10) == (later, now)
    assert store.outbox.due(NOON + HOUR, most=1) == (later,)


def test_of_two_processes_that_take_one_post_the_second_is_told(store: Store, another: Callable[[], Store]) -> None:
    posted(store, post())
    taken = replace(post(), state=PostState.SENDING, attempt=1, due=NOON)
    store.outbox.move(taken)

    with pytest.raises(NotAllowed, match="the mail of alert a1 is sending and cannot become sending"):
        another().outbox.move(taken)

    assert store.outbox.taken(NOON) == (taken,)
    assert store.outbox.taken(NOON + timedelta(microseconds=1)) == ()


def test_a_post_that_was_erased_cannot_be_moved(store: Store) -> None:
    with pytest.raises(NotAllowed, match="the mail of alert a1 is erased and cannot become sending"):
        store.outbox.move(replace(post(), state=PostState.SENDING))


def test_a_pending_post_may_be_put_off(store: Store) -> None:
    posted(store, post())
    off = replace(post(), due=NOON + HOUR, detail="put off")

    store.outbox.move(off)

    assert store.outbox.post(off.alert, off.subscriber, off.edition) == off
    assert store.outbox.post(off.alert, off.subscriber, Edition.DIGEST) is None


def test_posts_are_found_by_their_state(store: Store) -> None:
    posted(store, post(), post(reader="s2"))
    sending = replace(post(), state=PostState.SENDING, due=NOON)
    store.outbox.move(sending)

    assert store.outbox.posts(PostState.SENDING) == (sending,)
    assert store.outbox.posts(PostState.SENDING, PostState.PENDING) == (sending, post(reader="s2"))
    assert store.outbox.posts(PostState.FAILED) == ()


def test_an_event_is_heard_once(store: Store) -> None:
    bob = event("bob@example.org")
    store.outbox.hear([event()])

    assert store.outbox.unheard([event(), bob, bob]) == (bob,)
    store.outbox.hear([event(), bob, bob])
    assert store.outbox.unheard([event(), bob]) == ()


def test_thousands_of_events_are_looked_up_at_once(store: Store) -> None:
    many = [event(f"reader-{number}@example.org") for number in range(1_200)]
    store.outbox.hear(many[:600])

    assert store.outbox.unheard(many) == tuple(many[600:])


def test_sending_stays_stopped_until_it_is_resumed(store: Store, another: Callable[[], Store]) -> None:
    store.outbox.stop("too many messages")
    store.outbox.stop("another reason")

    assert another().outbox.stopped() == "too many messages"
    store.outbox.resume()
    assert another().outbox.stopped() == ""
