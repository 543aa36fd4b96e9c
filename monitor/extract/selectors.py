"""Whether a selector of a recipe can be read by what reads pages: the very parser is asked."""

from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

_REMEMBERED = 256  # most pages of a watchlist share theirs


@lru_cache(_REMEMBERED)
def selector_problem(selector: str) -> str:
    """Return why a selector can never match, or an empty text."""
    try:
        LexborHTMLParser("<p></p>").css(selector)
    except SelectolaxError:
        return "not a CSS selector that pages are read with"
    return ""
