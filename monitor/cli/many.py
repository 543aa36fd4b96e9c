"""Commands for many machines over PostgreSQL: `worker`, `scheduler`."""

import logging
from importlib.util import find_spec

import click

from monitor.cli import say
from monitor.cli.command import command
from monitor.model.errors import StoreError

MOST_AT_ONCE = 12  # the store holds fifteen connections at most


@command("OPTOUT_DATABASE=postgresql://optout@db/optout optout-monitor worker --at-once 8")
@click.option("--at-once", type=click.IntRange(1, MOST_AT_ONCE), default=4, show_default=True, help="Jobs at a time.")
@click.option("--only-pages", is_flag=True, help="Check pages and read feeds; leave publishing and mail to others.")
def worker(at_once: int, only_pages: bool) -> None:
    """Do what schedulers hand over, until stopped. Any number, on many machines."""
    import threading

    from monitor.cli.opened import opened
    from monitor.cli.watching import leave
    from monitor.schedule import halted_by_signals
    from monitor.wiring import limits, server_address

    _speak()
    halt = threading.Event()
    with halted_by_signals(halt, leave), opened() as (settings, world):
        address = server_address(settings)
        _need_queue()
        from monitor.workers import worked

        say.line(f"Working on {at_once} jobs at a time; stop with Ctrl+C.")
        worked(world, limits(settings), address, halt, at_once=at_once, only_pages=only_pages)
    say.line("Stopped; nothing is half done.")


@command("OPTOUT_DATABASE=postgresql://optout@db/optout optout-monitor scheduler")
@click.option("--web/--no-web", default=False, show_default=True, help="Serve the site, subscriptions and feeds too.")
def scheduler(web: bool) -> None:
    """Hand what is due to workers, until stopped. Of several, one leads and the others stand by."""
    import threading
    from contextlib import nullcontext

    from monitor.cli.opened import opened
    from monitor.cli.watching import leave, served_site
    from monitor.schedule import halted_by_signals
    from monitor.wiring import server_address

    _speak()
    halt = threading.Event()
    with halted_by_signals(halt, leave), opened() as (settings, world):
        address = server_address(settings)
        _need_queue()
        from monitor.workers import scheduled

        say.line(f"Handing over {say.counted(len(world.watchlist.pages), 'page')} when they are due; stop with Ctrl+C.")
        with served_site(settings, world) if web else nullcontext():
            scheduled(world, address, halt)
    say.line("Stopped; nothing is half done.")


def _need_queue() -> None:
    """Say what is missing where the extra is not installed."""
    if find_spec("procrastinate") is None:
        raise StoreError("many machines need more packages: pip install 'optout-monitor[workers]'")


def _speak() -> None:
    logging.getLogger("monitor").setLevel(logging.INFO)
    for name in ("apscheduler", "procrastinate"):
        logging.getLogger(name).setLevel(logging.WARNING)


COMMANDS = (worker, scheduler)
