"""Settings in, what they say out as values of the rooms: lexicons, watchlist, bounds, the place of the site."""

from importlib.resources import files
from typing import TYPE_CHECKING

from monitor.extract import selector_problem
from monitor.model.page import Watchlist
from monitor.model.status import Staleness
from monitor.optout import lexicon_of
from monitor.optout.lexicon import Lexicons
from monitor.render.place import Place
from monitor.settings import Settings
from monitor.watchlist import Rules, read_watchlist

if TYPE_CHECKING:
    from monitor.pipeline.postage import Limits


def lexicons() -> Lexicons:
    """Return the lexicons of this package by language; each is read when it is first needed."""
    folder = files("monitor.optout") / "lexicons"
    found = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    named = (lexicon_of(each.name, each.read_text("utf-8")) for each in found)
    return {lexicon.language: lexicon for lexicon in named}


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
