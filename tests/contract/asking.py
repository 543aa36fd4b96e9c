"""One request on tight terms, for the tests of hostile addresses, connections and answers."""

import socket
from collections.abc import Callable
from datetime import timedelta

from monitor.fetch.http import HttpFetcher
from monitor.fetch.terms import Outside, Terms
from monitor.model.capture import Fetched, Miss
from monitor.model.page import Page, PageId, PageKind
from tests.contract.servers import Clock

LIMIT_BYTES = 1_000_000
Resolver = Callable[..., list[tuple[int, int, int, str, tuple[object, ...]]]]


def page_at(url: str) -> Page:
    """Return a page at an address, whatever the robots.txt there says."""
    return Page(id=PageId("page"), url=url, kind=PageKind.POLICY, robots="ignore")


def fetched_from(url: str, *hosts: str, resolver: Resolver | None = None, **more: object) -> Fetched:
    """Ask once, where loopback and these hosts are allowed and everything must come within 0.6 seconds."""
    clock = Clock()
    terms = Terms(
        hosts=frozenset({"127.0.0.1", *hosts}),
        limit_bytes=LIMIT_BYTES,
        deadline=timedelta(seconds=0.6),
        timeouts=(0.4, 0.4),
        attempts=1,
        **{"allow_loopback": True, **more},  # type: ignore[arg-type]
    )
    fetcher = HttpFetcher(terms, Outside(now=clock.now, sleep=clock.sleep, chance=lambda: 0.5, resolver=resolver))
    return fetcher(page_at(url), None)


def missed(fetched: Fetched) -> Miss:
    """Return what came as the miss that it must be."""
    assert isinstance(fetched, Miss), fetched
    return fetched


def answers(*addresses: str) -> Resolver:
    """Return a resolver that answers each call with the next of these, a comma between several; then the last again."""
    left = list(addresses)

    def resolver(host: str, port: int, *_: object, **__: object) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
        told = left.pop(0) if len(left) > 1 else left[0]
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port, 0, 0) if ":" in address else (address, port),
            )
            for address in told.split(",")
        ]

    return resolver
