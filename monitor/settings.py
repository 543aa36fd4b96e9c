"""Environment variables in, one frozen `Settings` out; nothing else reads the environment.

All settings are environment variables that begin with `OPTOUT_`. `SETTINGS` is the whole list, with the default and
the meaning of each; a variable that begins with `OPTOUT_` and is not in it is an error, so that a misspelt name never
goes unnoticed.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

from monitor.model.errors import SettingsError
from monitor.model.span import span_of

T = TypeVar("T")

PREFIX = "OPTOUT_"
YES, NO = frozenset({"1", "yes", "true", "on"}), frozenset({"", "0", "no", "false", "off"})


class Setting(NamedTuple):
    """One line of the list: its default as text (`{data}` stands for the data folder), and what it means."""

    default: str
    meaning: str
    secret: bool = False


SETTINGS: Mapping[str, Setting] = {
    "OPTOUT_DATA": Setting(".", "Folder that holds everything below; relative paths start here."),
    "OPTOUT_WATCHLIST": Setting("{data}/watchlist.yaml", "The watchlist file."),
    "OPTOUT_STATE": Setting("{data}/state", "Folder for the working state: the database, locks."),
    "OPTOUT_DATABASE": Setting("sqlite:///{state}/monitor.db", "SQLAlchemy address of the database.", secret=True),
    "OPTOUT_SNAPSHOTS": Setting("{data}/snapshots", "Folder for the evidence: captures, texts, ledger."),
    "OPTOUT_CAPTURES": Setting("", "Address for captures alone, such as `s3://bucket/x`; empty for the snapshots."),
    "OPTOUT_PUBLIC": Setting("{data}/public", "Folder for the generated site and feeds."),
    "OPTOUT_OUTBOX": Setting("{data}/outbox", "Folder for mails while no SendGrid key is set."),
    "OPTOUT_SITE_URL": Setting("http://127.0.0.1:8000/", "Address under which the site is public; https, or loopback."),
    "OPTOUT_SITE_TITLE": Setting("Optout Monitor", "Title of the site and of the feeds."),
    "OPTOUT_IMPRINT": Setting("", "Who is responsible for the site, as one line of text."),
    "OPTOUT_CONTACT": Setting("", "Mail or https address sent in the user agent and shown on the site."),
    "OPTOUT_MAINTAINERS": Setting("", "Mail addresses told about pages that stay unreadable, separated by commas."),
    "OPTOUT_WEBSUB_HUB": Setting("", "Address of a WebSub hub to ping after publication; empty for none."),
    "OPTOUT_HOST": Setting("127.0.0.1", "Address the built-in server listens on."),
    "OPTOUT_PORT": Setting("8000", "Port the built-in server listens on."),
    "OPTOUT_WEB": Setting(
        "yes", "`run` serves the site, where readers subscribe and leave; `no` where files alone are."
    ),
    "OPTOUT_METRICS": Setting(
        "", "Token that programs show to read `/metrics`; empty lets only those of this machine read it.", secret=True
    ),
    "OPTOUT_LOG": Setting("text", "How the log is written: `text`, or `json` for one object a line."),
    "OPTOUT_SENDGRID_KEY": Setting("", "SendGrid API key; empty writes every mail to the outbox folder.", secret=True),
    "OPTOUT_SENDGRID_REGION": Setting("global", "Where SendGrid keeps the data: `global` or `eu`."),
    "OPTOUT_SENDGRID_URL": Setting("", "Another address of the SendGrid API, for tests; empty follows the region."),
    "OPTOUT_SENDGRID_WEBHOOK_KEY": Setting("", "Public key that SendGrid signs its events with."),
    "OPTOUT_MAIL_FROM": Setting("", "Sender of all mail, such as `Optout Monitor <news@example.org>`."),
    "OPTOUT_MAIL_REPLY_TO": Setting("", "Address that answers go to; empty for the sender."),
    "OPTOUT_MAIL_TIMEOUT": Setting("20s", "How long one call of the SendGrid API may take."),
    "OPTOUT_MAIL_HOURLY": Setting("5000", "Most messages in one hour; beyond it delivery stops for a maintainer."),
    "OPTOUT_MAIL_DAILY_ALERTS": Setting("5", "Most alerts by mail to one subscriber in a day; more become a digest."),
    "OPTOUT_ALLOW_LOOPBACK": Setting("no", "Lets the fetchers reach this machine over http; for tests and the demo."),
    "OPTOUT_PROXIES": Setting("", "Proxies that pages may name: `de=http://user:word@host:3128 br=...`.", secret=True),
    "OPTOUT_CA_BUNDLE": Setting("", "File with the certificate authorities to trust instead of certifi's."),
    "OPTOUT_PAUSE": Setting("10s", "Least pause between two requests to one host."),
    "OPTOUT_DAILY_BUDGET": Setting("500", "Most requests to one host in a day (UTC)."),
    "OPTOUT_DEADLINE": Setting("120s", "Most time for one answer, from connecting to its last byte."),
    "OPTOUT_LIMIT_MB": Setting("20", "Largest body taken from one answer, in megabytes, unpacked."),
    "OPTOUT_STALE_CHECKS": Setting("3", "After so many checks without the page it is told as not read."),
    "OPTOUT_STALE_MAIL": Setting("2d", "After so long without the page the maintainers get a mail."),
    "OPTOUT_RETENTION": Setting(
        "", "How long captures that nothing refers to are kept, such as `104w`; empty for ever."
    ),
    "OPTOUT_TIMESTAMP_URL": Setting("", "RFC 3161 authority that signs the ledger's head each day; empty for none."),
    "OPTOUT_TIMESTAMP_CA": Setting("", "File with that authority's root certificates (PEM); needed with its address."),
}


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that never shows in a log, a traceback or a settings listing; it is true when it is not empty."""

    _text: str = field(repr=False)

    def reveal(self) -> str:
        """Return the text itself, for the one call that needs it."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __str__(self) -> str:
        return "***" if self._text else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where everything lies: absolute paths, and the database's address (it may hold a password)."""

    data: Path
    watchlist: Path
    state: Path
    database: Secret
    snapshots: Path
    captures: str
    public: Path
    outbox: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The public face: its address (it ends in a slash), texts, and where the built-in server listens."""

    url: str
    title: str
    imprint: str
    contact: str
    hub: str
    host: str
    port: int
    web: bool
    metrics: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """How mail is sent; without a key it is written to the outbox folder."""

    key: Secret
    region: str
    api: str
    webhook_key: str
    sender: str
    sender_name: str
    reply_to: str
    timeout: timedelta
    hourly: int
    daily_alerts: int
    maintainers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """How pages are asked for: manners, bounds, proxies by name."""

    contact: str
    allow_loopback: bool
    proxies: Mapping[str, Secret]
    ca_bundle: str
    pause: timedelta
    daily_budget: int
    deadline: timedelta
    limit_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """When a page counts as not read, how long captures stay (None is for ever), who signs the ledger's head."""

    stale_checks: int
    stale_mail: timedelta
    retention: timedelta | None
    timestamp_url: str
    timestamp_ca: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, read and checked once."""

    places: Places
    site: Site
    mail: Mail
    fetching: Fetching
    upkeep: Upkeep


def settings() -> Settings:
    """Return the settings of this process's environment.

    Raises:
        SettingsError: a variable is unknown or its value cannot be.
    """
    return settings_from(os.environ)


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Return the settings that these variables make; those that are not named `OPTOUT_...` are not looked at.

    Raises:
        SettingsError: a variable is unknown or its value cannot be.
    """
    _refuse_unknown(environ)
    read = _Reader(environ)
    return Settings(
        places=_places(read), site=_site(read), mail=_mail(read), fetching=_fetching(read), upkeep=_upkeep(read)
    )


