"""Every command and every option stands in docs/reference/commands.md."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.cli import app

REFERENCE = (Path(__file__).parents[2] / "docs/reference/commands.md").read_text(encoding="utf-8")


def commands(command: Any, path: str = "optout-monitor") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the path of each command with its options."""
    inner = getattr(command, "commands", {})
    if not inner:
        yield path, tuple(option for each in command.params for option in each.opts if option.startswith("--"))
    for name, each in inner.items():
        yield from commands(each, f"{path} {name}")


@pytest.mark.parametrize(("command", "options"), tuple(commands(app)), ids=lambda value: str(value)[:40])
def test_a_command_is_documented_with_all_its_options(command: str, options: tuple[str, ...]) -> None:
    _, found, after = REFERENCE.partition(f"\n### `{command}")
    section = after.partition("\n### ")[0]

    assert found
    assert after[0] in " `"
    assert [option for option in options if option not in section] == ["--help"] * ("--help" in options)
    assert f"\n    {command}" in re.sub(r"OPTOUT_\w+=\S+ ", "", section)
