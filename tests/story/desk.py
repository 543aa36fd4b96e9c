"""An installation in a folder whose site and desk are served, with one account, for a browser to be led through."""

import json
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor import wiring
from monitor.model.capture import Capture
from monitor.model.maintainer import Role
from monitor.model.page import PageId
from monitor.pipeline import accounts
from monitor.pipeline.past import import_captures
from monitor.pipeline.publish import publish
from monitor.ports import World
from monitor.settings import Settings, settings_from
from monitor.web import web_app
from monitor.web.opening import front_of
from monitor.web.serve import served
from tests.browsing import Window
from tests.fakes import Clock
from tests.story.installed import environment

NAME, PASSWORD = "ada", "a lamp over every door"
MORNING = datetime(2026, 7, 1, 8, tzinfo=UTC)
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fea735818e0000000049454e44ae426082"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A served installation: the address of its site (it ends in a slash), its world, its settings and its clock."""

    base: str
    world: World
    settings: Settings
    clock: Clock

    def sign_in(self, window: Window) -> None:
        """Sign in as a maintainer does, with the keyboard alone."""
        window.open(f"{self.base}desk/")
        tab_to(window, "name")
        window.page.keyboard.type(NAME)
        window.page.keyboard.press("Tab")
        window.page.keyboard.type(PASSWORD)
        pressed(window, "Enter")


@contextmanager
def served_desk(folder: Path, watchlist: str, *, path: str = "optout/") -> Iterator[Desk]:
    """Serve a new installation that watches these pages, below a path, as behind a proxy."""
    folder.mkdir(exist_ok=True)
    (folder / "watchlist.yaml").write_text(watchlist, encoding="utf-8")
    port = _free_port()
    base = f"http://127.0.0.1:{port}/{path}"
    settings = settings_from({**environment(folder), "OPTOUT_PORT": str(port), "OPTOUT_SITE_URL": base})
    clock = Clock(MORNING)
    with wiring.world(settings, clock=clock.now) as world:
        accounts.add(NAME, Role.ADMIN, PASSWORD, world)
        publish(world)
        with served(web_app(world, front_of(settings)), host="127.0.0.1", port=port):
            yield Desk(base=base, world=world, settings=settings, clock=clock)


def lumen(*pages: str) -> str:
    """Return a watchlist of pages of Lumen, whose alerts wait for a maintainer."""
    entries = [
        {
            "id": page,
            "service": "lumen",
            "title": f"Lumen {page}",
            "url": f"https://lumen.example/{page}",
            "kind": "policy",
            "language": "en",
            "present": {"least_chars": 20},
            "publish": {"alert": "review", "digest": "review"},
        }
        for page in pages
    ]
    return json.dumps({"services": {"lumen": {"name": "Lumen"}}, "pages": entries})


def watching(pages: Iterable[Mapping[str, object]]) -> str:
    """Return a watchlist of pages as recordings describe them, all of one service; YAML reads JSON."""
    entries = [{"service": "recorded", "title": entry["id"], **entry} for entry in pages]
    return json.dumps({"services": {"recorded": {"name": "Recorded"}}, "pages": entries})


def saw(desk: Desk, name: str, *bodies: bytes) -> None:
    """Let a page have been as these, half a day apart, each with a picture of it."""
    page = desk.world.watchlist.page(PageId(name))
    assert page is not None
    captures = [
        Capture(
            page=page.id,
            url=page.url,
            at=MORNING + number * timedelta(hours=12),
            body=body,
            headers=(("Content-Type", "text/html; charset=utf-8"),),
            final_url=page.url,
            screenshot=PICTURE,
        )
        for number, body in enumerate(bodies)
    ]
    import_captures(page, captures, desk.world, for_review=True)


def pressed(window: Window, key: str) -> None:
    """Press a key that leads to another page, and wait until that is shown."""
    with window.page.expect_navigation(wait_until="load"):
        window.page.keyboard.press(key)


def tab_to(window: Window, wanted: str, *, most: int = 80) -> None:
    """Press Tab until the element with this id, name or text has the focus.

    Raises:
        AssertionError: it cannot be reached with Tab.
    """
    focused = "() => { const at = document.activeElement; return [at.id, at.name ?? '', at.textContent.trim()]; }"
    for _ in range(most):
        window.page.keyboard.press("Tab")
        if wanted in window.page.evaluate(focused):
            return
    raise AssertionError(f"{wanted!r} cannot be reached with Tab")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
