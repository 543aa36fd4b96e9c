"""Messages on their way: each subscriber gets an alert once, or a maintainer hears why not."""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.alert import Alert, AlertState
from monitor.model.errors import DeliveryError, NotAllowed
from monitor.model.subscriber import (
    Consent,
    Post,
    PostState,
    Subscriber,
    SubscriberId,
    SubscriberState,
    Topics,
)
from monitor.model.verdict import Level
from monitor.pipeline.deliver import Limits, deliver, posts_for, resume, send_again
from monitor.ports import World
from tests.fakes import MemoryEvidence, MemoryMaintainers, MemoryStore, Newsstand, Siren
from tests.published import WATCHLIST, alert

NOW = datetime(2026, 7, 24, 12, 0, tzinfo=UTC)  # a Friday
CONSENT = Consent(source="web form", wording="1", asked=NOW - timedelta(days=30), confirmed=NOW - timedelta(days=30))


def reader(number: int, state: SubscriberState = SubscriberState.CONFIRMED, level: Level = Level.ALERT) -> Subscriber:
    return Subscriber(
        id=SubscriberId(f"reader-{number}"),
        address=f"reader-{number}@example.org",
        state=state,
        consent=CONSENT,
        topics=Topics(level=level),
    )


@dataclass(slots=True)
class Shelf(MemoryStore):
    """Desk, readers and outbox in memory; takes long lists at once, as the database does."""

    def add_all(self, subscribers: Iterable[Subscriber]) -> None:
        self.people.update({subscriber.id: subscriber for subscriber in subscribers})

    def states(self) -> list[tuple[str, PostState]]:
        return [(post.subscriber, post.state) for post in self.box.values()]


@dataclass(slots=True)
class Postman:
    """A mailer that notes what it was given and fails as told: outcomes in order, then success."""

    outcomes: list[Exception | None] = field(default_factory=list)
    sent: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def __call__(self, alert: Alert, subscriber: Subscriber, post: Post) -> str:
        return self._note(subscriber, (alert,))

    def digest(self, alerts: Sequence[Alert], subscriber: Subscriber, post: Post) -> str:
        return self._note(subscriber, alerts)

    def _note(self, subscriber: Subscriber, alerts: Iterable[Alert]) -> str:
        self.sent.append((subscriber.id, tuple(alert.id for alert in alerts)))
        if self.outcomes and (outcome := self.outcomes.pop(0)) is not None:
            raise outcome
        return f"msg-{len(self.sent)}"


@dataclass(slots=True)
class House:
    """A small world with a clock that a test turns."""

    shelf: Shelf = field(default_factory=Shelf)
    postman: Postman = field(default_factory=Postman)
    now: datetime = NOW

    def publish(self, *alerts: Alert) -> None:
        for told in alerts:
            self.shelf.told[told.id] = told
            for post in posts_for(told, self.shelf.subscribers(), now=self.now):
                self.shelf.box.setdefault((post.alert, post.subscriber, post.edition), post)

    def join(self, *subscribers: Subscriber) -> None:
        self.shelf.people.update({subscriber.id: subscriber for subscriber in subscribers})

    @property
    def world(self) -> World:
        return World(
            watchlist=WATCHLIST,
            lexicons={},
            fetchers={},
            evidence=MemoryEvidence(),
            journal=self.shelf,
            desk=self.shelf,
            readers=self.shelf,
            maintainers=MemoryMaintainers(),
            outbox=self.shelf,
            publishers={},
            feeds=Newsstand(),
            signals=self.shelf,
            outages=self.shelf,
            warner=Siren(),
            mailer=self.postman,
            mail_is_sent=True,
            now=lambda: self.now,
            writing=nullcontext,
        )


@pytest.fixture
def house() -> House:
    """Return a house with two readers who want alerts at once."""
    made = House()
    made.join(reader(1), reader(2))
    return made


def test_each_confirmed_subscriber_gets_an_alert_once(house: House) -> None:
    house.publish(alert(1))

    first = deliver(house.world)
    second = deliver(house.world)

    assert (first.outcomes(), second.outcomes()) == ("2 accepted", "")
    assert house.postman.sent == [("reader-1", (alert(1).id,)), ("reader-2", (alert(1).id,))]
    assert house.shelf.states() == [("reader-1", PostState.ACCEPTED), ("reader-2", PostState.ACCEPTED)]


