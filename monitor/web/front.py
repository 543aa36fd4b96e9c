"""What the web app is told of its installation, one request as its pages see it, and what those pages work with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from starlette.responses import Response

from monitor.model.maintainer import Maintainer
from monitor.pipeline.keys import Keys
from monitor.ports import Inviter, World
from monitor.publish.mail_events import Webhook
from monitor.publish.pages import Edition, Printer, assets, printer
from monitor.publish.site import ENGLISH_EDITION
from monitor.render.place import Place
from monitor.web.allowance import Allowances

Fields: TypeAlias = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """One installation's public face; without `believe` there is no route for the mail service's events."""

    public: Path
    place: Place
    keys: Keys
    invite: Inviter
    token: Callable[[], str]
    editions: tuple[Edition, ...] = (ENGLISH_EDITION,)
    believe: Webhook | None = None
    metrics: str = field(default="", repr=False)  # the token that programs show to read the numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request: method, path inside the site, key or path of the route, query and form, who asks, headers, body.

    `account` is the maintainer who is signed in, on pages that are for them alone.
    """

    method: str
    path: str
    client: str
    key: str = ""
    language: str = ""
    query: Fields = field(default_factory=dict)
    form: Fields = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    account: Maintainer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """All that pages work with; `asking` lets one filled-in form after the other through, `reading` one search."""

    world: World
    front: Front
    printers: Mapping[str, Printer]
    allowances: Allowances
    asking: Lock
    reading: Lock

    def printer(self, language: str) -> Printer:
        """Return what makes pages in a language, or in the site's first one when it has none in that."""
        found = self.printers.get(language) or self.printers.get(language.partition("-")[0])
        return found or next(iter(self.printers.values()))


Answer: TypeAlias = Callable[[Visit, House], Response]


def house_of(world: World, front: Front) -> House:
    """Return what the pages of one app work with."""
    paths = {name: path for name, (path, _) in assets().items()}
    made = {each.language: printer(front.place, each, front.editions, paths) for each in front.editions}
    next(iter(made.values())).prepare()
    return House(
        world=world, front=front, printers=made, allowances=Allowances(world.now), asking=Lock(), reading=Lock()
    )
