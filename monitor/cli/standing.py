"""Commands about what decides and watches by itself: `review rules list|add|remove`, `review pin|pins|unpin`."""

from typing import TYPE_CHECKING

import click

from monitor.cli import say
from monitor.cli.command import Group, as_json, command
from monitor.cli.deciding import and_why, by_whom, decider
from monitor.model.verdict import Aspect, Kind

HEADINGS = " > "

if TYPE_CHECKING:
    from monitor.model.desk import Rule
    from monitor.pipeline.rules import DryRun


@command("optout-monitor review rules list", name="list")
@click.option("--ended", is_flag=True, help="Those that ended as well.")
@as_json
def list_rules(ended: bool, json: bool) -> None:
    """List the rules that dismiss by themselves, the oldest first."""
    from monitor.cli.opened import opened

    with opened() as (_, world):
        rules = [rule for rule in world.desk.rules() if ended or rule.ended is None]
    if json:
        for rule in rules:
            say.machine(rule)
        return
    if not rules:
        say.line("No rule dismisses anything.")
        return
    rows = [(each.id, f"{each.at:%Y-%m-%d}", _over(each), each.who, _says(each), each.reason) for each in rules]
    say.table(("rule", "since", "until", "who", "what", "why"), rows)


@command('optout-monitor review rules add --page lumen-policy --trail "cookie table" -r "their weekly reshuffle"')
@click.option("--page", default="", help="About alerts of this page.")
@click.option("--service", default="", help="About alerts of this service.")
@click.option("--kind", type=click.Choice(tuple(map(str, Kind))), help="Of this kind.")
@click.option("--aspect", multiple=True, type=click.Choice(tuple(map(str, Aspect))), help="Touching nothing but these.")
@click.option("--words", default="", help="Every quote holds these words, whatever their case and typography.")
@click.option("--trail", default="", help="Every quote stands under headings that hold these words.")
@click.option("--dry-run", is_flag=True, help="Only say what it would have hidden.")
@click.option("--yes", is_flag=True, help="Also when it would have hidden what readers were told.")
@and_why
@by_whom
def add(  # noqa: PLR0913 - one parameter each option, as click hands them over
    *,
    page: str,
    service: str,
    kind: str | None,
    aspect: tuple[str, ...],
    words: str,
    trail: str,
    dry_run: bool,
    yes: bool,
    reason: str,
    by: str,
) -> None:
    """Dismiss from now on what matches, after saying what that would have hidden in history."""
    from monitor.cli.opened import opened
    from monitor.model.page import PageId, ServiceId
    from monitor.pipeline import rules

    matching = rules.Matching(
        page=PageId(page),
        service=ServiceId(service),
        kind=Kind(kind) if kind else None,
        aspects=tuple(map(Aspect, aspect)),
        words=words,
        trail=trail,
    )
    with opened() as (_, world):
        rule = rules.rule_of(matching, decider(by, reason), world)
        run = rules.dry_run(rule, world)
        kept = not dry_run and (yes or not run.told)
        if kept:
            rules.add(rule, world)
    _say_run(run)
    if kept:
        say.line(f"rule {rule.id} dismisses from now on: {_says(rule)}")
    elif not dry_run:
        raise click.BadParameter("not added: narrow it, or say --yes")


@command("optout-monitor review rules remove 3f2a")
@click.argument("rule", help="Id of a rule, or its beginning.")
def remove(rule: str) -> None:
    """End a rule; what it dismissed stays so until `review undo` takes it back."""
    from monitor.cli.opened import opened
    from monitor.pipeline import rules

    with opened() as (_, world):
        ended = rules.remove(rule, world)
    say.line(f"rule {ended.id} ended: {_says(ended)}")


@command('optout-monitor review pin lumen-policy "You can object at any time."')
@click.argument("page", help="Id of a page.")
@click.argument("words", help="Words that the page says now.")
@click.option("--under", default="", help="Words of the headings over them, where they stand in several places.")
@by_whom
def pin(page: str, words: str, under: str, by: str) -> None:
    """Pin words of a page: when two good readings lack them, that is an alert by itself."""
    from monitor.cli.opened import opened
    from monitor.pipeline import pins

    with opened() as (_, world):
        pinned = pins.pin(page, words, decider(by, "pinned"), world, under=under)
    say.line(f"{pinned.id} pinned on {pinned.page} under {say.trail(pinned.trail) or '(no heading)'}: {pinned.words}")


@command("optout-monitor review pins", name="pins")
@as_json
def list_pins(json: bool) -> None:
    """List the words that must stay, the oldest first."""
    from monitor.cli.opened import opened
    from monitor.pipeline import pins

    with opened() as (_, world):
        pinned = pins.active(world)
    if json:
        for each in pinned:
            say.machine(each)
        return
    if not pinned:
        say.line("Nothing is pinned.")
        return
    rows = [(each.id, f"{each.at:%Y-%m-%d}", each.page, each.who, each.words) for each in pinned]
    say.table(("pin", "since", "page", "who", "words"), rows)


@command("optout-monitor review unpin 3f2a")
@click.argument("pin", help="Id of a pin, or its beginning.")
def unpin(pin: str) -> None:
    """End a pin: its words may go."""
    from monitor.cli.opened import opened
    from monitor.pipeline import pins

    with opened() as (_, world):
        ended = pins.unpin(pin, world)
    say.line(f"{ended.id} is not pinned any more: {ended.words}")


def _say_run(run: "DryRun") -> None:
    say.line(f"Alerts that it would have hidden so far: {len(run.hidden)}")
    if run.hidden:
        rows = [(each.id[:8], f"{each.raised:%Y-%m-%d}", each.state, each.page, each.title) for each in run.hidden]
        say.table(("alert", "raised", "state", "page", "what"), rows)
    if run.warning:
        say.error(run.warning)


def _says(rule: "Rule") -> str:
    """Return what a rule matches, in one line."""
    parts = {
        "page": rule.page,
        "service": rule.service,
        "kind": rule.kind or "",
        "aspects": ", ".join(rule.aspects),
        "words": rule.words,
        "trail": say.trail(rule.trail.split(HEADINGS)),
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items() if value)


def _over(rule: "Rule") -> str:
    return f"{rule.ended:%Y-%m-%d}" if rule.ended else ""


COMMANDS = (
    Group("rules", help="Dismiss by themselves what comes every time.", commands=(list_rules, add, remove)),
    pin,
    list_pins,
    unpin,
)
