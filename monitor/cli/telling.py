"""Commands that tell: `publish`, `deliver`, and `subscribers add|list|show|import|export|suppress|erase`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import say
from monitor.cli.command import Group, as_json, command

if TYPE_CHECKING:
    from monitor.model.subscriber import Topics
    from monitor.ports import World

an_address = click.argument("address", help="A mail address.")
MEND = 1
BY_HAND = "agreed with a maintainer"  # wording of a consent that no form of ours asked for


@command("optout-monitor publish")
def publish() -> None:
    """Publish what is approved: feeds and site are written, messages are put into the outbox."""
    from monitor.cli.opened import opened
    from monitor.pipeline.publish import publish as published

    with opened() as (settings, world), world.writing():
        done = published(world)
    for alert in done.published:
        say.line(f"{alert.id} published: {alert.title}")
    for name, paths in done.changed.items():
        say.line(f"{name}: {say.counted(len(paths), 'file')} changed under {settings.places.public}")
    if done.failed:
        say.error(f"not written: {', '.join(done.failed)}; see the log above, and run `optout-monitor publish` again")
        raise click.exceptions.Exit(MEND)


@command("optout-monitor deliver")
@click.option("--resume", is_flag=True, help="Let sending go on that was stopped, and send.")
@click.option("--again", is_flag=True, help="Send again what failed or whose answer was lost; some may get it twice.")
def deliver(resume: bool, again: bool) -> None:
    """Send the messages that are due. Exits 1 when sending is stopped."""
    from monitor.cli.opened import opened
    from monitor.model.subscriber import PostState
    from monitor.pipeline import deliver as delivery
    from monitor.wiring import limits

    with opened() as (settings, world), world.writing():
        if resume and (why := delivery.resume(world)):
            say.line(f"Sending goes on; it was stopped because: {why}")
        if again:
            put_back = delivery.send_again(world, world.outbox.posts(PostState.UNKNOWN, PostState.FAILED))
            say.line(f"{len(put_back)} messages are sent again.")
        done = delivery.deliver(world, limits(settings))
        waiting = len(world.outbox.posts(PostState.PENDING))
        unknown = len(world.outbox.posts(PostState.UNKNOWN))
    where = "" if settings.mail.key else f" (no key: written to {settings.places.outbox})"
    say.line(f"{done.outcomes() or 'nothing was due'}{where}; {waiting} wait for their time")
    if unknown:
        say.error(f"{unknown} messages may or may not have gone out: look them up, then optout-monitor deliver --again")
    if done.paused:
        say.error(f"paused: {done.paused}; the next run goes on by itself")
    if done.stopped:
        say.error(f"sending is stopped: {done.stopped}; once mended: optout-monitor deliver --resume")
        raise click.exceptions.Exit(MEND)


@command('optout-monitor subscribers add ada@example.org --consent "letter of 2026-07-01"')
@an_address
@click.option("--consent", required=True, help="Where, how and to which words the person agreed; it is kept.")
@click.option("--service", multiple=True, help="Only of this service; can be given again.")
@click.option("--page", multiple=True, help="Only of this page; can be given again.")
@click.option("--level", default="alert", show_default=True, help="`alert` (at once) or `digest` (weekly).")
@click.option("--language", default="en", show_default=True, help="Language of the mails.")
def add(address: str, consent: str, service: tuple[str, ...], page: tuple[str, ...], level: str, language: str) -> None:
    """Add someone who agreed to be written to, or change what a subscriber is told of."""
    from monitor.cli.opened import opened
    from monitor.model.subscriber import Consent
    from monitor.pipeline import subscribe
    from monitor.wiring import token

    with opened() as (_, world):
        topics = _topics(world, service, page, level)
        agreed = Consent(source=consent, wording=BY_HAND, asked=world.now(), confirmed=world.now())
        one = subscribe.add(world, address, agreed, token, topics=topics, language=language)
    say.line(f"{one.address} is {one.state}")


@command("optout-monitor subscribers list --json", name="list")
@as_json
def listed(json: bool) -> None:
    """List the subscribers. This is personal data: mind where the list goes."""
    from monitor.cli.opened import opened

    with opened() as (_, world):
        people = world.readers.subscribers()
    if json:
        for one in people:
            say.machine(one)
        return
    rows = [(one.address, one.state, one.topics.level, _chosen(one.topics), one.consent.source) for one in people]
    say.table(("address", "state", "level", "told of", "consent"), rows)


@command("optout-monitor subscribers show ada@example.org")
@an_address
def show(address: str) -> None:
    """Say everything that is held about an address, as JSON, to be handed to the person."""
    from monitor.cli.opened import opened
    from monitor.pipeline.subscribe import held

    with opened() as (_, world):
        say.machine(held(world, address))


@command("optout-monitor subscribers import list.csv", name="import")
@click.argument(
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A list in CSV; see docs/reference/mail.md.",
)
def import_list(file: Path) -> None:
    """Add the subscribers of a list; rows that are wrong are named and left out. Exits 1 when there are any."""
    from monitor.cli.opened import opened
    from monitor.pipeline.subscriber_list import import_list as imported
    from monitor.wiring import token

    with opened() as (_, world), file.open("rb") as lines:
        done = imported(world, say.progress(lines, "importing"), token)
    for row in done.bad:
        say.error(f"{file}:{row.line}: {row.problem}")
    say.line(f"{len(done.added)} added, {done.known} known already, {len(done.bad)} rows not taken")
    if done.bad:
        raise click.exceptions.Exit(MEND)


@command("optout-monitor subscribers export > list.csv", name="export")
def export_list() -> None:
    """Write all subscribers as a list in CSV to the standard output."""
    from monitor.cli.opened import opened
    from monitor.pipeline.subscriber_list import export_list as exported

    with opened() as (_, world):
        sys.stdout.writelines(exported(world.readers.subscribers()))


@command("optout-monitor subscribers suppress ada@example.org")
@an_address
def suppress(address: str) -> None:
    """Write to an address no more; it stays known so that no list brings it back."""
    from monitor.cli.opened import opened
    from monitor.pipeline.subscribe import suppress as suppressed

    with opened() as (_, world):
        one = suppressed(world, address)
    say.line(f"{one.address} is {one.state}")


@command("optout-monitor subscribers erase ada@example.org --yes")
@an_address
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(address: str, yes: bool) -> None:
    """Erase all that is held about an address, for good."""
    from monitor.cli.opened import opened
    from monitor.pipeline.subscribe import erase as erased

    if not yes:
        click.confirm(f"Erase all that is held about {address}?", abort=True)
    with opened() as (_, world):
        found = erased(world, address)
    say.line("erased" if found else "nothing is held about this address")


def _topics(world: "World", services: Sequence[str], pages: Sequence[str], level: str) -> "Topics":
    from monitor.cli.opened import declared
    from monitor.model.page import ServiceId
    from monitor.model.subscriber import Topics
    from monitor.model.verdict import Level

    if level not in (Level.ALERT, Level.DIGEST):
        raise click.BadParameter(f"--level is alert or digest, not {level!r}")
    for name in services:
        if name not in world.watchlist.services:
            known = ", ".join(world.watchlist.services)
            raise click.BadParameter(f"no service {name!r} in the watchlist; there are {known}")
    return Topics(
        services=frozenset(ServiceId(name) for name in services),
        pages=frozenset(declared(world.watchlist, name).id for name in pages),
        level=Level(level),
    )


def _chosen(topics: "Topics") -> str:
    return " ".join(sorted((*topics.services, *topics.pages))) or "everything"


COMMANDS = (
    publish,
    deliver,
    Group(
        "subscribers",
        help="Who is written to by mail; nobody without a record of consent.",
        commands=(add, listed, show, import_list, export_list, suppress, erase),
    ),
)
