"""XML 1.0 written as text: clean texts in, escaped markup out.

Entries are written once and stand in several documents; a tree would be serialised for each of them. What is written is
parsed back by the contract test with a strict parser, hostile words included.
"""

from functools import lru_cache
from html import escape

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'


def element(name: str, text: str = "", /, **attributes: str) -> str:
    """Return an element that holds clean text; `_` in an attribute's name is `:`, empty attributes are left out."""
    return f"<{name}{_written(attributes)}>{_escaped(text)}</{name}>"


def empty(name: str, /, **attributes: str) -> str:
    """Return an element that holds nothing."""
    return f"<{name}{_written(attributes)}/>"


def around(name: str, children: str, /, **attributes: str) -> str:
    """Return an element round written ones."""
    return f"{opening(name, **attributes)}\n{children}\n</{name}>"


def opening(name: str, /, **attributes: str) -> str:
    """Return the opening tag of an element."""
    return f"<{name}{_written(attributes)}>"


def _written(attributes: dict[str, str]) -> str:
    if not attributes:
        return ""
    return "".join([_attribute(name, value) for name, value in attributes.items() if value])


@lru_cache(maxsize=32)  # the texts of an entry, which one format asks for after the other
def _escaped(text: str) -> str:
    return escape(text, quote=False)


@lru_cache(maxsize=4096)
def _attribute(name: str, value: str) -> str:
    return f' {name.replace("_", ":")}="{escape(value, quote=True)}"'
