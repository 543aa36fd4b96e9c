"""Maintainers are told once by mail that a page stays unread, and once that it is read again.

A mail is sent before it is noted, so that a crash between the two sends it twice rather than never. What cannot be
sent is tried again the next time; only a mail whose answer was lost counts as sent.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from monitor.model.errors import DeliveryError
from monitor.model.page import Page
from monitor.model.status import Outage, Problem
from monitor.pipeline.publish import problems
from monitor.ports import World

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """A mail to the maintainers: the problem (it is over when it recovered) and the mail service's message id."""

    problem: Problem
    message: str


def tell_outages(world: World, *, stopping: Callable[[], bool] = lambda: False) -> tuple[Told, ...]:
    """Tell the maintainers of every page that stays unread for too long, and of every one read again since.

    Ends between two pages when `stopping` says so; the next time goes on from there.
    Without maintainers nothing is told and nothing noted, so that naming one later tells of what lasts then.
    """
    if not world.staleness.maintainers:
        return ()
    unread, watched = world.journal.unread(), world.watchlist.with_feeds().pages
    return tuple(told for page in watched if page.id in unread and not stopping() for told in _told(page, world))


def _told(page: Page, world: World) -> Iterator[Told]:
    known = {outage.since: outage for outage in world.outages.outages(page.id)}
    lasting = world.journal.standing(page.id).misses >= world.staleness.checks
    if not lasting and all(outage.relieved for outage in known.values()):
        return
    for problem in problems(page.id, world):
        outage = _next(problem, known.get(problem.since), world)
        if outage is not None and (message := _sent(problem, page, world)):
            world.outages.note(outage)
            yield Told(problem, message)


def _next(problem: Problem, known: Outage | None, world: World) -> Outage | None:
    """Return the outage as it is once the maintainers are told, or None when they need not be."""
    now = world.now()
    if known is None:
        lasts = problem.recovered is None and now - problem.since >= world.staleness.mail_after
        return Outage(page=problem.page, since=problem.since, warned=now) if lasts else None
    over = problem.recovered is not None and known.relieved is None
    return replace(known, relieved=now) if over else None


def _sent(problem: Problem, page: Page, world: World) -> str:
    """Return the message id of the mail, or an empty text when it could not be sent."""
    try:
        return world.warner(problem, page, world.staleness.maintainers)
    except DeliveryError as error:
        LOG.error("mail to the maintainers about page %s: %s", page.id, error)  # noqa: TRY400 - the sentence says it all
        return "unknown" if error.unknown else ""
