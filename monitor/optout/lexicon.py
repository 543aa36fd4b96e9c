"""A language's words about the way out, as data: what a lexicon file holds, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The cues of one language."""

    language: str


Lexicons: TypeAlias = Mapping[str, Lexicon]
