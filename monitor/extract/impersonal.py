"""A letter without whom it was written to: the addressee's names and addresses, and the marks that links carry.

Links of a letter to many name their reader in the query, and pictures tell that they were opened; both are cut to the
address that everybody was sent. Words are taken out wherever they stand alone.
"""

import re
from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

ADDRESSEE = "[addressee]"
_LINKED = ("href", "src", "background", "action", "data-saferedirecturl")
_MAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+\b")
_GREETING = re.compile(
    r"^(\W*(?:hi|hello|hey|dear|hallo|liebe[rs]?|guten tag|sehr geehrte[r]?|bonjour|cher|chère|hola|estimad[oa]|ciao|"
    r"gentile|beste|cześć|drogi|droga|olá|prezad[oa])\s+)([^\n,!:<]{1,60}?)(?=\s*[,!:]|\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
_LEAST_NAME = 3


def impersonal(markup: str, names: Iterable[str], *, own: Iterable[str] = ()) -> str:
    """Return a letter in HTML without these names and addresses, and with links cut to what all readers share.

    Addresses of the sender's `own` hosts stay, since they are where an answer goes.
    """
    tree = LexborHTMLParser(markup)
    for name in _LINKED:
        for node in tree.css(f"[{name}]"):
            node.attrs[name] = "" if name in ("src", "background") else shared_address(node.attributes.get(name) or "")
    for node in tree.css("script, style, title"):
        node.decompose()
    return without(tree.html or "", names, own=own)


def paragraphs(text: str) -> str:
    """Return a letter in plain text as HTML: a paragraph for each block of lines, addresses as links."""
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text))
    return "".join(f"<p>{_linked(block)}</p>" for block in blocks if block)


def without(markup: str, names: Iterable[str], *, own: Iterable[str] = ()) -> str:
    """Return markup in which names, mail addresses of other hosts and whoever is greeted are the addressee."""
    hosts = tuple(f"@{host}" for host in own)
    words = sorted({word for name in names for word in (name, *name.split()) if len(word) >= _LEAST_NAME}, key=len)
    for word in reversed(words):
        markup = re.sub(rf"(?<!\w){re.escape(escape(word))}(?!\w)", ADDRESSEE, markup, flags=re.IGNORECASE)
    markup = _MAIL.sub(lambda mail: mail[0] if mail[0].endswith(hosts) and hosts else ADDRESSEE, markup)
    return re.sub(r">[^<]+", lambda run: _GREETING.sub(rf"\1{ADDRESSEE}", run[0]), markup)


def shared_address(address: str) -> str:
    """Return an address without query and fragment, which name a reader; what is no web address stays empty."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https"):
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")


def _linked(block: str) -> str:
    """Return lines of text as HTML, with their addresses as links."""
    made, at = [], 0
    for found in _ADDRESS.finditer(block):
        target = escape(shared_address(found[0].rstrip(".,;:!?")))
        made += [_lines(block[at : found.start()]), f'<a href="{target}">{target}</a>']
        at = found.start() + len(found[0].rstrip(".,;:!?"))
    return "".join([*made, _lines(block[at:])])


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
