"""Commands about alerts: `changes`, and `review list|show|publish|dismiss|edit|undo`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from monitor.cli import say
from monitor.cli.command import Group, as_json, command
from monitor.model.alert import AlertState

if TYPE_CHECKING:
    from monitor.model.alert import Alert, Review
    from monitor.pipeline.review import Decider

an_alert = click.argument("alert", help="Id of an alert, or its beginning.")
by_whom = click.option("--by", default="", help="Who decides; your name on this machine by default.")
and_why = click.option("--reason", "-r", default="", help="Why; it is kept for good.")


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


@command("optout-monitor review list", name="list")
@as_json
def waiting(json: bool) -> None:
    """List what waits for a decision, the most important first."""
    from monitor.cli.opened import opened
    from monitor.pipeline.review import waiting as waits

    with opened() as (_, world):
        found = waits(world)
    if not found and not json:
        say.line("Nothing waits for a decision.")
        return
    _say(found, json=json)


@command("optout-monitor review show 4f2a")
@an_alert
@as_json
def show(alert: str, json: bool) -> None:
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


@command('optout-monitor review publish 4f2a --reason "read both captures"')
@an_alert
@and_why
@by_whom
def publish(alert: str, reason: str, by: str) -> None:
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


@command('optout-monitor review dismiss 4f2a --reason "a cut load"')
@an_alert
@and_why
@by_whom
def dismiss(alert: str, reason: str, by: str) -> None:
    """Keep an alert from being told; it stays listed and `undo` brings it back."""
    from monitor.cli.opened import opened
    from monitor.pipeline import review

    with opened() as (_, world):
        one = review.dismiss(alert, _decider(by, reason), world)
    say.line(f"{one.id} dismissed: {one.title}")


@command('optout-monitor review edit 4f2a --title "Lumen: the form moved" -r "shorter"')
@an_alert
@click.option("--title", default="", help="New title, one sentence of at most 140 characters.")
@click.option("--meaning", default="", help="New words for what it means.")
@and_why
@by_whom
def edit(alert: str, title: str, meaning: str, reason: str, by: str) -> None:
    """Replace the words of an alert; its quotes are evidence and stay as they are."""
    from monitor.cli.opened import opened
    from monitor.pipeline.review import TITLE_CHARS, Words
    from monitor.pipeline.review import edit as edited

    if not (title or meaning):
        raise click.BadParameter("give --title, --meaning or both")
    if len(title) > TITLE_CHARS:
        raise click.BadParameter(f"--title has {len(title)} characters, at most {TITLE_CHARS} are read")
    with opened() as (_, world):
        one = edited(alert, Words(title=title, meaning=meaning), _decider(by, reason), world)
    say.line(f"{one.id} now says: {one.title}")


@command('optout-monitor review undo 4f2a --reason "wrong alert"')
@an_alert
@and_why
@by_whom
def undo(alert: str, reason: str, by: str) -> None:
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
        raise click.BadParameter("give --reason: it is kept for good, and others must understand it")
    who = by or user()
    if not who:
        raise click.BadParameter("give --by: this machine has no name for you")
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


COMMANDS = (
    changes,
    Group(
        "review",
        help="Decide about alerts that wait for a maintainer.",
        commands=(waiting, show, publish, dismiss, edit, undo),
    ),
)
