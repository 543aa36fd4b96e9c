"""Furniture that only shows in company: tables of contents, language lists, cookie dialogs."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from monitor.extract.links import canonical
from monitor.extract.pieces import Mark, Piece
from monitor.extract.words import COOKIES, LANGUAGE_NAMES
from monitor.model.document import BlockKind

_LISTED = frozenset((BlockKind.ITEM, BlockKind.STEP))
# A list is one of contents or languages from so many entries on.
_LEAST_ENTRIES = 3


def mark_furniture(pieces: Sequence[Piece], base: str) -> None:
    """Mark pieces that stand in lists of contents or languages, in cookie dialogs, and links that repeat headings."""
    here = canonical(base, base).partition("#")[0] + "#"
    for piece in pieces:
        if piece.level and piece.marks & Mark.LINKED and piece.anchors and _points_within(piece, here):
            piece.marks |= Mark.FURNITURE
        elif piece.field is not None and _languages(piece.field.options) >= _LEAST_ENTRIES:
            piece.marks |= Mark.FURNITURE
    for linked, run in groupby(pieces, key=_is_link_entry):
        if linked:
            _mark_list(list(run), here)
    for shown, run in groupby(pieces, key=_is_in_dialog):
        if shown:
            _mark_dialog(list(run))


def _is_link_entry(piece: Piece) -> bool:
    return piece.kind in _LISTED and bool(piece.marks & Mark.LINKED)


def _is_in_dialog(piece: Piece) -> bool:
    return bool(piece.marks & Mark.DIALOG)


def _mark_list(entries: list[Piece], here: str) -> None:
    if len(entries) < _LEAST_ENTRIES:
        return
    contents = all(_points_within(piece, here) for piece in entries)
    if contents or _languages(piece.text for piece in entries) * 2 > len(entries):
        for piece in entries:
            piece.marks |= Mark.FURNITURE


def _mark_dialog(pieces: list[Piece]) -> None:
    if any(COOKIES.search(piece.text.casefold()) for piece in pieces):
        for piece in pieces:
            piece.marks |= Mark.FURNITURE


def _points_within(piece: Piece, here: str) -> bool:
    return all(href.startswith(here) for _, href in piece.anchors)


def _languages(names: Iterable[str]) -> int:
    """Return how many of these are languages' own names."""
    return sum(name.partition("(")[0].strip().casefold() in LANGUAGE_NAMES for name in names)
