"""Who is asked for what the world has: pages, feeds, turns at hosts, time stamps."""

from collections.abc import Callable
from typing import Protocol

from monitor.model.capture import Fetched, Validators
from monitor.model.feed import FeedFetched
from monitor.model.host import HostState
from monitor.model.page import FeedSource, Page


class Fetcher(Protocol):
    """Asks for a page once. Never raises for what the world does: the answer is a value."""

    def __call__(self, page: Page, since: Validators | None) -> Fetched:
        """Return what came; `since` tells the server which capture we hold."""
        ...


class FeedFetcher(Protocol):
    """Asks for a feed once. Never raises for what the world does: the answer is a value."""

    def __call__(self, feed: FeedSource, etag: str = "", modified: str = "") -> FeedFetched:
        """Return what came; `etag` and `modified` are those of the last `Entries`."""
        ...


class HostBook(Protocol):
    """Remembers hosts for all who share it."""

    def change(self, host: str, step: Callable[[HostState], HostState]) -> HostState:
        """Replace what is remembered of a host by what `step` makes of it, and return that; nobody comes between.

        One never heard of is a `HostState` with nothing in it. `step` may be called more than once.
        """
        ...


class Authority(Protocol):
    """Attests, with its signature, when it was shown a line (RFC 3161)."""

    def __call__(self, line: bytes) -> bytes:
        """Return the reply over the SHA-256 of a line, once its signature was held against the authority's root.

        Raises:
            AuthorityError: it did not answer, refused, or answered what proves nothing.
        """
        ...
