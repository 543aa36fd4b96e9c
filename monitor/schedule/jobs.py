"""The one table of what comes round beside pages and feeds. A new job is one line of `JOBS` and a function.

A job must do no harm when it is done twice, late, or by two machines at once: what is due it asks the store, never its
own memory. `every` is how often it is looked whether anything is to be done.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from monitor.model.alert import AlertState
from monitor.pipeline.anchor import anchor_when_due
from monitor.pipeline.deliver import Limits, deliver
from monitor.pipeline.outages import tell_outages
from monitor.pipeline.prune import prune
from monitor.pipeline.publish import publish
from monitor.ports import World

LOG = logging.getLogger(__name__)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a job is given: the world, the bounds of delivery, and whether the program stops."""

    world: World
    limits: Limits
    stopping: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Job:
    """Something that comes round: how often, what it is for, and what is done."""

    every: timedelta
    why: str
    act: Callable[[Round], None]


def _publish_approved(told: Round) -> None:
    if told.world.desk.alerts(AlertState.APPROVED):
        _publish(told)


def _publish(told: Round) -> None:
    for alert in publish(told.world, stopping=told.stopping).published:
        LOG.info("alert %s published: %s", alert.id, alert.title, extra={"alert": alert.id, "page": alert.page})


def _deliver(told: Round) -> None:
    done = deliver(told.world, told.limits, stopping=told.stopping)
    if done.moved:
        LOG.info("delivery: %s", done.outcomes())
    if done.stopped:
        LOG.error("delivery is stopped until a maintainer resumes it: %s", done.stopped)


def _tell_outages(told: Round) -> None:
    for one in tell_outages(told.world, stopping=told.stopping):
        what = "read again" if one.problem.recovered else "not read"
        where = {"page": one.problem.page}
        LOG.info("maintainers told of page %s, %s: %s", one.problem.page, what, one.message, extra=where)


def _anchor(told: Round) -> None:
    made = anchor_when_due(told.world)
    if made is not None:
        LOG.info("the ledger is time-stamped: %s", made.file)


def _prune(told: Round) -> None:
    if told.world.retention is not None:
        gone = prune(told.world, told.world.retention)
        LOG.info("retention: %d files of %d captures removed", len(gone.files), gone.captures)


JOBS: Mapping[str, Job] = {
    "publication": Job(MINUTE, "of what is approved", _publish_approved),
    "site": Job(10 * MINUTE, "what readers see of new checks", _publish),
    "delivery": Job(MINUTE, "of messages that are due, digests too", _deliver),
    "outages": Job(10 * MINUTE, "mail to maintainers of pages not read for long", _tell_outages),
    "time stamp": Job(HOUR, "of the ledger, when the newest is a day old", _anchor),
    "retention": Job(6 * HOUR, "removes old captures that nothing refers to", _prune),
}
