"""Commands about alerts: `changes`, and `review list|show|publish|dismiss|edit|undo`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli import say
from monitor.model.alert import AlertState

if TYPE_CHECKING:
    from monitor.model.alert import Alert, Review
    from monitor.pipeline.review import Decider

Id = Annotated[str, typer.Argument(metavar="ALERT", help="Id of an alert, or its beginning.")]
By = Annotated[str, typer.Option("--by", help="Who decides; your name on this machine by default.")]
Why = Annotated[str, typer.Option("--reason", "-r", help="Why; it is kept for good.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to an app."""
    app.command(epilog="Example: optout-monitor changes --service facebook --state published")(changes)
    desk = typer.Typer(help="Decide about alerts that wait for a maintainer.", no_args_is_help=True)
    desk.command("list", epilog="Example: optout-monitor review list")(waiting)
    desk.command(epilog="Example: optout-monitor review show 4f2a")(show)
    desk.command(epilog='Example: optout-monitor review publish 4f2a --reason "read both captures"')(publish)
    desk.command(epilog='Example: optout-monitor review dismiss 4f2a --reason "a cut load"')(dismiss)
    desk.command(epilog='Example: optout-monitor review edit 4f2a --title "Lumen: the form moved" -r "shorter"')(edit)
    desk.command(epilog='Example: optout-monitor review undo 4f2a --reason "wrong alert"')(undo)
    app.add_typer(desk, name="review")


def changes(
    page: Annotated[str, typer.Option(help="Only of this page.")] = "",
    service: Annotated[str, typer.Option(help="Only of this service.")] = "",
    state: Annotated[list[AlertState] | None, typer.Option(help="Only in this state; can be given again.")] = None,
    newest: Annotated[int, typer.Option(help="How many at most.", min=1)] = 50,
    json: Json = False,
) -> None:
    """List what changed for readers, the newest last, whether it was told or not."""
    from monitor.cli.opened import declared, opened

    with opened() as (_, world):
        if page:
            declared(world.watchlist, page)
        found = [each for each in world.desk.alerts(*(state or ())) if page in ("", each.page)]
        found = [each for each in found if service in ("", each.service)][-newest:]
    _say(found, json=json)


def waiting(json: Json = False) -> None:
    """List what waits for a decision, the most important first."""
    from monitor.cli.opened import opened
    from monitor.pipeline.review import waiting as waits

    with opened() as (_, world):
        found = waits(world)
    if not found and not json:
        say.line("Nothing waits for a decision.")
        return
    _say(found, json=json)


def show(alert: Id, json: Json = False) -> None:
    """Show an alert: what changed, the words before and after, why, the captures, and what was decided."""
    from monitor.cli.opened import opened
    from monitor.pipeline.review import found

    with opened() as (_, world):
        one = found(alert, world)
        decided = world.desk.reviews(one.id)
    if json:
        say.machine({"alert": one, "reviews": decided})
        return
    _say_alert(one)
    for review in decided:
        _say_review(review)


def publish(alert: Id, reason: Why = "", by: By = "") -> None:
    """Let an alert out: it is published at once, with its messages put into the outbox."""
    from monitor.cli.opened import opened
    from monitor.model.errors import StoreBusy
    from monitor.pipeline.publish import publish as published
    from monitor.pipeline.review import approve

    with opened() as (_, world):
        one = approve(alert, _decider(by, reason), world)
        try:
            with world.writing():
                published(world)
        except StoreBusy as busy:
            say.line(f"{one.id} approved; {busy.holder} publishes it within a minute")
            return
    say.line(f"{one.id} published: {one.title}")


def dismiss(alert: Id, reason: Why = "", by: By = "") -> None:
    """Keep an alert from being told; it stays listed and `undo` brings it back."""
    from monitor.cli.opened import opened
    from monitor.pipeline import review

    with opened() as (_, world):
        one = review.dismiss(alert, _decider(by, reason), world)
    say.line(f"{one.id} dismissed: {one.title}")


def edit(
    alert: Id,
    title: Annotated[str, typer.Option(help="New title, one sentence of at most 140 characters.")] = "",
    meaning: Annotated[str, typer.Option(help="New words for what it means.")] = "",
    reason: Why = "",
    by: By = "",
) -> None:
    """Replace the words of an alert; its quotes are evidence and stay as they are."""
    from monitor.cli.opened import opened
    from monitor.pipeline.review import TITLE_CHARS, Words
    from monitor.pipeline.review import edit as edited

    if not (title or meaning):
        raise typer.BadParameter("give --title, --meaning or both")
    if len(title) > TITLE_CHARS:
        raise typer.BadParameter(f"--title has {len(title)} characters, at most {TITLE_CHARS} are read")
    with opened() as (_, world):
        one = edited(alert, Words(title=title, meaning=meaning), _decider(by, reason), world)
    say.line(f"{one.id} now says: {one.title}")


def undo(alert: Id, reason: Why = "", by: By = "") -> None:
    """Take back what was decided about an alert that is not published yet."""
    from monitor.cli.opened import opened
    from monitor.pipeline import review

    with opened() as (_, world):
        one = review.undo(alert, _decider(by, reason), world)
    say.line(f"{one.id} waits again: {one.title}")


def _decider(by: str, reason: str) -> "Decider":
    from monitor.pipeline.review import Decider
    from monitor.wiring import user

    if not reason.strip():
        raise typer.BadParameter("give --reason: it is kept for good, and others must understand it")
    who = by or user()
    if not who:
        raise typer.BadParameter("give --by: this machine has no name for you")
    return Decider(who, reason.strip())


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


def _say_alert(alert: "Alert") -> None:
    say.line(f"{alert.id}  {alert.state}, {alert.kind}, {alert.level}, priority {alert.priority}")
    say.line(f"{alert.title}")
    say.line(f"What it means: {alert.meaning}")
    if alert.waits_for:
        say.line(f"Waits for {alert.waits_for}.")
    say.quotes(alert.quotes)
    for difference in alert.differences:
        words = f"{difference.kind}: {difference.before or '(none)'} -> {difference.after or '(none)'}"
        say.line(words, indent=2)
    if alert.other_lines:
        say.line(f"{alert.other_lines} other lines changed in the same revision.")
    proof = alert.evidence
    say.line(f"Last seen unchanged {proof.before_at:%Y-%m-%d %H:%M} UTC  sha256 {proof.before}")
    say.line(f"First seen changed  {proof.after_at:%Y-%m-%d %H:%M} UTC  sha256 {proof.after}")
    if proof.confirmed_at:
        say.line(f"Confirmed           {proof.confirmed_at:%Y-%m-%d %H:%M} UTC")
    say.line(f"Page {alert.page}: {proof.url}")
    say.line("Rules that spoke, with their weight:")
    say.reasons(alert.reasons)


def _say_review(review: "Review") -> None:
    say.line(f"{review.at:%Y-%m-%d %H:%M} UTC {review.who}: {review.before} -> {review.after} ({review.reason})")
