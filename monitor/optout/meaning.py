"""Do two wordings of a sentence say the same? Looks at the words that changed, never at how many."""

import re
from collections import Counter
from difflib import SequenceMatcher

from monitor.optout.lexicon import Lexicon
from monitor.text import fold

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*", re.UNICODE)
# A repaired word shares at least this part of its letters with the old one (difflib ratio): "pubilc" and "public" do,
# "account" and "profile" or "may" and "must" do not.
_TYPO = 0.8
# A typo leaves the beginning of a word alone; opposites differ there (illegal, wyłącz, inschakelen, désactiver).
_BEGINNING = 2


def same_meaning(before: str, after: str, lexicon: Lexicon) -> bool:
    """Say whether two wordings differ only in spelling, typography, repaired typos or function words.

    Numbers, negations and words that a cue could be made of always count.
    """
    olds, news = _content(before, lexicon), _content(after, lexicon)
    if len(olds) != len(news):
        return False
    old, new = Counter(olds), Counter(news)
    gone, come = list((old - new).elements()), list((new - old).elements())
    if not gone:
        return _order_is_kept(before, after, lexicon)
    return all(_repaired(word, _nearest(word, come)) for word in gone)


def _content(text: str, lexicon: Lexicon) -> list[str]:
    """Return the words that carry meaning, spelled one way."""
    words = (lexicon.spellings.get(word, word) for word in _WORD.findall(fold(text)))
    return [word if word.isalpha() else _one_spelling(word) for word in words if word not in lexicon.function_words]


def _order_is_kept(before: str, after: str, lexicon: Lexicon) -> bool:
    """Say whether the same words in another order can mean the same: only few words may have moved."""
    olds = [word for word in _WORD.findall(fold(before)) if word not in lexicon.function_words]
    news = [word for word in _WORD.findall(fold(after)) if word not in lexicon.function_words]
    return SequenceMatcher(None, olds, news, autojunk=False).ratio() >= 0.5


def _one_spelling(word: str) -> str:
    """Return a word without hyphens and apostrophes: e-mail is email; `fold` took care of spelling by country."""
    return word.replace("-", "").replace("'", "")


def _nearest(word: str, others: list[str]) -> str:
    return max(others, key=lambda other: SequenceMatcher(None, word, other).ratio(), default="")


def _repaired(old: str, new: str) -> bool:
    """Say whether one word is the other with a typo repaired; a number never is, nor a word that begins otherwise."""
    if any(letter.isdigit() for letter in old + new) or min(len(old), len(new)) < 4:
        return False
    if old[:_BEGINNING] != new[:_BEGINNING]:
        return False
    return SequenceMatcher(None, old, new).ratio() >= _TYPO
