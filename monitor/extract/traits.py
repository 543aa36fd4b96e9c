"""What a text says about itself, before its place is known: its fold, whether it is furniture or a notice, a label."""

import re
from typing import NamedTuple

from monitor.extract.words import (
    COOKIE_QUESTION,
    COOKIES,
    FURNITURE_LINES,
    NOTICE_STARTS,
    RELATED_HEADINGS,
    RIGHTS,
    any_of,
)
from monitor.model.document import Part
from monitor.once import lately
from monitor.text import fold

# A short line without an end mark that stands over others is a label; the longest seen says for whom a part is.
LONGEST_LABEL = 160
# Lines longer than this are never furniture by their words alone.
_LONGEST_FURNITURE = 200
# What follows a cookie dialog's question and is as short as this is one of its buttons.
_LONGEST_BUTTON = 40

_FURNITURE = any_of(FURNITURE_LINES)
_NOTICE = any_of(NOTICE_STARTS)
_RELATED = any_of(RELATED_HEADINGS)
_COOKIE_QUESTION = any_of(COOKIE_QUESTION)
_NUMBER = re.compile(r"\[?\d{1,3}\]?")
_END_MARKS = frozenset(".!;,…|)")


class Label:
    """What binds a place, from wide to narrow, below the six levels of headings and the titles of panels (7)."""

    NONE = 0
    TITLE = 8
    SIDE = 9
    TABLE = 10
    ROW = 11
    LEAD = 12


class Traits(NamedTuple):
    """What a text alone says: its fold, its part (BODY when it says nothing), its rank as a label, and the rest.

    `leads` says that it ends in a colon, `number` that it is the number of a note, `related` that it heads links to
    other pages, `asks` that it is the question of a cookie dialog, `cookies` that it can be a part of one; `special`
    that any of these needs a closer look.
    """

    key: str
    part: Part
    label: int
    leads: bool
    number: bool
    related: bool
    asks: bool
    cookies: bool
    special: bool


@lately(8192)
def traits(text: str) -> Traits:
    """Return what a text says about itself."""
    key = fold(text)
    part = _part(key)
    leads = text.endswith((":", "："))
    number = len(text) <= 5 and bool(_NUMBER.fullmatch(text))
    related = len(key) < 80 and bool(_RELATED.fullmatch(key))
    asks = len(key) < 160 and bool(_COOKIE_QUESTION.fullmatch(key))
    return Traits(
        key=key,
        part=part,
        label=Label.NONE if part is not Part.BODY else _label(text, leads=leads),
        leads=leads,
        number=number,
        related=related,
        asks=asks,
        cookies=len(key) <= _LONGEST_BUTTON or bool(COOKIES.search(key)),
        special=number or related or asks or part is Part.FURNITURE,
    )


def leads_out(text: str) -> bool:
    """Say whether words of a link lead out of data use."""
    return bool(RIGHTS.search(fold(text)))


def _part(key: str) -> Part:
    if len(key) <= _LONGEST_FURNITURE and _FURNITURE.fullmatch(key):
        return Part.FURNITURE
    return Part.NOTICE if _NOTICE.match(key) else Part.BODY


def _label(text: str, *, leads: bool) -> int:
    """Return the rank that a paragraph of this text would have as a label."""
    if len(text) > LONGEST_LABEL or len(text) < 3 or not (text[0].isupper() or text[0] in "ⓘ¿«“\"'"):
        return Label.NONE
    if leads:
        return Label.SIDE
    last = text[-1]
    ended = last in _END_MARKS and not (last == ")" and "(" in text)
    return Label.NONE if ended or not any(map(str.isalpha, text)) else Label.TITLE
