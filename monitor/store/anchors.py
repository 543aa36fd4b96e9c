"""Time stamps beside the ledger: one file a stamp, and a line of the ledger about each.

    snapshots/ledger/stamps/20260301T000500Z-1f0c9a....tsr

A stamp is over one line, and so over all lines before it. Its own line comes later in the same chain, so that a stamp
can neither be changed nor taken away unseen.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from monitor.model.errors import AuthorityError
from monitor.model.proof import Anchor, Head
from monitor.store.entry import LEDGER, Entry, LineKind, anchor_line
from monitor.store.files import write_whole
from monitor.store.ledger import Ledger
from monitor.store.moments import month
from monitor.store.whereabouts import Whereabouts
from monitor.timestamp import Stamp, StampError, proven, roots_of, stamp_of

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


def stamp_damage(ledger: Ledger, entry: Entry, reply: bytes, prove: Callable[[bytes], Stamp]) -> str:
    """Return what is wrong with a stamp, or an empty text: it must be over the very line that stands at its place."""
    line = ledger.line(entry.month, entry.offset)
    if line is None or line.digest != entry.head:
        return f"the line that was time-stamped is not at byte {entry.offset} of ledger/{entry.month}.jsonl any more"
    try:
        stamp = prove(reply)
    except StampError as error:
        return f"is no stamp that proves anything: {error}"
    return "" if stamp.digest == entry.head else "is a time stamp over another ledger, or over another line of this one"


def prover(roots: bytes) -> Callable[[bytes], Stamp]:
    """Return what reads a stamp: held against these root certificates (PEM), or as it claims when there are none.

    Raises:
        AuthorityError: there is no certificate in them.
    """
    if not roots:
        return stamp_of
    try:
        certificates = roots_of(roots)
    except StampError as error:
        raise AuthorityError("the authority's root certificates", str(error)) from error
    return lambda reply: proven(reply, certificates)
