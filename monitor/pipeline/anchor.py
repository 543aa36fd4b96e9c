"""The ledger's newest line shown to a time stamp authority, once a day: from then on nobody can write it otherwise.

What the authority does to us holds nothing up: the next turn asks again, over a newer line.
"""

from datetime import timedelta

from monitor.model.proof import Anchor
from monitor.ports import World

EVERY = timedelta(days=1)


def anchor(world: World) -> Anchor | None:
    """Return the stamp that was got now, or None where no authority is set or there was nothing new to be stamped.

    Raises:
        AuthorityError: the authority gave no stamp that proves anything.
        StoreError: it cannot be kept.
    """
    head = world.evidence.head() if world.authority is not None else None
    if world.authority is None or head is None or _stands_after(world.evidence.anchors(), head.line):
        return None
    return world.evidence.anchor(head, world.authority(head.line), world.now())


def anchor_when_due(world: World) -> Anchor | None:
    """Return the stamp that was got now, or None when the newest one is less than a day old; raises as `anchor`."""
    newest = world.evidence.anchors()[-1:] if world.authority is not None else ()
    if any(world.now() - each.at < EVERY for each in newest):
        return None
    return anchor(world)


def _stands_after(anchors: tuple[Anchor, ...], line: bytes) -> bool:
    """Say whether a line is that of the newest stamp itself: then nothing was kept since."""
    return bool(anchors) and anchors[-1].file.encode() in line
