"""Who comes in at the desk: a cookie that holds a session's token, and forms that carry that session's mark."""

import hmac
import re
from http.cookies import CookieError, SimpleCookie

from starlette.responses import PlainTextResponse, RedirectResponse, Response

from monitor.model.maintainer import Maintainer
from monitor.pipeline.accounts import SESSION, form_mark, signed_in
from monitor.render.place import Place
from monitor.web.forms import first
from monitor.web.front import House, Visit

COOKIE = "desk"
MARK = "mark"  # the field of a form that says which session it was made for
_OURS = re.compile(r"(?:desk|changes|captures)/[A-Za-z0-9/._-]{0,200}")


def entered(visit: Visit, house: House) -> Maintainer | None:
    """Return who is signed in, or None."""
    return signed_in(token_of(visit), house.world)


def token_of(visit: Visit) -> str:
    """Return the token that a browser sent, or an empty text."""
    try:
        jar = SimpleCookie(visit.headers.get("cookie", ""))
    except CookieError:
        return ""
    return jar[COOKIE].value if COOKIE in jar else ""


def marked(visit: Visit) -> bool:
    """Say whether a form was made for the session that sends it."""
    return hmac.compare_digest(first(visit.form, MARK).encode(), mark_of(visit).encode())


def mark_of(visit: Visit) -> str:
    """Return what the forms of this session carry."""
    return form_mark(token_of(visit))


def sign_in_first(visit: Visit, house: House) -> Response:
    """Send a reader to the sign-in page, and from there back; what was sent in is not kept."""
    if visit.method != "GET":
        return PlainTextResponse(
            "Sign in first; nothing was done.\n", status_code=403, headers={"Cache-Control": "no-store"}
        )
    return gone_to(house, f"desk/sign-in/?to={local(visit.path)}")


def local(path: str) -> str:
    """Return a path of the desk, or the desk itself for any other."""
    return path if _OURS.fullmatch(path) else "desk/"


def gone_to(house: House, path: str) -> RedirectResponse:
    """Return the answer that leads to a path of the site."""
    return RedirectResponse(house.front.place.prefix + path, status_code=303, headers={"Cache-Control": "no-store"})


def with_session(answer: Response, token: str, place: Place) -> Response:
    """Put a session's cookie on an answer, or take it off when there is none."""
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION.total_seconds()) if token else 0,
        path=place.prefix,
        secure=place.base_url.startswith("https:"),
        httponly=True,
        samesite="strict",
    )
    return answer
