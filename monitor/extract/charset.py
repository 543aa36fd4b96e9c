"""Bytes to text, whatever the server said about their encoding."""

from w3lib.encoding import html_to_unicode

# A page longer than this is read up to here, and its document says so; the longest policy seen has 2 MB.
READ_LIMIT_BYTES = 10_000_000


def markup(body: bytes, content_type: str) -> bytes:
    """Return a page's markup as UTF-8.

    Bytes that are valid UTF-8 are taken as such whatever is declared: no other encoding of real text looks like it.
    Only UTF-16 and UTF-32 could (as letters and NULs); they are read as declared or by their byte-order mark.
    """
    body = body[:READ_LIMIT_BYTES]
    wide = b"\x00" in body[:256]
    if not wide and _is_utf8(body):
        return body.removeprefix(b"\xef\xbb\xbf")
    _, text = html_to_unicode(content_type or None, body, auto_detect_fun=_fallback)
    return str(text).encode("utf-8", "replace")


def _is_utf8(body: bytes) -> bool:
    """Say whether bytes are UTF-8, a character cut at the very end left out of account."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.end >= len(body) and error.reason == "unexpected end of data"
    return True


def _fallback(_body: bytes) -> str:
    """Return what browsers take for undeclared bytes that are not UTF-8 (WHATWG Encoding Standard, section 4.2)."""
    return "cp1252"


def text_of(body: bytes, content_type: str) -> str:
    """Return a page that is not markup as text."""
    return markup(body, content_type).decode("utf-8", "replace")
