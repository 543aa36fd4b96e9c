"""What a command says: tables and progress for people, one JSON object a line for machines, errors on stderr."""

import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

import click

from monitor.render.safe import one_line

if TYPE_CHECKING:
    from monitor.model.verdict import Quote, Reason

T = TypeVar("T")
HEADING_CHARS = 80
PIPE_WIDTH = 160  # columns of a table that is not written to a terminal
GAP = 2  # columns between two cells


def line(text: str, *, indent: int = 0) -> None:
    """Say one line; what may come from a watched page loses all that a terminal would obey."""
    sys.stdout.write(f"{' ' * indent}{one_line(text)}\n")


def quotes(every: "Iterable[Quote]") -> None:
    """Say the words before and after, under their headings."""
    for quote in every:
        line(f"{trail(quote.trail)}:", indent=2)
        line(f"Before: {quote.before or '(not there)'}", indent=4)
        line(f"After:  {quote.after or '(not there)'}", indent=4)


def reasons(every: "Iterable[Reason]") -> None:
    """Say which rules spoke, the weightiest first, equal ones once with their number."""
    counts = Counter((-why.weight, why.rule, why.cue) for why in every)
    for (weight, rule, cue), count in sorted(counts.items()):
        times = f" ({count} times)" if count > 1 else ""
        line(f"{-weight:4g}  {rule}: {cue}{times}", indent=2)


def counted(count: int, what: str) -> str:
    """Return how many there are of what, in the number that belongs to it."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def trail(headings: Sequence[str]) -> str:
    """Return headings as one text, long ones cut."""
    return " > ".join(text if len(text) <= HEADING_CHARS else f"{text[:HEADING_CHARS]}…" for text in headings)


def error(text: str) -> None:
    """Say what went wrong, on stderr, each line apart."""
    for each in text.splitlines():
        sys.stderr.write(f"{one_line(each)}\n")


def machine(value: object) -> None:
    """Say a value as one line of JSON."""
    from monitor.codec import encode

    sys.stdout.write(f"{encode(value).decode()}\n")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Say rows under headings; where they are too wide for the terminal, the widest columns are folded."""
    from tabulate import tabulate

    cells = [[one_line(cell) for cell in row] for row in rows]
    natural = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    room = (shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPE_WIDTH) - GAP * (len(columns) - 1)
    widths = folded(natural, room)
    most = None if widths == tuple(natural) else list(widths)  # where all fits, looking at every cell is half the work
    drawn = tabulate(cells, columns, "simple", disable_numparse=True, maxcolwidths=most)
    sys.stdout.write(f"{drawn}\n")


def folded(widths: Sequence[int], room: int) -> tuple[int, ...]:
    """Return widths that fit into the room: narrow columns keep theirs, the widest share what is left."""
    left, columns = room, len(widths)
    fitting = dict.fromkeys(range(columns), 1)
    for place in sorted(range(columns), key=lambda place: widths[place]):
        fitting[place] = max(1, min(widths[place], left // columns))
        left, columns = left - fitting[place], columns - 1
    return tuple(fitting.values())


def progress(steps: Iterable[T], label: str, total: int | None = None) -> Iterator[T]:
    """Yield the steps, with a bar on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield from steps
        return
    with click.progressbar(steps, label=label, length=total, file=sys.stderr) as shown:
        yield from shown
