"""Text that was only cut or joined differently: the same words in other blocks are no change."""

import re
from collections.abc import Sequence

from monitor.model.document import Block
from monitor.once import lately

_NOT_WORD = re.compile(r"\W+", re.UNICODE)


@lately(4096)
def compact(text: str) -> str:
    """Return the letters and digits of a text alone."""
    return _NOT_WORD.sub("", text)


def regrouped(gone: Sequence[Block], come: Sequence[Block]) -> tuple[set[int], set[int]]:
    """Return the indexes of blocks gone and come that hold the same words in other pieces."""
    merged_gone, merged_come = _pieces(gone, come)
    split_come, split_gone = _pieces(
        [block for j, block in enumerate(come) if j not in merged_come],
        [block for i, block in enumerate(gone) if i not in merged_gone],
    )
    come_left = [j for j in range(len(come)) if j not in merged_come]
    gone_left = [i for i in range(len(gone)) if i not in merged_gone]
    return merged_gone | {gone_left[i] for i in split_gone}, merged_come | {come_left[j] for j in split_come}


def _pieces(small: Sequence[Block], large: Sequence[Block]) -> tuple[set[int], set[int]]:
    """Return which small blocks together make up which large ones, letter for letter and in order."""
    starts: dict[str, list[int]] = {}
    letters = [compact(block.key) for block in small]
    for i, text in enumerate(letters):
        if text:
            starts.setdefault(text[:8], []).append(i)
    used: set[int] = set()
    whole: set[int] = set()
    for j, block in enumerate(large):
        found = _tiling(compact(block.key), letters, starts, used)
        if len(found) > 1:
            used.update(found)
            whole.add(j)
    return used, whole


def _tiling(text: str, letters: list[str], starts: dict[str, list[int]], used: set[int]) -> list[int]:
    """Return the pieces that follow each other through the whole text, or nothing."""
    at, found = 0, list[int]()
    while at < len(text):
        piece = next(
            (
                i
                for width in range(8, 0, -1)
                for i in starts.get(text[at : at + width], ())
                if i not in used and i not in found and text.startswith(letters[i], at)
            ),
            None,
        )
        if piece is None:
            return []
        found.append(piece)
        at += len(letters[piece])
    return found
