"""Settings in, a `World` out: the only place that picks edges."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING

from monitor.model.page import ARCHIVE
from monitor.ports import World
from monitor.settings import Settings
from monitor.wiring.fetching import Web, archived
from monitor.wiring.keeping import authority, store
from monitor.wiring.outside import now
from monitor.wiring.telling import LateMailer, feed_publisher, late, mailer, site_publisher, warner
from monitor.wiring.values import lexicons, staleness, watchlist

if TYPE_CHECKING:
    pass


@contextmanager
def world(
    settings: Settings, *, clock: Callable[[], datetime] = now, sleep: Callable[[float], None] = time.sleep
) -> Iterator[World]:
    """Open everything outside that these settings name, and close it at the end of the block.

    Pauses between requests are slept by `sleep` (seconds), which moves a clock that is not this machine's.

    Raises:
        WatchlistError: the watchlist says something that cannot be.
        StoreError: the store cannot be used.
    """
    watched = watchlist(settings)
    with ExitStack() as stack:
        opened = store(settings)
        stack.callback(opened.close)
        web = Web(settings, watched, clock, sleep, opened.hosts if opened.database.shared else None)
        stack.callback(web.close)
        yield World(
            watchlist=watched,
            lexicons=lexicons(),
            fetchers={"plain": web.plain, "browser": web.browser, "auto": web.auto, ARCHIVE: partial(archived, clock)},
            evidence=opened.evidence,
            journal=opened.journal,
            desk=opened.desk,
            readers=opened.readers,
            maintainers=opened.maintainers,
            outbox=opened.outbox,
            publishers={
                "feeds": late(partial(feed_publisher, settings)),
                "site": late(partial(site_publisher, settings)),
            },
            feeds=web.feed,
            signals=opened.signals,
            outages=opened.outages,
            warner=warner(settings),
            mailer=LateMailer(cache(lambda: mailer(settings, watched, opened))),
            mail_is_sent=bool(settings.mail.key),
            staleness=staleness(settings),
            now=clock,
            writing=opened.writing,
            authority=authority(settings),
            retention=settings.upkeep.retention,
        )
