"""How much memory is kept of what was done: what was remembered for speed, and what was freed.

Without a GNU C library nothing is done about what was freed.
"""

import ctypes
import sys

from monitor.once import forget

# Of mallopt(3), in bytes. Threads share one heap instead of up to sixteen; what is large lies outside of it and is
# given back when it is freed, as is the heap's end. Tuned by bench/memory.py on twenty pages of 375 KB.
_ARENA_MAX, _ARENAS = -8, 1
_MMAP_THRESHOLD, _MMAP_BYTES = -3, 128 * 1024
_TRIM_THRESHOLD, _TRIM_BYTES = -1, 64 * 1024


def keep_little() -> None:
    """Have the C library keep little of what is freed, from now on and for the whole process: before any thread."""
    libc = _libc()
    if libc is not None:
        libc.mallopt(_ARENA_MAX, _ARENAS)
        libc.mallopt(_MMAP_THRESHOLD, _MMAP_BYTES)
        libc.mallopt(_TRIM_THRESHOLD, _TRIM_BYTES)


def give_back() -> None:
    """Forget what is remembered for speed, and give back to the system what is free then.

    It takes some 3 ms of CPU and makes the next reading dearer, so not after a check that found nothing new.
    """
    forget()
    libc = _libc()
    if libc is not None:
        libc.malloc_trim(0)


def _libc() -> ctypes.CDLL | None:
    """Return the GNU C library of this process, or None under another one."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim") else None
