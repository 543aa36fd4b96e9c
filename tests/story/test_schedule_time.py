"""Weeks of turns by a virtual clock: intervals, jitter, daylight saving time, sleep, and a clock that jumps."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers import base
from apscheduler.schedulers.base import BaseScheduler

from monitor.model.alert import AlertState
from monitor.model.errors import MonitorError
from monitor.model.page import FeedSource, Page, PageId
from monitor.model.status import Check, Outcome
from monitor.pipeline.check import checked
from monitor.pipeline.deliver import Limits
from monitor.schedule.here import Here
from monitor.schedule.jobs import JOBS
from monitor.schedule.pacing import AGAIN, CHECKS, TELLING, Pace
from monitor.schedule.turns import Cadence, due_after, is_due
from monitor.watchlist import cron_problem
from tests.fakes import START, Clock, House, fake_world, page
from tests.published import alert
from tests.story.lumen import DEADLINE, policy

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PAGE = PageId("lumen-policy")


@dataclass(slots=True)
class Diary:
    """Hands that write down what they were asked to do, and when; each check is one of the journal."""

    house: House
    done: list[tuple[str, datetime]] = field(default_factory=list)
    halt: threading.Event = field(default_factory=threading.Event)
    fatal: MonitorError | None = None

    def check(self, page: Page) -> None:
        self._note(page.id)
        self.house.store.missed(Check(page=page.id, at=self.house.clock.now(), outcome=Outcome.UNCHANGED))

    def read(self, feed: FeedSource) -> None:
        self._note(feed.id)

    def do(self, job: str) -> None:
        self._note(job)

    def wait(self, seconds: float) -> None:
        """Wait for nothing: everything was done at once."""

    def _note(self, what: str) -> None:
        self.done.append((what, self.house.clock.now()))

    def times(self, what: str) -> list[datetime]:
        return [at for name, at in self.done if name == what]


class Stepped(BaseScheduler):  # type: ignore[misc]  # APScheduler has no types
    """A scheduler that takes turns only when a test says so, at once and one after the other."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{**options, "executors": {CHECKS: DebugExecutor(), TELLING: DebugExecutor()}})

    def wakeup(self) -> None:
        self._process_jobs()

    def shutdown(self, wait: bool = True) -> None:
        super().shutdown(wait)


@dataclass(slots=True)
class Days:
    """A schedule whose clock a test turns."""

    house: House
    diary: Diary
    pace: Pace

    def go_on(self, span: timedelta) -> None:
        """Let time pass as it does: the schedule looks at the clock every fifteen seconds."""
        end = self.house.clock.now() + span
        while self.house.clock.now() < end:
            self.pace.look()
            self.house.clock.turn(timedelta(seconds=15))

    def jump(self, span: timedelta) -> None:
        """Set the clock, or let the machine sleep."""
        self.house.clock.turn(span)


@pytest.fixture
def house() -> House:
    return fake_world()


@pytest.fixture
def days(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Days]:
    """Return a schedule that runs on the house's clock; APScheduler reads the time in one module."""
    monkeypatch.setattr(base, "datetime", virtual(house.clock))
    with paced(house, Diary(house)) as days:
        yield days


@contextmanager
def paced(house: House, hands: Diary) -> Iterator[Days]:
    pace = Pace(house.world, hands, Stepped)
    pace.start()
    yield Days(house, hands, pace)
    pace.stop()


@dataclass(slots=True)
class Writing(Diary):
    """Hands that check as the program does."""

    def check(self, page: Page) -> None:
        self._note(page.id)
        checked(page, self.house.world)


@dataclass(slots=True)
class Forgetful(Diary):
    """Hands that ask for a page and can write nothing down, as while the disk is full."""

    def check(self, page: Page) -> None:
        self._note(page.id)


