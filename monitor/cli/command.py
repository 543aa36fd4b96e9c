"""How every command looks: its help names each argument, and ends with an example that can be copied."""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module

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


class LateCommands(Mapping[str, click.Command]):
    """Commands by name, each loaded when it is asked for from the `COMMANDS` of the module that is named for it."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = dict(modules)
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        """Return a command, loaded now or before."""
        if name not in self._loaded and name in self._modules:
            self._loaded |= {each.name: each for each in import_module(self._modules[name]).COMMANDS}
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        """Go through the names in the order they were given; nothing is loaded."""
        return iter(self._modules)

    def __len__(self) -> int:
        """Return how many commands there are."""
        return len(self._modules)


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
