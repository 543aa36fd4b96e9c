"""Settings in, a `World` out: the only reader of the clock, and the only place that picks edges.

Edges with heavy libraries are made when they are first used, so that a command pays only for what it does.
"""

import getpass
import random
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property, partial
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.extract import extract, selector_problem, surface
from monitor.model.alert import Alert
from monitor.model.capture import Capture, Fetched, Miss, MissReason, Validators
from monitor.model.errors import BackupError, SettingsError
from monitor.model.feed import FeedFetched
from monitor.model.finding import Normal
from monitor.model.page import ARCHIVE, FeedSource, Page, Watchlist
from monitor.model.status import Problem, Staleness
from monitor.model.subscriber import Post, Subscriber
from monitor.optout import parse_lexicon
from monitor.optout.lexicon import Lexicons
from monitor.ports import Authority, Fetcher, HostBook, Mailer, Published, Publisher, Warner, World
from monitor.recognise import recognise
from monitor.render.place import Place
from monitor.settings import Settings
from monitor.watchlist import Rules, read_watchlist

if TYPE_CHECKING:
    from monitor.fetch.feed import FeedReader
    from monitor.fetch.http import HttpFetcher
    from monitor.fetch.terms import Outside, Terms
    from monitor.fetch.turns import PoliteTurns
    from monitor.fetch.wayback import Wayback
    from monitor.pipeline.postage import Limits
    from monitor.publish.mail import Sender
    from monitor.render.mail import Reader
    from monitor.store import Store
    from monitor.store.backup import Whereto

LOCK = "monitor.lock"
KEYS_FILE = "mail-keys.secret"
FILE = "sqlite:///"
TURN_ENDS = timedelta(seconds=10)  # after the deadline of a request, the turn at its host is over


def now() -> datetime:
    """Return this moment (UTC)."""
    return datetime.now(UTC)


def token() -> str:
    """Return 128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(16)


def user() -> str:
    """Return the name that whoever runs this process has on this machine, or an empty text."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no name for this number, and no variable that says one
        return ""


def lexicons() -> Lexicons:
    """Return the lexicons of this package by language.

    Raises:
        LexiconError: one of the files is wrong.
    """
    folder = files("monitor.optout") / "lexicons"
    found = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    read = (parse_lexicon(each.name, each.read_text("utf-8")) for each in found)
    return {lexicon.language: lexicon for lexicon in read}


def watchlist(settings: Settings) -> Watchlist:
    """Return what the watchlist file declares.

    Raises:
        WatchlistError: it cannot be read, or says something that cannot be.
    """
    return read_watchlist(settings.places.watchlist, rules_of(settings))


def rules_of(settings: Settings) -> Rules:
    """Return what this installation allows a watchlist to say."""
    return Rules(
        loopback=settings.fetching.allow_loopback,
        proxies=frozenset(settings.fetching.proxies),
        selector_problem=selector_problem,
    )


def limits(settings: Settings) -> "Limits":
    """Return the bounds of delivery."""
    from monitor.pipeline.postage import Limits

    return Limits(hourly=settings.mail.hourly, daily_alerts=settings.mail.daily_alerts)


def staleness(settings: Settings) -> Staleness:
    """Return who is told when of a page that cannot be read."""
    told = settings.upkeep
    return Staleness(checks=told.stale_checks, mail_after=told.stale_mail, maintainers=settings.mail.maintainers)


def place(settings: Settings) -> Place:
    """Return where what is published stands."""
    site = settings.site
    return Place(
        base_url=site.url,
        name=site.title,
        hub=site.hub,
        contact=site.contact,
        imprint=site.imprint,
        subscribe=f"{site.url}subscribe/" if site.web else "",
    )


def store(settings: Settings) -> "Store":
    """Open the store, brought up to date.

    Raises:
        StoreError: it cannot be used.
    """
    from monitor.store import open_store

    places = settings.places
    return open_store(
        snapshots=places.snapshots,
        database=places.database.reveal(),
        lock=places.state / LOCK,
        captures=places.captures,
    )


def server_address(settings: Settings) -> str:
    """Return the address of the PostgreSQL server that many machines share; it may hold a password.

    Raises:
        StoreError: the settings name another kind of database.
    """
    from monitor.store.database import server_address

    return server_address(settings.places.database.reveal())


