"""Which published changes hold the words of a query: case, accents and typographic marks do not count."""

import re
import unicodedata
from functools import lru_cache

from monitor.render import facts
from monitor.render.tongue import ENGLISH, Tongue
from monitor.render.views import ChangeView

MOST_WORDS = 12


def words_of(query: str) -> tuple[str, ...]:
    """Return the words that are searched for, each once, at most `MOST_WORDS`."""
    return tuple(dict.fromkeys(re.findall(r"\w+", plain(query))))[:MOST_WORDS]


def matches(change: ChangeView, words: tuple[str, ...], tongue: Tongue = ENGLISH) -> bool:
    """Say whether every word stands somewhere in a change: title, meaning, quotes, names; parts of words count.

    Title and meaning are looked at as they were written and as they are told in the tongue.
    """
    alert = change.alert
    quotes = (part for quote in alert.quotes for part in (quote.before, quote.after, *quote.trail))
    ours = (alert.title, alert.meaning, facts.headline(alert, tongue), facts.meaning(alert, tongue))
    text = plain("\n".join((*ours, change.service, change.page, *quotes)))
    return all(word in text for word in words)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return text folded for search: compatible forms, lower case, no accents."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter)
    )
