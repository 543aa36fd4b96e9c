"""Captures that came while there was nowhere to keep them: they wait in memory, and go with the process."""

from dataclasses import dataclass, field

from monitor.model.capture import Capture
from monitor.model.page import PageId

# Twenty policies of 375 KB, or hundreds of forms; what comes beyond that is lost, as all was before.
MOST_BYTES = 8_000_000


@dataclass(slots=True)
class Unkept:
    """At most one capture of a page, the first that could not be kept, and so many bytes of all in all."""

    _captures: dict[PageId, Capture] = field(default_factory=dict)

    def hold(self, capture: Capture) -> None:
        """Hold a capture, unless one of its page is held already or there are too many."""
        held = sum(map(_bytes, self._captures.values()))
        if held + _bytes(capture) <= MOST_BYTES:
            self._captures.setdefault(capture.page, capture)

    def of(self, page: PageId) -> Capture | None:
        """Return the capture of a page that waits to be kept, or None."""
        return self._captures.get(page)

    def let_go(self, page: PageId) -> None:
        """Forget the capture of a page: it is kept."""
        self._captures.pop(page, None)


def _bytes(capture: Capture) -> int:
    return len(capture.body) + len(capture.screenshot)
