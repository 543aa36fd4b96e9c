"""Bytes to text, whatever the server said about their encoding."""

import re

from w3lib.encoding import html_to_unicode

# A page longer than this is read up to here, and its document says so; the longest page seen has 900 KB.
READ_LIMIT_BYTES = 8_000_000
# A page of unclosed bold, italics and links takes a parser time that grows with their square (20,000 of each: 4 s), as
# the HTML Standard has it (section 13.2.6.4.7, the adoption agency). Of such a page less is read; pages short enough to
# be parsed in seconds whatever they hold are not searched for it.
_HOSTILE_LIMIT_BYTES = 100_000
_MANY_BYTES = 600_000
_MANY_UNCLOSED = 10_000
_FORMATTING = re.compile(rb"<(/?)(?:a|b|i|u|s|em|strong|font|nobr|big|small|code|tt|strike)[\s>]", re.IGNORECASE)


def markup(body: bytes, content_type: str) -> bytes:
    """Return a page's markup as UTF-8.

    Bytes that are valid UTF-8 are taken as such whatever is declared: no other encoding of real text looks like it.
    Only UTF-16 and UTF-32 could (as letters and NULs); they are read as declared or by their byte-order mark.
    """
    body = body[: read_limit(body)]
    wide = b"\x00" in body[:256]
    if not wide and _is_utf8(body):
        return body.removeprefix(b"\xef\xbb\xbf")
    if not wide and _mostly_utf8(body):
        return body
    _, text = html_to_unicode(_undeclared(content_type), body, auto_detect_fun=_fallback)
    return str(text).encode("utf-8", "replace")


def read_limit(body: bytes) -> int:
    """Return how many bytes of a page are read."""
    if len(body) < _MANY_BYTES:
        return _MANY_BYTES
    marks = _FORMATTING.findall(body[:READ_LIMIT_BYTES])
    unclosed = len(marks) - 2 * marks.count(b"/")
    return _HOSTILE_LIMIT_BYTES if unclosed > _MANY_UNCLOSED else READ_LIMIT_BYTES


def _is_utf8(body: bytes) -> bool:
    """Say whether bytes are UTF-8, a character cut at the very end left out of account."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.end >= len(body) and error.reason == "unexpected end of data"
    return True


def _mostly_utf8(body: bytes) -> bool:
    """Say whether more characters of a damaged page are good UTF-8 than bad."""
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return sum(not character.isascii() for character in text[:100_000]) > 2 * bad


def _undeclared(content_type: str) -> str | None:
    """Return a content type without the UTF-8 that it wrongly declares."""
    return None if not content_type or "utf-8" in content_type.lower() else content_type


def _fallback(_body: bytes) -> str:
    """Return what browsers take for undeclared bytes that are not UTF-8 (WHATWG Encoding Standard, section 4.2)."""
    return "cp1252"


def text_of(body: bytes, content_type: str) -> str:
    """Return a page that is not markup as text."""
    return markup(body, content_type).decode("utf-8", "replace")
