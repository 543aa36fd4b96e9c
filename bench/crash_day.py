"""One day of the real pipeline, as `crash.py` starts it in a process of its own, with or without a fuse.

A fuse kills the process with SIGKILL before a certain line that runs within a step, whether the line is ours or a
library's.
"""

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FrameType
from typing import TYPE_CHECKING

from monitor.assess import assess
from monitor.cli.probes import probes
from monitor.model.subscriber import Consent, Subscriber, SubscriberId, SubscriberState
from monitor.pipeline.check import NOT_READ, check_all
from monitor.pipeline.deliver import Limits, deliver
from monitor.pipeline.doctor import Health, look_over
from monitor.pipeline.publish import publish
from monitor.ports import World
from monitor.publish.feeds import FeedPublisher
from monitor.publish.mail import Letters, Service
from monitor.publish.site import SitePublisher
from monitor.settings import settings_from
from monitor.store.desk import StoredDesk
from monitor.store.evidence import StoredEvidence
from monitor.store.journal import StoredJournal
from monitor.store.outbox import StoredOutbox
from monitor.wiring import limits, now, world

if TYPE_CHECKING:
    from _typeshed import TraceFunction

PAGES = 2
READERS = ("reader-1", "reader-2", "reader-3")
MESSAGES = PAGES * len(READERS)
ANY_MOMENT = "at any moment"

STEPS: Mapping[CodeType, str] = {
    StoredEvidence.keep.__code__: "keep a capture",
    assess.__code__: "read and judge",
    StoredEvidence.write_reading.__code__: "write the newest text",
    StoredJournal.record.__code__: "record version, change, alert",
    StoredDesk.decide.__code__: "publish, with its messages",
    FeedPublisher.__call__.__code__: "write the feeds",
    SitePublisher.__call__.__code__: "write the site",
    StoredOutbox.move.__code__: "take a message, write its outcome",
    Letters.alert.__code__: "write the mail",
    Service.__call__.__code__: "ask SendGrid, read its answer",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One time that a step was gone through, and how many lines ran in it."""

    step: str
    lines: int


@dataclass(slots=True)
class Fuse:
    """Kills before the `line`-th line of the `call`-th time in a step; without a step it only counts."""

    step: str = ""
    call: int = 0
    line: int = 0
    visits: list[Visit] = field(default_factory=list)
    _inside: FrameType | None = None
    _lines: int = 0

    def watch(self, frame: FrameType, event: str, _: object) -> "TraceFunction | None":
        """Look at each call of a function; lines are looked at within steps alone."""
        if self._inside is not None:
            return self._look
        if event == "call" and frame.f_code in STEPS:
            self._inside, self._lines = frame, 0
            return self._look
        return None

    def _look(self, frame: FrameType, event: str, _: object) -> "TraceFunction | None":
        if event == "line":
            self._lines += 1
            if self._lines == self.line and self._here(STEPS[self._entered.f_code]):
                os.kill(os.getpid(), signal.SIGKILL)
        elif event == "return" and frame is self._inside:
            self.visits.append(Visit(STEPS[frame.f_code], self._lines))
            self._inside = None
        return self._look

    @property
    def _entered(self) -> FrameType:
        assert self._inside is not None
        return self._inside

    def _here(self, step: str) -> bool:
        return step == self.step and sum(visit.step == step for visit in self.visits) == self.call


def live(
    environment: Mapping[str, str], days: int = 1, fuse: Fuse | None = None, telling: Connection | None = None
) -> None:
    """Let days pass, and tell the visits of a fuse that did not burn."""
    settings = settings_from(environment)
    for _ in range(days):
        with world(settings) as outside, outside.writing():
            if fuse is not None:
                sys.settrace(fuse.watch)
            day(outside, limits(settings))
            sys.settrace(None)
    if fuse is not None and telling is not None:
        telling.send(fuse.visits)


def day(outside: World, bounds: Limits) -> None:
    """Check all pages twice, publish and deliver."""
    for _ in range(2):
        unread = [check for check in check_all(outside.watchlist.pages, outside) if check.outcome in NOT_READ]
        if unread:
            raise RuntimeError(f"a page was not read: {unread}")
    publish(outside)
    deliver(outside, bounds)


def outcomes(environment: Mapping[str, str], telling: Connection) -> None:
    """Tell whether the doctor finds messages of which nobody knows whether they went out."""
    os.environ.update(environment)
    found = {symptom.name: symptom.found for symptom in look_over(probes())}
    telling.send(found["outcomes"].health is Health.ILL)


def join(environment: Mapping[str, str]) -> None:
    """Let the readers subscribe to everything."""
    consent = Consent(source="bench", wording="1", asked=now(), confirmed=now())
    with world(settings_from(environment)) as outside:
        for name in READERS:
            outside.readers.add(
                Subscriber(
                    id=SubscriberId(name),
                    address=f"{name}@lumen.example",
                    consent=consent,
                    state=SubscriberState.CONFIRMED,
                )
            )


def environment(folder: Path, sendgrid: str) -> dict[str, str]:
    """Return the settings of an installation in a folder."""
    return {
        "OPTOUT_DATA": str(folder),
        "OPTOUT_ALLOW_LOOPBACK": "yes",
        "OPTOUT_PAUSE": "0s",
        "OPTOUT_CONTACT": "bench@lumen.example",
        "OPTOUT_SENDGRID_KEY": "SG.bench",
        "OPTOUT_SENDGRID_URL": sendgrid,
        "OPTOUT_MAIL_FROM": "bench@lumen.example",
    }


def watchlist(port: int) -> str:
    """Return the watchlist of the pages on a port of loopback."""
    entries = (
        f"  - {{id: p{number}, service: lumen, title: Page {number}, kind: policy, language: en,\n"
        f'     url: "http://127.0.0.1:{port}/p{number}", every: 12h, present: {{least_chars: 20}},\n'
        "     publish: {alert: automatic, digest: automatic}}\n"
        for number in range(PAGES)
    )
    return "services:\n  lumen: {name: Lumen}\npages:\n" + "".join(entries)
