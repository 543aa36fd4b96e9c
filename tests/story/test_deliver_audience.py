"""Who is told of what, and when: topics, levels, digests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.alert import Evidence
from monitor.model.page import PageId, ServiceId
from monitor.model.subscriber import Edition, Post, SubscriberId, Topics
from monitor.model.verdict import Level
from monitor.pipeline.audience import concerns, edition_for, next_digest, posts_for
from monitor.pipeline.postage import Limits, next_round_up, next_try
from tests.published import alert
from tests.story.test_deliver import NOW, reader

ALERT = alert(1, language="en")
FACEBOOK, WHATSAPP = ServiceId("facebook"), ServiceId("whatsapp")


@pytest.mark.parametrize(
    ("topics", "told"),
    [
        (Topics(), True),
        (Topics(services=frozenset({FACEBOOK})), True),
        (Topics(services=frozenset({WHATSAPP})), False),
        (Topics(pages=frozenset({PageId("facebook-policy")})), True),
        (Topics(pages=frozenset({PageId("facebook-form")})), False),
        (Topics(services=frozenset({WHATSAPP}), pages=frozenset({PageId("facebook-policy")})), True),
        (Topics(languages=frozenset({"en"})), True),
        (Topics(languages=frozenset({"en-GB"})), True),
        (Topics(languages=frozenset({"de"})), False),
        (Topics(services=frozenset({FACEBOOK}), languages=frozenset({"de"})), False),
    ],
)
def test_topics_choose_what_is_told(topics: Topics, told: bool) -> None:
    assert concerns(topics, ALERT) is told


def test_the_language_of_the_page_counts() -> None:
    evidence: Evidence = replace(ALERT.evidence, language="de")

    assert concerns(Topics(languages=frozenset({"de"})), replace(ALERT, evidence=evidence))


@pytest.mark.parametrize(
    ("wanted", "level", "edition"),
    [
        (Level.ALERT, Level.ALERT, Edition.ALERT),
        (Level.ALERT, Level.DIGEST, None),
        (Level.DIGEST, Level.ALERT, Edition.DIGEST),
        (Level.DIGEST, Level.DIGEST, Edition.DIGEST),
        (Level.DIGEST, Level.NONE, None),
        (Level.NONE, Level.ALERT, None),
    ],
)
def test_levels_choose_the_edition(wanted: Level, level: Level, edition: Edition | None) -> None:
    assert edition_for(reader(1, level=wanted), replace(ALERT, level=level)) is edition


def test_a_digest_post_is_due_on_monday_and_an_alert_at_once() -> None:
    posts = posts_for(ALERT, [reader(1), reader(2, level=Level.DIGEST)], now=NOW)

    assert posts == (
        Post(alert=ALERT.id, subscriber=SubscriberId("reader-1"), edition=Edition.ALERT),
        Post(
            alert=ALERT.id,
            subscriber=SubscriberId("reader-2"),
            edition=Edition.DIGEST,
            due=datetime(2026, 7, 27, 8, 0, tzinfo=UTC),
        ),
    )


@pytest.mark.parametrize(
    ("at", "digest"),
    [
        (datetime(2026, 7, 27, 7, 59, tzinfo=UTC), datetime(2026, 7, 27, 8, 0, tzinfo=UTC)),
        (datetime(2026, 7, 27, 8, 0, tzinfo=UTC), datetime(2026, 8, 3, 8, 0, tzinfo=UTC)),
        (datetime(2026, 8, 2, 23, 0, tzinfo=UTC), datetime(2026, 8, 3, 8, 0, tzinfo=UTC)),
    ],
)
def test_the_digest_is_the_next_monday_at_eight(at: datetime, digest: datetime) -> None:
    assert next_digest(at) == digest


@pytest.mark.parametrize(
    ("at", "round_up"),
    [
        (datetime(2026, 7, 27, 5, 59, tzinfo=UTC), datetime(2026, 7, 27, 6, 0, tzinfo=UTC)),
        (datetime(2026, 7, 27, 6, 0, tzinfo=UTC), datetime(2026, 7, 27, 12, 0, tzinfo=UTC)),
        (datetime(2026, 7, 27, 23, 0, tzinfo=UTC), datetime(2026, 7, 28, 0, 0, tzinfo=UTC)),
    ],
)
def test_round_ups_come_four_times_a_day(at: datetime, round_up: datetime) -> None:
    assert next_round_up(at) == round_up


def test_pauses_double_up_to_a_longest_one() -> None:
    post = Post(alert=ALERT.id, subscriber=SubscriberId("r"), edition=Edition.ALERT)

    pauses = [next_try(replace(post, attempt=attempt), NOW, Limits()) - NOW for attempt in (1, 2, 3, 12, 10_000)]

    assert timedelta(seconds=45) <= pauses[0] <= timedelta(seconds=75)
    assert timedelta(seconds=90) <= pauses[1] <= timedelta(seconds=150)
    assert timedelta(seconds=180) <= pauses[2] <= timedelta(seconds=300)
    assert max(pauses) <= timedelta(hours=7, minutes=30)


def test_pauses_of_many_posts_are_spread() -> None:
    posts = [
        Post(alert=ALERT.id, subscriber=SubscriberId(f"r{n}"), edition=Edition.ALERT, attempt=1) for n in range(100)
    ]

    moments = {next_try(post, NOW, Limits()) for post in posts}

    assert len(moments) == 100