def test_an_accepted_post_keeps_the_services_id_and_the_moment(house: House) -> None:
    house.publish(alert(1))

    run = deliver(house.world)

    assert run.count(PostState.ACCEPTED) == 2
    assert [(post.detail, post.due, post.attempt) for post in run.moved if post.state is PostState.ACCEPTED] == [
        ("msg-1", NOW, 1),
        ("msg-2", NOW, 1),
    ]


@pytest.mark.parametrize("state", [SubscriberState.UNCONFIRMED, SubscriberState.SUPPRESSED, SubscriberState.LEFT])
def test_nobody_who_did_not_agree_gets_a_post(house: House, state: SubscriberState) -> None:
    house.join(reader(1, state), reader(2, state))

    house.publish(alert(1))

    assert house.shelf.states() == []


@pytest.mark.parametrize("state", [SubscriberState.SUPPRESSED, SubscriberState.LEFT])
def test_whoever_left_since_publication_gets_nothing(house: House, state: SubscriberState) -> None:
    house.publish(alert(1))
    house.join(reader(1, state))

    deliver(house.world)

    assert house.postman.sent == [("reader-2", (alert(1).id,))]
    assert house.shelf.states() == [("reader-1", PostState.SUPPRESSED), ("reader-2", PostState.ACCEPTED)]


def test_whoever_was_erased_since_publication_gets_nothing(house: House) -> None:
    house.publish(alert(1))
    del house.shelf.people[SubscriberId("reader-1")]

    run = deliver(house.world)

    assert [post.detail for post in run.moved if post.state is PostState.SUPPRESSED] == ["the subscriber was erased"]


def test_an_alert_corrected_before_it_was_sent_is_not_sent(house: House) -> None:
    house.publish(alert(1))
    house.shelf.told[alert(1).id] = alert(1, state=AlertState.CORRECTED)

    deliver(house.world)

    assert house.postman.sent == []
    assert house.shelf.posts(PostState.SUPPRESSED) == house.shelf.posts()


def test_an_alert_that_is_not_published_yet_waits(house: House) -> None:
    house.publish(alert(1))
    house.shelf.told[alert(1).id] = alert(1, state=AlertState.APPROVED)

    deliver(house.world)

    assert house.postman.sent == []
    assert house.shelf.posts(PostState.PENDING) == house.shelf.posts()


def test_a_post_found_in_sending_is_unknown_and_not_sent_again(house: House) -> None:
    house.publish(alert(1))
    first = house.shelf.posts()[0]
    house.shelf.move(replace(first, state=PostState.SENDING, attempt=1, due=NOW))

    run = deliver(house.world)

    assert house.postman.sent == [("reader-2", (alert(1).id,))]
    assert [(post.subscriber, post.state) for post in run.moved if post.state is PostState.UNKNOWN] == [
        ("reader-1", PostState.UNKNOWN)
    ]


def test_with_other_processes_a_post_counts_as_lost_only_after_a_while(house: House) -> None:
    house.publish(alert(1))
    for post in house.shelf.posts():
        house.shelf.move(replace(post, state=PostState.SENDING, attempt=1, due=NOW))
    limits = Limits(lost_after=timedelta(minutes=5))

    house.now = NOW + timedelta(minutes=4)
    early = deliver(house.world, limits)
    house.now = NOW + timedelta(minutes=5)
    late = deliver(house.world, limits)

    assert (early.count(PostState.UNKNOWN), late.count(PostState.UNKNOWN)) == (0, 2)


class RacingPostman(Postman):
    """A mailer during whose first message another process takes every other post."""

    def __call__(self, alert: Alert, subscriber: Subscriber, post: Post) -> str:
        for other in self.shelf.posts(PostState.PENDING):
            self.shelf.move(replace(other, state=PostState.SENDING, attempt=1, due=NOW))
        return Postman.__call__(self, alert, subscriber, post)

    shelf: Shelf


