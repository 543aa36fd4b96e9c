"""A long quote made short: what did not change is cut down, what changed is kept whole as long as it fits.

Word edits in, word edits out; an ellipsis stands where words were left out. A change that is too long by itself ends
after whole words with a note of how much is missing: it is never shortened without saying so.
"""

from dataclasses import replace

from monitor.model.change import Edit, EditKind
from monitor.render.tongue import Tongue

ELLIPSIS = "…"
_NOTE_ROOM = 60  # characters kept for the note after a change that is too long


def cut(edits: tuple[Edit, ...], limit: int, tongue: Tongue) -> tuple[Edit, ...]:
    """Return the edits so that each side has at most about `limit` characters."""
    if max(_length(edits, EditKind.GONE), _length(edits, EditKind.COME)) <= limit:
        return edits
    changed = tuple(_fitting(edit, _share(edits, edit.kind, limit), tongue) for edit in edits)
    runs = sum(edit.kind is EditKind.KEPT for edit in edits)
    longest = max(_changed(changed, EditKind.GONE), _changed(changed, EditKind.COME))
    room = max(24, (limit - longest) // max(1, runs))
    last = len(changed) - 1
    return tuple(
        _shortened(edit, room, first=place == 0, last=place == last) if edit.kind is EditKind.KEPT else edit
        for place, edit in enumerate(changed)
    )


def _length(edits: tuple[Edit, ...], side: EditKind) -> int:
    return sum(len(edit.text) for edit in edits if edit.kind in (side, EditKind.KEPT))


def _changed(edits: tuple[Edit, ...], side: EditKind) -> int:
    return sum(len(edit.text) for edit in edits if edit.kind is side)


def _share(edits: tuple[Edit, ...], side: EditKind, limit: int) -> int:
    """Return how many characters one changed run may have: all it wants when all of them fit, an equal part if not."""
    if _changed(edits, side) <= limit:
        return limit
    return limit // max(1, sum(edit.kind is side for edit in edits))


def _fitting(edit: Edit, limit: int, tongue: Tongue) -> Edit:
    room = max(40, limit - _NOTE_ROOM)
    if edit.kind is EditKind.KEPT or len(edit.text) <= room + _NOTE_ROOM:
        return edit
    shown = _head(edit.text, room)
    missing = len(edit.text) - len(shown)
    note = tongue.plural("[%(count)s more character]", "[%(count)s more characters]", missing)
    return replace(edit, text=f"{shown.rstrip()} {ELLIPSIS} {note}")


def _shortened(edit: Edit, room: int, *, first: bool, last: bool) -> Edit:
    """Return a kept run cut to the words next to what changed on either side."""
    text = edit.text
    if len(text) <= room + len(ELLIPSIS):
        return edit
    if first and not last:
        return replace(edit, text=ELLIPSIS + _tail(text, room))
    if last:
        return replace(edit, text=_head(text, room) + ELLIPSIS)
    return replace(edit, text=f"{_head(text, room // 2)}{ELLIPSIS}{_tail(text, room // 2)}")


def _head(text: str, room: int) -> str:
    """Return the beginning of a longer text up to a word's end, where there is one."""
    end = text.rfind(" ", 0, room + 1)
    return text[: end + 1] if end > room // 2 else text[:room]


def _tail(text: str, room: int) -> str:
    """Return the end of a longer text from a word's start, where there is one."""
    start = text.find(" ", len(text) - room - 1)
    return text[start:] if 0 <= start < len(text) - room // 2 else text[len(text) - room :]
