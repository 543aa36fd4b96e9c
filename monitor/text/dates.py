"""Dates as people write them in several languages, made one form: `2026-01-12`."""

import re

# Month names and their short forms, by language, January first. Folded text only: lower case.
MONTHS: dict[str, tuple[str, ...]] = {
    "en": ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december"),
    "en-short": ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    "de": ("januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober",
           "november", "dezember"),
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
           "novembre", "décembre"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre"),
    "it": ("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
           "novembre", "dicembre"),
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
           "november", "december"),
    "pl": ("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września",
           "października", "listopada", "grudnia"),
    "pt": ("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
           "novembro", "dezembro"),
    "de-at": ("jänner", "feber"),
}  # fmt: skip

_NUMBER = {name: number for names in MONTHS.values() for number, name in enumerate(names, 1)}
_NUMBER |= {"sept": 9, "setiembre": 9}
_NAME = "|".join(sorted(_NUMBER, key=len, reverse=True))
_YEAR = re.compile(r"(?:19|20)\d\d")  # looked for first: few texts hold one, and it is found at once
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º|°|o)?\s+(?:del?\s+|of\s+)?(?P<month>{_NAME})\.?,?\s+(?:del?\s+)?(?P<year>\d{{4}})"
    rf"|(?P<us_month>{_NAME})\.?\s+(?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<us_year>\d{{4}}))\b"
)


def iso_dates(text: str) -> str:
    """Return folded text with each written-out date as year, month and day in digits."""
    if not _YEAR.search(text):
        return text
    return _DATE.sub(_iso, text)


def _iso(match: re.Match[str]) -> str:
    day = match["day"] or match["us_day"]
    month = _NUMBER[match["month"] or match["us_month"]]
    return f"{match['year'] or match['us_year']}-{month:02d}-{int(day):02d}"
