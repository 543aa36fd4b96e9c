"""Which pages are asked for again before their turn: those with an alert that waits, and those that were not seen.

Comes in: the world. Goes out: moments of the next look. Nothing is asked for here; the schedule does that.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import takewhile

from monitor.model.alert import Alert, AlertState
from monitor.model.page import PageId
from monitor.ports import World

# The first look comes when a cut load or an error page is over, the next ones after twice the time each: a page that
# flips between variants does so for hours. After the last one the page's own schedule goes on.
FIRST_LOOK = timedelta(hours=1)
LOOKS = 3


# After so long the page's own schedule has come round, or nobody looks.
LATELY = timedelta(days=1)


def next_looks(world: World) -> Mapping[PageId, datetime]:
    """Return when each page with a held alert is to be looked at again; pages whose own schedule will do are left out.

    A moment that has passed means at once.
    """
    newest: dict[PageId, Alert] = {}
    for alert in world.desk.alerts(AlertState.HELD):
        newest[alert.page] = alert
    looks = ((page, _next_look(alert, world)) for page, alert in newest.items())
    return {page: at for page, at in looks if at is not None}


def looks_for_put_off(world: World) -> Mapping[PageId, datetime]:
    """Return when each page is to be looked at again in whose place something else came, or whose host was at rest.

    A wall, an error page or a cut load often stands for an hour, and so does a host's wish to be left alone, which one
    page brings upon all others of it; what they may say meanwhile is not left for half a day. The page that was
    refused itself is not asked for early: each refusal has all others wait again.
    """
    looks = ((page, _after_put_off(page, world)) for page in world.journal.put_off(world.now() - LATELY))
    return {page: at for page, at in looks if at is not None}


def _after_put_off(page: PageId, world: World) -> datetime | None:
    checks = world.journal.checks(page, newest=LOOKS + 1)
    last = list(takewhile(lambda check: check.put_off, checks))
    return last[0].at + FIRST_LOOK * 2 ** (len(last) - 1) if 0 < len(last) <= LOOKS else None


def _next_look(alert: Alert, world: World) -> datetime | None:
    """Return when an alert is to be seen again; a check for which nobody was asked was no look, and is made up for."""
    checks = world.journal.checks(alert.page, newest=3 * LOOKS)
    if checks and checks[0].left_alone:
        return None
    done = [check.at for check in checks if check.at > alert.raised and not check.left_alone]
    last = max(done, default=alert.raised)
    return None if len(done) >= LOOKS else max(alert.raised + FIRST_LOOK * 2 ** len(done), last + FIRST_LOOK)
