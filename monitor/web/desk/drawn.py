"""Pages of the desk: what every one of them shows, and errors as pages."""

from collections.abc import Callable
from functools import wraps

from starlette.responses import Response

from monitor.model.errors import MonitorError, NotAllowed, Overtaken, UnknownAlert, UnknownCapture
from monitor.web.desk.gate import mark_of
from monitor.web.front import Answer, House, Visit
from monitor.web.shown import shown

_STATUS: tuple[tuple[type[MonitorError], int], ...] = (
    (UnknownAlert, 404),
    (UnknownCapture, 404),
    (Overtaken, 409),
    (NotAllowed, 409),
)


def drawn(visit: Visit, house: House, template: str, *, status: int = 200, **views: object) -> Response:
    """Return a page of the desk for whoever is signed in."""
    who = {"account": visit.account, "mark": mark_of(visit)}
    return shown(house, f"desk/{template}.html", "en", path=None, status=status, **who, **views)


def told(answer: Callable[[Visit, House], Response]) -> Answer:
    """Return an answer that shows what cannot be done as a page, with what to do; nothing was changed then."""

    @wraps(answer)
    def telling(visit: Visit, house: House) -> Response:
        try:
            return answer(visit, house)
        except MonitorError as error:
            status = next((code for kind, code in _STATUS if isinstance(error, kind)), 422)
            overtaken = isinstance(error, Overtaken)
            return drawn(visit, house, "problem", status=status, problem=str(error), overtaken=overtaken, here="")

    return telling
