"""Lists of subscribers as CSV: bytes of lines in, subscribers and complaints out; and subscribers to lines.

One row a line: a cell cannot hold a line break, so that one wrong quote spoils one row and not the rest of the file.
Good rows go in, bad rows are reported with their line and reason, and nobody is subscribed without a consent record.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches

from monitor.model.errors import AddressError, SubscribersError
from monitor.model.page import PageId, ServiceId, Watchlist
from monitor.model.subscriber import Consent, Subscriber, SubscriberState, Topics
from monitor.model.verdict import Level
from monitor.pipeline.subscribe import AWAY, Token, subscriber_of
from monitor.ports import World

COLUMNS: Mapping[str, str] = {
    "address": "mail address; required",
    "services": "ids of services, separated by spaces; empty for all",
    "pages": "ids of pages, separated by spaces",
    "languages": "languages of pages, such as `en de`; empty for all",
    "level": "`alert` (at once) or `digest` (weekly); empty for alert",
    "language": "language of the mails; empty for en",
    "consent_source": "where the person agreed; required",
    "consent_wording": "version of the words that the person agreed to; required",
    "consent_asked": "when the person was asked, such as 2026-01-05T10:00:00Z; empty for the moment of confirmation",
    "consent_confirmed": "when the person confirmed; required: without it nobody is written to",
}
REQUIRED = ("address", "consent_source", "consent_wording", "consent_confirmed")
STATE_COLUMNS = ("id", "state")  # written by an export, not read by an import
LIMIT_BYTES = 4096  # of one row

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not taken: its line (the header is line 1) and why."""

    line: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a list brought: the new subscribers, how many were known already, and the rows that were not taken."""

    added: tuple[Subscriber, ...] = ()
    known: int = 0
    bad: tuple[BadRow, ...] = ()


def import_list(world: World, lines: Iterable[bytes], token: Token) -> Imported:
    """Add the subscribers of a list in one transaction, and return what became of each row.

    Whoever is known keeps everything as it is; importing a list twice does no harm.

    Raises:
        SubscribersError: the first line is not a header of known columns, or a required one is missing.
    """
    rows = enumerate(lines, start=1)
    columns = _columns(next(rows, (1, b""))[1])
    known = {subscriber.address: subscriber.state for subscriber in world.readers.subscribers()}
    added: dict[str, Subscriber] = {}
    bad: list[BadRow] = []
    again = 0
    for line, raw in rows:
        match _row(line, raw, columns, world.watchlist, token):
            case Subscriber() as subscriber if why := _refusal(subscriber, known, added):
                bad.append(BadRow(line, f"{subscriber.address}: {why}"))
            case Subscriber() as subscriber if subscriber.address in known:
                again += 1
            case Subscriber() as subscriber:
                added[subscriber.address] = subscriber
            case BadRow() as row:
                bad.append(row)
            case None:
                pass
    world.readers.add_all(added.values())
    return Imported(added=tuple(added.values()), known=again, bad=tuple(bad))


def export_list(subscribers: Iterable[Subscriber]) -> Iterator[str]:
    """Yield the lines of a list, the header first; an import of it takes them back."""
    yield _line((*COLUMNS, *STATE_COLUMNS))
    for each in subscribers:
        topics, consent = each.topics, each.consent
        yield _line(
            (
                each.address,
                " ".join(sorted(topics.services)),
                " ".join(sorted(topics.pages)),
                " ".join(sorted(topics.languages)),
                topics.level,
                each.language,
                consent.source,
                consent.wording,
                _stamp(consent.asked),
                _stamp(consent.confirmed) if consent.confirmed else "",
                each.id,
                each.state,
            )
        )


def _columns(header: bytes) -> tuple[str, ...]:
    try:
        columns = tuple(name.strip().lower() for name in next(csv.reader([header.decode("utf-8-sig")]), []))
    except (UnicodeDecodeError, csv.Error) as error:
        raise SubscribersError("line 1", f"expected a header of columns in UTF-8: {error}") from error
    for name in columns:
        if name not in COLUMNS and name not in STATE_COLUMNS:
            near = get_close_matches(name, COLUMNS, n=1, cutoff=0.0)
            raise SubscribersError("line 1", f"no such column {name[:40]!r} (the nearest is {near[0]})")
    for name in REQUIRED:
        if columns.count(name) != 1:
            raise SubscribersError("line 1", f"expected one column {name}")
    return columns


def _row(
    line: int, raw: bytes, columns: tuple[str, ...], watchlist: Watchlist, token: Token
) -> Subscriber | BadRow | None:
    """Return the subscriber of a row, what is wrong with it, or None for an empty line."""
    if not raw.strip():
        return None
    try:
        return _subscriber(_cells(raw, columns), watchlist, token)
    except (AddressError, _Unfit) as error:
        return BadRow(line, str(error))


class _Unfit(ValueError):
    """A cell that is not what it should be."""


def _cells(raw: bytes, columns: tuple[str, ...]) -> Mapping[str, str]:
    if len(raw) > LIMIT_BYTES:
        raise _Unfit(f"longer than {LIMIT_BYTES} bytes")
    try:
        cells = next(csv.reader([raw.decode("utf-8").rstrip("\r\n")], strict=True))
    except UnicodeDecodeError as error:
        raise _Unfit("not UTF-8") from error
    except csv.Error as error:
        raise _Unfit(f"not a row of CSV: {error}") from error
    if len(cells) != len(columns):
        raise _Unfit(f"expected {len(columns)} cells, found {len(cells)}")
    cell = dict(zip(columns, (text.strip() for text in cells), strict=True))
    if unfit := next((name for name, text in cell.items() if not text.isprintable()), ""):
        raise _Unfit(f"{unfit}: control characters")
    return cell


def _subscriber(cell: Mapping[str, str], watchlist: Watchlist, token: Token) -> Subscriber:
    for name in REQUIRED:
        if not cell[name]:
            raise _Unfit(f"{name}: expected a value")
    confirmed = _moment("consent_confirmed", cell["consent_confirmed"])
    asked = cell.get("consent_asked") or ""
    language = cell.get("language") or "en"
    if not _LANGUAGE.fullmatch(language):
        raise _Unfit(f"language: expected a language such as en or pt-BR, not {language[:40]!r}")
    consent = Consent(
        source=cell["consent_source"],
        wording=cell["consent_wording"],
        asked=_moment("consent_asked", asked) if asked else confirmed,
        confirmed=confirmed,
    )
    return subscriber_of(cell["address"], consent, token, topics=_topics(cell, watchlist), language=language)


def _topics(cell: Mapping[str, str], watchlist: Watchlist) -> Topics:
    level = cell.get("level") or Level.ALERT
    if level not in (Level.ALERT, Level.DIGEST):
        raise _Unfit(f"level: expected alert or digest, not {level!r}")
    pages = [page.id for page in watchlist.pages]
    return Topics(
        services=frozenset(ServiceId(name) for name in _known("services", cell, watchlist.services)),
        pages=frozenset(PageId(name) for name in _known("pages", cell, pages)),
        languages=frozenset(cell.get("languages", "").split()),
        level=Level(level),
    )


def _known(column: str, cell: Mapping[str, str], ids: Iterable[str]) -> list[str]:
    names, known = cell.get(column, "").split(), frozenset(ids)
    for name in names:
        if name not in known:
            near = get_close_matches(name, sorted(known), n=1, cutoff=0.0)
            raise _Unfit(f"{column}: {name!r} is not watched" + (f" (the nearest is {near[0]})" if near else ""))
    return names


def _moment(column: str, text: str) -> datetime:
    """Return a moment; one without a time zone is UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise _Unfit(f"{column}: expected a moment such as 2026-01-05T10:00:00Z, not {text[:40]!r}") from error
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _refusal(subscriber: Subscriber, known: Mapping[str, SubscriberState], added: Mapping[str, Subscriber]) -> str:
    """Return why a good row is not taken, or an empty string."""
    if subscriber.address in added:
        return "stands in this list before"
    return AWAY.get(known.get(subscriber.address, SubscriberState.CONFIRMED), "")


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
