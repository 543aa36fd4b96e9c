"""XML 1.0 written as text: clean texts in, escaped markup out. A tree of 10,000 entries costs ten times as much.

What is written is parsed back by the contract test with a strict parser, hostile words included.
"""

from html import escape

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'


def element(name: str, text: str = "", /, **attributes: str) -> str:
    """Return an element that holds clean text; `_` in an attribute's name is `:`, empty attributes are left out."""
    return f"<{name}{_written(attributes)}>{escape(text, quote=False)}</{name}>"


def empty(name: str, /, **attributes: str) -> str:
    """Return an element that holds nothing."""
    return f"<{name}{_written(attributes)}/>"


def around(name: str, children: str, /, **attributes: str) -> str:
    """Return an element round written ones."""
    return f"<{name}{_written(attributes)}>\n{children}\n</{name}>"


def _written(attributes: dict[str, str]) -> str:
    pairs = ((name.replace("_", ":"), value) for name, value in attributes.items() if value)
    return "".join(f' {name}="{escape(value, quote=True)}"' for name, value in pairs)
