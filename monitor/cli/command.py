"""How every command looks: its help names each argument, and ends with an example that can be copied."""

from collections.abc import Callable

import click

HELP_WIDTH = 100  # columns; a wider terminal would make lines that nobody reads to their end


class Command(click.Command):
    """A command whose example stands on a line of its own, however long that is."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example unbroken, so that it can be copied."""
        _ = ctx
        if self.epilog:
            with formatter.section("Example"):
                formatter.write(f"{' ' * formatter.current_indent}{self.epilog}\n")


class Group(click.Group):
    """A command of commands: they are listed in the order they were given, each with its whole first sentences."""

    command_class = Command
    group_class = type

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order the commands were given."""
        _ = ctx
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each command with its help, which is not cut."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.commands[name].help or "") for name in self.list_commands(ctx)])


def command(example: str, *, name: str | None = None) -> Callable[[Callable[..., None]], Command]:
    """Make a function a command, named as the function is; its docstring is the help."""
    return click.command(name, cls=Command, epilog=example)


as_json = click.option("--json", is_flag=True, help="One JSON object a line.")
