"""What a maintainer reads: the queue, one alert, what was decided, any two captures, one capture."""

from dataclasses import dataclass

from starlette.responses import Response

from monitor.extract import extract
from monitor.model.alert import Alert, AlertState
from monitor.model.desk import Seen
from monitor.model.document import Part
from monitor.model.page import PageId
from monitor.pipeline.comparison import compare_captures, kept, shot, watched
from monitor.pipeline.dossier import dossier
from monitor.pipeline.phrases import since
from monitor.pipeline.queue import Case, case_of, queue
from monitor.render.words import quote_edits
from monitor.web.desk.drawn import drawn, told
from monitor.web.forms import first
from monitor.web.front import House, Visit

VIEWS = ("changed", "beside", "way", "captures")
DECIDED = (AlertState.APPROVED, AlertState.PUBLISHED, AlertState.DISMISSED, AlertState.CORRECTED)
LISTED = 200  # decided alerts on one page, the newest
ROWS = 3_000  # rows beside each other on one page; the longest policy seen has 2,600
SOURCE_CHARS = 2_000_000
ORIGIN = ("archive", "document", "commit", "address", "timestamp", "from", "file")  # where an import came from


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case of the queue with what its line shows."""

    case: Case
    edits: tuple[object, ...]

    @property
    def seen(self) -> str:
        """Return what is sent back with a decision: which alerts, and how many reviews each had."""
        return seen_text(self.case.seen)


def seen_text(seen: tuple[Seen, ...]) -> str:
    """Return alerts as they were read, as one text for a form."""
    return " ".join(f"{one.alert}:{one.reviews}" for one in seen)


@told
def queue_page(visit: Visit, house: House) -> Response:
    """Show what waits, the most important first."""
    cases = queue(house.world)
    waiting = [Waiting(case, _edits(case.alert)) for case in cases]
    return drawn(visit, house, "queue", waiting=waiting, done=_done(visit, house), here="queue")


@told
def alert_page(visit: Visit, house: House) -> Response:
    """Show one alert with everything that is known of it."""
    read = dossier(house.world, visit.key)
    view = first(visit.query, "view") if first(visit.query, "view") in VIEWS else VIEWS[0]
    ids = [case.alert.id for case in queue(house.world)]
    place = ids.index(read.case.alert.id) if read.case.alert.id in ids else -1
    others = [one for one in ids if one not in {alert.id for alert in read.case.alerts}]
    after = [one for one in ids[place + 1 :] if one in others] if place >= 0 else others
    return drawn(
        visit,
        house,
        "alert",
        read=read,
        alert=read.alert,
        edits=_edits(read.alert),
        seen=seen_text(read.case.seen),
        alone=seen_text((read.seen,)),
        waits=read.alert.state in (AlertState.HELD, AlertState.PENDING),
        view=view,
        following=next(iter(after or others), ""),
        before=ids[place - 1] if place > 0 else "",
        left=len(ids),
        row_limit=ROWS,
        done=_done(visit, house),
        here="",
    )


@told
def decided_page(visit: Visit, house: House) -> Response:
    """Show what was decided, the newest first; nothing that was dismissed is ever out of reach."""
    state = first(visit.query, "state")
    states = [one for one in DECIDED if state in ("", one)] or list(DECIDED)
    alerts = sorted(house.world.desk.alerts(*states), key=lambda one: (one.raised, one.id), reverse=True)
    rows = [(one, house.world.desk.reviews(one.id)[-1:]) for one in alerts[:LISTED]]
    return drawn(visit, house, "decided", rows=rows, count=len(alerts), state=state, states=DECIDED, here="decided")


@told
def since_page(visit: Visit, house: House) -> Response:
    """Show since when a page says something, and when it stopped."""
    page, words = watched(house.world, PageId(first(visit.query, "page"))), first(visit.query, "words")
    stretches = since(page, words, house.world) if words.strip() else ()
    return drawn(visit, house, "since", page=page, words=words, stretches=stretches, here="")


@told
def comparison_page(visit: Visit, house: House) -> Response:
    """Show what differs between any two captures of a page; the address names both."""
    before, _, after = visit.key.partition("..")
    compared = compare_captures(house.world, before, after)
    view = first(visit.query, "view") if first(visit.query, "view") in VIEWS else VIEWS[0]
    return drawn(
        visit,
        house,
        "comparison",
        compared=compared,
        passages=compared.passages,
        others=(),
        view=view,
        row_limit=ROWS,
        here="",
    )


@told
def capture_page(visit: Visit, house: House) -> Response:
    """Show one capture: how it came, and what is read from it, as text."""
    capture = kept(house.world, visit.key)
    page = watched(house.world, capture.page)
    blocks = extract(capture, page.recipe).blocks
    shown = [block for block in blocks if block.part is not Part.FURNITURE]
    return drawn(
        visit,
        house,
        "capture",
        shot=shot(capture),
        page=page,
        headers=capture.headers,
        source={name: value for name, value in capture.source.items() if name in ORIGIN},
        blocks=shown[:ROWS],
        left_out=max(0, len(shown) - ROWS),
        here="",
    )


@told
def source(visit: Visit, house: House) -> Response:
    """Return the bytes of a capture as plain text: no browser makes a page of them."""
    body = kept(house.world, visit.key).body[:SOURCE_CHARS]
    return Response(body.decode("utf-8", "replace"), media_type="text/plain", headers={"Cache-Control": "no-store"})


@told
def screenshot(visit: Visit, house: House) -> Response:
    """Return the picture that the browser took when it made a capture."""
    picture = kept(house.world, visit.key).screenshot
    if not picture:
        return Response(status_code=404)
    return Response(picture, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


def _edits(alert: Alert) -> tuple[object, ...]:
    """Return each quote of an alert with its word edits."""
    return tuple((quote, quote_edits(quote)) for quote in alert.quotes)


def _done(visit: Visit, house: House) -> tuple[Alert, str] | None:
    """Return the alert that was just decided about, and its case as it is now, so that all of it can be taken back."""
    alert = house.world.desk.alert(first(visit.query, "done"))
    if alert is None:
        return None
    alike = [one for one in case_of(alert, house.world).seen if house.world.desk.alert(one.alert)]
    return alert, seen_text(tuple(alike))
