"""Commands that decide about alerts: `review publish|dismiss|edit|undo|correct`."""

from typing import TYPE_CHECKING

import click

from monitor.cli import say
from monitor.cli.command import command

if TYPE_CHECKING:
    from monitor.model.alert import Alert
    from monitor.model.desk import Rule, Seen
    from monitor.pipeline.review import Decider, Words
    from monitor.ports import World

an_alert = click.argument("alert", help="Id of an alert, or its beginning.")
by_whom = click.option("--by", default="", help="Who decides; your name on this machine by default.")
and_why = click.option("--reason", "-r", default="", help="Why; it is kept for good.")
alone = click.option("--only", is_flag=True, help="Only this alert, not those of its case that say the same.")
significance = click.option(
    "--significance",
    type=click.IntRange(1, 5),
    help="Your own number: 1 (a detail) to 5 (whether people can opt out at all).",
)
title = click.option("--title", default="", help="New title, one sentence of at most 140 characters.")
meaning = click.option("--meaning", default="", help="New words for what it means.")


@command('optout-monitor review publish 4f2a --reason "read both captures"')
@an_alert
@click.option("--pin", is_flag=True, help="Pin what it quotes as said now: when that goes, it is an alert by itself.")
@alone
@and_why
@by_whom
def publish(alert: str, pin: bool, only: bool, reason: str, by: str) -> None:
    """Let an alert and those that say the same out: published at once, with their messages put into the outbox."""
    from monitor.cli.opened import opened
    from monitor.pipeline.pins import pin_quotes

    who = decider(by, reason)
    with opened() as (_, world):
        let_out = _approved(alert, who, world, only=only)
        pinned = [each for one in let_out for each in pin_quotes(one, who, world)] if pin else []
        _publish(let_out, world)
    for each in pinned:
        say.line(f"{each.id} pinned on {each.page}: {each.words}")


@command('optout-monitor review dismiss 4f2a --reason "a cut load"')
@an_alert
@click.option(
    "--rule", is_flag=True, help="Dismiss the like of it from now on; `review rules add` says more exactly what."
)
@alone
@and_why
@by_whom
def dismiss(alert: str, rule: bool, only: bool, reason: str, by: str) -> None:
    """Keep an alert and those that say the same from being told; they stay listed and `undo` brings them back."""
    from monitor.cli.opened import opened
    from monitor.pipeline import review, rules

    who = decider(by, reason)
    with opened() as (_, world):
        case = _case(alert, world, only=only)
        made = [_rule(each, who, world) for each in case if rule]
        dismissed = review.dismiss_all(case, who, world)
        for each in made:
            rules.add(each, world)
    for one in dismissed:
        say.line(f"{one.id} dismissed: {one.title}")
    for each in made:
        under = say.trail(each.trail.split(" > "))
        say.line(f"rule {each.id} dismisses the like of it on {each.page} from now on, under: {under}")


@command('optout-monitor review edit 4f2a --title "Lumen: the form moved" -r "shorter"')
@an_alert
@title
@meaning
@significance
@and_why
@by_whom
def edit(alert: str, title: str, meaning: str, significance: int | None, reason: str, by: str) -> None:
    """Replace the words of an alert, or say how much it matters; its quotes are evidence and stay as they are."""
    from monitor.cli.opened import opened
    from monitor.pipeline import review

    if not (title or meaning or significance):
        raise click.BadParameter("give --title, --meaning, --significance or several of them")
    words = _words(title, meaning, significance or 0)
    with opened() as (_, world):
        one = review.edit(alert, words, decider(by, reason), world)
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
        one = review.undo(alert, decider(by, reason), world)
    say.line(f"{one.id} waits again: {one.title}")


@command('optout-monitor review correct 4f2a --title "Lumen: only one form moved" -r "the other one stands"')
@an_alert
@title
@meaning
@and_why
@by_whom
def correct(alert: str, title: str, meaning: str, reason: str, by: str) -> None:
    """Put a published alert right by a new one, which is told at once and links the old one."""
    from monitor.cli.opened import opened
    from monitor.pipeline import review

    if not (title or meaning):
        raise click.BadParameter("give --title, --meaning or both: what is right instead?")
    words = _words(title, meaning)
    with opened() as (_, world):
        right = review.correct(alert, words, decider(by, reason), world)
        _publish((right,), world)
    say.line(f"{right.corrects} is corrected by {right.id}")


def decider(by: str, reason: str) -> "Decider":
    """Return who decides and why; both must be known, for they are kept for good."""
    from monitor.pipeline.review import Decider
    from monitor.wiring import user

    if not reason.strip():
        raise click.BadParameter("give --reason: it is kept for good, and others must understand it")
    who = by or user()
    if not who:
        raise click.BadParameter("give --by: this machine has no name for you")
    return Decider(who, reason.strip())


def _words(title: str, meaning: str, significance: int = 0) -> "Words":
    from monitor.pipeline.review import TITLE_CHARS, Words

    if len(title) > TITLE_CHARS:
        raise click.BadParameter(f"--title has {len(title)} characters, at most {TITLE_CHARS} are read")
    return Words(title=title, meaning=meaning, significance=significance)


def _approved(id: str, who: "Decider", world: "World", *, only: bool) -> "tuple[Alert, ...]":
    """Return the alerts that are let out now; one that was approved before and not published yet is let out again."""
    from monitor.model.alert import AlertState
    from monitor.pipeline import review

    if review.found(id, world).state is AlertState.APPROVED:
        return (review.approve(id, who, world),)
    return review.approve_all(_case(id, world, only=only), who, world)


def _case(id: str, world: "World", *, only: bool) -> "tuple[Seen, ...]":
    """Return the alert that is decided about, with those of its case that wait too unless it alone is meant."""
    from monitor.pipeline import review
    from monitor.pipeline.queue import WAITING, case_of

    alert = review.found(id, world)
    alone = only or alert.state not in WAITING
    return (review.read(alert, world),) if alone else case_of(alert, world).seen


def _rule(seen: "Seen", who: "Decider", world: "World") -> "Rule":
    """Return the rule that a dismissal proposes, unless that is too wide or would have hidden what was told."""
    from monitor.model.errors import RuleError
    from monitor.pipeline import review, rules

    matching = rules.proposed(review.found(seen.alert, world))
    rule = rules.rule_of(matching, who, world)
    problem = rules.dry_run(rule, world).warning if matching.trail else "its quotes share no heading"
    if problem:
        raise RuleError("not dismissed", f"{problem}; say with `optout-monitor review rules add` what to match")
    return rule


def _publish(alerts: "tuple[Alert, ...]", world: "World") -> None:
    """Publish what was just let out, unless another process holds the store and does that within a minute."""
    from monitor.model.errors import StoreBusy
    from monitor.pipeline.publish import publish as published

    try:
        with world.writing():
            published(world)
    except StoreBusy as busy:
        for one in alerts:
            say.line(f"{one.id} approved; {busy.holder} publishes it within a minute")
        return
    for one in alerts:
        say.line(f"{one.id} published: {one.title}")


COMMANDS = (publish, dismiss, edit, undo, correct)
