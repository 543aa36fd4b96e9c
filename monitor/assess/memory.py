"""What is remembered of a page between captures, and what waits for the next one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.compare import Sorted, mark
from monitor.model.document import Block, Document, Part
from monitor.model.finding import History, Normal, Settled, Sight, Waiting
from monitor.model.procedure import Difference
from monitor.model.verdict import Kind, Verdict


def remembered(
    history: History, sight: Sight, document: Document, *, waiting: Sequence[Waiting] = (), absent: Sequence[Block] = ()
) -> History:
    """Return the history with this reading as its newest."""
    marks = {mark(block): sight.at for block in document.blocks if block.part is not Part.FURNITURE}
    return replace(
        history,
        newest=sight,
        document=document,
        normal=Normal(
            chars=document.chars,
            language=document.language,
            title=document.title,
            dropped_chars=document.dropped_chars,
        ),
        seen=_with_first(history.seen, marks),
        fingerprints=_with_first(history.fingerprints, {sight.fingerprint: sight.at}),
        waiting=tuple(waiting),
        absent=tuple(absent),
    )


def _with_first(known: Mapping[str, datetime], new: Mapping[str, datetime]) -> Mapping[str, datetime]:
    """Return both, the first moment of each kept."""
    return {**new, **known}


def waiting_for(
    before: Sight, sight: Sight, verdict: Verdict, known: Sorted, differences: tuple[Difference, ...]
) -> Waiting:
    """Return what must stay gone for a held verdict to hold."""
    gone = tuple(mark(block) for block in (*known.fresh.removed, *known.group))
    gone += tuple(mark(pair.before) for pair in known.fresh.reworded)
    return Waiting(sight=sight, before=before, verdict=verdict, gone=gone, differences=differences)


def settle(waiting: Sequence[Waiting], document: Document) -> tuple[tuple[Settled, ...], tuple[Waiting, ...]]:
    """Return what this document confirms or drops of what waits, and what goes on waiting."""
    if not waiting:
        return (), ()
    marks = {mark(block) for block in document.blocks}
    settled: list[Settled] = []
    left: list[Waiting] = []
    for one in waiting:
        back = sum(gone in marks for gone in one.gone)
        if one.gone and 2 * back > len(one.gone):
            settled.append(_dropped(one))
        elif one.verdict.confirmable:
            settled.append(_confirmed(one))
        else:
            left.append(one)
    return tuple(settled), tuple(left)


def _confirmed(one: Waiting) -> Settled:
    verdict = replace(one.verdict, held=False, waits_for="", confirmable=False)
    return Settled(sight=one.sight, before=one.before, verdict=verdict, confirmed=True, differences=one.differences)


def _dropped(one: Waiting) -> Settled:
    verdict = Verdict(kind=Kind.FLAP, title="what had gone is back", reasons=one.verdict.reasons)
    return Settled(sight=one.sight, before=one.before, verdict=verdict, confirmed=False)


def still_absent(history: History, removed: Sequence[Block], known: Sorted) -> tuple[Block, ...]:
    """Return the blocks that are away as a group: those still away, and those that went now."""
    away = {id(block) for block in removed}
    removed_for_good = {id(block) for block in known.fresh.removed}
    still = (block for block in history.absent if id(block) in away and id(block) not in removed_for_good)
    return (*still, *known.group)


def remarks(normal: Normal, document: Document) -> tuple[str, ...]:
    """Return what a maintainer should know about the recipe: selectors without a match, a drop that takes more."""
    found = [f"recipe.select {selector!r} matched nothing" for selector in document.missing]
    more = document.dropped_chars - normal.dropped_chars
    if normal.chars and more > max(500, normal.dropped_chars // 2, normal.chars // 20):
        found.append(f"recipe.drop takes {more:,} characters more than before ({normal.dropped_chars:,})")
    return tuple(found)
