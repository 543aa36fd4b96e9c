"""A long quote made short: what did not change is cut down, what changed is kept whole as long as it fits.

Word edits in, word edits out; an ellipsis stands where words were left out. A change that is too long by itself ends
after whole words with a note of how much is missing: it is never shortened without saying so.
"""

from collections.abc import Sequence

from monitor.model.change import Edit, EditKind
from monitor.render.tongue import Tongue

ELLIPSIS = "…"
_KEPT, _GONE, _COME = EditKind.KEPT, EditKind.GONE, EditKind.COME  # Python looks a member up in 0.1 µs each time
_NOTE_ROOM = 60  # characters kept for the note after a change that is too long


def cut(edits: tuple[Edit, ...], limit: int, tongue: Tongue) -> tuple[Edit, ...]:
    """Return the edits so that each side has at most about `limit` characters."""
    if longest(edits) <= limit:
        return edits
    gone, come = (_share(edits, side, limit) for side in (_GONE, _COME))
    changed = [_fitting(edit, gone if edit.kind is _GONE else come, tongue) for edit in edits]
    kept = _runs(changed, _KEPT)
    longer = max(_length(changed, _GONE), _length(changed, _COME))
    room = max(24, (limit - longer) // max(1, kept))
    last = len(changed) - 1
    return tuple(
        [
            _shortened(edit, room, first=place == 0, last=place == last) if edit.kind is _KEPT else edit
            for place, edit in enumerate(changed)
        ]
    )


def longest(edits: tuple[Edit, ...]) -> int:
    """Return how many characters the longer side has."""
    gone = come = 0
    for edit in edits:
        gone += len(edit.text) if edit.kind is not _COME else 0
        come += len(edit.text) if edit.kind is not _GONE else 0
    return max(gone, come)


def _length(edits: Sequence[Edit], kind: EditKind) -> int:
    return sum([len(edit.text) for edit in edits if edit.kind is kind])


def _runs(edits: Sequence[Edit], kind: EditKind) -> int:
    return sum([edit.kind is kind for edit in edits])


def _share(edits: tuple[Edit, ...], side: EditKind, limit: int) -> int:
    """Return how many characters one changed run may have: all it wants when all of them fit, an equal part if not."""
    return limit if _length(edits, side) <= limit else limit // max(1, _runs(edits, side))


def _fitting(edit: Edit, limit: int, tongue: Tongue) -> Edit:
    room = max(40, limit - _NOTE_ROOM)
    if edit.kind is _KEPT or len(edit.text) <= room + _NOTE_ROOM:
        return edit
    shown = _head(edit.text, room)
    missing = len(edit.text) - len(shown)
    note = tongue.plural("[%(count)s more character]", "[%(count)s more characters]", missing)
    return Edit(edit.kind, f"{shown.rstrip()} {ELLIPSIS} {note}")


def _shortened(edit: Edit, room: int, *, first: bool, last: bool) -> Edit:
    """Return a kept run cut to the words next to what changed on either side."""
    text = edit.text
    if len(text) <= room + len(ELLIPSIS):
        return edit
    if first and not last:
        return Edit(edit.kind, ELLIPSIS + _tail(text, room))
    if last:
        return Edit(edit.kind, _head(text, room) + ELLIPSIS)
    return Edit(edit.kind, f"{_head(text, room // 2)}{ELLIPSIS}{_tail(text, room // 2)}")


def _head(text: str, room: int) -> str:
    """Return the beginning of a longer text up to a word's end, where there is one."""
    end = text.rfind(" ", 0, room + 1)
    return text[: end + 1] if end > room // 2 else text[:room]


def _tail(text: str, room: int) -> str:
    """Return the end of a longer text from a word's start, where there is one."""
    start = text.find(" ", len(text) - room - 1)
    return text[start:] if 0 <= start < len(text) - room // 2 else text[len(text) - room :]
