"""Everything that is visible on a capture, recipe or not: what tells a page from a wall."""

import re

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.document import base_of, language_of, title_of
from monitor.extract.forms import fields
from monitor.extract.hints import hints_of
from monitor.extract.links import canonical
from monitor.extract.page import matches, parsed
from monitor.extract.reader import read
from monitor.model.capture import Capture
from monitor.model.document import Surface
from monitor.model.page import Presence

# Characters of visible text that are kept; the longest wall seen has 8,545.
TEXT_LIMIT = 20_000

_REFRESH = re.compile(r"^\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"']+)", re.IGNORECASE)


def surface(capture: Capture, present: Presence) -> Surface:
    """Return what is visible on a capture, and which of the declared selectors match."""
    page = parsed(capture)
    pieces = read(page.body, hints_of(page)) if page.body is not None else []
    lines = [piece.text for piece in pieces if piece.text]
    text = " ".join(lines)
    return Surface(
        title=title_of(page),
        language=language_of(page),
        text=text[:TEXT_LIMIT],
        chars=len(text),
        headings=tuple(piece.text for piece in pieces if piece.level),
        fields=fields(page),
        refresh=_refresh(page, base_of(page, capture)),
        present=tuple(selector for selector in present.selectors if matches(page, selector)),
    )


def _refresh(page: LexborHTMLParser, base: str) -> str:
    """Return where a meta refresh leads, or nothing."""
    for node in page.css("meta[http-equiv]"):
        if (node.attributes.get("http-equiv") or "").lower() == "refresh":
            match = _REFRESH.match(node.attributes.get("content") or "")
            return canonical(match[1].strip(), base) if match else ""
    return ""
