"""Which words of a quote went and came, and how that is shown: word edits in, marked text out.

`compare` finds what differs between documents; this looks only at a pair of quotes that was chosen already.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from monitor.model.change import Edit, EditKind
from monitor.model.verdict import Quote
from monitor.render.safe import clean, markup
from monitor.render.shared import shared_runs

# Words compared with words above which sentences are compared first, and sentences with sentences above which a pair
# is shown as replaced whole: looking for shared runs is quadratic at worst. A quote has under 100 words.
PAIRS_LIMIT = 360_000

# An address is one word: a reader compares it whole.
_TOKEN = re.compile(r"https?://\S*[\w/]|\w+(?:[-'’‑]\w+)*|\s+|[^\w\s]")
_KEPT, _GONE, _COME = EditKind.KEPT, EditKind.GONE, EditKind.COME  # Python looks a member up in 0.1 µs each time
_SENTENCE = re.compile(r".+?(?:[.!?;:。！？](?=\s)\s+|$)", re.DOTALL)


def quote_edits(quote: Quote) -> tuple[Edit, ...]:
    """Return the runs of words that lead from the quote before to the quote after, in reading order."""
    return word_edits(clean(quote.before), clean(quote.after))


@lru_cache(maxsize=1024)
def word_edits(before: str, after: str) -> tuple[Edit, ...]:
    """Return runs that were kept, went or came; kept and gone joined are the text before, kept and come that after."""
    if before == after or not before or not after:
        return _edits(((before, after),))
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    middle = _aligned(old[start : len(old) - end], new[start : len(new) - end])
    head, tail = "".join(old[:start]), "".join(old[len(old) - end :])
    return _edits(((head, head), *middle, (tail, tail)))


def before_html(edits: tuple[Edit, ...], *, label: str = "") -> str:
    """Return the text before as HTML, what went in `<del>`; `label` is read out before it by screen readers."""
    return _html(edits, _GONE, "del", label)


def after_html(edits: tuple[Edit, ...], *, label: str = "") -> str:
    """Return the text after as HTML, what came in `<ins>`; `label` is read out before it by screen readers."""
    return _html(edits, _COME, "ins", label)


def _html(edits: tuple[Edit, ...], changed: EditKind, element: str, label: str) -> str:
    heard = f'<span class="heard">{markup(label)} </span>' if label else ""
    return "".join(
        [
            _marked(edit.text, element, heard) if edit.kind is changed else markup(edit.text)
            for edit in edits
            if edit.kind is changed or edit.kind is _KEPT
        ]
    )


def _marked(text: str, element: str, heard: str) -> str:
    """Return a changed run with its words marked and the spaces round them outside the mark."""
    words = text.strip()
    if not words:
        return markup(text)
    start = text.index(words)
    return f"{text[:start]}<{element}>{heard}{markup(words)}</{element}>{text[start + len(words) :]}"


def _shared(old: list[str], new: list[str]) -> int:
    """Return how many words both begin with."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _aligned(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Yield runs of the text before with what they became: by words, in long texts by sentences first."""
    if len(old) * len(new) <= PAIRS_LIMIT:
        yield from _by_words(old, new)
        return
    olds, news = _sentences(old), _sentences(new)
    if len(olds) * len(news) > PAIRS_LIMIT:
        yield "".join(old), "".join(new)
        return
    for same, was, now in _runs(olds, news):
        words, others = _TOKEN.findall("".join(was)), _TOKEN.findall("".join(now))
        if same or len(words) * len(others) > PAIRS_LIMIT:
            yield "".join(was), "".join(now)
        else:
            yield from _by_words(words, others)


def _by_words(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Yield runs of words; equal runs without a letter or digit in them join their neighbours."""
    gone = come = ""
    for same, words, others in _runs(old, new):
        was, now = "".join(words), "".join(others)
        if same and any(letter.isalnum() for letter in was):
            yield gone, come
            yield was, now
            gone = come = ""
        else:
            gone, come = gone + was, come + now
    yield gone, come


def _runs(old: list[str], new: list[str]) -> Iterator[tuple[bool, list[str], list[str]]]:
    """Yield in turn what differs and what is the same, each with whether it is; either may be empty."""
    i = k = 0
    for j, m, length in (*shared_runs(old, new), (len(old), len(new), 0)):
        yield False, old[i:j], new[k:m]
        i, k = j + length, m + length
        yield True, old[j:i], new[m:k]


def _sentences(words: list[str]) -> list[str]:
    """Return words joined to sentences, each with the space after it; joined they are the text."""
    return _SENTENCE.findall("".join(words))


def _edits(runs: Iterable[tuple[str, str]]) -> tuple[Edit, ...]:
    """Return runs as edits, kept ones that touch joined; a run that is empty on a side has no edit there."""
    found: list[Edit] = []
    for was, now in runs:
        if was != now:
            found += [Edit(kind, text) for kind, text in ((_GONE, was), (_COME, now)) if text]
        elif found and found[-1].kind is _KEPT:
            found[-1] = Edit(_KEPT, found[-1].text + was)
        elif was:
            found.append(Edit(_KEPT, was))
    return tuple(found)
