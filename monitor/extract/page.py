"""A capture parsed once: markup of either kind as a tree, what its attributes say, and which part of it is read."""

import re
from dataclasses import dataclass

import cmarkgfm
from cmarkgfm.cmark import Options
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from monitor.extract.charset import markup, text_of
from monitor.extract.forms import add_controls
from monitor.extract.hints import Hint, hints_of
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


# A link in Markdown; its words can hold escaped brackets.
_LINK = re.compile(r"\[((?:\\.|[^\[\]\\])*)\]\(([^\s()]*)\)")


def _markdown(text: str) -> str:
    """Return Markdown as HTML; links over several paragraphs, as archives write them, become links of their own."""
    text = _LINK.sub(_one_line, text)
    return str(cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE))


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


def selection(page: LexborHTMLParser, recipe: Recipe, hints: dict[int, Hint]) -> Selection:
    """Return what a recipe selects of a page; what it drops is added to the hints as unread."""
    dropped = 0
    for selector in recipe.drop:
        for node in matches(page, selector):
            if not hints.get(node.mem_id, _NOTHING).skip:
                dropped += len(clean(node.text(deep=True, separator=" ")))
                hints[node.mem_id] = Hint(skip=True)
    if not recipe.select:
        return Selection([page.body] if page.body is not None else [], (), dropped)
    found = {selector: matches(page, selector) for selector in recipe.select}
    missing = tuple(selector for selector, nodes in found.items() if not nodes)
    return Selection(_outermost(page, [s for s, nodes in found.items() if nodes]), missing, dropped)


_NOTHING = Hint()


def matches(page: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """Return the elements that a selector matches; one that cannot be read matches nothing."""
    try:
        return page.css(selector)
    except SelectolaxError:
        return []


def _outermost(page: LexborHTMLParser, selectors: list[str]) -> list[LexborNode]:
    """Return the elements that any selector matches, in document order, without those inside another."""
    if not selectors:
        return []
    nodes = {node.mem_id: node for node in page.css(",".join(selectors))}
    return [node for node in nodes.values() if not _inside(node, nodes)]


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
