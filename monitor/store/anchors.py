"""Time stamps beside the ledger: one file a stamp, and a line of the ledger about each.

    snapshots/ledger/stamps/20260301T000500Z-1f0c9a....tsr

A stamp is over one line, and so over all lines before it. Its own line comes later in the same chain, so that a stamp
can neither be changed nor taken away unseen.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from monitor.model.proof import Anchor, Head
from monitor.store.entry import LEDGER, LineKind, anchor_line
from monitor.store.files import write_whole
from monitor.store.ledger import Ledger
from monitor.store.moments import month
from monitor.store.whereabouts import Whereabouts

FOLDER = "ledger/stamps"


def head_of(ledger: Ledger) -> Head | None:
    """Return the newest line of a ledger, or None when it has none."""
    line = ledger.last_line()
    if line is None:
        return None
    return Head(line=line.data.removesuffix(b"\n"), sha256=line.digest, month=line.month, offset=line.offset)


def keep_stamp(folder: Path, ledger: Ledger, head: Head, reply: bytes, at: datetime) -> Anchor:
    """Write a stamp and its line; only in the ledger's turn.

    Raises:
        StoreFull: there is no room; the ledger is as it was.
    """
    file = f"{FOLDER}/{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{head.sha256}.tsr"
    write_whole(folder / file, reply)
    ledger.append(month(at), anchor_line(at, head.sha256, (head.month, head.offset), file, reply))
    return Anchor(at=at, head=head.sha256, month=head.month, offset=head.offset, file=file)


def anchors_of(whereabouts: Whereabouts, ledger: Ledger) -> Iterator[Anchor]:
    """Yield the stamps that the ledger tells of, oldest first."""
    for place in whereabouts.places(LEDGER):
        entry = ledger.entry(place.month, place.offset)
        if entry.kind is LineKind.ANCHOR:
            yield Anchor(at=entry.time, head=entry.head, month=entry.month, offset=entry.offset, file=entry.file)
