"""What `doctor` looks at: each probe touches one outside thing and changes nothing that is kept."""

import os
import re
import sys
from collections.abc import Callable
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path

from monitor import wiring
from monitor.model.span import span_text
from monitor.model.subscriber import PostState
from monitor.pipeline.doctor import Found, Probe, ill, note, well
from monitor.settings import Settings, settings

OLDEST = (3, 11)
LEAST_FREE_MB = 500
OLD_STAMP = timedelta(days=2)
_NAME = re.compile(r"[^A-Za-z0-9._-]")


def probes() -> tuple[tuple[str, Probe], ...]:
    """Return every probe with its name, in the order in which one would mend."""
    return (
        ("python", _python),
        ("packages", _packages),
        ("settings", _settings),
        ("watchlist", _with(_watchlist)),
        ("lexicons", _lexicons),
        ("folders", _with(_folders)),
        ("room", _with(_room)),
        ("database", _with(_database)),
        ("contact", _with(_contact)),
        ("mail", _with(_mail)),
        ("maintainers", _with(_maintainers)),
        ("sending", _with(_sending)),
        ("outcomes", _with(_outcomes)),
        ("browser", _with(_browser)),
        ("time stamps", _with(_stamps)),
    )


def _with(probe: Callable[[Settings], Found]) -> Probe:
    return lambda: probe(settings())


def _python() -> Found:
    said = sys.version.partition(" ")[0]
    if sys.version_info < OLDEST:
        return ill(f"Python {said}", "install Python 3.11 or newer and set the program up again")
    return well(f"Python {said}")


def _packages() -> Found:
    """Look whether each package that the core needs is there."""
    core = [line for line in requires("optout-monitor") or () if "extra ==" not in line]
    missing = [line for line in core if not _there(line)]
    if missing:
        return ill(f"missing: {', '.join(missing)}", "run `pip install optout-monitor` again")
    return well(f"{len(core)} packages, optout-monitor {version('optout-monitor')}")


def _there(needed: str) -> bool:
    """Say whether the package that a line of requirements begins with is installed (PEP 508)."""
    try:
        version(_NAME.split(needed, maxsplit=1)[0])
    except PackageNotFoundError:
        return False
    return True


def _settings() -> Found:
    return well(f"data under {settings().places.data}")


def _watchlist(read: Settings) -> Found:
    watched = wiring.watchlist(read)
    if not watched.pages:
        return ill(f"{read.places.watchlist} names no page", "add pages; docs/reference/watchlist.md explains how")
    needing = sum(page.fetcher == "browser" for page in watched.pages)
    return well(f"{len(watched.pages)} pages, {needing} of them only with a browser")


def _lexicons() -> Found:
    known = wiring.lexicons()
    cues = sum(len(lexicon.cues) for lexicon in known.values())
    return well(f"{' '.join(sorted(known))}, {cues} cues")


def _folders(read: Settings) -> Found:
    places = read.places
    for folder in (places.state, places.snapshots, places.public, places.outbox):
        nearest = _nearest(folder)
        if not os.access(nearest, os.W_OK | os.X_OK):
            return ill(f"{nearest} is not writable", f"let the user of this program write to {folder}")
    return well("state, snapshots, public and outbox can be written")


def _room(read: Settings) -> Found:
    free = os.statvfs(_nearest(read.places.snapshots))
    megabytes = free.f_bavail * free.f_frsize // 1_000_000
    if megabytes < LEAST_FREE_MB:
        return ill(f"{megabytes} MB free", "make room: captures are kept for good")
    return well(f"{megabytes:,} MB free")


def _database(read: Settings) -> Found:
    """Open the database where there is one; none is made for a look."""
    if not wiring.has_database(read):
        return note("there is none yet", "the first check makes it")
    opened = wiring.store(read)
    try:
        return well(opened.database.where)
    finally:
        opened.close()


def _contact(read: Settings) -> Found:
    if not read.fetching.contact:
        return note(
            "pages are asked for without an address to write to", "set OPTOUT_CONTACT to a mail or https address"
        )
    return well(read.fetching.contact)


def _mail(read: Settings) -> Found:
    if not read.mail.key:
        return note(f"no key: mails are written to {read.places.outbox}", "set OPTOUT_SENDGRID_KEY to send them")
    if not read.mail.sender:
        return ill("a key and no sender", "set OPTOUT_MAIL_FROM to a sender that SendGrid has verified")
    return well(f"sent by SendGrid ({read.mail.region}) from {read.mail.sender}")


def _maintainers(read: Settings) -> Found:
    if not read.mail.maintainers:
        remedy = "set OPTOUT_MAINTAINERS to your address, or follow feeds/problems"
        return note("nobody gets a mail when a page stays unread", remedy)
    told, span = len(read.mail.maintainers), span_text(read.upkeep.stale_mail)
    return well(f"{told} told by mail when a page is not read for {span}")


def _sending(read: Settings) -> Found:
    if not wiring.has_database(read):
        return well("nothing was sent yet")
    opened = wiring.store(read)
    try:
        why = opened.outbox.stopped()
    finally:
        opened.close()
    return ill(f"stopped: {why}", "mend that, then `optout-monitor deliver --resume`") if why else well("goes on")


def _outcomes(read: Settings) -> Found:
    """Look for messages of which nobody knows whether they went out: the program sends none of them again."""
    if not wiring.has_database(read):
        return well("nothing was sent yet")
    opened = wiring.store(read)
    try:
        unknown = opened.outbox.posts(PostState.UNKNOWN)
    finally:
        opened.close()
    if unknown:
        remedy = "look them up at SendGrid; `optout-monitor deliver --again` sends them once more"
        many = "1 message" if len(unknown) == 1 else f"{len(unknown)} messages"
        return ill(f"{many} may or may not have gone out", remedy)
    return well("known of every message")


def _browser(read: Settings) -> Found:
    wanted = [page.id for page in wiring.watchlist(read).pages if page.fetcher in ("browser", "auto")]
    lacking = _lacking()
    if not lacking:
        return well("Playwright and Chromium are there")
    remedy = f"install {lacking}: `pip install optout-monitor[browser]` and a Chromium of your system"
    if any(page.fetcher == "browser" for page in wiring.watchlist(read).pages):
        return ill(f"{len(wanted)} pages need or may need {lacking}", remedy)
    return note(f"{len(wanted)} pages may need {lacking}", remedy) if wanted else well("no page needs one")


def _lacking() -> str:
    from monitor.fetch.chromium import chromium_path

    lacking = ["Playwright"] if find_spec("playwright") is None else []
    return " and ".join(lacking if chromium_path() else [*lacking, "Chromium"])


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def _stamps(read: Settings) -> Found:
    """Look how old the newest time stamp of the ledger is."""
    if not read.upkeep.timestamp_url:
        return note("nobody outside attests the ledger", "set OPTOUT_TIMESTAMP_URL and OPTOUT_TIMESTAMP_CA")
    wiring.authority(read)
    if not wiring.has_database(read):
        return note("there is no ledger yet", "the first check makes it")
    opened = wiring.store(read)
    try:
        anchors, head = opened.evidence.anchors(), opened.evidence.head()
    finally:
        opened.close()
    age = wiring.now() - anchors[-1].at if anchors else None
    if head is not None and (age is None or age > OLD_STAMP):
        since = f"the newest is of {anchors[-1].at:%Y-%m-%d %H:%M} UTC" if anchors else "there is none"
        return ill(since, "run `optout-monitor anchor`: it says what the authority answers")
    return well(f"{len(anchors)} kept")
