"""Words of a watched page made fit to be shown: as text, never as markup, direction or address tricks.

`clean` comes first (it looks at characters), `markup` last (it looks at the place the words are put into).
"""

import re
from html import escape
from urllib.parse import urlsplit

# What neither XML 1.0 (section 2.2) nor HTML (section 3.2.6) can carry: controls, lone surrogates, noncharacters; and
# what shows nothing but changes how its neighbours are read: Bidi_Control and tag characters (Unicode TR9, TR36).
_NOT_SHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
    + "".join(chr(plane + end) for plane in range(0x10000, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
    + "]"
)
_SCHEMES = frozenset({"http", "https", "mailto"})
# Source: BCP 47 (RFC 5646, section 2.1), as far as browsers look at it: subtags of at most eight letters and digits.
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_ENTITY_LIKE = re.compile(r"&(?=[#\w])")


def clean(text: str) -> str:
    """Return text without what cannot be shown and what would turn the words round."""
    # Nothing of the set is printable in the sense of Unicode, and most texts are: the short way is 20 times as fast.
    return text if text.isprintable() else _NOT_SHOWN.sub("", text)


def one_line(text: str) -> str:
    """Return clean text in one line, single-spaced, so that it cannot pass for a line of ours."""
    return " ".join(clean(text).split())


def header_text(text: str) -> str:
    """Return clean text in one line as a mail header may hold it: nothing in it is an encoded word (RFC 2047).

    Python's mail library decodes such words as it takes a value, line ends in them included.
    """
    return one_line(text).replace("=?", "= ?")


def markup(text: str) -> str:
    """Return clean text escaped for HTML and XML, content and attributes alike."""
    return escape(clean(text), quote=True)


def unambiguous(text: str) -> str:
    """Return clean text so that it reads the same as plain text and as HTML: RSS does not say which a place holds.

    Source: RSS Advisory Board, RSS Best Practices Profile, section 5.1 (character data of `title` and `description`).
    """
    return _ENTITY_LIKE.sub("&amp;", text).replace("<", "&lt;")


def language_tag(language: str) -> str:
    """Return a language (BCP 47) as `lang` may hold it; what is none is the empty text, which says "not known"."""
    return language if _LANGUAGE.fullmatch(language) else ""


def link(target: str) -> str:
    """Return an address that may be made a link (http, https, mailto), or an empty string."""
    address = target.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if address != clean(address) or any(letter.isspace() for letter in address):
        return ""
    whole = parts.path if parts.scheme == "mailto" else parts.netloc
    return address if parts.scheme in _SCHEMES and whole else ""
