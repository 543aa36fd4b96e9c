"""requests loaded without what guesses encodings: `monitor.extract` tells them itself, and nothing asks requests."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_GUESSER = "charset_normalizer"
_VERSION = "3.0.0"  # one that requests takes


@contextmanager
def guessing_late() -> Iterator[None]:
    """Let requests be imported in the block; the guesser, 3 MB, is loaded when something asks requests to guess."""
    if _GUESSER in sys.modules or "requests" in sys.modules:
        yield
        return
    late = ModuleType(_GUESSER)
    late.__dict__.update(__version__=_VERSION, detect=_detect)
    sys.modules[_GUESSER] = late
    try:
        yield
    finally:
        del sys.modules[_GUESSER]


def _detect(content: bytes) -> object:
    from charset_normalizer import detect

    return detect(content)
