"""Every command of `optout-monitor`; the only place that prints or exits.

Exit codes: 0 all is well, 1 something that a maintainer must mend, 2 the command was not understood, 3 a page could not
be read. What a command needs is imported when it runs, so that `--help` costs nothing.
"""

import logging
import sys
from collections.abc import Sequence

import click

from monitor.cli import logs, say
from monitor.cli.command import HELP_WIDTH, Group, LateCommands
from monitor.model.errors import MonitorError

MEND = 1
# Each room's `COMMANDS`, by name and in the order of the help.
ROOMS = {
    "watching": ("check", "run", "schedule"),
    "many": ("worker", "scheduler"),
    "signals": ("signals",),
    "recordings": ("replay", "export", "diff"),
    "importing": ("import",),
    "reviewing": ("changes", "since", "review"),
    "maintaining": ("maintainers",),
    "telling": ("publish", "deliver", "subscribers"),
    "keeping": ("verify", "anchor", "prune", "evidence"),
    "backing": ("backup", "restore"),
    "upkeep": ("doctor", "demo", "watchlist"),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that the arguments (or those of this process) name, and exit with its code."""
    try:
        app(args=arguments, prog_name="optout-monitor")
    except MonitorError as error:
        say.error(str(error))
        sys.exit(MEND)


@click.group(
    "optout-monitor",
    cls=Group,
    commands=LateCommands({name: f"monitor.cli.{room}" for room, names in ROOMS.items() for name in names}),
    epilog="Exit codes: 0 all is well, 1 something to mend, 2 not understood, 3 a page could not be read. "
    "Example: optout-monitor demo",
    context_settings={"max_content_width": HELP_WIDTH},
)
@click.option("--verbose", "-v", is_flag=True, help="Say more on stderr.")
@click.version_option(package_name="optout-monitor", message="%(prog)s %(version)s", help="Say the version.")
def app(verbose: bool) -> None:
    """Tells people when the wording or the steps for keeping their data out of AI training change, with proof."""
    logs.begin(logging.INFO if verbose else logging.WARNING)
