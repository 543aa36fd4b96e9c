"""How often somebody may do something: counts in memory, bounded however many somebodies there are."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from threading import Lock

HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
FORMS_BY_CLIENT = 12  # filled-in forms from one address of the network an hour: a household behind one
LETTERS_IN_ALL = 300  # mails that ask for a confirmation an hour, so that no swarm of clients makes us a mail bomb
SEARCHES_BY_CLIENT = 600
SIGN_INS_BY_ACCOUNT = 8  # a quarter of an hour from one client, which locks nobody else out of the account
SIGN_INS_BY_CLIENT = 40  # an hour, whatever the accounts
SIGN_INS_IN_ALL = 200  # an hour at one account, from wherever: 4,800 guesses a day at a password of twelve letters
HISTORIES_BY_CLIENT = 60  # every version of a page is looked through: up to a second of CPU
MOST_KEYS = 20_000  # clients remembered at once; about 3 MB


@dataclass(slots=True)
class Allowance:
    """So many in each span for each key; the oldest keys are forgotten when there are too many."""

    most: int
    span: timedelta
    now: Callable[[], datetime]
    _used: dict[str, tuple[datetime, int]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def taken(self, key: str = "") -> bool:
        """Take one, and say whether there was one left."""
        now = self.now()
        with self._lock:
            began, count = self._used.pop(key, (now, 0))
            if began + self.span <= now:
                began, count = now, 0
            if len(self._used) >= MOST_KEYS:
                del self._used[next(iter(self._used))]
            self._used[key] = (began, min(count + 1, self.most + 1))
            return count < self.most


class Allowances:
    """All that is counted by one app."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.forms = Allowance(FORMS_BY_CLIENT, HOUR, now)
        self.letters = Allowance(LETTERS_IN_ALL, HOUR, now)
        self.sign_ins = Allowance(SIGN_INS_BY_ACCOUNT, QUARTER, now)
        self.sign_ins_in_all = Allowance(SIGN_INS_IN_ALL, HOUR, now)
        self.sign_ins_by_client = Allowance(SIGN_INS_BY_CLIENT, HOUR, now)
        self.histories = Allowance(HISTORIES_BY_CLIENT, HOUR, now)
        self.searches = Allowance(SEARCHES_BY_CLIENT, HOUR, now)


def client_key(host: str) -> str:
    """Return what a client is counted by: its address, of IPv6 the network that one subscriber has (RFC 6177)."""
    try:
        address = ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(address, IPv6Address):
        return address.exploded[:19]  # the first 64 bits
    return str(address)
