"""Every route in one table, behind one gate: bounded bodies, no form from elsewhere, closed unless listed as public."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import anyio
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from monitor.pipeline.join import forget_unconfirmed
from monitor.ports import World
from monitor.publish.mail_events import LIMIT_BYTES as EVENTS_LIMIT_BYTES
from monitor.web import events, joining, leaving, searching, static, watching
from monitor.web.desk import desk_doors
from monitor.web.desk.gate import entered, marked, sign_in_first
from monitor.web.door import Door, Doors
from monitor.web.front import Front, House, Visit, house_of
from monitor.web.shield import Headers, Prefix, cross_origin
from monitor.web.visit import BodyTooLarge, Unreadable, visit_of

SWEEP_SECONDS = 3600.0  # how often unconfirmed sign-ups are looked through


# Who may come in without signing in. A route whose name is missing here answers 403 to everybody.
PUBLIC = frozenset(
    {"subscribe", "confirm", "preferences", "export", "erase", "leave", "search", "said", "events", "sign-in", "static"}
    | {"healthz", "readyz", "metrics"}
)


def doors(front: Front) -> Doors:
    """Return every route, in the order in which they are tried."""
    by_language = tuple(door for each in front.editions for door in _spoken(each.folder, each.language))
    events_door = Door(
        name="events",
        path="/mail/events",
        methods=("POST",),
        answer=events.events,
        cross=True,
        limit_bytes=EVENTS_LIMIT_BYTES,
    )
    return (
        *by_language,
        Door(name="confirm", path="/mail/confirm/{key}", methods=("GET", "POST"), answer=joining.confirming),
        Door(name="preferences", path="/mail/preferences/{key}", methods=("GET", "POST"), answer=leaving.preferences),
        Door(name="export", path="/mail/export/{key}", methods=("GET",), answer=leaving.export),
        Door(name="erase", path="/mail/erase/{key}", methods=("POST",), answer=leaving.erasing),
        Door(name="leave", path="/mail/leave/{key}", methods=("GET", "POST"), answer=leaving.leaving, cross=True),
        *((events_door,) if front.believe else ()),
        *desk_doors(),
        Door(name="healthz", path="/healthz", methods=("GET",), answer=watching.healthy),
        Door(name="readyz", path="/readyz", methods=("GET",), answer=watching.prepared),
        Door(name="metrics", path="/metrics", methods=("GET",), answer=watching.metrics),
        Door(name="static", path="/{key:path}", methods=("GET",), answer=static.static_file),
    )


def _spoken(folder: str, language: str) -> Iterator[Door]:
    yield Door(
        name="subscribe",
        path=f"/{folder}subscribe/",
        methods=("GET", "POST"),
        answer=joining.subscribing,
        language=language,
    )
    yield Door(name="said", path=f"/{folder}said/", methods=("GET",), answer=searching.saying, language=language)
    yield Door(name="search", path=f"/{folder}search/", methods=("GET",), answer=searching.searching, language=language)


def web_app(world: World, front: Front, further: Doors = ()) -> Starlette:
    """Return the ASGI app; `further` routes come first, and are as closed as any."""
    house = house_of(world, front)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_sweep, world)
            yield
            tasks.cancel_scope.cancel()

    return Starlette(
        routes=[_route(door, house) for door in (*further, *doors(front))],
        middleware=[Middleware(Headers), Middleware(Prefix, prefix=front.place.prefix)],
        lifespan=lifespan,
    )


async def _sweep(world: World) -> None:
    while True:
        await run_in_threadpool(forget_unconfirmed, world)
        await anyio.sleep(SWEEP_SECONDS)


def _route(door: Door, house: House) -> Route:
    async def respond(request: Request) -> Response:
        if door.role is None and door.name not in PUBLIC:
            return _refused(403, "This page is not public.")
        if request.method == "POST" and not door.cross and cross_origin(request.headers, house.front.place):
            return _refused(403, "This form was sent from another site, so nothing was done.")
        try:
            visit = await visit_of(request, door.language, door.limit_bytes)
        except BodyTooLarge:
            return _refused(413, "This is more than the form can hold.")
        except (Unreadable, ClientDisconnect):  # whoever left reads no answer
            return _refused(400, "This is not a form that can be read.")
        return await run_in_threadpool(_answer, door, visit, house)

    return Route(door.path, respond, methods=list(door.methods), name=door.name)


def _answer(door: Door, visit: Visit, house: House) -> Response:
    """Return a page's answer, once whoever asks may come in."""
    if door.role is None:
        return door.answer(visit, house)
    account = entered(visit, house)
    if account is None:
        return sign_in_first(visit, house)
    if not account.may(door.role):
        return _refused(403, f"This is for the role {door.role}; {account.name} is {account.role}.")
    if visit.method == "POST" and not marked(visit):
        return _refused(403, "This form is not from this sign-in, so nothing was done. Go back, reload, try again.")
    return door.answer(replace(visit, account=account), house)


def _refused(status: int, sentence: str) -> Response:
    return PlainTextResponse(f"{sentence}\n", status_code=status, headers={"Cache-Control": "no-store"})
