"""Twenty-four hours of one page that flaps, gets blocked, shows a wall and recovers with a real change.

Time is played, all else is real: HTTP on loopback, the store, the site, the feeds, the mails in the folder.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from itertools import pairwise
from pathlib import Path
from socket import socket

import feedparser
import pytest

from monitor import wiring
from monitor.model.alert import Alert, AlertState
from monitor.model.status import Check
from monitor.pipeline.check import checked
from monitor.pipeline.outages import tell_outages
from monitor.pipeline.publish import publish
from monitor.ports import World
from monitor.schedule import timetable
from monitor.settings import settings_from
from tests.contract.servers import Clock, Request, answer, serving
from tests.story.installed import environment
from tests.story.lumen import DEADLINE, WALL, policy

BEGIN = datetime(2026, 7, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WATCHLIST = """
services: {{lumen: {{name: Lumen}}}}
pages:
  - id: policy
    service: lumen
    title: Lumen privacy policy
    url: {url}/policy
    kind: policy
    language: en
    every: 1h
    present: {{least_chars: 20}}
    publish: {{alert: automatic}}
"""
FLAPPING = policy().replace(b"on weekdays", b"on Sundays")


@dataclass(slots=True)
class Day:
    """What the page's server does at which hour, and when it was asked for what."""

    clock: Clock
    asked: list[tuple[datetime, str]] = field(default_factory=list)

    def respond(self, request: Request, connection: socket) -> None:
        self.asked.append((self.clock.now(), request.path))
        if request.path != "/policy":
            connection.sendall(answer(b"", 404))
            return
        connection.sendall(self.page((self.clock.now() - BEGIN) / HOUR))

    def page(self, hour: float) -> bytes:
        """Return the answer of an hour: good, flapping, blocked with and without a time, a wall, changed."""
        if hour < 2:
            return answer(policy())
        if hour < 5:
            return answer(FLAPPING if int(hour) % 2 else policy())
        if hour < 6:
            return answer(b"slow down", 429, Retry_After="5400")
        if hour < 17:
            return answer(b"slow down", 429)
        if hour < 20:
            return answer(WALL)
        return answer(policy(DEADLINE))

    @property
    def hours(self) -> list[str]:
        """Return when the page was asked for, as `04:00`; chance moves the seconds."""
        return [f"{at:%H:%M}" for at, path in self.asked if path == "/policy"]


@dataclass(frozen=True, slots=True)
class Played:
    """What came of the day."""

    day: Day
    folder: Path
    checks: tuple[Check, ...]
    alerts: tuple[Alert, ...]

    @property
    def problems(self) -> list[str]:
        """Return the titles of the feed of problems, oldest first."""
        feed = feedparser.parse((self.folder / "public" / "feeds" / "problems.atom").read_bytes())
        return [entry.title for entry in reversed(feed.entries)]

    @property
    def mails(self) -> list[tuple[str, str]]:
        """Return recipient and subject of every mail, in the order of their subjects."""
        paths = (self.folder / "outbox").glob("*.eml")
        letters = [message_from_bytes(path.read_bytes(), policy=default) for path in paths]
        return sorted((str(letter["To"]), str(letter["Subject"])) for letter in letters)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Play the day by the timetable, with everything done that `run` does after each check."""
    folder, clock = tmp_path_factory.mktemp("day"), Clock(BEGIN)
    day = Day(clock)
    told = {
        **environment(folder),
        "OPTOUT_PAUSE": "10s",
        "OPTOUT_STALE_MAIL": "3h",
        "OPTOUT_MAINTAINERS": "ada@example.org",
    }
    with serving(day.respond) as server:
        (folder / "watchlist.yaml").write_text(WATCHLIST.format(url=server.url), encoding="utf-8")
        with wiring.world(settings_from(told), clock=clock.now, sleep=clock.sleep) as world:
            yield Played(day, folder, tuple(_lived(world, clock)), world.desk.alerts())


def _lived(world: World, clock: Clock) -> Iterator[Check]:
    (page,) = world.watchlist.pages
    while True:
        due = next(turn.at for turn in timetable(world) if turn.what == page.id)
        if due >= BEGIN + timedelta(days=1):
            return
        clock.at = due
        yield checked(page, world)
        tell_outages(world)
        publish(world)


def test_the_page_is_asked_for_on_its_interval_and_more_and_more_seldom_while_blocked(played: Played) -> None:
    asked = played.day.hours

    assert asked[:5] == ["00:00", "01:00", "02:00", "03:00", "04:00"]
    assert asked[5:14] == ["05:00", "07:00", "07:01", "08:01", "09:01", "10:01", "11:01", "12:01", "14:01"]
    assert asked[14:] == ["17:01", "18:01", "19:01", "20:01", "21:01", "22:01", "23:01"]


def test_the_time_that_the_host_named_is_kept_and_then_the_wait_doubles(played: Played) -> None:
    waits = [int(wait) for check in played.checks for wait in re.findall(r"asked to wait (\d+) s", check.detail)]

    assert waits == [5400, 120, 240, 480, 960, 1920, 3840, 7680]


def test_no_two_requests_to_the_host_come_within_its_pause(played: Played) -> None:
    moments = [at for at, _ in played.day.asked]

    assert all(after - before >= timedelta(seconds=10) for before, after in pairwise(moments))
    assert len(moments) == 22


def test_every_check_says_what_came(played: Played) -> None:
    outcomes = " ".join(check.outcome for check in played.checks)

    assert outcomes == (
        "first unchanged unchanged quiet quiet "
        "missed missed missed missed missed missed missed missed missed missed missed missed "
        "refused refused refused held news unchanged unchanged"
    )
    assert played.checks[3].detail == "changed, but nothing about the way out"
    assert played.checks[4].detail == "the text returned to one seen before"
    assert played.checks[17].detail.startswith("login-wall: a field for a password")


def test_readers_are_told_of_the_real_change_alone_when_a_second_fetch_confirmed_it(played: Played) -> None:
    (alert,) = played.alerts

    assert alert.state is AlertState.PUBLISHED
    assert [quote.after for quote in alert.quotes] == [DEADLINE]
    assert (f"{alert.evidence.before_at:%H:%M}", f"{alert.evidence.after_at:%H:%M}") == ("04:00", "20:01")
    assert f"{alert.evidence.confirmed_at:%H:%M}" == "21:01"


def test_the_outage_is_told_once_to_readers_and_maintainers_and_so_is_its_end(played: Played) -> None:
    assert played.problems == ["Lumen privacy policy: not read", "Lumen privacy policy: read again"]
    assert played.mails == [
        ("ada@example.org", "Not read: Lumen privacy policy"),
        ("ada@example.org", "Read again: Lumen privacy policy"),
    ]
