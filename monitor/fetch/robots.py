"""What a host's robots.txt allows us, asked once a day (RFC 9309)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from monitor.fetch.door import Ask, NoReply, Reply
from monitor.fetch.terms import AGENT

KEPT = timedelta(hours=24)  # RFC 9309, section 2.4
KEPT_UNREACHED = timedelta(minutes=30)
LIMIT_BYTES = 512_000  # at least 500 KiB must be read (RFC 9309, section 2.5)
LONGEST_PAUSE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a host said: its rules, or why nobody may be asked; and until when that holds."""

    rules: Protego | None
    problem: str
    until: datetime


class Robots:
    """Remembers the robots.txt of each host, scheme and port."""

    def __init__(self, door: Callable[[Ask], Reply | NoReply], now: Callable[[], datetime]) -> None:
        self._door = door
        self._now = now
        self._known: dict[str, _Known] = {}

    def problem(self, url: str, proxy: str = "") -> str:
        """Return why an address must not be asked, or nothing."""
        known = self._rules(url, proxy)
        if known.rules is None:
            return known.problem
        return "" if known.rules.can_fetch(url, AGENT) else "robots.txt does not allow it"

    def pause(self, url: str, proxy: str = "") -> timedelta:
        """Return the pause that a host asks for between two requests, one minute at most."""
        rules = self._rules(url, proxy).rules
        delay = rules.crawl_delay(AGENT) if rules is not None else None
        return min(timedelta(seconds=float(delay)), LONGEST_PAUSE) if delay and delay > 0 else timedelta(0)

    def _rules(self, url: str, proxy: str) -> _Known:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self._known.get(origin)
        if known is None or self._now() >= known.until:
            known = self._asked(f"{origin}/robots.txt", proxy)
            self._known[origin] = known
        return known

    def _asked(self, url: str, proxy: str) -> _Known:
        """Ask for the file: none there allows all, no answer allows nothing (RFC 9309, section 2.3.1)."""
        reply = self._door(Ask(url=url, accept="text/plain,*/*;q=0.1", proxy=proxy, limit_bytes=LIMIT_BYTES))
        now = self._now()
        if isinstance(reply, NoReply):
            return _Known(None, f"robots.txt cannot be read ({reply.detail})", now + KEPT_UNREACHED)
        if reply.status >= 500:
            return _Known(None, f"robots.txt cannot be read (HTTP {reply.status})", now + KEPT_UNREACHED)
        text = reply.body.decode("utf-8-sig", "replace") if 200 <= reply.status < 300 else ""
        return _Known(Protego.parse(text), "", now + KEPT)
