"""Commands that watch: `check`, `run`, `schedule`."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from monitor.cli import say
from monitor.cli.command import as_json, command

if TYPE_CHECKING:
    from monitor.ports import World
    from monitor.settings import Settings

MEND, NOT_READ = 1, 3
MOMENT = "%Y-%m-%d %H:%M"


@command("optout-monitor check facebook-privacy-policy")
@click.argument("pages", nargs=-1, metavar="[PAGE]...", help="Ids of pages; all when none is named.")
@as_json
def check(pages: tuple[str, ...], json: bool) -> None:
    """Fetch pages now and say what happened. Exits 3 when a page could not be read."""
    from monitor.cli.opened import chosen, opened
    from monitor.pipeline.check import NOT_READ as UNREAD
    from monitor.pipeline.check import check_all

    with opened() as (_, world), world.writing():
        wanted = chosen(world.watchlist, pages)
        told = []
        for each in say.progress(check_all(wanted, world), "checking", len(wanted)):
            told.append(each)
            if json:
                say.machine(each)
        if not json:
            say.table(("page", "outcome", "detail"), [(each.page, each.outcome, each.detail) for each in told])
            _say_what_waits(world)
    if any(each.outcome in UNREAD for each in told):
        raise click.exceptions.Exit(NOT_READ)


@command("OPTOUT_CONTACT=you@example.org optout-monitor run")
@click.option("--web/--no-web", default=True, show_default=True, help="Serve the site, subscriptions and feeds too.")
def run(web: bool) -> None:
    """Watch, publish, deliver and serve the site until stopped (Ctrl+C or SIGTERM). One process at a time."""
    import logging
    import threading
    from contextlib import nullcontext

    from monitor import schedule
    from monitor.cli.opened import opened
    from monitor.wiring import limits

    logging.getLogger("monitor").setLevel(logging.INFO)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    halt = threading.Event()
    schedule.keep_little()
    with schedule.halted_by_signals(halt, leave), opened() as (settings, world), world.writing():
        say.line(f"Watching {say.counted(len(world.watchlist.pages), 'page')}; stop with Ctrl+C.")
        with served_site(settings, world) if web and settings.site.web else nullcontext():
            schedule.run(world, limits(settings), halt)
    say.line("Stopped; nothing is half done.")


@contextmanager
def served_site(settings: "Settings", world: "World") -> Iterator[None]:
    """Serve the public folder and the readers' pages for as long as the block runs."""
    from monitor.web.app import web_app
    from monitor.web.opening import front_of
    from monitor.web.serve import served

    site = settings.site
    with served(web_app(world, front_of(settings)), host=site.host, port=site.port) as address:
        say.line(f"Serving {address}")
        yield


@command("optout-monitor schedule")
@as_json
def schedule(json: bool) -> None:
    """Say what runs when, the next one first, in this machine's time and in UTC."""
    from monitor.cli.opened import opened
    from monitor.model.span import span_text
    from monitor.schedule import timetable

    with opened() as (_, world):
        rows = timetable(world)
    if json:
        for row in rows:
            say.machine({"what": row.what, "at": row.at, "every": row.cron or span_text(row.every), "why": row.why})
        return
    say.table(
        ("next", "in UTC", "what", "every", "why"),
        [
            (f"{row.at.astimezone():{MOMENT} %Z}", f"{row.at:{MOMENT}}", row.what, every, row.why)
            for row in rows
            for every in [row.cron or span_text(row.every)]
        ],
    )


def leave() -> None:
    """End the process although something hangs: what it began is repeated by the next start."""
    say.error("Something did not end in time; what it began is repeated by the next start.")
    sys.stderr.flush()
    os._exit(MEND)


def _say_what_waits(world: "World") -> None:
    from monitor.model.alert import AlertState

    waiting = len(world.desk.alerts(AlertState.HELD, AlertState.PENDING))
    approved = len(world.desk.alerts(AlertState.APPROVED))
    if waiting:
        say.line(f"{waiting} waiting for a decision: optout-monitor review list")
    if approved:
        say.line(f"{approved} approved and not yet published: optout-monitor publish")


COMMANDS = (check, run, schedule)
