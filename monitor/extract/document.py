"""Capture x recipe -> Document, in two steps: opening tells whether it was read before, reading costs most."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.archive import made_local
from monitor.extract.charset import read_limit, text_of
from monitor.extract.forms import form_action
from monitor.extract.furniture import furnished
from monitor.extract.hints import block_selector
from monitor.extract.links import canonical
from monitor.extract.outline import outline
from monitor.extract.page import all_hints, content_kind, parsed, selection, settle
from monitor.extract.pieces import Piece
from monitor.extract.reader import read
from monitor.extract.source import Source, name_of
from monitor.extract.tree import component_markup
from monitor.model.capture import Capture
from monitor.model.document import Block, Document, Part
from monitor.model.page import Recipe
from monitor.text import clean

# Changes when the same capture is read differently than before, so that stored readings are made anew.
EDITION = "2"

# A page with fewer characters, furniture and all, is a shell whose program did not run.
_SHELL_CHARS = 200


@dataclass(slots=True)
class _Tree:
    """A capture parsed, and what its reading depends on besides.

    The tree is ten times as large as the markup, so it goes as soon as the pieces were taken out of it.
    """

    name: str
    capture: Capture
    tree: LexborHTMLParser | None
    source: Source

    def pieces(self) -> list[Piece]:
        """Take the pieces of the chosen part out of the tree, and let go of it."""
        assert self.tree is not None
        hints, roots = all_hints(self.tree), self.source.chosen.roots
        found = [piece for root in roots for piece in read(root, hints, self.source.style)]
        roots.clear()
        self.tree = None
        return found


class Opened:
    """A capture parsed and not read yet; `name` names all that a reading of it depends on (`Document.source`)."""

    __slots__ = ("_read", "_tree", "name")

    def __init__(self, tree: _Tree) -> None:
        self.name = tree.name
        self._tree: _Tree | None = tree
        self._read: Document | None = None

    def read(self) -> Document:
        """Return what the capture says, read now or before."""
        tree, self._tree = self._tree, None
        if tree is not None:
            self._read = _read(tree)
        assert self._read is not None
        return self._read


def extract(capture: Capture, recipe: Recipe) -> Document:
    """Return what a capture says, of the part that the recipe selects."""
    return opened(capture, recipe).read()


def opened(capture: Capture, recipe: Recipe) -> Opened:
    """Return a capture parsed, its addresses canonical, with what the recipe selects of it."""
    return Opened(_opened(parsed(capture), capture, recipe))


def _opened(tree: LexborHTMLParser, capture: Capture, recipe: Recipe) -> _Tree:
    base, chosen = base_of(tree, capture), selection(tree, recipe)
    settle(chosen.roots, base)
    source = Source(
        base=base,
        kind=content_kind(capture),
        title=title_of(tree),
        language=language_of(tree),
        form=form_action(tree),
        style=block_selector(tree),
        chosen=chosen,
        unread=_unread(capture),
    )
    return _Tree(name_of(source), capture, tree, source)


def _read(page: _Tree) -> Document:
    """Return the document of a page; that of the components it names where it has hardly a word of its own."""
    document, capture = _document(page), page.capture
    read_enough = document.chars >= _SHELL_CHARS or sum(len(block.text) for block in document.blocks) >= _SHELL_CHARS
    if read_enough or content_kind(capture) != "html":
        return document
    components = component_markup(text_of(capture.body, capture.header("content-type")))
    if not components:
        return document
    read = _document(_opened(LexborHTMLParser(components), capture, Recipe()))
    return replace(read, title=document.title, language=document.language, source="")


def _document(page: _Tree) -> Document:
    """Return the document of a page's chosen part; one with a form has no name: labels can stand outside of it."""
    source = page.source
    base, chosen = source.base, source.chosen
    pieces = page.pieces()
    if source.kind == "markdown":
        pieces = made_local(pieces, base)
    blocks = outline(furnished(pieces, base), base)
    return Document(
        blocks=blocks,
        fingerprint=fingerprint(blocks),
        title=source.title,
        language=source.language,
        missing=(*chosen.missing, *source.unread),
        dropped_chars=chosen.dropped_chars,
        form=canonical(source.form, base),
        source="" if any(block.field is not None for block in blocks) else page.name,
    )


def fingerprint(blocks: Iterable[Block]) -> str:
    """Return a digest, equal when a reader and a form would notice nothing; order, kind and furniture do not count."""
    furniture = Part.FURNITURE
    main = [block for block in blocks if block.part is not furniture]
    lines = sorted([block.key if not block.links and block.field is None else _line(block) for block in main])
    return sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()


def _line(block: Block) -> str:
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
    """Return a word on what was too long, or too hostile, to be read."""
    limit = read_limit(capture.body)
    return (f"everything after {limit} bytes",) if len(capture.body) > limit else ()