class _Reader:
    """Reads one variable after the other; an empty variable counts as not set."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, **places: Path) -> str:
        """Return the value, or the default with its `{data}` and `{state}` filled in."""
        given = self._environ.get(name, "").strip()
        if not given.isprintable():
            raise SettingsError(name, "expected one line without control characters")
        return given or SETTINGS[name].default.format(**places)

    def made(self, name: str, make: Callable[[str], T | None], wanted: str) -> T:
        """Return what `make` makes of the value; None means that it is not what was wanted."""
        made = make(self.text(name))
        if made is None:
            shown = "" if SETTINGS[name].secret else f", not {self.text(name)!r}"
            raise SettingsError(name, f"expected {wanted}{shown}")
        return made

    def path(self, name: str, base: Path, **places: Path) -> Path:
        """Return an absolute path; a relative one starts at `base`."""
        return (base / Path(self.text(name, **places)).expanduser()).resolve()

    def span(self, name: str) -> timedelta:
        """Return a span of time."""
        return self.made(name, span_of, "a span such as 30s, 10m, 12h or 7d")

    def count(self, name: str, least: int, most: int = 1_000_000_000) -> int:
        """Return a whole number within bounds."""
        return self.made(name, lambda text: _count(text, least, most), f"a whole number from {least} to {most}")

    def address(self, name: str) -> str:
        """Return an https address (http on this machine), or an empty text."""
        return self.made(name, _web_address, "an https address (http only on this machine)")


def _places(read: _Reader) -> Places:
    data = read.path("OPTOUT_DATA", Path.cwd())
    state = read.path("OPTOUT_STATE", data, data=data)
    return Places(
        data=data,
        watchlist=read.path("OPTOUT_WATCHLIST", data, data=data),
        state=state,
        database=Secret(read.text("OPTOUT_DATABASE", data=data, state=state)),
        snapshots=read.path("OPTOUT_SNAPSHOTS", data, data=data),
        captures=read.made("OPTOUT_CAPTURES", _address_elsewhere, "an address such as s3://bucket/folder"),
        public=read.path("OPTOUT_PUBLIC", data, data=data),
        outbox=read.path("OPTOUT_OUTBOX", data, data=data),
    )


def _site(read: _Reader) -> Site:
    return Site(
        url=read.address("OPTOUT_SITE_URL").rstrip("/") + "/",
        title=read.text("OPTOUT_SITE_TITLE"),
        imprint=read.text("OPTOUT_IMPRINT"),
        contact=_contact(read),
        hub=read.address("OPTOUT_WEBSUB_HUB"),
        host=read.text("OPTOUT_HOST"),
        port=read.count("OPTOUT_PORT", 0, 65535),
        web=read.made("OPTOUT_WEB", _truth, "yes or no"),
        metrics=Secret(read.text("OPTOUT_METRICS")),
    )


def _mail(read: _Reader) -> Mail:
    region = read.made("OPTOUT_SENDGRID_REGION", lambda text: _one_of(text, "global", "eu"), "global or eu")
    name, sender = parseaddr(read.made("OPTOUT_MAIL_FROM", _mail_or_empty, "a mail address"))
    return Mail(
        key=Secret(read.text("OPTOUT_SENDGRID_KEY")),
        region=region,
        api=read.address("OPTOUT_SENDGRID_URL") or _SENDGRID[region],
        webhook_key=read.text("OPTOUT_SENDGRID_WEBHOOK_KEY"),
        sender=sender,
        sender_name=name or read.text("OPTOUT_SITE_TITLE"),
        reply_to=parseaddr(read.made("OPTOUT_MAIL_REPLY_TO", _mail_or_empty, "a mail address"))[1],
        timeout=read.span("OPTOUT_MAIL_TIMEOUT"),
        hourly=read.count("OPTOUT_MAIL_HOURLY", 1),
        daily_alerts=read.count("OPTOUT_MAIL_DAILY_ALERTS", 1),
        maintainers=read.made("OPTOUT_MAINTAINERS", _mails, "mail addresses separated by commas"),
    )


_SENDGRID = {"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}


def _fetching(read: _Reader) -> Fetching:
    return Fetching(
        contact=_contact(read),
        allow_loopback=read.made("OPTOUT_ALLOW_LOOPBACK", _truth, "yes or no"),
        proxies=read.made("OPTOUT_PROXIES", _proxies, "name=http://host:port, separated by spaces"),
        ca_bundle=str(read.path("OPTOUT_CA_BUNDLE", Path.cwd())) if read.text("OPTOUT_CA_BUNDLE") else "",
        pause=read.span("OPTOUT_PAUSE"),
        daily_budget=read.count("OPTOUT_DAILY_BUDGET", 1),
        deadline=read.span("OPTOUT_DEADLINE"),
        limit_bytes=read.count("OPTOUT_LIMIT_MB", 1, 1000) * 1_000_000,
    )


def _upkeep(read: _Reader) -> Upkeep:
    kept = read.text("OPTOUT_RETENTION")
    authority = read.made("OPTOUT_TIMESTAMP_URL", _any_web_address, "an http or https address")
    roots = read.path("OPTOUT_TIMESTAMP_CA", Path.cwd()) if read.text("OPTOUT_TIMESTAMP_CA") else None
    if authority and roots is None:
        raise SettingsError("OPTOUT_TIMESTAMP_CA", "expected the file with the root certificates of the authority")
    return Upkeep(
        stale_checks=read.count("OPTOUT_STALE_CHECKS", 1),
        stale_mail=read.span("OPTOUT_STALE_MAIL"),
        retention=read.span("OPTOUT_RETENTION") if kept else None,
        timestamp_url=authority,
        timestamp_ca=roots,
    )


def log_form(environ: Mapping[str, str] | None = None) -> str:
    """Return how the log is written, for those who need it before anything else is read.

    Raises:
        SettingsError: it is neither `text` nor `json`.
    """
    told = (os.environ if environ is None else environ).get("OPTOUT_LOG", "") or SETTINGS["OPTOUT_LOG"].default
    if told not in ("text", "json"):
        raise SettingsError("OPTOUT_LOG", f"expected text or json, not {told!r}")
    return told


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in SETTINGS:
            near = get_close_matches(name, SETTINGS, n=1, cutoff=0.0)
            raise SettingsError(name, f"no such setting (the nearest is {near[0]})")


def _contact(read: _Reader) -> str:
    return read.made("OPTOUT_CONTACT", _mail_or_web, "a mail or https address on one line")


def _count(text: str, least: int, most: int) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,10}", text) and least <= int(text) <= most else None


def _truth(text: str) -> bool | None:
    if text.lower() in YES:
        return True
    return False if text.lower() in NO else None


def _one_of(text: str, *choices: str) -> str | None:
    return text if text in choices else None


def _web_address(text: str) -> str | None:
    if not text:
        return ""
    if re.search(r"[\s<>\"]", text):
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        _ = parts.port  # reading it raises when it is not a port
    except ValueError:
        return None
    allowed = parts.scheme == "https" or (parts.scheme == "http" and _on_this_machine(host))
    return text if host and allowed and not (parts.username or parts.query or parts.fragment) else None


def _any_web_address(text: str) -> str | None:
    """Tokens of a time stamp authority are signed, so plain http serves as well (RFC 3161, section 3.4)."""
    secure = re.sub(r"^http:", "https:", text)
    return None if _web_address(secure) is None else text


def _address_elsewhere(text: str) -> str | None:
    return text if not text or re.fullmatch(r"[a-z][a-z0-9+.-]*://[^\s@]+", text) else None


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _mail_or_empty(text: str) -> str | None:
    address = parseaddr(text)[1]
    return text if not text or re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+", address) else None


def _mail_or_web(text: str) -> str | None:
    return _web_address(text) if "://" in text else _mail_or_empty(text)


def _mails(text: str) -> tuple[str, ...] | None:
    mails = tuple(part.strip() for part in text.split(",") if part.strip())
    return mails if all(_mail_or_empty(mail) for mail in mails) else None


def _proxies(text: str) -> Mapping[str, Secret] | None:
    proxies = {}
    for part in text.split():
        match = re.fullmatch(r"([a-z0-9-]+)=(https?://[^\s/]+)/?", part)
        if match is None:
            return None
        proxies[match[1]] = Secret(match[2])
    return proxies
