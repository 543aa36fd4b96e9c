"""Settings in, a `World` out: the only reader of the clock, and the only place that picks edges.

Edges with heavy libraries are made when they are first used, so that a command pays only for what it does.
"""

from monitor.wiring.fetching import wayback
from monitor.wiring.keeping import KEYS_FILE, authority, has_database, server_address, stamp_roots, store, whereto
from monitor.wiring.outside import now, token, user
from monitor.wiring.values import lexicons, limits, place, rules_of, staleness, watchlist
from monitor.wiring.worlds import world

__all__ = [
    "KEYS_FILE",
    "authority",
    "has_database",
    "lexicons",
    "limits",
    "now",
    "place",
    "rules_of",
    "server_address",
    "staleness",
    "stamp_roots",
    "store",
    "token",
    "user",
    "watchlist",
    "wayback",
    "whereto",
    "world",
]
