"""What is remembered of a page between captures, and what waits for the next one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.compare import field_mark, link_mark, mark, marks
from monitor.model.document import Block, BlockKind, Document
from monitor.model.finding import History, Normal, Reading, Settled, Sight, Waiting
from monitor.model.procedure import Difference
from monitor.model.verdict import CAME_AGAIN, GONE_AGAIN, Kind, Verdict
from monitor.optout import Item, ItemKind, Judged

# The suspect reading takes the newest one's place when a capture shares so much more of its marks with it.
NEARER = 0.05
# How long a group that went is waited for. Footnotes of one policy were away for about a month, several times.
AWAY = timedelta(days=92)
# A group is back when this part of its blocks is.
BACK = 0.5
# A change holds while this part of it does: pages go on changing elsewhere between two fetches.
HOLDS = 0.5


def nearest(history: History, found: frozenset[str]) -> Reading | None:
    """Return the reading that a capture with these marks is the next text of: the newest, or the suspect one."""
    if history.newest is None or history.document is None:
        return None
    newest = Reading(history.newest, history.document)
    suspect = history.suspect
    if suspect and share(suspect.document, found) > share(newest.document, found) + NEARER:
        return suspect
    return newest


def share(document: Document, found: frozenset[str]) -> float:
    """Return which part of the marks of both is in both, 0 to 1 (Jaccard)."""
    own = marks(document)
    both = len(own & found)
    return both / max(1, len(own) + len(found) - both)


def lost(history: History, document: Document) -> tuple[Block, ...]:
    """Return the blocks that did not come back with the group they had gone with; none while the group is away."""
    here = marks(document)
    missing = tuple(block for block in history.absent if mark(block) not in here)
    return missing if len(missing) < (1 - BACK) * len(history.absent) else ()


def remembered(history: History, reading: Reading, *, waiting: Sequence[Waiting], gone: Collection[str]) -> History:
    """Return the history with this reading as its newest."""
    sight, document = reading.sight, reading.document
    return replace(
        _seen(history, reading, waiting, gone),
        newest=sight,
        document=document,
        normal=Normal(
            chars=document.chars,
            language=document.language,
            title=document.title,
            headings=tuple(block.text for block in document.blocks if block.kind is BlockKind.HEADING),
            dropped_chars=document.dropped_chars,
        ),
        suspect=None,
    )


def suspected(
    history: History, before: Reading, reading: Reading, *, waiting: Sequence[Waiting], gone: Collection[str]
) -> History:
    """Return the history with this reading as its suspect beside the one it was compared with."""
    return replace(
        _seen(history, reading, waiting, gone), newest=before.sight, document=before.document, suspect=reading
    )


def _seen(history: History, reading: Reading, waiting: Sequence[Waiting], gone: Collection[str]) -> History:
    sight = reading.sight
    found = dict.fromkeys(marks(reading.document), sight.at)
    return replace(
        history,
        seen=_with_first(history.seen, found),
        fingerprints=_with_first(history.fingerprints, {sight.fingerprint: sight.at}),
        waiting=tuple(waiting),
        gone=history.gone.union(gone).difference(found),
    )


def with_absent(history: History, group: Sequence[Block], sight: Sight, document: Document) -> History:
    """Return the history with a group that went now, or without one that is back or was away too long."""
    if group:
        return replace(history, absent=tuple(group), absent_since=sight.at)
    since = history.absent_since
    if since is None:
        return history
    here = marks(document)
    back = sum(mark(block) in here for block in history.absent) > BACK * len(history.absent)
    return replace(history, absent=(), absent_since=None) if back or sight.at - since > AWAY else history


def _with_first(known: Mapping[str, datetime], new: Mapping[str, datetime]) -> Mapping[str, datetime]:
    """Return both, the first moment of each kept."""
    return {**new, **known}


def waiting_for(before: Sight, sight: Sight, judged: Judged, differences: tuple[Difference, ...]) -> Waiting:
    """Return what must stay gone, and what must stay, for a held verdict to hold."""
    gone = (_gone(item) for item in judged.rests_on)
    come = (_come(item) for item in judged.rests_on)
    return Waiting(
        sight=sight,
        before=before,
        verdict=judged.verdict,
        gone=tuple(filter(None, gone)),
        come=tuple(filter(None, come)),
        differences=differences,
    )


def _gone(item: Item) -> str:
    """Return the mark of what a piece of a change took away, or nothing."""
    if item.relinked is not None:
        return link_mark(item.relinked.before) if item.relinked.before and not item.relinked.after else ""
    if item.refielded is not None:
        return field_mark(item.refielded.before) if item.refielded.before and not item.refielded.after else ""
    return mark(item.block) if item.kind is ItemKind.REMOVED else ""


def _come(item: Item) -> str:
    """Return the mark of what a piece of a change brought, or nothing."""
    if item.relinked is not None:
        return link_mark(item.relinked.after) if item.relinked.after else ""
    if item.refielded is not None:
        return field_mark(item.refielded.after) if item.refielded.after else ""
    return "" if item.kind is ItemKind.REMOVED else mark(item.block)


def settle(waiting: Sequence[Waiting], document: Document) -> tuple[tuple[Settled, ...], tuple[Waiting, ...]]:
    """Return what this document confirms, drops or leaves to a maintainer of what waits, and what goes on waiting.

    What had gone and is back was never news. What had come and is gone again may be a variant that one fetch in many
    shows, or a change that was taken back: nobody lets it out. Once it has come again two fetches show it, and a
    maintainer decides.
    """
    if not waiting:
        return (), ()
    found = marks(document)
    settled: list[Settled] = []
    left: list[Waiting] = []
    for one in waiting:
        if one.gone and _share_of(one.gone, found) > HOLDS:
            settled.append(_settled(one, Verdict(kind=Kind.FLAP, title="what had gone is back")))
        elif doubt := _doubt(one, found):
            doubtful = replace(one.verdict, confirmable=False, waits_for=doubt)
            settled.append(_settled(one, doubtful))
            left.append(replace(one, verdict=doubtful))
        elif not one.verdict.confirmable:
            left.append(one)
        else:
            confirmed = replace(one.verdict, held=False, waits_for="", confirmable=False)
            settled.append(_settled(one, confirmed, confirmed=True))
    return tuple(settled), tuple(left)


def _doubt(one: Waiting, found: Collection[str]) -> str:
    """Return what a maintainer is to know now of what had come, or nothing when that is as it was."""
    stands = not one.come or _share_of(one.come, found) >= HOLDS
    if one.verdict.confirmable:
        return "" if stands else GONE_AGAIN
    return CAME_AGAIN if stands and one.verdict.waits_for == GONE_AGAIN else ""


def _share_of(wanted: Sequence[str], found: Collection[str]) -> float:
    return sum(one in found for one in wanted) / len(wanted)


def _settled(one: Waiting, verdict: Verdict, *, confirmed: bool = False) -> Settled:
    return Settled(
        sight=one.sight, before=one.before, verdict=verdict, confirmed=confirmed, differences=one.differences
    )


def remarks(normal: Normal, document: Document) -> tuple[str, ...]:
    """Return what a maintainer should know about the recipe: selectors without a match, a drop that takes more."""
    found = [f"recipe.select {selector!r} matched nothing" for selector in document.missing]
    more = document.dropped_chars - normal.dropped_chars
    if normal.chars and more > max(500, normal.dropped_chars // 2, normal.chars // 20):
        found.append(f"recipe.drop takes {more:,} characters more than before ({normal.dropped_chars:,})")
    return tuple(found)
