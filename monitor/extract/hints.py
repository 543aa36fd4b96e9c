"""What attributes say about the elements of a page, found by one CSS query before the walk.

Most elements say nothing by their attributes; asking each would cost more than reading the page. So the query picks
those worth asking, and the walk looks them up by identity.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract.pieces import Anchor, Mark
from monitor.model.document import Field

# Above the six levels of headings stand titles of panels that open and shut.
PANEL_LEVEL = 7


@dataclass(slots=True)
class Hint:
    """What the attributes of one element say; empty values say nothing.

    `level` makes it a heading, `marks` hold for all within, `block` puts it on lines of its own, `item` makes it an
    item of a list, `skip` leaves it unread, `controls` are form fields that stand here, `button` is its caption.
    """

    section: str = ""
    level: int = 0
    marks: int = 0
    block: bool = False
    item: bool = False
    skip: bool = False
    pressed: bool = False
    button: str = ""
    controls: tuple[tuple[Field, tuple[Anchor, ...]], ...] = ()


Hints = Mapping[int, Hint]

_ASKED = (
    "[hidden],[style],[role],[aria-expanded],[aria-level],a.zippy,div[id],section[id],article[id],main[id],"
    "li[id],ol[id],h1[id],h2[id],h3[id],h4[id],aside,nav,footer,header"
)
_HIDING = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_MADE_UP = re.compile(r"^(?::|u_|js_|mount_|radix-|react-|headlessui-|__|[\w-]*\d{5,})")
_NOTE_ID = re.compile(r"^(?:annotation|footnote|endnote|fn|cite_note)[-_:]?\w{0,8}$", re.IGNORECASE)
_NUMBER = re.compile(r"^\W{0,2}\d{1,3}\W{0,2}$")
_FURNITURE_ROLES = frozenset(
    ("navigation", "contentinfo", "search", "menu", "menubar", "toolbar", "listbox", "tooltip")
)
_FURNITURE_TAGS = frozenset(("nav", "footer"))


def hints_of(page: LexborHTMLParser) -> dict[int, Hint]:
    """Return what the attributes of a page's elements say, by the elements' identity."""
    found: dict[int, Hint] = {}
    for node in page.css(_ASKED):
        identity = node.mem_id
        if identity not in found:
            hint = _hint(node)
            if hint is not None:
                found[identity] = hint
    _note_boxes(page, found)
    for node in _shown_as_blocks(page):
        found.setdefault(node.mem_id, Hint()).block = True
    return found


def _hint(node: LexborNode) -> Hint | None:
    """Return what one element's attributes say, or None when they say nothing."""
    attributes, tag = node.attributes, node.tag or ""
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return Hint(skip=True)
    style = attributes.get("style")
    if style and _HIDING.search(style):
        return Hint(skip=True)
    id, role = attributes.get("id") or "", attributes.get("role") or ""
    hint = Hint(section="" if _MADE_UP.match(id) else id, marks=_marks(node, tag, role))
    if role == "heading":
        hint.level, hint.block = _level(attributes.get("aria-level")), True
    elif tag == "a":
        hint.level, hint.block = (PANEL_LEVEL, True) if not attributes.get("href") else (0, False)
    elif role == "listitem":
        hint.item = hint.block = True
    elif tag == "button" or role == "button":
        hint.pressed = True
        if "aria-expanded" in attributes:
            hint.level, hint.pressed, hint.block = PANEL_LEVEL, False, True
    return hint if hint != Hint() else None


def _level(value: str | None) -> int:
    return min(int(value), 6) if value and value.isdecimal() and int(value) else 2


def _marks(node: LexborNode, tag: str, role: str) -> int:
    """Return whether all within an element is furniture or a note."""
    if tag in _FURNITURE_TAGS or role in _FURNITURE_ROLES:
        return 0 if _within_article(node) and tag == "footer" else Mark.FURNITURE
    if role in ("dialog", "alertdialog"):
        return Mark.DIALOG
    if role in ("doc-endnotes", "doc-footnote", "note"):
        return Mark.NOTE
    return 0


def _within_article(node: LexborNode) -> bool:
    above = node.parent
    while above is not None:
        if above.tag in ("article", "main"):
            return True
        above = above.parent
    return False


def _note_boxes(page: LexborHTMLParser, found: dict[int, Hint]) -> None:
    """Mark the boxes of footnotes: an element with the id of a note, or its parent when it holds only the number."""
    for node in page.css('[id^="annotation"],[id^="footnote"],[id^="endnote"],[id^="fn"],[id^="cite_note"]'):
        if not _NOTE_ID.match(node.id or ""):
            continue
        text = node.text(deep=True, strip=True)
        if _NUMBER.match(text) and node.parent is not None:
            found.setdefault(node.mem_id, Hint()).skip = True
            node = node.parent  # noqa: PLW2901  the box is what encloses the number
        found.setdefault(node.mem_id, Hint()).marks |= Mark.NOTE


def _shown_as_blocks(page: LexborHTMLParser) -> list[LexborNode]:
    """Return spans that the page's own style sheet puts on lines of their own."""
    styles = "".join(node.text(deep=True) for node in page.css("style"))
    selector = _block_selector(styles) if "display:block" in styles else ""
    return page.css(selector) if selector else []


_BLOCK_RULE = re.compile(r"(?:^|[},])\s*\.([A-Za-z][\w-]*)\s*\{[^{}]*display:block[;}]")


@lru_cache(maxsize=64)
def _block_selector(styles: str) -> str:
    """Return a selector of the spans whose class alone makes them blocks."""
    names = sorted(set(_BLOCK_RULE.findall(styles)))
    return ",".join(f"span.{name}" for name in names[:40])
