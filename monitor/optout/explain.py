"""Change -> everything that was weighed: each piece with its cues, the rules that spoke, and what each weighs.

`judge` keeps the reasons that led to the verdict; this keeps all of them, those for silence too, in the same order of
reading and by the same scales, so that a maintainer sees what a rule saw.
"""

from dataclasses import dataclass

from monitor.model.change import Change
from monitor.model.document import Document
from monitor.model.page import Page
from monitor.model.verdict import Level, Reason
from monitor.optout import weights
from monitor.optout.items import Item, ItemKind, items_of
from monitor.optout.judge import about_the_way_out
from monitor.optout.lexicon import Strength
from monitor.optout.reading import Reader
from monitor.optout.weigh import Scales


@dataclass(frozen=True, slots=True)
class Seen:
    """A cue as it was found: its id and strength, the folded words that matched, and where.

    `where` is `before`, `after`, or `heading` for one that stands over the piece.
    """

    id: str
    strength: Strength
    words: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One piece of a change as the rules saw it; `block` is the kind of block it stands in.

    `before` and `after` are the sentences, links or fields beside each other (an empty side was not there), `rules`
    every rule that spoke with its weight, `weight` the largest of them, and `level` what that alone would be told as.
    """

    what: ItemKind
    block: str
    part: str
    trail: tuple[str, ...]
    before: str
    after: str
    cues: tuple[Seen, ...]
    rules: tuple[Reason, ...]
    weight: float
    level: Level


def explain(page: Page, change: Change, document: Document, reader: Reader) -> tuple[Line, ...]:
    """Return a line for every piece of a change, the weightiest first, then in reading order; none for no change.

    It takes what `judge` takes: `document` is the page as it is now.
    """
    scales = Scales(reader, page.kind, about=about_the_way_out(page, document, reader))
    lines = [_line(item, scales) for item in items_of(change)]
    return tuple(sorted(lines, key=lambda line: -line.weight))


def _line(item: Item, scales: Scales) -> Line:
    weighed = scales.weighed(item)
    return Line(
        what=item.kind,
        block=item.block.kind.value,
        part=item.block.part.value,
        trail=item.trail,
        before=item.before,
        after=item.after,
        cues=_seen(item, scales.reader),
        rules=weighed.reasons,
        weight=weighed.weight,
        level=_level(weighed.weight),
    )


def _seen(item: Item, reader: Reader) -> tuple[Seen, ...]:
    """Return the cues of both sides, then that of the heading over it."""
    sides = (("before", _words(item, item.before)), ("after", _words(item, item.after)))
    found = [
        Seen(hit.cue.id, hit.cue.strength, hit.words, where)
        for where, words in sides
        if words
        for hit in reader.hits(words)
    ]
    over = reader.strong_heading(item.trail)
    return (*found, Seen(over.cue.id, over.cue.strength, over.words, "heading")) if over else tuple(found)


def _words(item: Item, side: str) -> str:
    """Return the words that are read for cues: of a link its text, since its address holds none."""
    if item.relinked is None:
        return side
    link = item.relinked.before if side == item.before and item.relinked.before else item.relinked.after
    return link.text if link and side else ""


def _level(weight: float) -> Level:
    return Level.ALERT if weight >= weights.ALERT else Level.DIGEST if weight >= weights.DIGEST else Level.NONE
