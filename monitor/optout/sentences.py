"""Texts to sentences, and which sentences of two texts belong together."""

import re

from monitor.once import lately
from monitor.text import fold

# Ends of sentences: a mark, an optional closing quote, a space, and something that can begin a sentence.
_END = re.compile(r"(?<=[.!?。])[\"'”’)\]]*\s+(?=[\"'“‘(\[¿¡]*[^\Wa-z_])|(?<=[;:])\s+(?=[-•*])", re.UNICODE)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|inc|ltd|no|art|st|mr|ms|dr|z\.b|bzw|u\.a|d\.h|p\.ej|ca|abs|nr|np|tzn|ust|bijv|apdo|ggf|"
    r"inkl|einschl|resp|sr|m\.in)|\b[a-z]|\b\d{1,2})\.$",
    re.IGNORECASE,
)


@lately(16384)
def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text, as shown; joined by spaces they are the text."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if _ABBREVIATION.search(text[start : end.start()]):
            continue
        found.append(text[start : end.start()].strip() + end.group().strip())
        start = end.end()
    found.append(text[start:].strip())
    return tuple(sentence for sentence in found if sentence)


def changed_sentences(before: str, after: str) -> list[tuple[str, str]]:
    """Return the sentences that differ as (before, after) pairs, in reading order; an empty side has none.

    Sentences with the same reading cancel wherever they stand. What is left is paired with the most similar one.
    """
    olds, news = list(sentences(before)), list(sentences(after))
    keys = {fold(sentence) for sentence in olds} & {fold(sentence) for sentence in news}
    olds = [sentence for sentence in olds if fold(sentence) not in keys]
    news = [sentence for sentence in news if fold(sentence) not in keys]
    pairs = [(old, _taken(old, news)) for old in olds]
    return pairs + [("", new) for new in news]


# Words that two sentences must share (Jaccard) to be one sentence reworded; tuned on the development corpus.
_SAME = 0.3


def _taken(old: str, news: list[str]) -> str:
    """Return the most similar of the new sentences and take it out of the list, or an empty string."""
    words = set(fold(old).split())
    scored = [(len(words & other) / len(words | other), -i) for i, other in enumerate(map(_words, news)) if other]
    score, place = max(scored, default=(0.0, 0))
    return news.pop(-place) if score >= _SAME else ""


def _words(sentence: str) -> set[str]:
    return set(fold(sentence).split())
