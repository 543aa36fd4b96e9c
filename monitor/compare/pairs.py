"""Which block of one document became which block of the other: similar blocks first, the best pair first."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from monitor.model.document import Block

# A pair shares at least this part of its words (Dice over word counts). Tuned on the development corpus: 0.5 keeps
# a sentence and its rewording together, 0.4 pairs strangers that share "we use your information to". Run the quality
# gate after touching it.
ALIKE = 0.5
# Under the same headings two blocks of the same kind may differ more and still be one.
ALIKE_IN_PLACE = 0.34
# Blocks that a word stands in, above which the word says nothing about who pairs with whom.
COMMON = 40
# Pairs looked at for each block that went, best first.
CANDIDATES = 8

_WORD = re.compile(r"\w+", re.UNICODE)


def bag(block: Block) -> frozenset[str]:
    """Return the words of a block's key, each repetition as a word of its own, so that counts are compared as sets."""
    words = _WORD.findall(block.key)
    once = frozenset(words)
    if len(once) == len(words):
        return once
    counts = Counter(words)
    again = (f"{word} {number}" for word, times in counts.items() if times > 1 for number in range(1, times))
    return once.union(again)


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of words in common, 0 to 1 (Dice)."""
    both = len(one) + len(other)
    return 2 * len(one & other) / both if both else 0.0


def similar_pairs(gone: Sequence[Block], come: Sequence[Block]) -> list[tuple[int, int]]:
    """Return index pairs of blocks that are one block reworded, each index at most once, in the order of `gone`."""
    olds, news = [bag(block) for block in gone], [bag(block) for block in come]
    scored = sorted(
        (-score, abs(i / len(olds) - j / len(news)), i, j)
        for i, j in _candidates(olds, news)
        if (score := _score(gone[i], come[j], olds[i], news[j]))
    )
    left, right, pairs = set(range(len(gone))), set(range(len(come))), []
    for _, _, i, j in scored:
        if i in left and j in right:
            left.discard(i)
            right.discard(j)
            pairs.append((i, j))
    return sorted(pairs)


def _score(old: Block, new: Block, old_bag: frozenset[str], new_bag: frozenset[str]) -> float:
    score = alike(old_bag, new_bag)
    in_place = old.trail == new.trail and old.kind == new.kind
    if score < (ALIKE_IN_PLACE if in_place else ALIKE):
        return 0.0
    return score + (0.25 if in_place else 0.0)


def _candidates(olds: Sequence[frozenset[str]], news: Sequence[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Yield pairs that share a word which few blocks have; all pairs when there are few blocks."""
    if len(olds) * len(news) <= COMMON * COMMON:
        yield from ((i, j) for i in range(len(olds)) for j in range(len(news)))
        return
    where: defaultdict[str, list[int]] = defaultdict(list)
    for j, new in enumerate(news):
        for word in new:
            where[word].append(j)
    telling = {word: places for word, places in where.items() if len(places) <= COMMON}
    for i, old in enumerate(olds):
        near = Counter(chain.from_iterable([telling[word] for word in old if word in telling]))
        least = min(sorted(near.values(), reverse=True)[:CANDIDATES], default=0)
        place = i * len(news) / len(olds)  # of several that are as near in words, those about as far down the page
        best = sorted((-shared, abs(j - place), j) for j, shared in near.items() if shared >= least)
        yield from ((i, j) for _, _, j in best[:CANDIDATES])
