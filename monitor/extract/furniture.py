"""Furniture that only shows in company: tables of contents, language lists, cookie dialogs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from monitor.extract.links import canonical
from monitor.extract.pieces import Mark, Piece
from monitor.extract.words import COOKIES, LANGUAGE_NAMES
from monitor.model.document import BlockKind

# A list is one of contents or languages from so many entries on.
_LEAST_ENTRIES = 3


def furnished(pieces: Sequence[Piece], base: str) -> list[Piece]:
    """Return the pieces, marked where they are lists of contents or languages, cookie dialogs, or repeated headings."""
    here = canonical(base, base).partition("#")[0] + "#"
    marked = list(pieces)
    alone = _alone(pieces, here)
    lists = _runs(pieces, _is_entry, _lists, here)
    for i in (*alone, *lists, *_runs(pieces, _is_in_dialog, _asks, here)):
        marked[i] = replace(pieces[i], marks=pieces[i].marks | Mark.FURNITURE)
    return marked


def _runs(
    pieces: Sequence[Piece],
    belongs: Callable[[Piece], bool],
    is_furniture: Callable[[Sequence[Piece], str], bool],
    here: str,
) -> Iterator[int]:
    """Yield the places of pieces that follow each other, belong to one sort and together are furniture."""
    places = [i for i, piece in enumerate(pieces) if piece.marks and belongs(piece)]
    for _, run in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        together = [i for _, i in run]
        if is_furniture([pieces[i] for i in together], here):
            yield from together


def _is_entry(piece: Piece) -> bool:
    return bool(piece.marks & Mark.LINKED) and piece.kind in (BlockKind.ITEM, BlockKind.STEP)


def _is_in_dialog(piece: Piece) -> bool:
    return bool(piece.marks & Mark.DIALOG)


def _alone(pieces: Sequence[Piece], here: str) -> Iterator[int]:
    """Yield the places of pieces that are furniture by themselves."""
    yield from (i for i, piece in enumerate(pieces) if (piece.level or piece.field) and _stands_alone(piece, here))


def _stands_alone(piece: Piece, here: str) -> bool:
    """Say whether a piece by itself is furniture: a heading that leads to itself, a choice of languages."""
    if piece.field is not None:
        return _languages(piece.field.options) >= _LEAST_ENTRIES
    return bool(piece.level and piece.marks & Mark.LINKED and piece.anchors) and _points_within(piece, here)


def _lists(entries: Sequence[Piece], here: str) -> bool:
    """Say whether a list of links is one of contents or languages."""
    if len(entries) < _LEAST_ENTRIES:
        return False
    contents = all(_points_within(piece, here) for piece in entries)
    return contents or _languages(piece.text for piece in entries) * 2 > len(entries)


def _asks(pieces: Sequence[Piece], _here: str) -> bool:
    return any(COOKIES.search(piece.text.casefold()) for piece in pieces)


def _points_within(piece: Piece, here: str) -> bool:
    return all(href.startswith(here) for _, href in piece.anchors)


def _languages(names: Iterable[str]) -> int:
    """Return how many of these are languages' own names."""
    return sum(name.partition("(")[0].strip().casefold() in LANGUAGE_NAMES for name in names)
