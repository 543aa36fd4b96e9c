"""Every route of the desk, each with the role it asks for; what answers is loaded when somebody comes."""

from dataclasses import dataclass
from functools import partial
from importlib import import_module

from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import Response

from monitor.model.maintainer import Role
from monitor.web.door import Door, Doors
from monitor.web.front import Answer, House, Visit


class _Matched(Convertor[str]):
    """A piece of a path that fits a pattern, so that other addresses of the site are left to it."""

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class _Digest(_Matched):
    regex = "[0-9a-f]{64}"


class _Between(_Matched):
    regex = r"[0-9a-f]{64}\.\.[0-9a-f]{64}"


register_url_convertor("digest", _Digest())
register_url_convertor("between", _Between())


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """An answer in a module beside this one, which is loaded when the first one asks for it."""

    room: str
    name: str

    def found(self) -> Answer:
        """Return the answer itself."""
        answer: Answer = getattr(import_module(f"{__package__}.{self.room}"), self.name)
        return answer

    def __call__(self, visit: Visit, house: House) -> Response:
        """Answer; see `Answer`."""
        return self.found()(visit, house)


def desk_doors() -> Doors:
    """Return the desk's routes; all but the sign-in page are closed to whoever is not signed in."""
    read, write, both = ("GET",), ("POST",), ("GET", "POST")
    signing, reading, deciding = (partial(LateAnswer, room) for room in ("signing", "reading", "deciding"))
    closed = partial(Door, role=Role.REVIEWER)
    capture = "/captures/{key:digest}"
    return (
        Door(name="sign-in", path="/desk/sign-in/", methods=both, answer=signing("signing_in")),
        closed(name="sign-out", path="/desk/sign-out", methods=write, answer=signing("signing_out")),
        closed(name="queue", path="/desk/", methods=read, answer=reading("queue_page")),
        closed(name="since", path="/desk/since/", methods=read, answer=reading("since_page")),
        closed(name="decided", path="/desk/decided/", methods=read, answer=reading("decided_page")),
        closed(name="decide", path="/desk/decide", methods=write, answer=deciding("deciding")),
        closed(name="undo", path="/desk/undo", methods=write, answer=deciding("undoing")),
        closed(name="rules", path="/desk/rules/", methods=both, answer=deciding("rules_page")),
        closed(name="alert", path="/desk/alerts/{key}", methods=read, answer=reading("alert_page")),
        closed(name="edit", path="/desk/alerts/{key}/edit", methods=both, answer=deciding("editing")),
        closed(name="rule", path="/desk/alerts/{key}/rule", methods=both, answer=deciding("ruling")),
        closed(name="comparison", path="/changes/{key:between}", methods=read, answer=reading("comparison_page")),
        closed(name="capture", path=capture, methods=read, answer=reading("capture_page")),
        closed(name="source", path=f"{capture}/source", methods=read, answer=reading("source")),
        closed(name="screenshot", path=f"{capture}/screenshot", methods=read, answer=reading("screenshot")),
    )
