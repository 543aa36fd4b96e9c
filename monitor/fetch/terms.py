"""On which terms the web is asked: who we are, where we may go, how much we take, how long we wait."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version
from urllib.parse import urlsplit

from ssrfguard import Policy, Resolver

from monitor.model.page import Watchlist

AGENT = "optout-monitor"
"""The name that robots.txt files can use for this program (RFC 9309, section 2.2.1)."""


EVERY_PORT = range(1, 65536)


@cache
def _version() -> str:
    return version(AGENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an installation allows its fetchers. `hosts` are names, or `*.name` for any below one.

    `contact` is the mail or https address that goes out with every request. `proxies` are addresses by the name that
    a page uses; they may hold a password and are never shown.
    """

    hosts: frozenset[str]
    contact: str = ""
    allow_loopback: bool = False
    proxies: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca_bundle: str = ""
    pause: timedelta = timedelta(seconds=10)
    daily_budget: int = 500
    deadline: timedelta = timedelta(seconds=120)
    timeouts: tuple[float, float] = (10.0, 30.0)  # seconds to connect, to wait for the next byte
    limit_bytes: int = 20_000_000
    attempts: int = 3

    @property
    def user_agent(self) -> str:
        """Return the name we go by, with the version and how to reach whoever runs this installation."""
        contact = f" (+{self.contact})" if self.contact else ""
        return f"{AGENT}/{_version()}{contact}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What fetchers take from the world besides the network: the clock (UTC), sleep (seconds), chance (0 to 1)."""

    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    chance: Callable[[], float]
    resolver: Resolver | None = None


def hosts_of(watchlist: Watchlist) -> frozenset[str]:
    """Return every host that a watchlist names: those of its pages and feeds, and those it adds."""
    urls = [page.url for page in watchlist.pages] + [feed.url for feed in watchlist.feeds]
    return frozenset(watchlist.hosts) | frozenset(filter(None, map(host_of, urls)))


def host_of(url: str) -> str:
    """Return the host of an address in lower case, or nothing when it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def policy_of(terms: Terms) -> Policy:
    """Return the rule for addresses: https to the named hosts, and to no address that is not public.

    Where loopback is allowed, plain http and every port are too: tests and the demo serve pages on this machine.
    """
    hosts = _usable(terms.hosts)
    if not terms.allow_loopback:
        return Policy(allowed_schemes=frozenset({"https"}), allowed_ports=frozenset({443}), allowed_hosts=hosts)
    policy = Policy(
        allowed_hosts=hosts,
        allowed_networks=("127.0.0.0/8", "::1/128"),  # type: ignore[arg-type]  # it takes texts and parses them
    )
    object.__setattr__(policy, "allowed_ports", EVERY_PORT)  # as a set, which it would make of them, they take 4 MB
    return policy


def _usable(hosts: Iterable[str]) -> frozenset[str]:
    """An empty list would mean that every host is allowed, so it holds a name that no host can have (RFC 6761)."""
    return frozenset(hosts) or frozenset({"nothing.invalid"})
