"""Everything outside in one value."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.model.page import Watchlist
from monitor.model.status import Staleness
from monitor.optout.lexicon import Lexicons
from monitor.ports.asking import Authority, FeedFetcher, Fetcher
from monitor.ports.keeping import Evidence, Journal, Outages, Signals
from monitor.ports.people import Desk, Maintainers, Readers
from monitor.ports.telling import Mailer, Outbox, Publisher, Warner
from monitor.ports.unkept import Unkept


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything outside that the shell may touch, as values and callables."""

    watchlist: Watchlist
    lexicons: Lexicons
    fetchers: Mapping[str, Fetcher]
    evidence: Evidence
    unkept: Unkept = field(default_factory=Unkept)
    journal: Journal
    desk: Desk
    readers: Readers
    maintainers: Maintainers
    outbox: Outbox
    publishers: Mapping[str, Publisher]
    feeds: FeedFetcher
    signals: Signals
    outages: Outages
    warner: Warner
    mailer: Mailer
    mail_is_sent: bool
    now: Callable[[], datetime]
    writing: Callable[[], AbstractContextManager[None]]
    staleness: Staleness = Staleness()
    authority: Authority | None = None
    retention: timedelta | None = None