def test_a_post_that_another_process_took_is_left_to_it(house: House) -> None:
    house.publish(alert(1))
    racing = RacingPostman()
    racing.shelf = house.shelf
    house.postman = racing

    deliver(house.world)

    assert house.postman.sent == [("reader-1", (alert(1).id,))]
    assert house.shelf.states() == [("reader-1", PostState.ACCEPTED), ("reader-2", PostState.SENDING)]


def test_a_lost_answer_is_unknown_and_not_tried_again(house: House) -> None:
    house.publish(alert(1))
    house.postman.outcomes = [DeliveryError("the answer was lost", unknown=True)]

    deliver(house.world)
    house.now += timedelta(days=1)
    deliver(house.world)

    assert house.shelf.states() == [("reader-1", PostState.UNKNOWN), ("reader-2", PostState.ACCEPTED)]
    assert len(house.postman.sent) == 2


def test_answers_lost_in_a_row_stop_delivery(house: House) -> None:
    house.join(reader(3), reader(4))
    house.publish(alert(1))
    house.postman.outcomes = [DeliveryError("timed out", unknown=True)] * 4

    run = deliver(house.world)

    assert run.stopped == "3 answers in a row were lost: timed out"
    assert house.shelf.states()[2:] == [("reader-3", PostState.UNKNOWN), ("reader-4", PostState.PENDING)]


def test_a_service_out_of_order_is_tried_again_after_a_pause(house: House) -> None:
    house.publish(alert(1))
    house.postman.outcomes = [DeliveryError("out of order (500)")]

    deliver(house.world)
    waiting = house.shelf.posts(PostState.PENDING)[0]
    house.now = NOW + timedelta(seconds=44)
    too_early = len(house.postman.sent)
    deliver(house.world)
    unchanged = len(house.postman.sent)
    house.now = NOW + timedelta(seconds=76)
    deliver(house.world)

    assert waiting.due is not None
    assert timedelta(seconds=45) <= waiting.due - NOW <= timedelta(seconds=75)
    assert (too_early, unchanged, len(house.postman.sent)) == (2, 2, 3)
    assert house.shelf.states() == [("reader-1", PostState.ACCEPTED), ("reader-2", PostState.ACCEPTED)]


def test_a_run_ends_when_the_service_stays_out_of_order(house: House) -> None:
    house.join(*(reader(number) for number in range(3, 9)))
    house.publish(alert(1))
    house.postman.outcomes = [DeliveryError("out of order (500)")] * 8

    run = deliver(house.world)

    assert (len(house.postman.sent), run.paused, run.stopped) == (3, "out of order (500)", "")


def test_a_message_is_given_up_after_the_last_attempt(house: House) -> None:
    house.shelf.people.pop(SubscriberId("reader-2"))
    house.publish(alert(1))
    house.postman.outcomes = [DeliveryError("out of order (500)")] * 9

    for _ in range(9):
        deliver(house.world)
        house.now += timedelta(hours=12)

    post = house.shelf.posts()[0]
    assert (post.state, post.detail) == (PostState.FAILED, "given up after 8 attempts: out of order (500)")
    assert len(house.postman.sent) == 8


def test_a_rate_limit_ends_the_run_and_names_the_next_one(house: House) -> None:
    house.publish(alert(1))
    house.postman.outcomes = [DeliveryError("too many (429)", account=True, retry_after=900)]

    run = deliver(house.world)

    assert run.paused == "too many (429)"
    assert house.shelf.posts()[0].due == NOW + timedelta(minutes=15)
    assert house.shelf.posts()[1].due is None


def test_a_refused_message_fails_for_good_and_the_others_go_on(house: House) -> None:
    house.publish(alert(1))
    house.postman.outcomes = [DeliveryError("refused (400)", final=True)]

    run = deliver(house.world)

    assert house.shelf.states() == [("reader-1", PostState.FAILED), ("reader-2", PostState.ACCEPTED)]
    assert run.stopped == ""


