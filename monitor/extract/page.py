"""A capture parsed once: markup of either kind as a tree, what its attributes say, and which part of it is read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from monitor.extract.charset import markup, text_of
from monitor.extract.forms import add_controls
from monitor.extract.hints import Hint, hints_of
from monitor.extract.links import canonical
from monitor.model.capture import Capture
from monitor.model.page import Recipe
from monitor.text import clean

_MARKDOWN = frozenset(("text/markdown", "text/x-markdown"))


@dataclass(slots=True)
class Selection:
    """The roots that a recipe selects, in document order and none within another, and what it found amiss."""

    roots: list[LexborNode]
    missing: tuple[str, ...] = ()
    dropped_chars: int = 0


def parsed(capture: Capture) -> LexborHTMLParser:
    """Return a capture's markup as a tree; Markdown and plain text become HTML first."""
    kind, declared = content_kind(capture), capture.header("content-type")
    if kind == "html":
        source = markup(capture.body, declared)
    else:
        text = text_of(capture.body, declared).replace("\x00", "")
        source = (_markdown(text) if kind == "markdown" else _plain(text)).encode("utf-8", "replace")
    return LexborHTMLParser(source)


# A link in Markdown; its words can hold escaped brackets and pictures.
_PICTURE = r"!\[[^\[\]]*\]\([^\s()]*\)"
_LINK = re.compile(rf"\[((?:\\.|{_PICTURE}|[^\[\]\\])*)\]\(([^\s()]*)\)")


def _markdown(text: str) -> str:
    """Return Markdown as HTML; links over several paragraphs, as archives write them, become links of their own."""
    import pyromark  # a megabyte that only archives need

    dialect = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH  # CommonMark as archives write it
    return pyromark.html(_LINK.sub(_one_line, text), options=dialect)


def _one_line(link: re.Match[str]) -> str:
    words = " ".join(link[1].split())
    return f"\n\n[{words}]({link[2]})\n\n" if "\n\n" in link[1].replace(" ", "") else link[0]


def _plain(text: str) -> str:
    return "".join(f"<p>{part.replace('&', '&amp;').replace('<', '&lt;')}</p>" for part in text.split("\n\n"))


def content_kind(capture: Capture) -> str:
    """Return `html`, `markdown` or `text`, by the content type; undeclared content is HTML."""
    declared = capture.header("content-type").partition(";")[0].strip().lower()
    if declared in _MARKDOWN:
        return "markdown"
    return "text" if declared == "text/plain" else "html"


def selection(page: LexborHTMLParser, recipe: Recipe) -> Selection:
    """Return what a recipe selects of a page; what it drops is taken out of the tree."""
    dropped = sum(_drop(_outermost(matches(page, selector))) for selector in recipe.drop)
    if not recipe.select:
        return Selection([page.body] if page.body is not None else [], (), dropped)
    found = {selector: matches(page, selector) for selector in recipe.select}
    missing = tuple(selector for selector, nodes in found.items() if not nodes)
    valid = [selector for selector, nodes in found.items() if nodes]
    nodes = page.css(",".join(valid)) if len(valid) > 1 else found[valid[0]] if valid else []
    return Selection(_outermost(nodes), missing, dropped)


def _drop(nodes: list[LexborNode]) -> int:
    """Take elements out of the tree; return how many characters they held."""
    chars = sum(len(clean(node.text(deep=True, separator=" "))) for node in nodes)
    for node in nodes:
        node.decompose()
    return chars


def settle(roots: Iterable[LexborNode], base: str) -> None:
    """Make each address in the chosen part canonical, and take out where media come from: no reader sees either."""
    for root in roots:
        for node in root.css("[href]"):
            attributes = node.attrs
            written = attributes["href"] or ""
            target = canonical(written, base)
            if target != written:
                attributes["href"] = target
        for node in root.css("[src]"):
            node.attrs["src"] = ""


def matches(page: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """Return the elements that a selector matches; one that cannot be read matches nothing."""
    try:
        return page.css(selector)
    except SelectolaxError:
        return []


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Return elements in document order, each once, without those inside another."""
    others = {node.mem_id: node for node in nodes}
    return [node for node in others.values() if not _inside(node, others)]


def _inside(node: LexborNode, others: dict[int, LexborNode]) -> bool:
    above = node.parent
    while above is not None:
        if above.mem_id in others:
            return True
        above = above.parent
    return False


def all_hints(page: LexborHTMLParser) -> dict[int, Hint]:
    """Return what the attributes and form controls of a page say, by the elements' identity."""
    hints = hints_of(page)
    add_controls(page, hints)
    return hints
