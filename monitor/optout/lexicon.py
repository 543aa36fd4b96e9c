"""A language's words about the way out, as data: TOML text in, cues out, compiled when they are first asked for.

A cue is a set of regular expressions that must all be found in one sentence (`all`), and some that must not (`none`).
They are matched against folded text (lower case, plain quotes). Every cue carries sentences that it must and must not
match: they are its tests. The files stand in `lexicons/`; adding a language is adding one.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import TypeAlias

import msgspec

from monitor.model.errors import LexiconError
from monitor.model.verdict import Aspect
from monitor.optout.sieve import Sieve, sieve_of


class Strength(StrEnum):
    """What a cue says by itself: of the way out or AI training, of something near it, or only of an aspect."""

    STRONG = "strong"
    WEAK = "weak"
    ASPECT = "aspect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One way a language speaks of an aspect; `all` must be found in a sentence and `none` must not."""

    id: str
    aspect: Aspect | None
    strength: Strength
    all: tuple[re.Pattern[str], ...]
    none: tuple[re.Pattern[str], ...] = ()
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()

    def found(self, sentence: str) -> str:
        """Return the words that matched first in a folded sentence, or an empty string."""
        first = ""
        for pattern in self.all:
            hit = pattern.search(sentence)
            if hit is None:
                return ""
            first = first or hit.group()
        return "" if any(pattern.search(sentence) for pattern in self.none) else first


class _CueFile(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    strength: Strength
    all: list[str]
    aspect: Aspect | None = None
    none: list[str] = []
    examples: list[str] = []
    counterexamples: list[str] = []


class _LexiconFile(msgspec.Struct, forbid_unknown_fields=True):
    language: str
    name: str
    function_words: str
    cue: list[_CueFile]
    words: dict[str, str] = {}
    spellings: dict[str, str] = {}


@dataclass(frozen=True, kw_only=True, eq=False)
class Lexicon:
    """The cues of one language, with the words that carry no meaning of their own; `digest` names the file's text.

    The text is read when it is first needed, since most checks need none of it: eight languages take 25 ms, and their
    cues 0.1 s more.
    """

    file: str
    language: str
    digest: str
    _toml: str = field(repr=False)

    def _parsed(self) -> _LexiconFile:
        """Return what the text says; it is not kept, since most languages are only asked for their function words."""
        try:
            raw = msgspec.convert(tomllib.loads(self._toml), _LexiconFile)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise LexiconError(self.file, str(error)) from error
        if raw.language != self.language:
            raise LexiconError(self.file, f"it says that its language is {raw.language!r}; a file is named after it")
        return raw

    @property
    def name(self) -> str:
        """The language's English name."""
        return self._parsed().name

    @cached_property
    def function_words(self) -> frozenset[str]:
        """The words that tell which language a text is in, and nothing else."""
        return frozenset(self._parsed().function_words.split())

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """Words by other ways of writing them."""
        return self._parsed().spellings

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        """The cues, compiled at the first call.

        Raises:
            LexiconError: a pattern is no regular expression.
        """
        written = self._parsed()
        return tuple(_cue(self.file, cue, written.words) for cue in written.cue)

    @cached_property
    def _sieve(self) -> tuple[Sieve, tuple[int, ...]]:
        return sieve_of(cue.all for cue in self.cues)

    def near(self, words: Iterable[str]) -> Iterator[Cue]:
        """Yield the cues that a folded sentence of these words can hold, in the lexicon's order."""
        sieve, needs = self._sieve
        met = sieve.met(words)
        return (cue for cue, need in zip(self.cues, needs, strict=True) if met & need == need)


Lexicons: TypeAlias = Mapping[str, Lexicon]


def lexicon_of(name: str, toml: str) -> Lexicon:
    """Return the lexicon in the text of a file named after its language; nothing of it is read yet."""
    return Lexicon(file=name, language=name.removesuffix(".toml"), digest=sha256(toml.encode()).hexdigest(), _toml=toml)


def parse_lexicon(name: str, toml: str) -> Lexicon:
    """Return the lexicon written in a file's text; `{word}` in a pattern stands for an entry of its `[words]`.

    Raises:
        LexiconError: the text is not TOML, has an unknown key, or is of another language than the file's name says.
    """
    read = lexicon_of(name, toml)
    read._parsed()
    return read


def _cue(name: str, cue: _CueFile, words: Mapping[str, str]) -> Cue:
    return Cue(
        id=cue.id,
        aspect=cue.aspect,
        strength=cue.strength,
        all=_compiled(name, f"cue {cue.id!r}", cue.all, words),
        none=_compiled(name, f"cue {cue.id!r}", cue.none, words),
        examples=tuple(cue.examples),
        counterexamples=tuple(cue.counterexamples),
    )


def _compiled(name: str, where: str, patterns: list[str], words: Mapping[str, str]) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(re.compile(_filled(pattern, words)) for pattern in patterns)
    except (re.error, KeyError) as error:
        raise LexiconError(f"{name}: {where}", f"not a regular expression: {error}") from error


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    return re.sub(r"\{([a-z_]+)\}", lambda hit: f"(?:{words[hit.group(1)]})", pattern)
