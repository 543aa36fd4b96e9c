"""Time stamps held against the ledger and against the authority's root; imported only where stamps are looked at."""

from collections.abc import Callable

from monitor.model.errors import AuthorityError
from monitor.store.entry import Entry
from monitor.store.ledger import Ledger
from monitor.timestamp import Stamp, StampError, proven, roots_of, stamp_of


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
