"""The file `watchlist.yaml` in, a `Watchlist` out, or every error in it with its line."""

from monitor.watchlist.checks import address_problem, selector_problem
from monitor.watchlist.cron import cron_problem
from monitor.watchlist.reading import Rules, read_watchlist, watchlist_from
from monitor.watchlist.schema import schema_text

__all__ = [
    "Rules",
    "address_problem",
    "cron_problem",
    "read_watchlist",
    "schema_text",
    "selector_problem",
    "watchlist_from",
]
