"""Text in a component tree: Meta's pages carry their content as JSON in a script, and a program makes the page of it.

Where the program ran, the page itself is read. Where it did not (a plain fetch), the tree is: it was there on every
good fetch and on no error page. Source: docs/how-it-works/detection.md.
"""

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

_MARK = '"json_cms_content":'
# Trees deeper or larger than this are no text.
_NODE_LIMIT = 100_000

# The component's name ends in the tag it stands for: `CMSContainerSharedH2TagView`, `XMDSCMSLi`.
_TAG = re.compile(r"(h[1-6]|p|ul|ol|li|a|b|strong|em|i|br|table|thead|tbody|tr|td|th)(?:tagview)?$", re.IGNORECASE)
_WORDED = ("title", "heading", "headline", "label", "text", "description")


def component_markup(source: str) -> str:
    """Return the text of a page's component trees as HTML, or nothing when it has none that can be read."""
    return "".join("".join(_html(tree)) for tree in _trees(source))


def _trees(source: str) -> Iterator[Any]:
    """Yield the trees that stand in a page's scripts, as JSON written in a JSON string."""
    decoder, at = json.JSONDecoder(), source.find(_MARK)
    while at >= 0:
        try:
            written, _ = decoder.raw_decode(source, at + len(_MARK))
            yield json.loads(written)
        except (ValueError, TypeError, RecursionError):
            pass  # cut, or nested beyond reason: no text for a reader
        at = source.find(_MARK, at + len(_MARK))


def _html(tree: Any) -> Iterator[str]:
    """Yield a tree as HTML, by a loop of our own: its depth is the page's choice."""
    waiting: list[Any] = [tree]
    for _ in range(_NODE_LIMIT):
        if not waiting:
            return
        node = waiting.pop()
        if isinstance(node, _Close):
            yield node
        elif isinstance(node, str):
            yield escape(node)
        elif isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict):
            yield from _opened(node, waiting)


class _Close(str):
    """A closing tag that waits for what it closes."""

    __slots__ = ()


def _opened(node: dict[str, Any], waiting: list[Any]) -> Iterator[str]:
    """Yield a component's opening tag and its own words, and let its children wait."""
    match = _TAG.search(str(node.get("type") or ""))
    tag = match[1].lower() if match else "div"
    props = node.get("props")
    props = props if isinstance(props, dict) else {}
    yield f'<{tag} href="{escape(str(props["href"]))}">' if "href" in props else f"<{tag}>"
    yield from (f"<p>{escape(props[name])}</p>" for name in _WORDED if isinstance(props.get(name), str))
    waiting.append(_Close(f"</{tag}>"))
    children = node.get("children")
    waiting += reversed(children) if isinstance(children, list) else [children]
