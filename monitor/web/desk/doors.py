"""Every route of the desk, each with the role it asks for; what answers is loaded when somebody comes."""

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


def _late(room: str, name: str) -> Answer:
    """Return an answer that is looked up in a module beside this one when it is first asked for."""

    def answer(visit: Visit, house: House) -> Response:
        found: Answer = getattr(import_module(f"{__package__}.{room}"), name)
        return found(visit, house)

    return answer


def desk_doors() -> Doors:
    """Return the desk's routes; all but the sign-in page are closed to whoever is not signed in."""
    read, write = ("GET",), ("POST",)
    role = Role.REVIEWER
    signing, reading, deciding = partial(_late, "signing"), partial(_late, "reading"), partial(_late, "deciding")
    return (
        Door(name="sign-in", path="/desk/sign-in/", methods=("GET", "POST"), answer=signing("signing_in")),
        Door(name="sign-out", path="/desk/sign-out", methods=write, answer=signing("signing_out"), role=role),
        Door(name="queue", path="/desk/", methods=read, answer=reading("queue_page"), role=role),
        Door(name="since", path="/desk/since/", methods=read, answer=reading("since_page"), role=role),
        Door(name="decided", path="/desk/decided/", methods=read, answer=reading("decided_page"), role=role),
        Door(name="decide", path="/desk/decide", methods=write, answer=deciding("deciding"), role=role),
        Door(name="undo", path="/desk/undo", methods=write, answer=deciding("undoing"), role=role),
        Door(
            name="rules",
            path="/desk/rules/",
            methods=("GET", "POST"),
            answer=deciding("rules_page"),
            role=role,
        ),
        Door(name="alert", path="/desk/alerts/{key}", methods=read, answer=reading("alert_page"), role=role),
        Door(
            name="edit",
            path="/desk/alerts/{key}/edit",
            methods=("GET", "POST"),
            answer=deciding("editing"),
            role=role,
        ),
        Door(
            name="rule",
            path="/desk/alerts/{key}/rule",
            methods=("GET", "POST"),
            answer=deciding("ruling"),
            role=role,
        ),
        Door(
            name="comparison",
            path="/changes/{key:between}",
            methods=read,
            answer=reading("comparison_page"),
            role=role,
        ),
        Door(
            name="capture",
            path="/captures/{key:digest}",
            methods=read,
            answer=reading("capture_page"),
            role=role,
        ),
        Door(
            name="source",
            path="/captures/{key:digest}/source",
            methods=read,
            answer=reading("source"),
            role=role,
        ),
        Door(
            name="screenshot",
            path="/captures/{key:digest}/screenshot",
            methods=read,
            answer=reading("screenshot"),
            role=role,
        ),
    )
