"""A feed goes through the house: read, looked through, told in the digest, and pages checked before their turn."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model.alert import AlertState
from monitor.model.capture import Capture, MissReason
from monitor.model.feed import Entries, Entry, NoEntries, SameEntries
from monitor.model.page import FeedSource, PageId, Publication, ServiceId
from monitor.model.status import Outcome
from monitor.model.verdict import Kind, Level
from monitor.pipeline.check import check
from monitor.pipeline.publish import publish
from monitor.pipeline.review import Decider
from monitor.pipeline.rules import Matching, add, rule_of
from monitor.pipeline.signals import nudged, read_feeds
from monitor.schedule import timetable
from tests.fakes import House, fake_world
from tests.story.lumen import policy

FEED = FeedSource(id="board", url="https://board.example/feed", title="The Board")
OLD = Entry(id="1", title="Lumen trained its AI models on posts last year")
NEWS = Entry(id="2", title="Lumen will train its AI models on posts", link="https://board.example/2")
WEATHER = Entry(id="3", title="The weather was fine")
PAGE = PageId("lumen-policy")


def watching(feed: FeedSource = FEED) -> House:
    """Return a house whose page and feed were read once."""
    house = fake_world()
    house.feeds = (feed,)
    house.serve(policy())
    check(house.pages[0], house.world)
    says(house, OLD)
    read(house)
    return house


def says(house: House, *entries: Entry, fault: str = "", etag: str = "") -> None:
    """Let the feed say this an hour later."""
    house.clock.turn(timedelta(hours=1))
    at, body = house.clock.now(), repr(entries).encode()
    capture = Capture(page=PageId(FEED.id), url=FEED.url, at=at, body=body)
    house.stand.answers[FEED.id] = Entries(
        feed=FEED.id, at=at, entries=entries, capture=capture, etag=etag, fault=fault
    )


def read(house: House) -> tuple[Outcome, str]:
    (told,) = read_feeds(house.feeds, house.world)
    return told.outcome, told.detail


def test_what_stands_in_a_feed_at_first_is_no_news() -> None:
    house = fake_world()
    house.feeds = (FEED,)
    says(house, OLD, NEWS)

    assert read(house) == (Outcome.FIRST, "read for the first time; entries: 2, none of them news")
    assert house.store.told == {}


def test_a_new_entry_becomes_an_item_of_the_digest_with_the_bytes_it_came_in() -> None:
    house = watching()
    says(house, NEWS, OLD)

    assert read(house) == (Outcome.NEWS, "The Board: an entry speaks of data used for AI")

    publish(house.world)
    (alert,) = house.store.alerts(AlertState.PUBLISHED)
    assert (alert.page, alert.kind, alert.level) == ("board", Kind.SIGNAL, Level.DIGEST)
    assert alert.evidence.url == "https://board.example/2"
    assert house.evidence.capture(alert.evidence.after) is not None
    assert house.evidence.capture(alert.evidence.before) is not None
    assert alert.evidence.before_at == datetime.fromisoformat("2026-07-01T21:00:00+00:00")
    assert alert.quotes[0].after == "Lumen will train its AI models on posts"


def test_a_rule_dismisses_an_entry_of_a_feed_as_it_does_a_change() -> None:
    house = watching()
    matching = Matching(page=PageId(FEED.id), words="train its AI models")
    add(rule_of(matching, Decider("ada", "they say so weekly"), house.world), house.world)
    says(house, NEWS, OLD)

    read(house)

    assert [alert.state for alert in house.store.alerts()] == [AlertState.DISMISSED]


def test_reading_twice_tells_once_whatever_restarts_between() -> None:
    house = watching()
    says(house, NEWS, OLD)
    read(house)
    (first,) = house.store.told

    says(house, NEWS, OLD, WEATHER)

    assert read(house) == (Outcome.QUIET, "new entries: 1")
    assert tuple(house.store.told) == (first,)


def test_the_next_check_of_the_pages_it_is_about_is_brought_forward_until_they_are_checked() -> None:
    house = watching()
    says(house, NEWS, OLD)
    read(house)
    named = house.clock.now()
    house.clock.turn(timedelta(minutes=1))

    assert nudged(house.world) == {"lumen-policy": named}
    assert [(turn.at - house.clock.now(), turn.why) for turn in timetable(house.world) if turn.what == PAGE] == [
        (timedelta(0), "an entry of a feed speaks of it")
    ]
    check(house.pages[0], house.world)
    assert nudged(house.world) == {}


def test_an_entry_that_the_feed_dates_long_ago_is_no_early_signal() -> None:
    house = watching()
    says(house, replace(NEWS, at=house.clock.now() - timedelta(days=8)))

    assert read(house) == (Outcome.QUIET, "new entries: 1")


def test_a_feed_that_was_rebuilt_waits_for_a_maintainer() -> None:
    house = watching()
    says(house, *(replace(NEWS, id=str(number)) for number in range(10, 16)))

    read(house)

    assert {alert.state for alert in house.store.told.values()} == {AlertState.PENDING}
    assert next(iter(house.store.told.values())).waits_for == "a maintainer: one reading brought 6 such entries"


def test_a_feed_whose_lines_are_reviewed_waits_for_a_maintainer() -> None:
    house = watching(replace(FEED, publish=Publication.REVIEW))
    says(house, NEWS)

    read(house)

    assert [alert.state for alert in house.store.told.values()] == [AlertState.PENDING]


def test_the_feed_is_asked_with_what_it_named_last() -> None:
    house = watching()
    says(house, NEWS, etag='"7"')
    read(house)
    house.stand.answers[FEED.id] = SameEntries(feed=FEED.id, at=house.clock.now())

    assert read(house) == (Outcome.UNCHANGED, "")
    assert house.stand.asked[-1] == ("board", '"7"')


def test_a_malformed_feed_is_read_as_far_as_it_goes_told_as_a_problem_and_asked_for_whole() -> None:
    house = watching()
    for _ in range(3):
        says(house, NEWS, fault="not well-formed: mismatched tag", etag='"8"')
        outcome = read(house)

    publish(house.world)

    detail = "malformed feed: not well-formed: mismatched tag; entries read all the same: 1"
    assert outcome == (Outcome.REFUSED, detail)
    assert [(problem.page, problem.detail) for problem in house.board.seen[-1].problems] == [("board", detail)]
    assert len(house.store.told) == 1
    assert house.stand.asked[-1] == ("board", "")


def test_a_page_in_the_place_of_a_feed_is_no_first_reading() -> None:
    house = fake_world()
    house.feeds = (FEED,)
    says(house, fault="not a feed")
    read(house)
    says(house, NEWS)

    outcome = read(house)

    assert outcome == (Outcome.FIRST, "read for the first time; entries: 1, none of them news")
    assert house.store.told == {}


def test_a_feed_that_does_not_come_is_missed_and_due_again_after_its_interval() -> None:
    house = watching()
    house.stand.answers[FEED.id] = NoEntries(
        feed=FEED.id, at=house.clock.now(), why=MissReason.HTTP_ERROR, detail="HTTP 410"
    )

    assert read(house) == (Outcome.MISSED, "http-error: HTTP 410")
    assert {turn.what: turn.at - house.clock.now() for turn in timetable(house.world)}["board"] == timedelta(hours=1)


def test_a_service_of_a_feed_is_the_service_of_what_it_signals() -> None:
    house = watching(replace(FEED, service=ServiceId("lumen")))
    says(house, replace(NEWS, title="How you can object to AI training"))

    read(house)

    assert [alert.service for alert in house.store.told.values()] == ["lumen"]
