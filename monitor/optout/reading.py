"""Which cues of which language a sentence holds."""

from dataclasses import dataclass, field

from monitor.optout.letters import words_of
from monitor.optout.lexicon import Cue, Lexicon, Lexicons, Strength
from monitor.optout.sentences import sentences
from monitor.text import fold

# Function words a text must hold before they may overrule the language that the page declares, and how many more
# than the declared language's. Names and menu paths hold few of any.
_ENOUGH = 4
_MARGIN = 1.5


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue found in a sentence, with the words that matched."""

    cue: Cue
    words: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """The sentences of a text, each with its cues, and whether any of them is strong."""

    sentences: tuple[tuple[str, tuple[Hit, ...]], ...]
    strong: bool


@dataclass(slots=True)
class Reader:
    """Reads cues with one set of lexicons; remembers what it read, since most sentences stay as they were."""

    lexicons: Lexicons
    language: str = ""
    _spoken: dict[str, Spoken] = field(default_factory=dict)
    _read: dict[str, tuple[Hit, ...]] = field(default_factory=dict)
    _languages: dict[str, list[str]] = field(default_factory=dict)
    _over: dict[tuple[str, ...], Hit | None] = field(default_factory=dict)
    _limit: int = 16_384  # sentences remembered; a policy has about 2,000

    def lexicon(self, text: str) -> Lexicon:
        """Return the lexicon of the language a text is in; the page's own when that cannot be told."""
        declared = self.lexicons.get(self.language.split("-", maxsplit=1)[0].lower())
        counts = self._counts(text)
        best = max(sorted(counts), key=counts.__getitem__)
        if declared is None:
            return self.lexicons[best if counts[best] or "en" not in self.lexicons else "en"]
        clear = counts[best] >= _ENOUGH and counts[best] > _MARGIN * counts[declared.language]
        return self.lexicons[best] if clear else declared

    def _counts(self, text: str) -> dict[str, int]:
        """Return how many function words of each language stand in a text."""
        if not self._languages:
            for code, lexicon in self.lexicons.items():
                for word in lexicon.function_words:
                    self._languages.setdefault(word, []).append(code)
        counts = dict.fromkeys(self.lexicons, 0)
        for word in words_of(text):
            for code in self._languages.get(word, ()):
                counts[code] += 1
        return counts

    def hits(self, sentence: str) -> tuple[Hit, ...]:
        """Return the cues of a sentence, in the lexicon's order."""
        known = self._read.get(sentence)
        if known is None:
            if len(self._read) >= self._limit:
                self._read.clear()
            folded = fold(sentence)
            near = self.lexicon(folded).near(words_of(folded))
            known = tuple(Hit(cue, words) for cue in near if (words := cue.found(folded)))
            self._read[sentence] = known
        return known

    def spoken(self, text: str) -> Spoken:
        """Return the cues of a text, sentence by sentence."""
        known = self._spoken.get(text)
        if known is None:
            if len(self._spoken) >= self._limit:
                self._spoken.clear()
            read = tuple((words, self.hits(words)) for words in sentences(text))
            strong = any(hit.cue.strength is Strength.STRONG for _, hits in read for hit in hits)
            known = self._spoken[text] = Spoken(read, strong)
        return known

    def strong(self, text: str) -> Hit | None:
        """Return the first cue in a text that speaks of the way out or AI training by itself."""
        return next((hit for hit in self.hits(text) if hit.cue.strength is Strength.STRONG), None)

    def strong_heading(self, trail: tuple[str, ...]) -> Hit | None:
        """Return the strong cue of the nearest heading that has one."""
        if trail not in self._over:
            if len(self._over) >= self._limit:
                self._over.clear()
            hits = (self.strong(heading) for heading in reversed(trail))
            self._over[trail] = next((hit for hit in hits if hit), None)
        return self._over[trail]
