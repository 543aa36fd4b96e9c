"""The language that readers are spoken to in: a catalogue of messages and the ways of writing moments and numbers.

Messages are English sentences, marked for translation by the call that says them: `say(...)`, `plural(...)`, `msg(...)`
in `labels.py`, `_(...)` and `ngettext(...)` in templates. Catalogues come in as values; this room reads no disk.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from gettext import NullTranslations


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language (BCP 47) with its catalogue; the empty catalogue speaks English."""

    language: str = "en"
    catalogue: NullTranslations = field(default_factory=NullTranslations, compare=False, repr=False)

    def say(self, message: str, **facts: object) -> str:
        """Return a message in this language, its `%(name)s` filled in."""
        said = self.catalogue.gettext(message)
        return said % facts if facts else said

    def plural(self, one: str, many: str, count: int, **facts: object) -> str:
        """Return the message for this many, `%(count)s` filled in with the number as written here."""
        return self.catalogue.ngettext(one, many, count) % {"count": grouped(count), **facts}


ENGLISH = Tongue()


def grouped(number: int) -> str:
    """Return a number with a thin space between groups of three from five digits on (ISO 80000-1)."""
    return f"{number:,}".replace(",", "\u202f") if abs(number) >= 10_000 else str(number)


@lru_cache(maxsize=4096)
def utc(at: datetime) -> str:
    """Return a moment as people compare it: `2026-07-21 22:33 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def day(at: datetime) -> str:
    """Return the UTC day of a moment: `2026-07-21`."""
    return f"{at.astimezone(UTC):%Y-%m-%d}"


@lru_cache(maxsize=4096)
def stamp(at: datetime) -> str:
    """Return a moment for programs (RFC 3339): `2026-07-21T22:33:05Z`."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
