"""Word edits between two texts, by diff-match-patch over words instead of characters.

Two measured facts stand behind this module (docs/decisions/0009-comparing.md): over the characters of a whole page
diff-match-patch runs into its wall-clock time-out and then calls everything replaced; and a time-out makes the same
input give different answers. So the time-out is off and the work is bounded by the number of words instead.
"""

import re

from diff_match_patch import diff_match_patch

from monitor.model.change import Edit, EditKind
from monitor.once import lately

# Tokens (words, spaces, marks) on one side above which a block is shown as replaced whole. diff-match-patch needs
# O(tokens x differences); 3,000 tokens against 3,000 others took 2.3 CPU s on a busy machine. A policy's paragraphs
# have under 800.
WORDS_LIMIT = 3_000

_TOKEN = re.compile(r"\w+(?:['’‑-]\w+)*|\s+|[^\w\s]", re.UNICODE)
_FIRST = 0x100  # the first code point that stands for a word
_SURROGATES = range(0xD800, 0xE000)
_KINDS = {-1: EditKind.GONE, 0: EditKind.KEPT, 1: EditKind.COME}


def tokens(text: str) -> list[str]:
    """Return words, runs of spaces and single marks; joined they are the text."""
    return _TOKEN.findall(text)


@lately(4096)
def word_edits(before: str, after: str) -> tuple[Edit, ...]:
    """Return the runs of words that were kept, went or came, in reading order; equal texts give one kept run."""
    old, new = tokens(before), tokens(after)
    if len(old) > WORDS_LIMIT or len(new) > WORDS_LIMIT:
        return _replaced(before, after)
    letters: dict[str, str] = {}
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    diffs = engine.diff_main(_spelled(old, letters), _spelled(new, letters), False)
    words = {letter: word for word, letter in letters.items()}
    texts = [(kind, "".join(words[letter] for letter in run)) for kind, run in diffs]
    engine.diff_cleanupSemantic(texts)
    return tuple(Edit(_KINDS[kind], text) for kind, text in texts if text)


def _replaced(before: str, after: str) -> tuple[Edit, ...]:
    if before == after:
        return (Edit(EditKind.KEPT, before),)
    return tuple(Edit(kind, text) for kind, text in ((EditKind.GONE, before), (EditKind.COME, after)) if text)


def _spelled(run: list[str], letters: dict[str, str]) -> str:
    """Return one character for each word, the same for the same word."""
    return "".join(letters.setdefault(word, _letter(len(letters))) for word in run)


def _letter(number: int) -> str:
    code = _FIRST + number
    return chr(code if code < _SURROGATES.start else code + len(_SURROGATES))
