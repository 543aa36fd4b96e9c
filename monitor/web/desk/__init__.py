"""The review desk in the browser: sign-in, the queue, one alert with its evidence, decisions, rules and pins.

It has no rules of its own: what waits, what an alert's dossier holds and which decision is allowed stand in
`monitor.pipeline`. Everything works without script; the script only gives keys to what is on the page.
"""

from monitor.web.desk.doors import desk_doors

__all__ = ["desk_doors"]
