"""Pinned quotes: words that a maintainer approved and that must stay. What becomes of them stands in `missed`.

Comes in: words of a page, who pins them, or an alert. Goes out: pins.
"""

from collections.abc import Iterator
from dataclasses import replace

from monitor.assess import rules
from monitor.compare import NEAR_HEADINGS, blocks_saying, spoken
from monitor.model.alert import Alert, AlertState
from monitor.model.desk import Pin, PinId, content_id
from monitor.model.document import Block, BlockKind, Document
from monitor.model.errors import PinError
from monitor.model.page import Page, PageId
from monitor.pipeline.review import Decider
from monitor.ports import World

RULE = "pinned-quote"
LEAST_WORDS = 3  # fewer stand on any page somewhere

_LISTED = frozenset({BlockKind.ITEM, BlockKind.STEP, BlockKind.ROW})


def pin(page_id: str, words: str, by: Decider, world: World, *, under: str = "") -> Pin:
    """Pin words of a page: from now on it is an alert when a good reading lacks them. Pinning twice does no harm.

    They are pinned in the first place that says them under headings which hold `under`. For an entry of a list that
    matters: the same words under other headings say something else.

    Raises:
        PinError: the page is not watched or not read yet, or does not say these words now.
    """
    page = world.watchlist.page(page_id)
    if page is None:
        raise PinError(f"page {page_id}", "is not watched")
    if len(spoken(words).split()) < LEAST_WORDS:
        raise PinError(f"page {page_id}", f"pin at least {LEAST_WORDS} words")
    places = blocks_saying(_newest(page, world), words)
    block = next((each for each in places if spoken(under) in spoken(" > ".join(each.trail))), None)
    if block is None:
        there = f" under {under!r}" if under else ""
        raise PinError(f"page {page_id}", f"does not say these words{there} now: copy them from its newest reading")
    made = _pin(page, words, block, by, world)
    world.desk.write_pin(made)
    return made


def pin_quotes(alert: Alert, by: Decider, world: World) -> tuple[Pin, ...]:
    """Pin what an alert quotes as said now, as far as the page still says it; return the pins."""
    page = world.watchlist.page(alert.page)
    if page is None:
        return ()
    document = _newest(page, world)
    quotes = [quote for quote in alert.quotes if len(spoken(quote.after).split()) >= LEAST_WORDS]
    made: dict[PinId, Pin] = {}
    for quote in quotes:
        blocks = blocks_saying(document, quote.after)
        block = next((block for block in blocks if block.trail == quote.trail), None)
        if block is not None:
            new = replace(_pin(page, quote.after, block, by, world), aspects=alert.aspects)
            made[new.id] = new
    for new in made.values():
        world.desk.write_pin(new)
    return tuple(made.values())


def _pin(page: Page, words: str, block: Block, by: Decider, world: World) -> Pin:
    listed = block.kind in _LISTED
    return Pin(
        id=PinId(content_id(page.id, spoken(words), *(_near(block.trail) if listed else ()))),
        page=page.id,
        words=words.strip(),
        trail=block.trail,
        listed=listed,
        who=by.who,
        at=world.now(),
    )


def unpin(id: str, world: World) -> Pin:
    """End a pin (the beginning of its id is enough): the words may go.

    Raises:
        PinError: no pin in force has this id, or several begin so.
    """
    near = [each for each in active(world) if id and each.id.startswith(id)]
    if len(near) != 1:
        raise PinError(f"pin {id}", "there is none: `optout-monitor review pins` shows them")
    ended = replace(near[0], ended=world.now())
    world.desk.write_pin(ended)
    return ended


def active(world: World, page: PageId | None = None) -> tuple[Pin, ...]:
    """Return the pins in force, of one page or of all, oldest first."""
    return tuple(each for each in world.desk.pins() if each.ended is None and page in (None, each.page))


def is_about_pin(alert: Alert) -> bool:
    """Say whether an alert tells of a pinned quote that went."""
    return any(reason.rule == RULE for reason in alert.reasons)


def undecided(page: PageId, world: World) -> tuple[Alert, ...]:
    """Return the alerts about pinned quotes of a page that no second fetch confirmed or dropped yet."""
    return tuple(one for one in world.desk.alerts(AlertState.HELD, page=page) if is_about_pin(one))


def places(document: Document, pin: Pin) -> Iterator[Block]:
    """Yield the blocks of a document that say what is pinned: an entry of a list under its own headings."""
    blocks = blocks_saying(document, pin.words)
    return (block for block in blocks if not pin.listed or _near(block.trail) == _near(pin.trail))


def _newest(page: Page, world: World) -> Document:
    history = world.journal.history(page.id, rules(page, world.lexicons))
    if history is None or history.document is None:
        raise PinError(f"page {page.id}", f"was not read by today's rules: `optout-monitor check {page.id}` does that")
    return history.document


def _near(trail: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(spoken(heading) for heading in trail[-NEAR_HEADINGS:])
