"""What attributes say about the elements of a page, found by a few CSS queries before the walk.

Most elements say nothing by their attributes; asking each would cost more than reading the page. So the queries pick
those worth asking, and the walk looks them up by identity.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract.pieces import Anchor, Mark
from monitor.model.document import Field
from monitor.once import lately

# Titles of panels that open and shut stand below the six levels of headings.
PANEL_LEVEL = 7


@dataclass(slots=True)
class Hint:
    """What the attributes of one element say; empty values say nothing.

    `level` makes it a heading, `marks` hold for all within, `block` puts it on lines of its own, `item` makes it an
    item of a list, `skip` leaves it unread, `pressed` makes it a button; `controls` are form fields and `button` the
    caption of a button that stand here.
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

_HIDING = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_MADE_UP = re.compile(r"^(?::|u_|js_|mount_|radix-|react-|headlessui-|__|[\w-]*\d{5,})")
_NOTE_ID = re.compile(r"^(?:annotation|footnote|endnote|fn|cite_note)[-_:]?\w{0,8}$", re.IGNORECASE)
_NUMBER = re.compile(r"^\W{0,2}\d{1,3}\W{0,2}$")
# Forms to sign in or search stand beside the text of many pages.
_LETS_IN = re.compile(r"/log-?in|/sign-?in|\blogin|search", re.IGNORECASE)
_ROLE_MARKS = {
    **dict.fromkeys(
        ("navigation", "contentinfo", "search", "menu", "menubar", "toolbar", "listbox", "tooltip"), Mark.FURNITURE
    ),
    **dict.fromkeys(("dialog", "alertdialog"), Mark.DIALOG),
    **dict.fromkeys(("doc-endnotes", "doc-footnote"), Mark.NOTE),
}


def hints_of(page: LexborHTMLParser) -> dict[int, Hint]:
    """Return what the attributes of a page's elements say, by the elements' identity."""
    found: dict[int, Hint] = {}
    for node in page.css("[id]"):
        _heed_id(node, node.id or "", found)
    for node in page.css("[role]"):
        _heed_role(found.setdefault(node.mem_id, Hint()), node.attributes)
    for node in page.css("form"):
        if _LETS_IN.search(f"{node.attributes.get('action')} {node.id}"):
            found.setdefault(node.mem_id, Hint()).marks |= Mark.FURNITURE
    for node in _shown_as_blocks(page):
        found.setdefault(node.mem_id, Hint()).block = True
    found.update((node.mem_id, Hint(skip=True)) for node in _hidden(page))
    return found


def _hidden(page: LexborHTMLParser) -> Iterator[LexborNode]:
    """Yield elements that no reader sees; `until-found` is a panel that opens by itself (HTML, section 6.1)."""
    yield from (node for node in page.css("[hidden]") if node.attributes["hidden"] != "until-found")
    yield from (node for node in page.css("[style]") if _HIDING.search(node.attributes["style"] or ""))


def _heed_id(node: LexborNode, id: str, found: dict[int, Hint]) -> None:
    """Note what an element's id says: it names a section, or the box of a footnote."""
    says = _says(id)
    if says == "section":
        found[node.mem_id] = Hint(id)
    elif says == "note":
        if _NUMBER.match(node.text(deep=True, strip=True)) and node.parent is not None:
            found[node.mem_id] = Hint(skip=True)
            node = node.parent
        found.setdefault(node.mem_id, Hint()).marks |= Mark.NOTE


@lately(4096)
def _says(id: str) -> str:
    """Return whether an id names a note or a section, or nothing when a program made it up."""
    if _NOTE_ID.match(id):
        return "note"
    return "" if not id or _MADE_UP.match(id) else "section"


def _heed_role(hint: Hint, attributes: Mapping[str, str | None]) -> None:
    """Note what an element's role says: heading, item, button, furniture, note."""
    role = attributes["role"] or ""
    hint.marks |= _ROLE_MARKS.get(role, 0)
    if role == "heading":
        hint.level, hint.block = _level(attributes.get("aria-level")), True
    elif role == "listitem":
        hint.item = hint.block = True
    elif role == "button":
        opens = "aria-expanded" in attributes
        hint.level, hint.block, hint.pressed = (PANEL_LEVEL, True, False) if opens else (0, False, True)


def _level(value: str | None) -> int:
    return min(int(value), 6) if value and value.isascii() and value.isdigit() and value.strip("0") else 2


def _shown_as_blocks(page: LexborHTMLParser) -> list[LexborNode]:
    """Return spans that the page's own style sheet puts on lines of their own."""
    selector = block_selector(page)
    return page.css(selector) if selector else []


def block_selector(page: LexborHTMLParser) -> str:
    """Return a selector of the spans that the page's own style sheet puts on lines of their own, or nothing."""
    return _block_selector("".join(node.text(deep=True) for node in page.css("style")))


_BLOCK_RULE = re.compile(r"(?:^|[},])\s*\.([A-Za-z][\w-]*)\s*\{[^{}]*display:block[;}]")


@lately(64)
def _block_selector(styles: str) -> str:
    """Return a selector of the spans whose class alone makes them blocks."""
    names = sorted(set(_BLOCK_RULE.findall(styles)))
    return ",".join(f"span.{name}" for name in names[:40])