def authority(settings: Settings) -> Authority | None:
    """Return the time stamp authority of the settings, or None where none is named.

    Raises:
        SettingsError: the file with its root certificates cannot be read.
    """
    if not settings.upkeep.timestamp_url:
        return None
    from monitor.fetch.authority import TimestampAuthority
    from monitor.fetch.terms import Terms

    return TimestampAuthority(
        url=settings.upkeep.timestamp_url,
        roots=stamp_roots(settings),
        user_agent=Terms(hosts=frozenset(), contact=settings.fetching.contact).user_agent,
    )


def stamp_roots(settings: Settings) -> bytes:
    """Return the root certificates (PEM) that time stamps are held against; empty where no file is named.

    Raises:
        SettingsError: the file cannot be read.
    """
    path = settings.upkeep.timestamp_ca
    try:
        return path.read_bytes() if path else b""
    except OSError as error:
        raise SettingsError("OPTOUT_TIMESTAMP_CA", f"{path} cannot be read ({error.strerror})") from error


def whereto(settings: Settings) -> "Whereto":
    """Return where the parts of an installation lie, for backups.

    Raises:
        BackupError: captures lie elsewhere, where a backup of this machine does not reach.
    """
    from monitor.store.backup import Whereto

    places = settings.places
    if places.captures:
        elsewhere = "holds the captures (OPTOUT_CAPTURES): back it up by its own means, and the snapshots beside it"
        raise BackupError(places.captures, elsewhere)
    address = places.database.reveal()
    return Whereto(
        watchlist=places.watchlist,
        state=places.state,
        database=Path(address.removeprefix(FILE)).resolve() if address.startswith(FILE) else None,
        snapshots=places.snapshots,
    )


def has_database(settings: Settings) -> bool:
    """Say whether there is a database already; one on a server always counts as there."""
    address = settings.places.database.reveal()
    return not address.startswith(FILE) or Path(address.removeprefix(FILE)).exists()


@contextmanager
def world(
    settings: Settings, *, clock: Callable[[], datetime] = now, sleep: Callable[[float], None] = time.sleep
) -> Iterator[World]:
    """Open everything outside that these settings name, and close it at the end of the block.

    Pauses between requests are slept by `sleep` (seconds), which moves a clock that is not this machine's.

    Raises:
        WatchlistError: the watchlist says something that cannot be.
        LexiconError: a lexicon is wrong.
        StoreError: the store cannot be used.
    """
    watched = watchlist(settings)
    with ExitStack() as stack:
        opened = store(settings)
        stack.callback(opened.close)
        web = _Web(settings, watched, clock, sleep, opened.hosts if opened.database.shared else None)
        stack.callback(web.close)
        yield World(
            watchlist=watched,
            lexicons=lexicons(),
            fetchers={"plain": web.plain, "browser": web.browser, "auto": web.auto, ARCHIVE: partial(_archived, clock)},
            evidence=opened.evidence,
            journal=opened.journal,
            desk=opened.desk,
            readers=opened.readers,
            maintainers=opened.maintainers,
            outbox=opened.outbox,
            publishers={"feeds": _late(lambda: _feeds(settings)), "site": _late(lambda: _site(settings))},
            feeds=web.feed,
            signals=opened.signals,
            outages=opened.outages,
            warner=_warner(settings),
            mailer=_LateMailer(cache(lambda: _mailer(settings, watched, opened))),
            mail_is_sent=bool(settings.mail.key),
            staleness=staleness(settings),
            now=clock,
            writing=opened.writing,
            authority=authority(settings),
            retention=settings.upkeep.retention,
        )


class _Web:
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
    """Return the terms on which these hosts are asked."""
    from monitor.fetch.terms import Terms

    told = settings.fetching
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


def wayback(settings: Settings, archive: str, *, clock: Callable[[], datetime] = now) -> "Wayback":
    """Return an archive of the web, and nothing else, to ask on the terms of these settings."""
    from monitor.fetch.http import HttpFetcher
    from monitor.fetch.terms import Outside, host_of
    from monitor.fetch.wayback import Wayback

    outside = Outside(now=clock, sleep=time.sleep, chance=random.SystemRandom().random)
    return Wayback(HttpFetcher(_terms(settings, frozenset({host_of(archive)})), outside), archive.rstrip("/"))


