"""Capture x recipe -> Document."""

from collections.abc import Iterable
from hashlib import sha256

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.archive import make_local
from monitor.extract.charset import READ_LIMIT_BYTES
from monitor.extract.forms import form_action
from monitor.extract.furniture import mark_furniture
from monitor.extract.links import canonical
from monitor.extract.outline import outline
from monitor.extract.page import all_hints, content_kind, parsed, selection, settle
from monitor.extract.reader import read
from monitor.extract.readings import READINGS, Source
from monitor.model.capture import Capture
from monitor.model.document import Block, Document, Part
from monitor.model.page import Recipe
from monitor.text import clean

# Changes when the same capture is read differently than before, so that stored readings are made anew.
EDITION = "1"


def extract(capture: Capture, recipe: Recipe) -> Document:
    """Return what a capture says, of the part that the recipe selects."""
    tree = parsed(capture)
    base, chosen = base_of(tree, capture), selection(tree, recipe)
    settle(chosen.roots, base)
    source = Source(
        base=base,
        kind=content_kind(capture),
        title=title_of(tree),
        language=language_of(tree),
        form=form_action(tree),
        chosen=chosen,
        unread=_unread(capture),
    )
    return READINGS.of(tree, source, _read)


def _read(tree: LexborHTMLParser, source: Source) -> Document:
    """Return the document of a page's chosen part."""
    base, chosen, hints = source.base, source.chosen, all_hints(tree)
    pieces = [piece for root in chosen.roots for piece in read(root, hints)]
    if source.kind == "markdown":
        make_local(pieces, base)
    mark_furniture(pieces, base)
    blocks = outline(pieces, base)
    return Document(
        blocks=blocks,
        fingerprint=fingerprint(blocks),
        title=source.title,
        language=source.language,
        missing=(*chosen.missing, *source.unread),
        dropped_chars=chosen.dropped_chars,
        form=canonical(source.form, base),
    )


def fingerprint(blocks: Iterable[Block]) -> str:
    """Return a digest that is equal when a reader and a form would notice nothing: order, kind and furniture count not."""
    lines = sorted(_line(block) for block in blocks if block.part is not Part.FURNITURE)
    return sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()


def _line(block: Block) -> str:
    if not block.links and block.field is None:
        return block.key
    targets = " ".join(sorted(link.target for link in block.links))
    return f"{block.key}\x1f{targets}\x1f{block.field}"


def base_of(page: LexborHTMLParser, capture: Capture) -> str:
    """Return the address that the page's links are relative to."""
    base = page.css_first("base[href]")
    declared = base.attributes.get("href") or "" if base is not None else ""
    return declared if declared.startswith(("http://", "https://")) else capture.final_url or capture.url


def title_of(page: LexborHTMLParser) -> str:
    """Return the page's title as shown."""
    title = page.css_first("head > title") or page.css_first("title")
    return clean(title.text(deep=True)) if title is not None else ""


def language_of(page: LexborHTMLParser) -> str:
    """Return the page's declared language as a BCP 47 tag, lower case, or nothing."""
    root = page.css_first("html")
    return (root.attributes.get("lang") or "").strip().lower() if root is not None else ""


def _unread(capture: Capture) -> tuple[str, ...]:
    """Return a word on what was too long to be read."""
    long = len(capture.body) > READ_LIMIT_BYTES
    return (f"everything after {READ_LIMIT_BYTES} bytes",) if long else ()
