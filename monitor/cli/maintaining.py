"""`maintainers add|list|remove|password|role`: who may sign in at the review desk."""

import sys

import click

from monitor.cli import say
from monitor.cli.command import Group, as_json, command
from monitor.model.maintainer import Role

a_name = click.argument("name", help="Name of an account; it stands beside every decision it makes.")
a_role = click.option(
    "--role",
    type=click.Choice(tuple(map(str, Role))),
    default=str(Role.REVIEWER),
    show_default=True,
    help="A reviewer decides about alerts, an admin also ends rules and pins.",
)


@command("optout-monitor maintainers add ada --role admin")
@a_name
@a_role
def add(name: str, role: str) -> None:
    """Make an account; the password is asked for, or read as one line where there is no terminal."""
    from monitor.cli.opened import opened
    from monitor.pipeline import accounts

    with opened() as (settings, world):
        accounts.add(name, Role(role), _password(), world)
        desk = f"{settings.site.url}desk/"
    say.line(f"{name} may sign in at {desk} as {role}.")


@command("optout-monitor maintainers list", name="list")
@as_json
def listed(json: bool) -> None:
    """List the accounts."""
    from monitor.cli.opened import opened

    with opened() as (_, world):
        known = world.maintainers.accounts()
    if json:
        for each in known:
            say.machine(each)
        return
    if not known:
        say.line("Nobody may sign in: `optout-monitor maintainers add NAME` makes an account.")
        return
    say.table(("name", "role", "since"), [(one.name, one.role, f"{one.since:%Y-%m-%d}") for one in known])


@command("optout-monitor maintainers remove ada")
@a_name
def remove(name: str) -> None:
    """Remove an account and sign it out everywhere; what it decided stays, with its name."""
    from monitor.cli.opened import opened
    from monitor.pipeline import accounts

    with opened() as (_, world):
        accounts.remove(name, world)
    say.line(f"{name} may not sign in any more.")


@command("optout-monitor maintainers password ada")
@a_name
def password(name: str) -> None:
    """Give an account another password, and sign it out everywhere."""
    from monitor.cli.opened import opened
    from monitor.pipeline import accounts

    with opened() as (_, world):
        accounts.found(name, world)
        accounts.change_password(name, _password(), world)
    say.line(f"{name} has a new password and is signed out everywhere.")


@command("optout-monitor maintainers role ada --role admin")
@a_name
@a_role
def role(name: str, role: str) -> None:
    """Give an account another role."""
    from monitor.cli.opened import opened
    from monitor.pipeline import accounts

    with opened() as (_, world):
        accounts.change_role(name, Role(role), world)
    say.line(f"{name} is {role} now.")


def _password() -> str:
    """Return a password that no other process sees: typed twice, or one line of standard input."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


@click.group(cls=Group, commands=[add, listed, remove, password, role])
def maintainers() -> None:
    """Who may sign in at the review desk."""


COMMANDS = (maintainers,)
