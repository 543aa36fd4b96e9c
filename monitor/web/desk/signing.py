"""Signing in and out."""

from starlette.responses import Response

from monitor.pipeline.accounts import sign_in, sign_out
from monitor.web.allowance import Allowances
from monitor.web.desk.gate import gone_to, local, token_of, with_session
from monitor.web.forms import first
from monitor.web.front import House, Visit
from monitor.web.shown import shown

NAME_CHARS = 40


def signing_in(visit: Visit, house: House) -> Response:
    """Show the form, or take it: a wrong name and a wrong password get the same answer after the same time."""
    to = local(first(visit.form, "to") or first(visit.query, "to"))
    if visit.method != "POST":
        return shown(house, "desk/sign-in.html", "en", to=to, problem="", name="")
    name = first(visit.form, "name").strip().casefold()[:NAME_CHARS]
    if not _may_try(visit.client, name, house.allowances):
        problem = "Too many attempts. Please wait a quarter of an hour."
        return shown(house, "desk/sign-in.html", "en", status=429, to=to, problem=problem, name=name)
    token = sign_in(name, first(visit.form, "password"), house.front.token, house.world)
    if not token:
        problem = "Name and password do not fit."
        return shown(house, "desk/sign-in.html", "en", status=401, to=to, problem=problem, name=name)
    return with_session(gone_to(house, to), token, house.front.place)


def _may_try(client: str, name: str, allowances: Allowances) -> bool:
    """Say whether a client may try a password for a name; what it used up itself counts for nobody else."""
    return (
        allowances.sign_ins_by_client.taken(client)
        and allowances.sign_ins.taken(f"{client} {name}")
        and allowances.sign_ins_in_all.taken(name)
    )


def signing_out(visit: Visit, house: House) -> Response:
    """End this session, or all sessions of its account."""
    sign_out(token_of(visit), house.world, everywhere=bool(first(visit.form, "everywhere")))
    return with_session(gone_to(house, "desk/sign-in/"), "", house.front.place)
