"""Delivery and subscribers over the real database: what a crash leaves is on disk, not in a double."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from monitor.model.alert import Alert, AlertState
from monitor.model.errors import AddressError, DeliveryError
from monitor.model.subscriber import Edition, EventKind, MailEvent, PostState, Subscriber, SubscriberState
from monitor.pipeline.deliver import deliver, resume
from monitor.pipeline.mail_events import hear
from monitor.pipeline.publish import publish
from monitor.pipeline.subscribe import add, erase, held, leave, suppress
from monitor.pipeline.subscriber_list import export_list, import_list
from monitor.ports import World
from monitor.store import Store, open_store
from monitor.store.desk import take_in
from tests.published import alert
from tests.story.test_deliver import CONSENT, NOW, House, Postman


@dataclass(slots=True)
class Stored:
    """A world over a database, with a clock and a mailer that a test turns."""

    store: Store
    postman: Postman
    now: datetime = NOW

    @property
    def world(self) -> World:
        return replace(
            House().world,
            desk=self.store.desk,
            readers=self.store.readers,
            outbox=self.store.outbox,
            mailer=self.postman,
            now=lambda: self.now,
        )

    def publish(self, told: Alert) -> None:
        with self.store.database.writing() as connection:
            take_in(connection, replace(told, state=AlertState.APPROVED, published=None))
        publish(self.world)


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Stored]:
    """Return a world over a new SQLite file."""
    store = open_store(
        snapshots=tmp_path / "snapshots", database=f"sqlite:///{tmp_path / 'monitor.db'}", lock=tmp_path / "lock"
    )
    yield Stored(store=store, postman=Postman())
    store.close()


def tokens() -> Callable[[], str]:
    """Return ids that a test can foresee."""
    numbers = count(1)
    return lambda: f"reader-{next(numbers)}"


def states(stored: Stored) -> list[tuple[str, PostState]]:
    return [(post.subscriber, post.state) for post in stored.store.outbox.posts()]


def test_an_alert_is_published_and_sent_once(stored: Stored) -> None:
    token = tokens()
    add(stored.world, "one@example.org", CONSENT, token)
    add(stored.world, "two@example.org", CONSENT, token)
    stored.publish(alert(1))

    deliver(stored.world)
    publish(stored.world)
    deliver(stored.world)

    assert stored.postman.sent == [("reader-1", (alert(1).id,)), ("reader-2", (alert(1).id,))]
    assert states(stored) == [("reader-1", PostState.ACCEPTED), ("reader-2", PostState.ACCEPTED)]


def test_what_stopped_delivery_is_still_so_after_a_restart(stored: Stored) -> None:
    add(stored.world, "one@example.org", CONSENT, tokens())
    stored.publish(alert(1))
    stored.postman.outcomes = [DeliveryError("refused (401)", final=True, account=True)]

    deliver(stored.world)
    again = deliver(stored.world)
    why = resume(stored.world)

    assert (again.stopped, why, stored.store.outbox.stopped()) == ("refused (401)", "refused (401)", "")


def test_a_try_is_put_off_in_the_database(stored: Stored) -> None:
    add(stored.world, "one@example.org", CONSENT, tokens())
    stored.publish(alert(1))
    stored.postman.outcomes = [DeliveryError("out of order (500)")]

    deliver(stored.world)
    deliver(stored.world)
    stored.now = NOW + timedelta(minutes=2)
    deliver(stored.world)

    assert len(stored.postman.sent) == 2
    assert states(stored) == [("reader-1", PostState.ACCEPTED)]


def test_an_event_settles_a_lost_answer_and_counts_once(stored: Stored) -> None:
    add(stored.world, "one@example.org", CONSENT, tokens())
    stored.publish(alert(1))
    stored.postman.outcomes = [DeliveryError("lost", unknown=True)]
    deliver(stored.world)
    delivered = MailEvent(
        kind=EventKind.DELIVERED,
        message_id="msg-9",
        address="one@example.org",
        at=NOW,
        subscriber=stored.store.readers.subscribers()[0].id,
        alerts=(alert(1).id,),
        edition=Edition.ALERT,
    )

    counts = [hear(stored.world, [delivered, delivered]).new for _ in range(2)]

    assert counts == [1, 0]
    assert states(stored) == [("reader-1", PostState.ACCEPTED)]


def test_people_join_leave_and_are_forgotten(stored: Stored) -> None:
    token = tokens()
    one = add(stored.world, "One@example.org", CONSENT, token)
    add(stored.world, "two@example.org", CONSENT, token)
    stored.publish(alert(1))

    gone = leave(stored.world, one.id)
    suppressed = suppress(stored.world, "two@example.org")
    kept = held(stored.world, "one@example.org")
    erased = erase(stored.world, "one@example.org")

    assert (gone and gone.state, suppressed.state) == (SubscriberState.LEFT, SubscriberState.SUPPRESSED)
    assert (kept.subscriber.address, len(kept.posts), erased) == ("one@example.org", 1, True)
    assert [subscriber.address for subscriber in stored.store.readers.subscribers()] == ["two@example.org"]
    with pytest.raises(AddressError, match="nobody with this address"):
        held(stored.world, "one@example.org")


def test_a_list_goes_in_and_comes_out(stored: Stored) -> None:
    rows = [b"r%d@example.org,paper form,3,2026-02-01T10:00:00Z\n" % number for number in range(200)]

    found = import_list(stored.world, [b"address,consent_source,consent_wording,consent_confirmed\n", *rows], tokens())
    everyone: tuple[Subscriber, ...] = stored.store.readers.subscribers()
    again = import_list(stored.world, [line.encode() for line in export_list(everyone)], tokens())

    assert (len(found.added), len(everyone), again.known, again.bad) == (200, 200, 200, ())
