"""What a command says: tables and progress for people, one JSON object a line for machines, errors on stderr."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from monitor.render.safe import one_line

if TYPE_CHECKING:
    from rich.console import Console

T = TypeVar("T")
PIPE_WIDTH = 160  # columns of a table that is not written to a terminal


def line(text: str) -> None:
    """Say one line; what may come from a watched page loses all that a terminal would obey."""
    sys.stdout.write(f"{one_line(text)}\n")


def error(text: str) -> None:
    """Say what went wrong, on stderr, each line apart."""
    for each in text.splitlines():
        sys.stderr.write(f"{one_line(each)}\n")


def machine(value: object) -> None:
    """Say a value as one line of JSON."""
    from monitor.codec import encode

    sys.stdout.write(f"{encode(value).decode()}\n")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Say rows under headings; the last column takes the room that is left."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in columns[:-1]:
        drawn.add_column(name, no_wrap=len(name) < 12, overflow="fold")
    drawn.add_column(columns[-1], overflow="fold", ratio=1)
    for row in rows:
        drawn.add_row(*(Text(one_line(cell)) for cell in row))
    _console().print(drawn)


def progress(steps: Iterable[T], label: str, total: int | None = None) -> Iterator[T]:
    """Yield the steps, with a bar on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield from steps
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(steps, description=label, total=total, console=Console(stderr=True), transient=True)


def _console() -> "Console":
    from rich.console import Console

    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False)