def _archived(clock: Callable[[], datetime], page: Page, since: Validators | None) -> Fetched:
    """Ask for nothing: the past of this page comes by import."""
    _ = since
    detail = "this page is an archive: `optout-monitor import` brings its captures"
    return Miss(page=page.id, at=clock(), why=MissReason.NOT_ALLOWED, detail=detail)


def _late(make: Callable[[], Publisher]) -> Publisher:
    """Return a publisher that is made when it is first asked."""
    made = cache(make)

    def publisher(record: Published) -> tuple[str, ...]:
        return made()(record)

    return publisher


def _feeds(settings: Settings) -> Publisher:
    from monitor.publish.feeds import FeedPublisher
    from monitor.publish.languages import tongue
    from monitor.publish.websub import Pinged

    where = place(settings)
    return Pinged(FeedPublisher(root=settings.places.public, place=where, tongues=tongue), where)


def _site(settings: Settings) -> Publisher:
    from monitor.publish.languages import editions
    from monitor.publish.site import SitePublisher

    return SitePublisher(root=settings.places.public, place=place(settings), editions=editions())


@dataclass(frozen=True, slots=True)
class _LateMailer:
    """A mailer that is made when the first message is sent."""

    made: Callable[[], Mailer]

    def __call__(self, alert: Alert, subscriber: Subscriber, post: Post) -> str:
        return self.made()(alert, subscriber, post)

    def digest(self, alerts: Sequence[Alert], subscriber: Subscriber, post: Post) -> str:
        return self.made().digest(alerts, subscriber, post)


def _mailer(settings: Settings, watched: Watchlist, opened: "Store") -> Mailer:
    """Return SendGrid where there is a key, and a folder where there is none."""
    from monitor.pipeline.publish import MACHINE
    from monitor.publish.languages import tongue
    from monitor.publish.mail import Letters, SendGrid, approved_by_person
    from monitor.publish.preview import Preview
    from monitor.render.mail import Letterhead

    told, sender = settings.mail, _sender(settings)
    letters = Letters(
        head=Letterhead(place=place(settings), imprint=settings.site.imprint),
        watchlist=watched.with_feeds(),
        reader=_reader(settings, sender),
        way_out=lambda page: opened.journal.standing(page).procedure,
        reviewed=lambda alert: approved_by_person(opened.desk.reviews(alert.id), MACHINE),
        tongue=tongue,
    )
    if not told.key:
        return Preview(folder=settings.places.outbox, sender=sender, letters=letters)
    return SendGrid(told.key.reveal(), told.api, sender, letters, told.timeout.total_seconds())


def _sender(settings: Settings) -> "Sender":
    from monitor.publish.mail import Sender

    told = settings.mail
    return Sender(address=told.sender, name=told.sender_name, reply_to=told.reply_to)


def _warner(settings: Settings) -> Warner:
    """Return who tells maintainers: SendGrid where there is a key, a folder where there is none."""

    @cache
    def made() -> Warner:
        from monitor.publish.mail import Service
        from monitor.publish.warning import FolderWarner, SendGridWarner

        told, sender = settings.mail, _sender(settings)
        if not told.key:
            return FolderWarner(settings.places.outbox, sender, place(settings))
        service = Service(told.key.reveal(), told.api, told.timeout.total_seconds())
        return SendGridWarner(service, sender, place(settings))

    def warner(problem: Problem, page: Page, addresses: Sequence[str]) -> str:
        return made()(problem, page, addresses)

    return warner


def _reader(settings: Settings, sender: "Sender") -> "Callable[[Subscriber], Reader]":
    """Return how a mail says where its reader leaves: on the site where it is served, by mail where it is files."""
    from monitor.pipeline.keys import Errand, Keys
    from monitor.publish.mail import leaving_by_mail
    from monitor.publish.reader import ReaderOnSite
    from monitor.store.secret import secret_at

    if not settings.site.web:
        return partial(leaving_by_mail, sender)
    keys = Keys(secret_at(settings.places.state / KEYS_FILE))
    return ReaderOnSite(
        place=place(settings),
        leave=partial(keys.key, errand=Errand.LEAVE),
        preferences=partial(keys.key, errand=Errand.PREFERENCES),
    )
