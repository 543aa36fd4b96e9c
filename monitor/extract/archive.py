"""Archived copies do not know their own address: links to sections of the page itself lead to the original."""

from collections import defaultdict
from collections.abc import Sequence

from monitor.extract.links import canonical
from monitor.extract.pieces import Anchor, Piece

# From so many sections on that are named at one address, that address is the page's own. A policy with footnotes
# names 20 to 140 of its own sections, and at most two of any other page.
_LEAST_SECTIONS = 5


def make_local(pieces: Sequence[Piece], base: str) -> None:
    """Make links to sections of the original page lead to the same sections of this copy."""
    sections: defaultdict[str, set[str]] = defaultdict(set)
    for piece in pieces:
        for _, href in piece.anchors:
            address, _, section = _parts(href, base)
            if section:
                sections[address].add(section)
    own = max(sections, key=lambda address: len(sections[address]), default="")
    if len(sections.get(own, ())) < _LEAST_SECTIONS:
        return
    for piece in pieces:
        if any("#" in href for _, href in piece.anchors):
            piece.anchors = tuple(_local(anchor, own, base) for anchor in piece.anchors)


def _parts(href: str, base: str) -> tuple[str, str, str]:
    """Return address and section of an absolute link, nothing for a link that is local already."""
    if "#" not in href or href.startswith("#"):
        return ("", "", "")
    return canonical(href, base).partition("#")


def _local(anchor: Anchor, own: str, base: str) -> Anchor:
    address, _, section = _parts(anchor.href, base)
    return Anchor(anchor.text, f"#{section}") if section and address == own else anchor
