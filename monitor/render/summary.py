"""An alert as plain text of at most 2 KB: what changed, what it means, and the proof.

It is the `description` of feed entries and the core of the text part of mails; the whole is one link away.
"""

from collections.abc import Iterator
from functools import cache
from itertools import chain

from monitor.model.alert import Alert
from monitor.model.change import Edit, EditKind
from monitor.model.verdict import Quote
from monitor.render import facts
from monitor.render.cut import cut
from monitor.render.place import Place
from monitor.render.safe import one_line
from monitor.render.tongue import ENGLISH, Tongue
from monitor.render.words import quote_edits

LIMIT_BYTES = 2048  # Source: the promise of `Alert` in docs/how-it-works and "at most 2 KB of our own text per item"
_MOST_QUOTES = 4
# Characters a side of each quote, tried in this order until the text fits.
_QUOTE_CHARS = (600, 400, 280, 200, 140, 100, 60)


def summary(alert: Alert, place: Place, tongue: Tongue = ENGLISH, *, title: bool = True) -> str:
    """Return the alert in plain lines, at most 2,048 bytes of UTF-8; without its title where that stands above."""
    start = [facts.headline(alert, tongue)] if title else []
    end = list(_proof(alert, place, tongue))
    room = LIMIT_BYTES - sum(len(line.encode()) + 1 for line in (*start, *end))
    return "\n".join((*start, *_quotes(alert, room, tongue), *end))


def _lines(quote: Quote, chars: int, tongue: Tongue) -> Iterator[str]:
    if trail := facts.where(quote):
        yield trail
    edits = cut(quote_edits(quote), chars, tongue)
    yield tongue.say("Before: %(quote)s", quote=_side(edits, EditKind.GONE, tongue))
    yield tongue.say("After: %(quote)s", quote=_side(edits, EditKind.COME, tongue))


def _unshown(alert: Alert, most: int, tongue: Tongue) -> Iterator[str]:
    if len(alert.quotes) > most:
        yield tongue.plural(
            "%(count)s more passage is quoted on the page of this change.",
            "%(count)s more passages are quoted on the page of this change.",
            len(alert.quotes) - most,
        )


def _quotes(alert: Alert, room: int, tongue: Tongue) -> list[str]:
    """Return the quotes' lines as long as the room allows: shorter quotes first, then fewer of them."""
    lines_of = cache(lambda quote, chars: tuple(_lines(quote, chars, tongue)))
    for most in range(min(_MOST_QUOTES, len(alert.quotes)), 0, -1):
        unshown = tuple(_unshown(alert, most, tongue))
        for chars in _QUOTE_CHARS:
            lines = [*chain.from_iterable(lines_of(quote, chars) for quote in alert.quotes[:most]), *unshown]
            if sum(len(line.encode()) + 1 for line in lines) <= room:
                return lines
    return list(_unshown(alert, 0, tongue))


def _side(edits: tuple[Edit, ...], side: EditKind, tongue: Tongue) -> str:
    words = one_line("".join(edit.text for edit in edits if edit.kind in (side, EditKind.KEPT)))
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
