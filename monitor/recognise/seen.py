"""All that a signal may look at, in one value."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.model.capture import Capture
from monitor.model.document import Document, Surface
from monitor.model.finding import Normal
from monitor.model.page import Page

# Main text below this many characters is little: every wall, error and shell seen had under 1,300, every page that
# was the page over 1,250 and at least 0.67 of what it used to have. Source: 4,815 fetches,
# docs/how-it-works/detection.md.
LITTLE_CHARS = 1_000
# Prose from here on can be a document of its own, however long the one before was: the shortest policy that really
# replaced a longer one had 27,598 characters (0.19 of it).
OWN_CHARS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One capture with its readings; `words` is the visible text in lower case with plain quotes."""

    page: Page
    capture: Capture
    document: Document
    surface: Surface
    normal: Normal
    words: str

    @property
    def share(self) -> float:
        """Return the main text's length as a share of the normal one; 1 when nothing is known."""
        return self.document.chars / self.normal.chars if self.normal.chars else 1.0

    @property
    def little(self) -> bool:
        """Say whether there is so little main text that phrases of walls count."""
        if not self.normal.chars:
            return self.document.chars < LITTLE_CHARS
        return self.share < 0.5 and self.document.chars < OWN_CHARS

    @property
    def address(self) -> str:
        """Return the address that the capture came from in the end."""
        return self.capture.final_url or self.capture.url


def pattern(phrases: Mapping[str, Iterable[str]]) -> re.Pattern[str]:
    """Return one expression that finds any of the phrases of any language."""
    return re.compile("|".join(f"(?:{phrase})" for group in phrases.values() for phrase in group))


def quoted(words: str, found: re.Match[str], around: int = 60) -> str:
    """Return the words found, with some of those around them, in quotes."""
    start, end = max(0, found.start() - around // 2), min(len(words), found.end() + around)
    cut = words[start:end].strip()
    return f"“{'…' if start else ''}{cut}{'…' if end < len(words) else ''}”"
