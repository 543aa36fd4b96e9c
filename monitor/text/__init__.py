"""Text in, text out: what a reader sees, cleaned, and what a comparison sees, folded.

`clean` makes text presentable without changing a word of it. `fold` goes further and takes away everything that
is noise to a reader (case, typography, spaces, list marks, note marks, date formats, spelling by country), so that
texts with equal folds read the same. Both are pure and remember what they saw lately: most texts come again.
"""

import re
import unicodedata

from monitor.once import lately
from monitor.text.dates import iso_dates
from monitor.text.spelling import american

# How many texts are remembered: three of the longest policies seen (about 2,000 blocks each).
_REMEMBERED = 8192

# Texts longer than this are not remembered.
_LONG = 10_000

# Blocks above this many characters are cut into sentences: one page holds its policy in a block of 38,000.
LONGEST_BLOCK = 1500

# Not seen by any reader: zero-width marks, joiners, soft hyphens, byte-order marks, bidirectional controls
# (Unicode 16, sections 23.2 and 23.3), NUL and other controls but the spaces among them, lone surrogates.
_INVISIBLE = dict.fromkeys(
    [
        *range(0x00, 0x09),
        *range(0x0E, 0x1C),
        *range(0x7F, 0x85),
        *range(0x86, 0xA0),
        0xAD,
        0x34F,
        0x61C,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xD800, 0xE000),
        *range(0xFE00, 0xFE10),
        0xFEFF,
        *range(0xFFF9, 0xFFFC),
    ]
)
_UNSEEN = re.compile("[" + "".join(re.escape(chr(code)) for code in _INVISIBLE) + "]")

_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`ʼ＇", "'"),
        **dict.fromkeys("“”„‟″«»‹›＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        "…": "...",
        "⁄": "/",
        "ⓘ": " ",
        "ℹ": " ",
        "•": " ",
        "·": " ",
    }
)
_NOTE_MARK = re.compile(r"\s*\[\d{1,3}\]")
_LIST_MARK = re.compile(r"(?:[*\-▪◦‣○●■□►▸]\s+|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+)+")
_SPACED_DASH = re.compile(r"(?<=\w) - (?=\w)")  # both in text that is single-spaced by then
_LOOSE_MARK = re.compile(r" ([,.;:!?)\]])")
_END_MARKS = " .,;:"


def clean(raw: str) -> str:
    """Return text as a reader sees it: NFC, single-spaced, without invisible and direction-changing characters."""
    return _cleaned_lately(raw) if len(raw) <= _LONG else _cleaned(raw)


def _cleaned(raw: str) -> str:
    if not raw.isascii() or not raw.isprintable():
        raw = unicodedata.normalize("NFC", _UNSEEN.sub("", raw))
    cleaned = " ".join(raw.split())
    return raw if cleaned == raw else cleaned  # one value where both are remembered


_cleaned_lately = lately(_REMEMBERED)(_cleaned)


@lately(_REMEMBERED)
def fold(text: str) -> str:
    """Return text folded for comparison; folding twice is folding once."""
    while (folded := _folded(text)) != text:
        text = folded
    return text


def lowered(text: str) -> str:
    """Return text in lower case with plain quotes and dashes, single-spaced: what phrases are searched in."""
    return " ".join(text.translate(_TYPOGRAPHY).casefold().split())


def sentences(text: str) -> list[str]:
    """Return a text cut after sentences, each piece at most `LONGEST_BLOCK` characters; joined they are the text."""
    if len(text) <= LONGEST_BLOCK:
        return [text]
    pieces: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        while len(sentence) > LONGEST_BLOCK:
            cut = sentence.rfind(" ", 0, LONGEST_BLOCK)
            cut = cut if cut > 0 else LONGEST_BLOCK
            pieces.append(sentence[:cut])
            sentence = sentence[cut:].lstrip()  # noqa: PLW2901  what is left of it
        if sentence:
            pieces.append(sentence)
    return pieces


_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]{0,2}\s+(?=[\"'“‘(]{0,2}[A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΩА-Я0-9¿¡])")


def _folded(text: str) -> str:
    """Return one pass of the fold."""
    if not text.isascii() or not text.isprintable():
        text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text.translate(_TYPOGRAPHY)))
        text = unicodedata.normalize("NFKC", text.casefold())
    else:
        text = text.casefold().replace("`", "'")
    if "[" in text:
        text = _NOTE_MARK.sub("", text)
    text = iso_dates(" ".join(text.split()))
    if " - " in text:
        text = _SPACED_DASH.sub("-", text)
    text = _LOOSE_MARK.sub(r"\1", text)
    text = american(text)
    mark = _LIST_MARK.match(text)
    return (text[mark.end() :] if mark else text).strip(_END_MARKS)
