"""Remembers what a pure function said of the very same values, for values too large to be compared."""

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def once(size: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator that keeps the newest `size` answers, each known by the identity of its arguments.

    The arguments are kept with the answer, so that no identity is met again while it is remembered. Keyword arguments
    are not for functions remembered so.
    """

    def decorator(function: Callable[P, T]) -> Callable[P, T]:
        kept: OrderedDict[tuple[int, ...], tuple[object, T]] = OrderedDict()

        @wraps(function)
        def remembering(*args: P.args, **kwargs: P.kwargs) -> T:
            key = tuple(map(id, args))
            if key not in kept:
                kept[key] = (args, function(*args, **kwargs))
            if len(kept) > size:
                kept.popitem(last=False)
            return kept[key][1]

        return remembering

    return decorator
