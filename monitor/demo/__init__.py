"""The bundled story from end to end: an invented service served on loopback, fetched, judged, published, mailed.

    ended = demo(Path("demo"), tell=print)

Everything is the real thing but the service and the clock, which shows the story's own days.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree

from monitor.demo.server import Stage, serving, staged
from monitor.demo.story import StoryPage, pages, scenes
from monitor.model.alert import AlertState
from monitor.model.errors import MonitorError
from monitor.model.page import Page
from monitor.model.status import Check, Outcome
from monitor.model.subscriber import Consent
from monitor.model.verdict import Level
from monitor.pipeline import deliver, publish, review, subscribe
from monitor.pipeline.check import checked
from monitor.pipeline.confirm import next_looks
from monitor.ports import World
from monitor.settings import settings_from
from monitor.wiring import token, world

MARK = ".optout-monitor-demo"
READER = "ada@example.org"
AN_HOUR = timedelta(hours=1)
MAINTAINER = review.Decider(who="demo", reason="the quotes say so")


class NotOurFolder(MonitorError):
    """The folder holds something that the demo did not make."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder

    def __str__(self) -> str:
        return f"{self.folder} was not made by the demo: name another folder, or move what is in it away"


class NoFolder(MonitorError):
    """The folder cannot be made."""

    def __init__(self, folder: Path, problem: str) -> None:
        super().__init__(folder, problem)
        self.folder = folder
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.folder} cannot be made ({self.problem}): name a folder that may be written with --to"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line of the demo: on which day, which page, what happened to it, whether readers were told, and why."""

    at: datetime
    page: str
    what: str
    told: bool
    outcome: Outcome
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Where the demo left what it made, and its lines."""

    lines: tuple[Told, ...]
    public: Path
    outbox: Path
    snapshots: Path


def demo(root: Path, *, tell: Callable[[Told], None] = lambda _: None, port: int = 0) -> Ended:
    """Play the story in a folder, telling each line as it happens; return them all, and where things lie.

    The invented service listens on `port` of loopback, on any free one for 0.

    Raises:
        NotOurFolder: the folder holds something that the demo did not make.
        NoFolder: the folder cannot be made, or not be emptied.
    """
    try:
        _made_empty(root)
    except OSError as error:
        raise NoFolder(root, error.strerror or str(error)) from error
    stage, lines = Stage(), list[Told]()
    with staged(stage, port) as address:
        settings = settings_from(_environment(root))
        (root / "watchlist.yaml").write_text(_watchlist(address), encoding="utf-8")
        clock = _Clock()
        with world(settings, clock=clock) as outside:
            _subscribe(outside)
            for scene in scenes():
                clock.at, stage.sources = scene.day.at, scene.sources
                for line in _looked(outside, outside.watchlist.pages, scene.day.what):
                    lines.append(line)
                    tell(line)
                stage.sources = scene.later
                for line in _looked_again(outside, clock):
                    lines.append(line)
                    tell(line)
    places = settings.places
    return Ended(lines=tuple(lines), public=places.public, outbox=places.outbox, snapshots=places.snapshots)


class _Clock:
    """Shows the story's day."""

    at: datetime = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


def _made_empty(root: Path) -> None:
    """Make the folder anew; one that holds anything but an earlier demo is left alone."""
    if root.exists() and any(root.iterdir()) and not (root / MARK).is_file():
        raise NotOurFolder(root)
    if root.exists():
        rmtree(root)
    root.mkdir(parents=True)
    (root / MARK).touch()


def _environment(root: Path) -> dict[str, str]:
    return {
        "OPTOUT_DATA": str(root.resolve()),
        "OPTOUT_ALLOW_LOOPBACK": "yes",
        "OPTOUT_PAUSE": "0s",
        "OPTOUT_CONTACT": "demo@example.org",
        "OPTOUT_MAIL_FROM": "Optout Monitor <demo@example.org>",
        "OPTOUT_SITE_TITLE": "Optout Monitor: the demo",
    }


def _watchlist(address: str) -> str:
    entries = "".join(_entry(page, address) for page in pages())
    return f"services:\n  murmel:\n    name: Murmel\npages:\n{entries}"


def _entry(page: StoryPage, address: str) -> str:
    return (
        f"  - id: {page.id}\n    service: murmel\n    url: {address}{page.path}\n    kind: {page.kind}\n"
        f"    title: {page.title}\n    language: en\n    every: 12h\n    fetcher: plain\n"
        f"    recipe:\n      select: ['{page.select}']\n    present:\n      selectors: ['{page.select}']\n"
        f"    publish:\n      alert: {page.publish}\n"
    )


def _subscribe(outside: World) -> None:
    consent = Consent(source="the demo", wording="demo", asked=outside.now(), confirmed=outside.now())
    subscribe.add(outside, READER, consent, token)


def _looked_again(outside: World, clock: _Clock) -> list[Told]:
    """Look again at the pages that the schedule would look at before their turn."""
    looks = next_looks(outside)
    soon = [page for page in outside.watchlist.pages if page.id in looks and looks[page.id] <= clock.at + AN_HOUR]
    clock.at += AN_HOUR
    return _looked(outside, soon, "An hour later, to confirm it.") if soon else []


def _looked(outside: World, watched: Iterable[Page], what: str) -> list[Told]:
    """Check pages once, decide what waits for a maintainer, publish and send; return a line for each."""
    checks = [checked(page, outside) for page in watched]
    for alert in outside.desk.alerts(AlertState.PENDING):
        review.approve(alert.id, MAINTAINER, outside)
    told = {alert.page for alert in publish.publish(outside).published if alert.level is Level.ALERT}
    with outside.writing():
        deliver.deliver(outside)
    return [_line(check, what, loud=check.page in told) for check in checks]


def _line(check: Check, what: str, *, loud: bool) -> Told:
    return Told(
        at=check.at,
        page=check.page,
        what=what,
        told=loud,
        outcome=check.outcome,
        why=check.detail or _WHY[check.outcome],
    )


_WHY = {
    Outcome.FIRST: "seen for the first time: nothing to compare with",
    Outcome.UNCHANGED: "the same",
    Outcome.QUIET: "nothing that a reader would notice",
    Outcome.NEWS: "",
    Outcome.HELD: "",
    Outcome.REFUSED: "not the page",
    Outcome.MISSED: "did not come",
}

__all__ = ["Ended", "NotOurFolder", "Told", "demo", "serving"]
