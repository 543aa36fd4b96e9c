"""Captures in, documents out: what a page says, in blocks under headings, with links and form fields.

HTML is parsed by Lexbor, Markdown goes through CommonMark into the same reader. How pages are read, and what was
measured, stands in docs/decisions/0002-reading-html.md.
"""

from monitor.extract.document import EDITION, Opened, extract, opened
from monitor.extract.feed import feed_words
from monitor.extract.impersonal import impersonal, paragraphs
from monitor.extract.selectors import selector_problem
from monitor.extract.visible import surface

__all__ = [
    "EDITION",
    "Opened",
    "extract",
    "feed_words",
    "impersonal",
    "opened",
    "paragraphs",
    "selector_problem",
    "surface",
]
