"""Which block of one document became which block of the other: similar blocks first, the best pair first."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

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


def bag(block: Block) -> Counter[str]:
    """Return how often each word of a block's key stands in it."""
    return Counter(_WORD.findall(block.key))


def alike(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of words in common, 0 to 1 (Dice)."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


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


def _score(old: Block, new: Block, old_bag: Counter[str], new_bag: Counter[str]) -> float:
    score = alike(old_bag, new_bag)
    in_place = old.trail == new.trail and old.kind == new.kind
    if score < (ALIKE_IN_PLACE if in_place else ALIKE):
        return 0.0
    return score + (0.25 if in_place else 0.0)


def _candidates(olds: Sequence[Counter[str]], news: Sequence[Counter[str]]) -> Iterator[tuple[int, int]]:
    """Yield pairs that share a word which few blocks have; all pairs when there are few blocks."""
    if len(olds) * len(news) <= COMMON * COMMON:
        yield from ((i, j) for i in range(len(olds)) for j in range(len(news)))
        return
    where: defaultdict[str, list[int]] = defaultdict(list)
    for j, words in enumerate(news):
        for word in words:
            where[word].append(j)
    for i, words in enumerate(olds):
        near = Counter(j for word in words if len(where[word]) <= COMMON for j in where[word])
        place = i * len(news) / len(olds)  # of several that are as near in words, those about as far down the page
        best = sorted(near, key=lambda j: (-near[j], abs(j - place)))
        yield from ((i, j) for j in best[:CANDIDATES])
