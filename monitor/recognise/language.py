"""Which language a text is in, by its commonest words, and whether that is the one expected."""

import re
from collections import Counter

from monitor.recognise.words import STOPWORDS

# Fewer words than this say nothing for certain.
LEAST_WORDS = 60
_WORD = re.compile(r"[^\W\d_]+")
_LISTS = {language: frozenset(words.split()) for language, words in STOPWORDS.items()}


def primary(tag: str) -> str:
    """Return the primary subtag of a BCP 47 tag, lower case."""
    return re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]


def guess(words: str) -> str:
    """Return the language of a lower-case text as a primary subtag, or nothing when it cannot be told."""
    counts = Counter(_WORD.findall(words))
    total = counts.total()
    if total < LEAST_WORDS:
        return ""
    shares = {language: sum(counts[word] for word in known) / total for language, known in _LISTS.items()}
    ranked = sorted(shares, key=lambda language: -shares[language])
    first, second = shares[ranked[0]], shares[ranked[1]]
    return ranked[0] if first > 0.08 and first > 1.4 * second else ""
