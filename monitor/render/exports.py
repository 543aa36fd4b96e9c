"""All that is published as data for other programs: changes, ways out, and titles in other tongues.

The shape of each is promised in `docs/reference/publishers.md`; a field is added, never renamed or removed.
"""

from collections.abc import Iterator, Mapping, Sequence

from monitor.codec import encode, plain
from monitor.model.alert import Alert
from monitor.model.page import Page, PageId, Watchlist
from monitor.model.status import Standing
from monitor.render import facts
from monitor.render.feeds import told
from monitor.render.place import Place, page_path
from monitor.render.tongue import Tongue, stamp

FORMAT = 1


def changes_json(alerts: Sequence[Alert], place: Place) -> bytes:
    """Return every published alert, oldest first, one a line."""
    head = encode({"format": FORMAT, "site": place.url()}).decode()
    lines = ",\n".join(encode(_change(alert, place)).decode() for alert in told(alerts))
    return f'{head[:-1]},"changes":[\n{lines}\n]}}\n'.encode()


def retold_json(alerts: Sequence[Alert], tongue: Tongue) -> bytes:
    """Return title and meaning of every published alert in a tongue, by its id, oldest first, one a line."""
    lines = ",\n".join(
        f"{encode(alert.id).decode()}:{encode((facts.headline(alert, tongue), facts.meaning(alert, tongue))).decode()}"
        for alert in told(alerts)
    )
    return f'{{"format":{FORMAT},"language":{encode(tongue.language).decode()},"told":{{\n{lines}\n}}}}\n'.encode()


def procedures_json(watchlist: Watchlist, standings: Mapping[PageId, Standing], place: Place) -> bytes:
    """Return the way out that each watched page describes today, one page a line; an empty one says there is none."""
    head = encode({"format": FORMAT, "site": place.url()}).decode()
    lines = ",\n".join(encode(each).decode() for each in _procedures(watchlist, standings, place))
    return f'{head[:-1]},"procedures":[\n{lines}\n]}}\n'.encode()


def _change(alert: Alert, place: Place) -> dict[str, object]:
    proof = alert.evidence
    return {
        "id": alert.id,
        "tag": place.tag("alert", alert.id),
        "url": place.change(alert.id),
        "service": alert.service,
        "page": alert.page,
        "kind": alert.kind,
        "level": alert.level,
        "state": alert.state,
        "aspects": alert.aspects,
        "directions": alert.directions,
        "title": alert.title,
        "meaning": alert.meaning,
        "quotes": plain(alert.quotes),
        "differences": plain(alert.differences),
        "other_lines": alert.other_lines,
        "language": alert.language,
        "address": proof.url,
        "region": proof.region,
        "page_language": proof.language,
        "unchanged_at": stamp(proof.before_at),
        "changed_at": stamp(proof.after_at),
        "confirmed_at": stamp(proof.confirmed_at) if proof.confirmed_at else None,
        "sha256_before": proof.before,
        "sha256_after": proof.after,
        "published": stamp(alert.published) if alert.published else None,
        "updated": stamp(alert.updated) if alert.updated else None,
        "corrects": alert.corrects,
    }


def _procedures(
    watchlist: Watchlist, standings: Mapping[PageId, Standing], place: Place
) -> Iterator[dict[str, object]]:
    for page in watchlist.pages:
        if not page.from_feed:
            yield _procedure(page, standings.get(page.id, Standing(page=page.id)), place)


def _procedure(page: Page, standing: Standing, place: Place) -> dict[str, object]:
    return {
        "page": page.id,
        "url": place.url(page_path(page.id)),
        "service": page.service,
        "address": page.url,
        "region": page.region,
        "language": page.language,
        "checked": stamp(standing.checked) if standing.checked else None,
        "read": stamp(standing.read) if standing.read else None,
        "changed": stamp(standing.changed) if standing.changed else None,
        "misses": standing.misses,
        "procedure": plain(standing.procedure),
    }
