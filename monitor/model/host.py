"""What is remembered of a host, so that it is asked with manners."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """When a host was last asked, how often on which day (UTC), how often in a row it refused, and until when it rests.

    `holder` is whose turn it is, empty when it is nobody's; the turn is over at `held_until` at the latest, so that a
    machine that died holds nothing up for ever.
    """

    last: datetime | None = None
    day: date | None = None
    asked: int = 0
    refusals: int = 0
    until: datetime | None = None
    holder: str = ""
    held_until: datetime | None = None
