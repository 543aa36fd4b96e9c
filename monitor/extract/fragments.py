"""Pieces of paragraphs and lists read lately: most of a page stands as it did at the last fetch."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress

from monitor.extract.pieces import Piece
from monitor.once import when_forgetting


class Fragments:
    """Pieces of paragraphs and lists read lately, by their markup and by where they stood.

    When too many are held, the first to come is let go.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: OrderedDict[Hashable, tuple[Piece, ...]] = OrderedDict()

    def of(self, name: Hashable, read: Callable[[], tuple[Piece, ...]]) -> tuple[Piece, ...]:
        """Return the pieces of this name, read now or remembered; nobody may change them."""
        pieces = self._known.get(name)
        if pieces is None:
            if len(self._known) >= self._limit:
                with suppress(KeyError):  # emptied just now by another thread
                    self._known.popitem(last=False)
            pieces = self._known[name] = read()
        return pieces

    def forget(self) -> None:
        """Let go of all that is held."""
        self._known.clear()


# Two of the longest policies seen, about 1,000 fragments each, take 1 MB.
FRAGMENTS = Fragments(2048)
when_forgetting(FRAGMENTS.forget)