def virtual(clock: Clock) -> type[datetime]:
    class Virtual(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # the fake has one zone
            return clock.now()

    return Virtual


def gaps(times: list[datetime]) -> list[timedelta]:
    return [after - before for before, after in pairwise(times)]


def test_a_page_comes_round_at_its_interval_and_at_most_its_jitter_later(days: Days) -> None:
    days.go_on(timedelta(days=10))

    times = days.diary.times(PAGE)
    assert len(times) == 20
    assert times[0] == START
    assert all(12 * HOUR <= gap <= 12 * HOUR + 10 * MINUTE + timedelta(seconds=15) for gap in gaps(times))
    assert len(set(gaps(times))) > 5


def test_the_jobs_of_the_table_come_round_as_often_as_it_says(days: Days) -> None:
    days.go_on(HOUR)

    assert {name: len(days.diary.times(name)) for name in ("publication", "site", "delivery", "outages")} == {
        "publication": 59,
        "site": 6,
        "delivery": 59,
        "outages": 6,
    }


def test_a_long_sleep_is_made_up_by_one_turn(days: Days) -> None:
    days.go_on(HOUR)

    days.jump(timedelta(days=9))
    woken = days.house.clock.now()
    days.go_on(11 * HOUR)

    assert days.diary.times(PAGE) == [START, woken]


def test_a_clock_that_is_set_back_a_little_holds_nothing_up_for_long(days: Days) -> None:
    days.go_on(13 * HOUR)
    seen = len(days.diary.times("delivery"))

    days.jump(-5 * HOUR)
    days.go_on(10 * MINUTE)

    assert len(days.diary.times("delivery")) - seen in (9, 10)
    days.go_on(18 * HOUR)
    assert len(days.diary.times(PAGE)) == 3


def test_a_clock_that_was_wrong_by_a_year_does_not_stop_the_checks(days: Days) -> None:
    days.jump(timedelta(days=365))
    days.go_on(HOUR)

    days.jump(timedelta(days=-365))
    right = days.house.clock.now()
    days.go_on(HOUR)

    assert days.diary.times(PAGE)[-1] == right


def test_a_held_alert_brings_a_page_forward_within_a_minute_of_its_look(days: Days) -> None:
    days.go_on(HOUR)
    raised = days.house.clock.now()
    held = replace(alert(), page=PAGE, state=AlertState.HELD, raised=raised)
    days.house.store.told[held.id] = held

    days.go_on(8 * HOUR)

    looks = [at - raised for at in days.diary.times(PAGE)[1:]]
    assert [round(look / HOUR, 1) for look in looks] == [1.0, 2.0, 4.0]


def test_while_nothing_can_be_written_down_a_host_is_asked_for_an_early_look_twice_an_hour(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "datetime", virtual(house.clock))
    house.store.missed(Check(page=PAGE, at=house.clock.now(), outcome=Outcome.UNCHANGED))
    held = replace(alert(), page=PAGE, state=AlertState.HELD, raised=house.clock.now())
    house.store.told[held.id] = held

    with paced(house, Forgetful(house)) as days:
        days.go_on(5 * HOUR)

    planned, *looks = days.diary.times(PAGE)
    assert looks[0] - planned <= MINUTE
    assert len(looks) == 8
    assert min(gaps(looks)) >= AGAIN


def test_an_entry_of_a_feed_brings_the_page_that_it_names_forward_once(days: Days) -> None:
    days.go_on(HOUR)
    days.house.store.named[PAGE] = days.house.clock.now()

    days.go_on(3 * HOUR)

    first, second = days.diary.times(PAGE)
    assert HOUR <= second - first <= HOUR + 2 * MINUTE


def test_what_is_held_is_looked_at_again_by_the_same_run(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "datetime", virtual(house.clock))
    house.site.bodies[PAGE] = policy()
    checked(house.pages[0], house.world)
    house.serve(policy(DEADLINE))

    with paced(house, Writing(house)) as days:
        days.go_on(2 * HOUR)

    assert [told.outcome for told in house.store.written] == [Outcome.FIRST, Outcome.HELD, Outcome.NEWS]


@pytest.mark.parametrize(
    ("before", "turns"),
    [
        pytest.param(
            datetime(2027, 3, 27, 12, tzinfo=UTC),
            ["2027-03-28T02:30:00+00:00", "2027-03-29T02:30:00+00:00", "2027-03-30T02:30:00+00:00"],
            id="clocks go forward in Europe on 28 March 2027",
        ),
        pytest.param(
            datetime(2027, 10, 30, 12, tzinfo=UTC),
            ["2027-10-31T02:30:00+00:00", "2027-11-01T02:30:00+00:00", "2027-11-02T02:30:00+00:00"],
            id="clocks go back in Europe on 31 October 2027",
        ),
    ],
)
def test_a_cron_comes_once_a_day_over_daylight_saving_changes(
    before: datetime, turns: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    cadence, at = Cadence(replace(page(), cron="30 2 * * *")), before

    found = []
    for _ in turns:
        at = cadence.get_next_fire_time(None, at)
        found.append(at.isoformat())

    assert found == turns


@pytest.mark.parametrize(
    "line", ["59 23 31 12 *", "*/5 * * * *", "0 */23 * * *", "30 2 29 2 sun", "0 0 */30 * fri-sun"]
)
def test_every_cron_that_a_watchlist_may_say_comes_some_day(line: str) -> None:
    turn = due_after(replace(page(), cron=line), START)

    assert cron_problem(line) == ""
    assert turn > START


def test_an_interval_stays_its_length_over_daylight_saving_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    cadence, at = Cadence(replace(page(), every=12 * HOUR)), datetime(2027, 10, 30, 18, tzinfo=UTC)

    after = cadence.get_next_fire_time(at, at)

    assert timedelta(0) <= after - at - 12 * HOUR <= 10 * MINUTE


@pytest.mark.parametrize(("every", "most"), [(HOUR, 3 * MINUTE), (12 * HOUR, 10 * MINUTE), (30 * MINUTE, 1.5 * MINUTE)])
def test_jitter_stays_within_its_bounds(every: timedelta, most: timedelta) -> None:
    cadence = Cadence(replace(page(), every=every))

    late = [cadence.get_next_fire_time(START, START) - START - every for _ in range(500)]

    assert min(late) >= timedelta(0)
    assert most * 0.5 < max(late) <= most


def test_a_page_that_was_checked_meanwhile_is_not_due_any_more(house: House) -> None:
    assert is_due(page(), house.world)

    house.store.missed(Check(page=PAGE, at=START, outcome=Outcome.UNCHANGED))

    assert not is_due(page(), house.world)
    house.clock.turn(12 * HOUR)
    assert is_due(page(), house.world)


@pytest.mark.parametrize("job", JOBS)
def test_every_job_does_no_harm_when_there_is_nothing_to_do(house: House, job: str) -> None:
    hands = Here(house.world, Limits(), threading.Event())

    hands.do(job)
    hands.do(job)

    assert hands.fatal is None
    assert house.store.written == []
