"""What is approved becomes published: the alert's last step with its messages in one transaction, then the files.

Publishers are asked every time and write only what differs, so that a crash after the transaction is made good by the
next run: the alert is published once, its messages stand in the outbox once, and the files follow.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from monitor.model.alert import Alert, AlertState, Review
from monitor.model.errors import MonitorError, NotAllowed, PublishError
from monitor.model.page import PageId
from monitor.model.status import Problem, Standing, problems_of
from monitor.optout import edition_gaps
from monitor.pipeline.audience import posts_for
from monitor.pipeline.exhibits import exhibits
from monitor.ports import Published, World

LOG = logging.getLogger(__name__)
MACHINE = "machine"
PUBLIC = (AlertState.PUBLISHED, AlertState.CORRECTED)
CHECKS_READ = 20_000  # of each page, newest first; runs of unchanged ones count as two


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What one run did: the alerts that became published, the paths each publisher changed, and those that failed."""

    published: tuple[Alert, ...] = ()
    changed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    failed: tuple[str, ...] = ()


def publish(world: World, *, stopping: Callable[[], bool] = lambda: False) -> Publication:
    """Publish every approved alert, then let each publisher write what differs; a fault of one does not stop others.

    Raises:
        StoreError: nothing can be kept.
        Stopping: `stopping` said so; what is written stands, and the next publication goes on from there.
    """
    published = tuple(filter(None, (_published(alert, world) for alert in world.desk.alerts(AlertState.APPROVED))))
    changed, failed = _written(replace(record(world), stopping=stopping), world)
    return Publication(published=published, changed=changed, failed=failed)


def record(world: World) -> Published:
    """Return all that the public may see."""
    watchlist = world.watchlist.with_feeds()
    alerts = world.desk.alerts(*PUBLIC)
    told = {alert.id for alert in alerts}
    known, unread = world.journal.standings(), world.journal.unread()
    standings = {page.id: known.get(page.id, Standing(page=page.id)) for page in watchlist.pages}
    return Published(
        watchlist=watchlist,
        alerts=alerts,
        standings=standings,
        versions=world.journal.versions(),
        mail_is_sent=world.mail_is_sent,
        problems=tuple(problem for page in standings if page in unread for problem in problems(page, world)),
        gaps=edition_gaps(watchlist.pages, standings),
        reviews=tuple(review for review in world.desk.reviews() if review.alert in told),
        exhibits=lambda alert: exhibits(alert, world),
        stamped=tuple(anchor.at for anchor in world.evidence.anchors()),
    )


def _published(alert: Alert, world: World) -> Alert | None:
    """Return the alert as published, or None when another process was first."""
    now = world.now()
    review = Review(
        alert=alert.id,
        before=AlertState.APPROVED,
        after=AlertState.PUBLISHED,
        who=MACHINE,
        at=now,
        reason="approved",
    )
    try:
        return world.desk.decide(review, posts_for(alert, world.readers.subscribers(), now=now))
    except NotAllowed as first:
        LOG.info("alert %s: %s", alert.id, first, extra={"alert": alert.id, "page": alert.page})
        return None


def _written(seen: Published, world: World) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    changed: dict[str, tuple[str, ...]] = {}
    failed: list[str] = []
    for name, publisher in world.publishers.items():
        try:
            changed[name] = publisher(seen)
        except PublishError as full:
            LOG.error("publisher %s: %s", name, full)  # noqa: TRY400 - the sentence says what to do
            failed.append(name)
        except MonitorError:
            raise
        except Exception:
            LOG.exception("publisher %s", name)
            failed.append(name)
    return changed, tuple(failed)


def problems(page: PageId, world: World) -> tuple[Problem, ...]:
    """Return when a page could not be read, oldest first."""
    checks = world.journal.checks(page, newest=CHECKS_READ)
    return problems_of(reversed(checks), after=world.staleness.checks)
