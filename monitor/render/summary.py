"""An alert as plain text of at most 2 KB: what changed, what it means, and the proof.

It is the `description` of feed entries and the core of the text part of mails; the whole is one link away.
"""

from collections.abc import Callable, Iterable, Iterator

from monitor.model.alert import Alert
from monitor.model.change import Edit, EditKind
from monitor.model.verdict import Quote
from monitor.render import facts
from monitor.render.cut import cut, longest
from monitor.render.place import Place
from monitor.render.safe import one_line
from monitor.render.tongue import ENGLISH, Tongue
from monitor.render.words import quote_edits

LIMIT_BYTES = 2048  # Source: the promise of `Alert` in docs/how-it-works and "at most 2 KB of our own text per item"
_MOST_QUOTES = 4
_KEPT, _GONE, _COME = EditKind.KEPT, EditKind.GONE, EditKind.COME  # Python looks a member up in 0.1 µs each time
# Characters a side of each quote, tried in this order until the text fits.
_QUOTE_CHARS = (600, 400, 280, 200, 140, 100, 60)


def summary(alert: Alert, place: Place, tongue: Tongue = ENGLISH, *, title: bool = True) -> str:
    """Return the alert in plain lines, at most 2,048 bytes of UTF-8; without its title where that stands above."""
    start = [facts.headline(alert, tongue)] if title else []
    end = list(_proof(alert, place, tongue))
    room = LIMIT_BYTES - _bytes((*start, *end))
    return "\n".join((*start, *_quotes(alert, room, tongue), *end))


def _unshown(alert: Alert, most: int, tongue: Tongue) -> Iterator[str]:
    if len(alert.quotes) > most:
        yield tongue.plural(
            "%(count)s more passage is quoted on the page of this change.",
            "%(count)s more passages are quoted on the page of this change.",
            len(alert.quotes) - most,
        )


def _quotes(alert: Alert, room: int, tongue: Tongue) -> list[str]:
    """Return the quotes' lines as long as the room allows: shorter quotes first, then fewer of them."""
    told = [_told(quote, tongue) for quote in alert.quotes[:_MOST_QUOTES]]
    for most in range(len(told), 0, -1):
        unshown = tuple(_unshown(alert, most, tongue))
        left = room - _bytes(unshown)
        for chars in _QUOTE_CHARS:
            if (shown := _fitting(told[:most], chars, left)) is not None:
                return [*shown, *unshown]
    return list(_unshown(alert, 0, tongue))


def _told(quote: Quote, tongue: Tongue) -> Callable[[int], tuple[list[str], int]]:
    """Return what gives a quote's lines and their size in bytes, for a number of characters a side."""
    edits, trail = quote_edits(quote), facts.where(quote)
    whole = longest(edits)
    made: dict[int, tuple[list[str], int]] = {}

    def lines_of(chars: int) -> tuple[list[str], int]:
        limit = min(chars, whole)  # most quotes are short, and the same for every limit
        if limit not in made:
            lines = list(_lines(trail, cut(edits, limit, tongue), tongue))
            made[limit] = lines, _bytes(lines)
        return made[limit]

    return lines_of


def _fitting(told: Iterable[Callable[[int], tuple[list[str], int]]], chars: int, room: int) -> list[str] | None:
    """Return the lines of these quotes with so many characters a side, or None when they need more bytes."""
    shown: list[str] = []
    for lines_of in told:
        lines, size = lines_of(chars)
        room -= size
        if room < 0:
            return None
        shown += lines
    return shown


def _lines(trail: str, edits: tuple[Edit, ...], tongue: Tongue) -> Iterator[str]:
    if trail:
        yield trail
    yield tongue.say("Before: %(quote)s", quote=_side(edits, _GONE, tongue))
    yield tongue.say("After: %(quote)s", quote=_side(edits, _COME, tongue))


def _bytes(lines: Iterable[str]) -> int:
    return sum([len(line.encode()) + 1 for line in lines])


def _side(edits: tuple[Edit, ...], side: EditKind, tongue: Tongue) -> str:
    words = one_line("".join([edit.text for edit in edits if edit.kind is side or edit.kind is _KEPT]))
    return words or tongue.say("(not there)")


def _proof(alert: Alert, place: Place, tongue: Tongue) -> Iterator[str]:
    yield from (facts.difference(each, tongue) for each in alert.differences[:2])
    if means := facts.meaning(alert, tongue):
        yield tongue.say("What it means: %(meaning)s", meaning=means)
    if alert.corrects:
        yield tongue.say("This corrects an earlier alert: %(link)s", link=place.change(alert.corrects))
    yield facts.others(alert, tongue)
    yield f"{facts.seen(alert, tongue)} {facts.confirmed(alert, tongue)}"
    yield facts.captures(alert, tongue)
    yield place.change(alert.id)
