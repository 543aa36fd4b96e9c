"""Which cues a sentence can hold at all, by the letters of its words: most sentences hold none and are not searched.

`letters` tells what every match of a pattern needs. A word is asked once which needs it meets; a policy has about
3,000 words, which come again in all of its sentences.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from re import Pattern

from monitor.optout.letters import letters_of

_REMEMBERED = 16_384  # words


@dataclass(slots=True)
class Sieve:
    """Needs as bits: which letters meet which of them, and what was found of words so far."""

    met_by: dict[str, int]
    widest: int
    _met: dict[str, int] = field(default_factory=dict)

    def met(self, words: Iterable[str]) -> int:
        """Return the needs that words meet together."""
        known = self._met
        if len(known) > _REMEMBERED:
            known.clear()
        needs = 0
        for word in words:
            found = known.get(word)
            if found is None:
                found = known[word] = self._of(word)
            needs |= found
        return needs

    def _of(self, word: str) -> int:
        ends = range(1, len(word) + 1)
        runs = (word[start:end] for end in ends for start in range(max(0, end - self.widest), end))
        return reduce(or_, (self.met_by.get(run, 0) for run in runs), 0)


def sieve_of(all_patterns: Iterable[Sequence[Pattern[str]]]) -> tuple[Sieve, tuple[int, ...]]:
    """Return a sieve, and for each group of patterns that must all match the needs that a sentence must meet."""
    bits: dict[frozenset[str], int] = {}
    needs: list[int] = []
    for patterns in all_patterns:
        letters = filter(None, map(letters_of, patterns))
        needs.append(reduce(or_, (bits.setdefault(each, 1 << len(bits)) for each in letters), 0))
    met_by: dict[str, int] = {}
    for runs, bit in bits.items():
        for run in runs:
            met_by[run] = met_by.get(run, 0) | bit
    return Sieve(met_by, max(map(len, met_by), default=0)), tuple(needs)
