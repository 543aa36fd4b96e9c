"""Archived copies do not know their own address: links to sections of the page itself lead to the original."""

from collections import defaultdict
from dataclasses import replace

from monitor.extract.links import canonical
from monitor.extract.pieces import Anchor, Piece

# From so many sections on that are named at one address, that address is the page's own. A policy with footnotes
# names 20 to 140 of its own sections, and at most two of any other page.
_LEAST_SECTIONS = 5


def made_local(pieces: list[Piece], base: str) -> list[Piece]:
    """Return the pieces, links to sections of the original page leading to the same sections of this copy."""
    here = canonical(base, base).partition("#")[0]
    sections: defaultdict[str, set[str]] = defaultdict(set)
    for piece in pieces:
        for _, href in piece.anchors:
            address, _, section = href.partition("#")
            if section and address != here:
                sections[address].add(section)
    own = max(sections, key=lambda address: len(sections[address]), default="")
    if len(sections.get(own, ())) < _LEAST_SECTIONS:
        return pieces
    return [
        replace(piece, anchors=tuple(_local(anchor, own, here) for anchor in piece.anchors)) if piece.anchors else piece
        for piece in pieces
    ]


def _local(anchor: Anchor, own: str, here: str) -> Anchor:
    address, _, section = anchor.href.partition("#")
    return Anchor(anchor.text, f"{here}#{section}") if section and address == own else anchor
