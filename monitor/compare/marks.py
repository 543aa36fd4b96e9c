"""What a block is known by, wherever and whenever it stands."""

from functools import lru_cache
from hashlib import blake2b

from monitor.model.document import Block, BlockKind, Part

_LISTED = frozenset({BlockKind.ITEM, BlockKind.STEP, BlockKind.ROW})


@lru_cache(maxsize=65536)
def _mark(key: str, over: str) -> str:
    return blake2b(f"{key}\x1f{over}".encode(), digest_size=8).hexdigest()


def mark(block: Block) -> str:
    """Return what a block is known by, as 16 hexadecimal digits.

    A sentence says the same wherever it stands. An entry of a list says what the headings over it say: the same entry
    under others is another statement. The outermost heading names the page and is left out.
    """
    listed = block.kind in _LISTED and block.part is not Part.NOTES
    return _mark(block.key, "\x1f".join(block.trail[1:] or block.trail).casefold() if listed else "")
