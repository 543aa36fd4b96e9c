"""Commands that look after an installation: `watchlist check`, `doctor`, `demo`."""

from contextlib import suppress
from pathlib import Path
from threading import Event

import click

from monitor.cli import say
from monitor.cli.command import Group, as_json, command

MEND = 1


@command("optout-monitor watchlist check", name="check")
@click.argument(
    "file", required=False, type=click.Path(path_type=Path), help="A watchlist; the installation's own by default."
)
def watchlist_check(file: Path | None) -> None:
    """Read the watchlist and say everything that is wrong with it, line by line."""
    from monitor.settings import settings
    from monitor.watchlist import read_watchlist
    from monitor.wiring import rules_of

    read = settings()
    path = file or read.places.watchlist
    watched = read_watchlist(path, rules_of(read))
    say.line(
        f"{path}: {say.counted(len(watched.pages), 'page')} of {say.counted(len(watched.services), 'service')} "
        f"and {say.counted(len(watched.feeds), 'feed')}, nothing wrong"
    )


@command("optout-monitor doctor")
@as_json
def doctor(json: bool) -> None:
    """Look the installation over and say what to do where something is wrong. Exits 1 when something must be mended."""
    from monitor.cli.probes import probes
    from monitor.pipeline.doctor import Health, look_over

    found = list(look_over(probes()))
    if json:
        for each in found:
            say.machine(each)
    else:
        say.table(
            ("what", "is", "found", "to do"),
            [(each.name, each.found.health, each.found.what, each.found.remedy) for each in found],
        )
    if any(each.found.health is Health.ILL for each in found):
        raise click.exceptions.Exit(MEND)


@command("optout-monitor demo --serve")
@click.option("--serve", is_flag=True, help="Serve site, feeds and mails on loopback until stopped.")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    default="demo",
    show_default=True,
    help="Folder for everything that the demo makes.",
)
def demo(serve: bool, to: Path) -> None:
    """Show everything on a bundled story of an invented service: offline, in under a minute."""
    from monitor.demo import demo as played
    from monitor.demo import serving
    from monitor.model.status import Outcome

    ended = played(to, tell=lambda line: say.error(f"{line.at:%Y-%m-%d} {line.page}: {line.outcome}"))
    shown = [each for each in ended.lines if each.outcome not in (Outcome.UNCHANGED, Outcome.QUIET) or each.told]
    say.table(
        ("day", "page", "what happened", "told", "why"),
        [(f"{each.at:%m-%d}", each.page, each.what, "TOLD" if each.told else "", each.why) for each in shown],
    )
    say.line(f"{len(ended.lines) - len(shown)} other fetches brought nothing that a reader needs to know.")
    say.line(f"Site and feeds: {ended.public / 'index.html'}, {ended.public / 'feeds'}")
    say.line(f"Mails:          {ended.outbox}")
    say.line(f"Evidence:       {ended.snapshots}")
    if serve:
        with serving(ended.public) as site, serving(ended.outbox) as mails:
            say.line(f"Serving {site} and mails at {mails}; stop with Ctrl+C.")
            _wait_for_interrupt()


def _wait_for_interrupt() -> None:
    with suppress(KeyboardInterrupt):
        Event().wait()


COMMANDS = (
    doctor,
    demo,
    Group("watchlist", help="The file that says what is watched.", commands=(watchlist_check,)),
)
