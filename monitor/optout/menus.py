"""A sentence in, the menu paths in it out: "Settings & privacy > Privacy Centre > Object", outermost name first."""

import re
from collections.abc import Iterator

from monitor.optout.reading import Reader

# What stands between two names of a path. A guillemet parts names only where it does not quote one.
_ARROW = r"(?:>|›|→|➔|➜|▸|❯|⇒|»|->|=>)"
_SEPARATOR = re.compile(rf"\s*{_ARROW}\s*")
_QUOTED = re.compile(r"«\s*([^«»]{1,60}?)\s*»|»([^«»\s][^«»]{0,58}[^«»\s]|[^«»\s])«")
_MARKS = "\"'“”„‟‘’‚*_ \t"
# A name has at most eight words: the longest menu entry in the development corpus has six.
_WORD = r"[\w&+./'’()-]+"
_NAME = rf"[\"“„‘]?{_WORD}(?:,? {_WORD}){{0,7}}[\"”“’]?"
_PATH = re.compile(rf"{_NAME}(?:\s*{_ARROW}\s*{_NAME})+")
_WORDS = re.compile(r"\S+")
_NAME_CHARS = 80


def menu_paths(sentence: str, reader: Reader) -> Iterator[tuple[str, ...]]:
    """Yield the paths of a sentence, each of at least two names without quotation marks."""
    if not _SEPARATOR.search(sentence):
        return
    plain = _QUOTED.sub(lambda hit: hit[1] or hit[2], sentence)
    for match in _PATH.finditer(plain):
        names = _SEPARATOR.split(match.group())
        names[0] = _begun(names[0], reader)
        names[-1] = _ended(names[-1], reader)
        path = tuple(name.strip(_MARKS + ".,;:") for name in names)
        if all(path) and max(map(len, path)) <= _NAME_CHARS:
            yield path


def _begun(name: str, reader: Reader) -> str:
    """Return the first name without the words that lead to it: `Go to your Settings` is `Settings`."""
    quoted = re.search(r"[\"“„‘]([^\"”“’]+)[\"”“’]\s*$", name)
    if quoted:
        return quoted[1]
    words = _WORDS.findall(name)
    hits = [hit for hit in reader.hits(name) if hit.cue.id == "instruction"]
    start = len(hits[0].words.split()) if hits else 0
    small = reader.lexicon(name).function_words
    for place in range(start, len(words) - 1):
        leads = words[place].lower() in small and words[place].islower()
        if leads and (place == start or words[place - 1].islower()):
            start = place + 1
    return " ".join(words[start:] or words)


def _ended(name: str, reader: Reader) -> str:
    """Return the last name without the instruction that follows it: `Object and tap Submit` is `Object`."""
    quoted = re.match(r"[\"“„‘]([^\"”“’]+)[\"”“’]", name)
    if quoted:
        return quoted[1]
    words = re.split(r"(?<=[.,;:)]) ", name)[0].split()
    small = reader.lexicon(name).function_words
    for place in range(1, len(words)):
        rest = " ".join(words[place:])
        if words[place].islower() and any(hit.cue.id == "instruction" for hit in reader.hits(rest)):
            words = words[:place]
            break
    while len(words) > 1 and words[-1].lower() in small:
        words.pop()
    return " ".join(words)
