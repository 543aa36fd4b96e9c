"""Keys that open a subscriber's own pages from a mail: made anew from a secret each time, so that none is kept.

A mail goes out at any time and carries its reader's keys, so what is kept would have to be the key itself. Instead a
key is an HMAC of whom and what it is for: without the secret of the installation it is 128 random bits, and a copy of
the database opens nothing. Source: docs/decisions/0011-web.md.
"""

import hmac
import re
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from monitor.model.subscriber import SubscriberId

LEAST_SECRET_BYTES = 16
_KEY = re.compile(r"([\w-]{1,80})\.([0-9a-f]{32})", re.ASCII)


class Errand(StrEnum):
    """What a key is good for: it opens one kind of page and no other."""

    LEAVE = "leave"
    PREFERENCES = "preferences"


@dataclass(frozen=True, slots=True)
class Keys:
    """Makes and knows the keys of one installation."""

    _secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self._secret) < LEAST_SECRET_BYTES:
            raise ValueError(f"a secret has at least {LEAST_SECRET_BYTES} bytes, not {len(self._secret)}")

    def key(self, subscriber: SubscriberId, errand: Errand) -> str:
        """Return the key of a subscriber for one errand, fit for a path segment of an address."""
        return f"{subscriber}.{self._mark(subscriber, errand)}"

    def holder(self, key: str, errand: Errand) -> SubscriberId | None:
        """Return whose key this is, or None when it is none of ours for this errand."""
        read = _KEY.fullmatch(key)
        if read is None or not hmac.compare_digest(self._mark(read[1], errand), read[2]):
            return None
        return SubscriberId(read[1])

    def _mark(self, subscriber: str, errand: Errand) -> str:
        return hmac.new(self._secret, f"{errand}\n{subscriber}".encode(), sha256).hexdigest()[:32]
