"""Change -> Verdict: what a change is called, whom to tell, with quotes and reasons."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.model.change import Change
from monitor.model.document import BlockKind, Document, Part
from monitor.model.page import Page, PageKind
from monitor.model.verdict import NEXT_FETCH, Aspect, Direction, Kind, Level, Reason, Verdict
from monitor.optout import phrases, weights
from monitor.optout.items import Item, ItemKind, items_of
from monitor.optout.reading import Reader
from monitor.optout.weigh import Scales, Weighed

# What a reviewer should look at first. Source: the order readers are harmed by, docs/how-it-works/detection.md.
_PRIORITIES: tuple[tuple[Aspect, int], ...] = (
    (Aspect.STEP, 90),
    (Aspect.FORM_FIELD, 85),
    (Aspect.DEADLINE, 80),
    (Aspect.FORM_LINK, 75),
    (Aspect.RIGHT_TO_OBJECT, 70),
    (Aspect.CONSENT_WITHDRAWAL, 65),
    (Aspect.EXCLUSIONS, 60),
    (Aspect.AI_TRAINING_USE, 55),
)
_REASONS = 12
_QUIET = {
    Kind.SUBSTANTIVE: "changed, but nothing about the way out",
    Kind.NOISE: "written otherwise, with the same meaning",
}
_FIRM = frozenset({ItemKind.ADDED, ItemKind.REWORDED, ItemKind.FIELD, ItemKind.MOVED})
_ABOUT_IT = frozenset({PageKind.HELP, PageKind.SETTINGS_GUIDE})


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict and the pieces of the change that it rests on, the weightiest first."""

    verdict: Verdict
    rests_on: tuple[Item, ...] = ()


def judge(page: Page, change: Change, document: Document, reader: Reader) -> Judged:
    """Return the verdict on what is new in a page; `document` is the page as it is now.

    A verdict that rests on something gone waits for confirmation; one that rests on words that are there does not.
    """
    scales = Scales(reader, page.kind, about=about_the_way_out(page, document, reader))
    weighed = [scales.weighed(item) for item in items_of(change)]
    ranked = sorted((w for w in weighed if w.weight), key=_rank)
    level = _level(ranked)
    if level is Level.NONE:
        kind = _quiet_kind(weighed)
        return Judged(Verdict(kind=kind, title=_QUIET[kind], reasons=_reasons(ranked or weighed)))
    floor = weights.ALERT if level is Level.ALERT else weights.DIGEST
    return Judged(_verdict(page, change, ranked, level), tuple(w.item for w in ranked if w.weight >= floor))


def _verdict(page: Page, change: Change, ranked: list[Weighed], level: Level) -> Verdict:
    """Return what readers are told of the weighty pieces."""
    relevant = [w for w in ranked if w.weight >= weights.DIGEST]
    top = relevant[0]
    held = level is Level.ALERT and not any(w.weight >= weights.ALERT and _is_there(w) for w in relevant)
    aspects = _aspects(relevant, level)
    return Verdict(
        kind=Kind.OPTOUT if aspects else Kind.SUBSTANTIVE,
        level=level,
        aspects=aspects,
        directions=_directions(relevant),
        title=phrases.title(page.title or str(page.service) or str(page.id), top),
        meaning=phrases.meaning(top),
        quotes=phrases.quotes(relevant),
        reasons=_reasons(relevant),
        held=held,
        waits_for=f"{NEXT_FETCH}, to confirm that it is gone" if held else "",
        confirmable=held,
        priority=max((points for aspect, points in _PRIORITIES if aspect in aspects), default=10),
        other_lines=max(0, change.lines - len({id(w.item.block) for w in relevant})),
    )


def about_the_way_out(page: Page, document: Document, reader: Reader) -> bool:
    """Say whether a whole page is about the way out, so that any change of meaning in it is worth a line."""
    if page.kind is PageKind.FORM:
        return True
    if page.kind not in _ABOUT_IT:
        return False
    headings = (b.text for b in document.blocks if b.kind is BlockKind.HEADING and b.part is not Part.FURNITURE)
    return any(reader.strong(text) for text in headings)


def _rank(weighed: Weighed) -> tuple[float, int]:
    return (-weighed.weight, -_points(weighed))


def _points(weighed: Weighed) -> int:
    return sum(points for aspect, points in _PRIORITIES if aspect in weighed.aspects)


def _is_there(weighed: Weighed) -> bool:
    """Say whether it rests on words that stand on the page now, which no cut load can invent."""
    item = weighed.item
    return item.kind in _FIRM or (item.relinked is not None and item.relinked.after is not None)


def _level(ranked: list[Weighed]) -> Level:
    weight = ranked[0].weight if ranked else 0.0
    return Level.ALERT if weight >= weights.ALERT else Level.DIGEST if weight >= weights.DIGEST else Level.NONE


def _quiet_kind(weighed: list[Weighed]) -> Kind:
    """Return `noise` when nothing changed its meaning, `substantive` when something did."""
    said = (w for w in weighed if w.item.kind in {ItemKind.ADDED, ItemKind.REMOVED, ItemKind.REWORDED})
    meant = any(not any(reason.rule == "same-meaning" for reason in w.reasons) for w in said)
    return Kind.SUBSTANTIVE if meant else Kind.NOISE


def _aspects(relevant: list[Weighed], level: Level) -> tuple[Aspect, ...]:
    floor = weights.ALERT if level is Level.ALERT else weights.DIGEST
    found = {aspect for w in relevant if w.weight >= floor for aspect in w.aspects}
    return tuple(aspect for aspect in Aspect if aspect in found)


def _directions(relevant: list[Weighed]) -> tuple[Direction, ...]:
    found = {w.direction for w in relevant}
    return tuple(direction for direction in Direction if direction in found)


def _reasons(weighed: Iterable[Weighed]) -> tuple[Reason, ...]:
    return tuple(reason for w in weighed for reason in w.reasons)[:_REASONS]
