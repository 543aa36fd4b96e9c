"""The command about news feeds: `signals`."""

from typing import TYPE_CHECKING

import click

from monitor.cli import say
from monitor.cli.command import as_json, command

if TYPE_CHECKING:
    from monitor.model.alert import Alert
    from monitor.model.page import FeedSource
    from monitor.model.status import Check
    from monitor.ports import World

NOT_READ = 3


@command("optout-monitor signals --read")
@click.argument("feeds", nargs=-1, metavar="[FEED]...", help="Ids of feeds; all when none is named.")
@click.option("--read", is_flag=True, help="Read the feeds now, before listing.")
@as_json
def signals(feeds: tuple[str, ...], read: bool, json: bool) -> None:
    """List what feeds signalled, newest first. With --read it exits 3 when a feed could not be read."""
    from contextlib import nullcontext

    from monitor.cli.opened import chosen_feeds, opened
    from monitor.pipeline.check import NOT_READ as UNREAD

    with opened() as (_, world), world.writing() if read else nullcontext():
        wanted = chosen_feeds(world.watchlist, feeds)
        checks = _read(wanted, world, json=json) if read else ()
        _listed(wanted, world, json=json)
    if any(check.outcome in UNREAD for check in checks):
        raise click.exceptions.Exit(NOT_READ)


def _read(feeds: "tuple[FeedSource, ...]", world: "World", *, json: bool) -> "tuple[Check, ...]":
    """Read the feeds and say how each reading ended; beside JSON that is said on stderr."""
    from monitor.pipeline.signals import read_feeds

    checks = tuple(say.progress(read_feeds(feeds, world), "reading", len(feeds)))
    if json:
        for check in checks:
            say.error(f"{check.page}: {check.outcome} {check.detail}".rstrip())
    else:
        say.table(("feed", "outcome", "detail"), [(check.page, check.outcome, check.detail) for check in checks])
    return checks


def _listed(feeds: "tuple[FeedSource, ...]", world: "World", *, json: bool) -> None:
    from monitor.model.verdict import Kind

    ids = {feed.id for feed in feeds}
    told = [alert for alert in world.desk.alerts() if alert.kind is Kind.SIGNAL and alert.page in ids]
    if json:
        for alert in reversed(told):
            say.machine(_row(alert))
        return
    if not told:
        say.line("No signal so far." if feeds else "The watchlist names no feed.")
        return
    for alert in reversed(told):
        say.line(f"{alert.raised:%Y-%m-%d %H:%M}, {alert.state}: {alert.title} ({alert.id})")
        for quote in alert.quotes:
            say.line(quote.after, indent=4)
        say.line(alert.evidence.url, indent=4)


def _row(alert: "Alert") -> dict[str, object]:
    return {
        "id": alert.id,
        "feed": alert.page,
        "at": alert.raised,
        "state": alert.state,
        "service": alert.service,
        "title": alert.title,
        "quotes": [quote.after for quote in alert.quotes],
        "reasons": [{"rule": reason.rule, "cue": reason.cue} for reason in alert.reasons],
        "address": alert.evidence.url,
    }


COMMANDS = (signals,)
