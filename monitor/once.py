"""Remembers what pure functions said, so that what comes again costs little; `forget` lets go of all of it.

What is remembered is for speed alone: a page that is read again shares most of its words with what was read before. A
process that watches many pages forgets after each one, since another page shares hardly any (`schedule.heap`).
"""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_EMPTYING: list[Callable[[], None]] = []


def lately(size: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator that keeps the newest `size` answers, each known by the values of its arguments."""

    def decorator(function: Callable[P, T]) -> Callable[P, T]:
        remembering = lru_cache(size)(function)
        when_forgetting(remembering.cache_clear)
        return remembering  # type: ignore[return-value]  # typeshed gives up the parameters of what is remembered

    return decorator


def once(size: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator that keeps the newest `size` answers, each known by the identity of its arguments.

    For values too large to be compared. The arguments are kept with the answer, so that no identity is met again while
    it is remembered. Keyword arguments are not for functions remembered so.
    """

    def decorator(function: Callable[P, T]) -> Callable[P, T]:
        kept: OrderedDict[tuple[int, ...], tuple[object, T]] = OrderedDict()
        when_forgetting(kept.clear)

        @wraps(function)
        def remembering(*args: P.args, **kwargs: P.kwargs) -> T:
            key = tuple(map(id, args))
            found = kept.get(key)
            if found is None:
                found = kept[key] = (args, function(*args, **kwargs))
                if len(kept) > size:
                    with suppress(KeyError):  # emptied just now by another thread
                        kept.popitem(last=False)
            return found[1]

        return remembering

    return decorator


def when_forgetting(empty: Callable[[], None]) -> None:
    """Have `forget` call this, which empties what else is remembered for speed, for as long as the process lasts."""
    _EMPTYING.append(empty)


def forget() -> None:
    """Let go of everything that is remembered so in this process."""
    for empty in _EMPTYING:
        empty()
