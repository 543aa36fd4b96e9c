"""Commands that read alerts and versions: `changes`, `since`, `review list|show|compare|export`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import deciding, say, standing
from monitor.cli.command import Group, as_json, command
from monitor.cli.deciding import an_alert
from monitor.model.alert import AlertState

MOMENT = "%Y-%m-%d %H:%M"

if TYPE_CHECKING:
    from monitor.model.alert import Alert
    from monitor.pipeline.queue import Case


@command("optout-monitor changes --service facebook --state published")
@click.option("--page", default="", help="Only of this page.")
@click.option("--service", default="", help="Only of this service.")
@click.option(
    "--state",
    multiple=True,
    type=click.Choice(tuple(map(str, AlertState))),
    help="Only in this state; can be given again.",
)
@click.option("--newest", type=click.IntRange(min=1), default=50, show_default=True, help="How many at most.")
@as_json
def changes(page: str, service: str, state: tuple[str, ...], newest: int, json: bool) -> None:
    """List what changed for readers, the newest last, whether it was told or not."""
    from monitor.cli.opened import declared, opened

    with opened() as (_, world):
        if page:
            declared(world.watchlist.with_feeds(), page)
        found = [each for each in world.desk.alerts(*map(AlertState, state)) if page in ("", each.page)]
        found = [each for each in found if service in ("", each.service)][-newest:]
    _say(found, json=json)


@command('optout-monitor since lumen-policy "at any time"')
@click.argument("page", help="Id of a page.")
@click.argument("words", help="Words inside one paragraph or entry; case, quotes and spaces do not matter.")
@as_json
def since(page: str, words: str, json: bool) -> None:
    """Say since when a page says something, and when it stopped, over every version that was ever read."""
    from monitor.cli.opened import declared, opened
    from monitor.pipeline.phrases import since as said_since

    with opened() as (_, world):
        stretches = said_since(declared(world.watchlist.with_feeds(), page), words, world)
    if json:
        for each in stretches:
            say.machine(each)
        return
    if not stretches:
        say.line(f"No version of {page} that was read says that.")
        return
    rows = [
        (
            f"{each.first.at:{MOMENT}}",
            f"{each.before.at:{MOMENT}}" if each.before else "(the first version)",
            f"{each.last.at:{MOMENT}}" if each.after else "(still there)",
            f"{each.after.at:{MOMENT}}" if each.after else "",
            str(each.versions),
            each.first.capture[:12],
        )
        for each in stretches
    ]
    say.table(("said since", "not yet", "last said", "gone by", "versions", "first capture"), rows)


@command("optout-monitor review list", name="list")
@as_json
def waiting(json: bool) -> None:
    """List what waits for a decision, one line a case: by what it touches, never by how much of a page changed."""
    from monitor.cli.opened import opened
    from monitor.pipeline.queue import queue

    with opened() as (_, world):
        cases = queue(world)
    if json:
        for case in cases:
            for alert in case.alerts:
                say.machine(alert)
        return
    if not cases:
        say.line("Nothing waits for a decision.")
        return
    columns = ("alert", "raised", "state", "level", "touches", "priority", "significance", "page", "what")
    say.table(columns, [_row(case) for case in cases])


@command("optout-monitor review show 4f2a")
@an_alert
@click.option("--all", "whole", is_flag=True, help="Also what changed beside it, and all of the way out.")
@as_json
def show(alert: str, whole: bool, json: bool) -> None:
    """Show all that is known of an alert: what changed in its place, the way out, why, the captures, decisions."""
    from monitor.cli.dossiers import say_dossier
    from monitor.cli.opened import opened
    from monitor.pipeline.dossier import dossier

    with opened() as (_, world):
        read = dossier(world, alert)
    if json:
        say.machine({"alert": read.alert, "reviews": read.reviews, "case": read.case})
        return
    say_dossier(read, whole=whole)


@command("optout-monitor review compare 5df6b0 9a1c44 --page lumen-policy")
@click.argument("before", help="SHA-256 of a capture, or its beginning.")
@click.argument("after", help="SHA-256 of another one.")
@click.option("--page", default="", help="Id of their page, when others have captures of the same bytes.")
def compare(before: str, after: str, page: str) -> None:
    """Show what differs between any two captures that are kept of a page."""
    from monitor.cli.dossiers import say_comparison
    from monitor.cli.opened import declared, opened
    from monitor.pipeline.comparison import compare_captures

    with opened() as (_, world):
        own = declared(world.watchlist, page).id if page else None
        say_comparison(compare_captures(world, before, after, own))


@command("optout-monitor review export lumen-policy --to decided")
@click.argument("page", help="Id of a page.")
@click.option("--to", type=click.Path(path_type=Path), help="New folder; PAGE-decided by default.")
def export(page: str, to: Path | None) -> None:
    """Write the captures of a page as a recording, with what was decided about them as truth to score against."""
    from monitor.cli.opened import declared, opened
    from monitor.codec import encode
    from monitor.fetch.recorded import file_name, write_recording
    from monitor.pipeline.truth import labels

    with opened() as (_, world):
        own = declared(world.watchlist, page)
        folder = to or Path(f"{own.id}-decided")
        count = write_recording(folder, own, say.progress(world.evidence.captures(own.id), "exporting"))
        lines = [encode(label) for label in labels(own, world, file_name)]
    (folder / "truth.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    say.line(f"{say.counted(count, 'capture')} and {say.counted(len(lines), 'decision')} written to {folder}")


def _say(alerts: "Sequence[Alert]", *, json: bool) -> None:
    if json:
        for alert in alerts:
            say.machine(alert)
        return
    rows = [
        (each.id[:8], f"{each.raised:%Y-%m-%d}", each.state, each.level, each.page, each.title or each.kind)
        for each in alerts
    ]
    say.table(("alert", "raised", "state", "level", "page", "what"), rows)


def _row(case: "Case") -> tuple[str, ...]:
    alert, others = case.alert, len(case.alerts) - 1
    return (
        alert.id[:8],
        f"{alert.raised:%Y-%m-%d}",
        alert.state,
        case.level,
        case.touched,
        str(case.priority),
        str(case.significance or "-"),
        alert.page + (f" and {others} more" if others else ""),
        alert.title or alert.kind,
    )


COMMANDS = (
    changes,
    since,
    Group(
        "review",
        help="Decide about alerts that wait for a maintainer.",
        commands=(waiting, show, compare, *deciding.COMMANDS, *standing.COMMANDS, export),
    ),
)
