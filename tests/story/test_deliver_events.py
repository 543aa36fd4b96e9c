"""What the mail service tells afterwards: lost answers are settled, bounces end the writing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model.errors import DeliveryError
from monitor.model.subscriber import Edition, EventKind, MailEvent, PostState, SubscriberId, SubscriberState
from monitor.pipeline.deliver import deliver, send_again
from monitor.pipeline.mail_events import hear
from tests.published import alert
from tests.story.test_deliver import NOW, House, reader

EVENT = MailEvent(
    kind=EventKind.DELIVERED,
    message_id="msg-9",
    address="reader-1@example.org",
    at=NOW + timedelta(minutes=1),
    subscriber=SubscriberId("reader-1"),
    alerts=(alert(1).id,),
    edition=Edition.ALERT,
)


@pytest.fixture
def house() -> House:
    """Return a house whose only reader was sent one alert."""
    made = House()
    made.join(reader(1))
    made.publish(alert(1))
    return made


@pytest.mark.parametrize("kind", [EventKind.PROCESSED, EventKind.DELIVERED])
def test_an_event_settles_a_lost_answer(house: House, kind: EventKind) -> None:
    house.postman.outcomes = [DeliveryError("lost", unknown=True)]
    deliver(house.world)

    heard = hear(house.world, [replace(EVENT, kind=kind)])

    assert [(post.state, post.detail) for post in heard.posts] == [(PostState.ACCEPTED, "msg-9")]
    assert house.shelf.states() == [("reader-1", PostState.ACCEPTED)]


def test_a_message_that_went_out_after_all_is_not_sent_again(house: House) -> None:
    house.postman.outcomes = [DeliveryError("lost", unknown=True)]
    deliver(house.world)
    send_again(house.world, house.shelf.posts(PostState.UNKNOWN))

    hear(house.world, [EVENT])
    deliver(house.world)

    assert len(house.postman.sent) == 1
    assert house.shelf.posts()[0].detail == "went out after all: msg-9"


@pytest.mark.parametrize("kind", [EventKind.BOUNCE, EventKind.DROPPED])
def test_a_bounce_fails_the_message_and_ends_the_writing(house: House, kind: EventKind) -> None:
    deliver(house.world)

    heard = hear(house.world, [replace(EVENT, kind=kind, reason="550 no such mailbox")])
    house.publish(alert(2))

    assert [post.detail for post in heard.posts] == [f"{kind}: 550 no such mailbox"]
    assert [subscriber.state for subscriber in heard.suppressed] == [SubscriberState.SUPPRESSED]
    assert house.shelf.states() == [("reader-1", PostState.FAILED)]


@pytest.mark.parametrize("kind", [EventKind.SPAM_REPORT, EventKind.UNSUBSCRIBE, EventKind.GROUP_UNSUBSCRIBE])
def test_who_complains_or_leaves_gets_no_more(house: House, kind: EventKind) -> None:
    deliver(house.world)

    hear(house.world, [replace(EVENT, kind=kind)])

    assert house.shelf.subscribers() == (reader(1, SubscriberState.SUPPRESSED),)
    assert house.shelf.states() == [("reader-1", PostState.ACCEPTED)]


@pytest.mark.parametrize("kind", [EventKind.DEFERRED, EventKind.BLOCKED])
def test_a_passing_trouble_suppresses_nobody(house: House, kind: EventKind) -> None:
    deliver(house.world)

    hear(house.world, [replace(EVENT, kind=kind)])

    assert house.shelf.subscribers() == (reader(1),)


def test_an_event_counts_once(house: House) -> None:
    deliver(house.world)
    bounce = replace(EVENT, kind=EventKind.BOUNCE)

    counts = [hear(house.world, [bounce, replace(bounce, reason="again")]).new for _ in range(2)]

    assert counts == [1, 0]


def test_an_event_from_before_a_new_consent_suppresses_nobody(house: House) -> None:
    deliver(house.world)
    back = replace(reader(1), consent=replace(reader(1).consent, confirmed=NOW + timedelta(days=1)))
    house.join(back)

    hear(house.world, [replace(EVENT, kind=EventKind.BOUNCE)])

    assert house.shelf.subscribers() == (back,)


def test_an_event_of_another_address_suppresses_nobody(house: House) -> None:
    hear(house.world, [replace(EVENT, kind=EventKind.BOUNCE, address="other@example.org")])

    assert house.shelf.subscribers() == (reader(1),)


def test_events_of_unknown_messages_and_subscribers_change_nothing(house: House) -> None:
    strange = replace(EVENT, kind=EventKind.BOUNCE, subscriber=SubscriberId("nobody"))

    heard = hear(house.world, [strange])

    assert (heard.new, heard.posts, heard.suppressed) == (1, (), ())


def test_delivered_after_bounced_does_not_raise_the_dead(house: House) -> None:
    deliver(house.world)

    hear(house.world, [replace(EVENT, kind=EventKind.BOUNCE), replace(EVENT, at=NOW + timedelta(minutes=2))])

    assert house.shelf.states() == [("reader-1", PostState.FAILED)]


def test_a_digests_event_moves_every_post_of_it(house: House) -> None:
    house.publish(alert(2))
    deliver(house.world)

    hear(house.world, [replace(EVENT, kind=EventKind.DROPPED, alerts=(alert(1).id, alert(2).id))])

    assert {post.state for post in house.shelf.posts()} == {PostState.FAILED}
