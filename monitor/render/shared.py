"""Which runs two texts share, word by word: lists of words in, places and lengths out.

The answer is that of `difflib.SequenceMatcher` without junk: the longest run first, of equally long ones that which
begins earliest, then the same on either side of it. Every different word is written as one character, so that Python's
search in strings looks for a run of words: a third of the time, and the entries of feeds are mostly this.
"""

from collections.abc import Sequence
from itertools import chain


def shared_runs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return where the shared runs begin in both lists, and how many words they have, in order.

    Both together have fewer different words than there are characters (1,114,112).
    """
    letters = {word: chr(number) for number, word in enumerate(dict.fromkeys(chain(old, new)))}
    one, other = ("".join([letters[word] for word in words]) for words in (old, new))
    found, unread = [], [(0, len(one), 0, len(other))]
    while unread:
        i, j, k, m = unread.pop()
        start, opposite, length = _longest(one[i:j], other[k:m]) if i < j and k < m else (0, 0, 0)
        if length:
            found.append((i + start, k + opposite, length))
            unread.append((i, i + start, k, k + opposite))
            unread.append((i + start + length, j, k + opposite + length, m))
    return sorted(found)


def _longest(one: str, other: str) -> tuple[int, int, int]:
    """Return the beginning in both of the longest run that they share, and its length; without one the length is 0."""
    start = length = 0
    for place in range(len(one)):
        while place + length < len(one) and one[place : place + length + 1] in other:
            start, length = place, length + 1
    return start, other.find(one[start : start + length]), length
