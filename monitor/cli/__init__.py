"""Every command of `optout-monitor`; the only place that prints or exits.

Exit codes: 0 all is well, 1 something that a maintainer must mend, 2 the command was not understood, 3 a page could not
be read. What a command needs is imported when it runs, so that `--help` costs nothing.
"""

import logging
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer

from monitor.cli import recordings, reviewing, say, telling, upkeep, watching
from monitor.model.errors import MonitorError

OK, MEND, USAGE, NOT_READ = 0, 1, 2, 3

app = typer.Typer(
    name="optout-monitor",
    help="Tells people when the wording or the steps for keeping their data out of AI training change, with proof.",
    epilog="Exit codes: 0 all is well, 1 something to mend, 2 not understood, 3 a page could not be read. "
    "Example: optout-monitor demo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for group in (watching, recordings, reviewing, telling, upkeep):
    group.add_to(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that the arguments (or those of this process) name, and exit with its code."""
    try:
        app(args=arguments, prog_name="optout-monitor")
    except MonitorError as error:
        say.error(str(error))
        sys.exit(MEND)
    except BrokenPipeError:
        # Whoever read our output has seen enough; the interpreter must not complain of it when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(OK)


def _version(wanted: bool) -> None:
    if wanted:
        say.line(f"optout-monitor {version('optout-monitor')}")
        raise typer.Exit


@app.callback()
def _options(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more on stderr.")] = False,
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")] = False,
) -> None:
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
        force=True,
    )
