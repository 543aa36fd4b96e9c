"""What the shell asks of the outside, as protocols; `World` is all of it in one value.

Edges keep these promises (`tests/contract/` quotes them); `wiring` picks which edge stands behind which.
"""

from monitor.ports.asking import Authority, FeedFetcher, Fetcher, HostBook
from monitor.ports.keeping import Evidence, Journal, Outages, Signals
from monitor.ports.people import Desk, Maintainers, Readers
from monitor.ports.telling import Inviter, Mailer, Outbox, Published, Publisher, Warner
from monitor.ports.world import World

__all__ = [
    "Authority",
    "Desk",
    "Evidence",
    "FeedFetcher",
    "Fetcher",
    "HostBook",
    "Inviter",
    "Journal",
    "Mailer",
    "Maintainers",
    "Outages",
    "Outbox",
    "Published",
    "Publisher",
    "Readers",
    "Signals",
    "Warner",
    "World",
]