def test_a_refused_key_stops_delivery_until_a_maintainer_resumes_it(house: House) -> None:
    house.publish(alert(1))
    house.postman.outcomes = [DeliveryError("refused (401): set a key", final=True, account=True)]

    first = deliver(house.world)
    second = deliver(house.world)
    why = resume(house.world)
    send_again(house.world, house.shelf.posts(PostState.FAILED))
    third = deliver(house.world)

    assert (first.stopped, second.stopped, why) == ("refused (401): set a key",) * 3
    assert (second.moved, third.count(PostState.ACCEPTED)) == ((), 2)


def test_more_messages_than_allowed_in_an_hour_stop_delivery(house: House) -> None:
    house.join(reader(3))
    house.publish(alert(1))
    limits = Limits(hourly=2)

    first = deliver(house.world, limits)
    house.now += timedelta(hours=3)
    second = deliver(house.world, limits)
    resume(house.world)
    third = deliver(house.world, limits)

    assert first.stopped == "2 messages went out within one hour, the most allowed"
    assert (len(house.postman.sent), second.moved) == (3, ())
    assert third.count(PostState.ACCEPTED) == 1


def test_messages_of_an_earlier_run_count_towards_the_hour(house: House) -> None:
    limits = Limits(hourly=3)
    house.publish(alert(1))
    deliver(house.world, limits)
    house.now += timedelta(minutes=30)
    house.publish(alert(2))

    run = deliver(house.world, limits)

    assert (len(house.postman.sent), bool(run.stopped)) == (3, True)


def test_a_fault_of_ours_is_logged_and_stops_delivery(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.publish(alert(1))
    house.postman.outcomes = [ValueError("no such thing")]

    run = deliver(house.world)

    assert house.shelf.states() == [("reader-1", PostState.UNKNOWN), ("reader-2", PostState.PENDING)]
    assert "a fault of ours" in run.stopped
    assert f"mail of alert {alert(1).id} to subscriber reader-1" in caplog.text
    assert "@example.org" not in caplog.text


def test_alerts_beyond_the_days_share_come_in_one_round_up(house: House) -> None:
    house.shelf.people.pop(SubscriberId("reader-2"))
    house.publish(*(alert(number) for number in range(1, 9)))

    deliver(house.world)
    at_once = [alerts for _, alerts in house.postman.sent]
    house.now = NOW + timedelta(hours=6)
    deliver(house.world)

    assert [len(alerts) for alerts in at_once] == [1, 1, 1, 1, 1]
    assert house.postman.sent[5:] == [("reader-1", (alert(6).id, alert(7).id, alert(8).id))]
    assert {post.state for post in house.shelf.posts()} == {PostState.ACCEPTED}


def test_a_round_up_that_failed_goes_together_again(house: House) -> None:
    house.shelf.people.pop(SubscriberId("reader-2"))
    house.publish(*(alert(number) for number in range(1, 9)))
    deliver(house.world)
    house.now = NOW + timedelta(hours=6)
    house.postman.outcomes = [DeliveryError("out of order (500)")]

    deliver(house.world)
    house.now += timedelta(minutes=5)
    deliver(house.world)

    assert [len(alerts) for _, alerts in house.postman.sent[5:]] == [3, 3]
    assert {post.state for post in house.shelf.posts()} == {PostState.ACCEPTED}


def test_the_digest_goes_out_on_monday_in_one_message(house: House) -> None:
    house.shelf.people.clear()
    house.join(reader(1, level=Level.DIGEST))
    house.publish(alert(1), alert(2, level=Level.DIGEST))

    deliver(house.world)
    on_friday = list(house.postman.sent)
    house.now = datetime(2026, 7, 27, 8, 0, tzinfo=UTC)
    deliver(house.world)

    assert on_friday == []
    assert house.postman.sent == [("reader-1", (alert(1).id, alert(2).id))]


def test_a_clean_stop_ends_between_two_messages(house: House) -> None:
    house.publish(alert(1))

    deliver(house.world, stopping=lambda: len(house.postman.sent) == 1)

    assert house.shelf.states() == [("reader-1", PostState.ACCEPTED), ("reader-2", PostState.PENDING)]


def test_only_unknown_and_failed_messages_are_sent_again(house: House) -> None:
    house.publish(alert(1))
    deliver(house.world)

    with pytest.raises(NotAllowed, match="the post is accepted and cannot become pending"):
        send_again(house.world, house.shelf.posts())
