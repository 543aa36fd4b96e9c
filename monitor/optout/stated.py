"""A sentence and the cues found in it -> what it states, in words short enough for a line of a form.

A value is always made of the sentence's own words (or of its date, in digits): names, the phrase round an age, the
clause that a cue stands in, and the whole sentence where none of these can be told.
"""

import re

from monitor.optout.lexicon import Lexicon
from monitor.optout.reading import Hit
from monitor.text import fold

VALUE_CHARS = 200
_CLAUSE = re.compile(r"[,;:()]\s+|[()]|\s+[–—-]\s+")
_CLAUSE_WORDS = 3  # a shorter clause says nothing by itself
_ISO = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_DOTTED = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b")  # day first wherever dots are written
_WORD = re.compile(r"\w+", re.UNICODE)
_END_MARKS = " \t.,;:!?\"'“”„‘’…"


def shown(words: str, sentence: str) -> str:
    """Return folded words as the sentence shows them, whole words only; empty when they cannot be found again."""
    parts = _WORD.findall(words)
    tokens = list(_WORD.finditer(sentence))
    folded = [fold(token.group()) for token in tokens]
    for start in range(len(tokens) - len(parts) + 1 if parts else 0):
        if _matches(parts, folded[start : start + len(parts)]):
            return sentence[tokens[start].start() : tokens[start + len(parts) - 1].end()]
    return ""


def _matches(parts: list[str], tokens: list[str]) -> bool:
    """Say whether the tokens are the parts; a pattern may begin inside the first word and end inside the last."""
    if len(parts) == 1:
        return parts[0] in tokens[0]
    outer = tokens[0].endswith(parts[0]) and tokens[-1].startswith(parts[-1])
    return outer and parts[1:-1] == tokens[1:-1]


def names(hit: Hit, sentence: str) -> tuple[str, ...]:
    """Return all words in the sentence that the cue's first pattern finds, as shown, each once."""
    found: dict[str, str] = {}
    for match in hit.cue.all[0].finditer(fold(sentence)):
        words = shown(match.group(), sentence)
        if words:
            found.setdefault(words.casefold(), words)
    longest = [words for key, words in found.items() if not any(key != other and key in other for other in found)]
    return tuple(longest)


def proper(found: tuple[str, ...], sentence: str) -> tuple[str, ...]:
    """Return those that are names or numbers: with a capital that does not only begin the sentence, or a digit."""
    return tuple(words for words in found if any(map(str.isdigit, words)) or _capital(words, sentence))


def _capital(words: str, sentence: str) -> bool:
    rest = words[1:] if sentence.startswith(words) else words
    return any(map(str.isupper, rest))


def listed(found: tuple[str, ...]) -> str:
    """Return names as one value."""
    return ", ".join(found)


def clause(words: str, sentence: str) -> str:
    """Return the clause that holds these words as shown; the sentence when the clause alone says too little."""
    own = next((part for part in _CLAUSE.split(sentence) if words and words in part), "").strip(_END_MARKS)
    wide = len(own.split()) >= _CLAUSE_WORDS and len(own) <= VALUE_CHARS
    return own if wide else sentence.strip(_END_MARKS)


def phrase(hit: Hit, sentence: str) -> str:
    """Return the clause that a cue was found in."""
    return clause(shown(hit.words, sentence), sentence)


def whole(hit: Hit, sentence: str) -> str:
    """Return the sentence that a cue was found in, its clause when the sentence is long."""
    own = sentence.strip(_END_MARKS)
    return own if len(own) <= VALUE_CHARS else phrase(hit, sentence)


def age(hit: Hit, sentence: str, lexicon: Lexicon) -> str:
    """Return the words round an age: one before and two after it in its clause, without loose function words."""
    words = next((name for name in names(hit, sentence) if any(map(str.isdigit, name))), "")
    if not words:
        return ""
    part = next((part for part in _CLAUSE.split(sentence) if words in part), words)
    before, _, after = part.partition(words)
    left = [word for word in before.split()[-1:] if word.lower() not in lexicon.function_words]
    right = after.split()[:2]
    while right and (len(right[-1]) < 3 or right[-1].lower().strip(_END_MARKS) in lexicon.function_words):
        right.pop()
    return " ".join([*left, words, *right]).strip(_END_MARKS)


def date_of(sentence: str) -> str:
    """Return the last date of a sentence as `2025-05-27`, or an empty string."""
    found = _ISO.findall(fold(sentence))
    found += [f"{year}-{int(month):02d}-{int(day):02d}" for day, month, year in _DOTTED.findall(sentence)]
    return max(found, default="")


def span_of(hit: Hit, sentence: str) -> str:
    """Return the date without a year, the span or the clause that a deadline is stated in."""
    match = hit.cue.all[-1].search(fold(sentence))
    words = shown(match.group(), sentence) if match else ""
    return words if any(map(str.isdigit, words)) else phrase(hit, sentence)
