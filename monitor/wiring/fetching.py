"""Settings in, the ways of asking the web out; each is made when it is first used."""

import random
import ssl
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING

from monitor.extract import extract, surface
from monitor.model.capture import Capture, Fetched, Miss, MissReason, Validators
from monitor.model.errors import SettingsError
from monitor.model.feed import FeedFetched
from monitor.model.finding import Normal
from monitor.model.page import FeedSource, Page, Watchlist
from monitor.ports import Fetcher, HostBook
from monitor.recognise import recognise
from monitor.settings import Settings
from monitor.wiring.outside import now

if TYPE_CHECKING:
    from monitor.fetch.feed import FeedReader
    from monitor.fetch.http import HttpFetcher
    from monitor.fetch.terms import Outside, Terms
    from monitor.fetch.turns import PoliteTurns
    from monitor.fetch.wayback import Wayback

TURN_ENDS = timedelta(seconds=10)  # after the deadline of a request, the turn at its host is over


class Web:
    """The fetchers of one installation: they share terms, turns and one browser, and are made when first asked."""

    def __init__(
        self,
        settings: Settings,
        watched: Watchlist,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        book: HostBook | None,
    ) -> None:
        self._settings = settings
        self._watched = watched
        self._clock = clock
        self._sleep = sleep
        self._book = book
        self._closing: list[Callable[[], None]] = []

    def plain(self, page: Page, since: Validators | None) -> Fetched:
        """Ask over HTTP."""
        return self._plain(page, since)

    def browser(self, page: Page, since: Validators | None) -> Fetched:
        """Ask with a browser."""
        return self._browser(page, since)

    def auto(self, page: Page, since: Validators | None) -> Fetched:
        """Ask over HTTP first, and with a browser where only that brings the content."""
        return self._auto(page, since)

    def feed(self, feed: FeedSource, etag: str = "", modified: str = "") -> FeedFetched:
        """Ask for a feed."""
        return self._feeds(feed, etag, modified)

    def close(self) -> None:
        """End what was begun."""
        for end in self._closing:
            end()

    @cached_property
    def _terms(self) -> "Terms":
        from monitor.fetch.terms import hosts_of

        return _terms(self._settings, hosts_of(self._watched))

    @cached_property
    def _outside(self) -> "Outside":
        from monitor.fetch.terms import Outside

        return Outside(now=self._clock, sleep=self._sleep, chance=random.SystemRandom().random)

    @cached_property
    def _turns(self) -> "PoliteTurns":
        from monitor.fetch.turns import PoliteTurns

        told = self._settings.fetching
        return PoliteTurns(
            self._clock,
            self._sleep,
            pause=told.pause,
            daily_budget=told.daily_budget,
            book=self._book,
            lease=told.deadline + TURN_ENDS,
        )

    @cached_property
    def _plain(self) -> "HttpFetcher":
        from monitor.fetch.guessing import guessing_late

        with guessing_late():
            from monitor.fetch.http import HttpFetcher

        return HttpFetcher(self._terms, self._outside, self._turns)

    @cached_property
    def _feeds(self) -> "FeedReader":
        from monitor.fetch.feed import FeedReader

        return FeedReader(self._plain.door, self._plain.robots, self._clock)

    @cached_property
    def _browser(self) -> Fetcher:
        if find_spec("playwright") is None:
            return self._without_browser
        from monitor.fetch.browser import BrowserFetcher

        made = BrowserFetcher(self._terms, self._outside, self._turns, self._plain)
        self._closing.append(made.close)
        return made

    @cached_property
    def _auto(self) -> Fetcher:
        from monitor.fetch.auto import AutoFetcher

        rendering = self._browser if find_spec("playwright") is not None else None
        return AutoFetcher(plain=self._plain, browser=rendering, complete=_complete)

    def _without_browser(self, page: Page, since: Validators | None) -> Fetched:
        _ = since
        detail = "this page needs a browser: install the extra, `pip install optout-monitor[browser]`"
        return Miss(page=page.id, at=self._clock(), why=MissReason.NO_ANSWER, detail=detail)


def _complete(page: Page, capture: Capture) -> bool:
    """Say whether a capture is the page, as far as it can be told without knowing its past."""
    document = extract(capture, page.recipe)
    return recognise(page, capture, document, surface(capture, page.present), Normal()) is None


def _terms(settings: Settings, hosts: frozenset[str]) -> "Terms":
    """Return the terms on which these hosts are asked.

    Raises:
        SettingsError: the file with certificate authorities cannot be read, or holds none.
    """
    from monitor.fetch.terms import Terms

    told = settings.fetching
    if told.ca_bundle:
        _check_bundle(told.ca_bundle)
    return Terms(
        hosts=hosts,
        contact=told.contact,
        allow_loopback=told.allow_loopback,
        proxies={name: address.reveal() for name, address in told.proxies.items()},
        ca_bundle=told.ca_bundle,
        pause=told.pause,
        daily_budget=told.daily_budget,
        deadline=told.deadline,
        limit_bytes=told.limit_bytes,
    )


def _check_bundle(path: str) -> None:
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:  # of the disk, or of what stands in the file
        why = f"{path} holds no certificate authorities that can be read ({error.strerror or error})"
        raise SettingsError("OPTOUT_CA_BUNDLE", why) from error


def wayback(settings: Settings, archive: str, *, clock: Callable[[], datetime] = now) -> "Wayback":
    """Return an archive of the web, and nothing else, to ask on the terms of these settings."""
    from monitor.fetch.http import HttpFetcher
    from monitor.fetch.terms import Outside, host_of
    from monitor.fetch.wayback import Wayback

    outside = Outside(now=clock, sleep=time.sleep, chance=random.SystemRandom().random)
    return Wayback(HttpFetcher(_terms(settings, frozenset({host_of(archive)})), outside), archive.rstrip("/"))


def archived(clock: Callable[[], datetime], page: Page, since: Validators | None) -> Fetched:
    """Ask for nothing: the past of this page comes by import."""
    _ = since
    detail = "this page is an archive: `optout-monitor import` brings its captures"
    return Miss(page=page.id, at=clock(), why=MissReason.NOT_ALLOWED, detail=detail)
