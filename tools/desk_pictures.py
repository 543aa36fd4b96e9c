"""Take pictures of every view of the review desk, at the width of a desk and of a phone.

python tools/desk_pictures.py [FOLDER]    write them as PNG to a folder, docs/images by default

The captures of the bundled story are put before a maintainer in an installation of its own, which is served on
loopback and looked at with Chromium; it needs the extra `browser`.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

from monitor import wiring
from monitor.demo import demo
from monitor.fetch.chromium import chromium_path
from monitor.model.maintainer import Role
from monitor.pipeline import accounts, review, rules
from monitor.pipeline.past import import_captures
from monitor.pipeline.publish import publish
from monitor.pipeline.queue import queue
from monitor.ports import World
from monitor.settings import settings_from
from monitor.web import web_app
from monitor.web.opening import front_of
from monitor.web.serve import served

WIDTHS = {1280: 760, 375: 812}  # a desk, a phone; each with the height of what is seen at once
LIMIT_BYTES = 150_000
PORT, STORY_PORT = 8765, 8764  # always the same, so that pictures change only where the desk does
PASSWORD = "a lamp over every door"  # noqa: S105 - of an installation that lives for a minute on loopback
ADA = review.Decider("ada", "read both captures")


def main(folder: Path) -> None:
    """Write all pictures to a folder, and say how large each is."""
    folder.mkdir(parents=True, exist_ok=True)
    with _desk() as (base, paths), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        for width, height in WIDTHS.items():
            page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
            _pictured(page, f"{base}desk/sign-in/", folder / f"desk-sign-in-{width}.png")
            page.fill("#name", "ada")
            page.fill("#password", PASSWORD)
            page.press("#password", "Enter")
            for name, path in paths.items():
                _pictured(page, base + path, folder / f"desk-{name}-{width}.png")
            page.close()
        browser.close()


def _pictured(page: Page, address: str, path: Path) -> None:
    page.goto(address, wait_until="networkidle")
    if "?view=" in address:
        page.locator("nav.tabs").first.evaluate("tabs => tabs.scrollIntoView()")
    size = len(page.screenshot(path=path))
    sys.stdout.write(f"{path} {size:,} bytes\n")
    if size >= LIMIT_BYTES:
        sys.exit(f"{path} is larger than {LIMIT_BYTES:,} bytes: show less of the page")


@contextmanager
def _desk() -> Iterator[tuple[str, dict[str, str]]]:
    """Serve a desk at which some of the story is decided; give its address and the path of each view."""
    with TemporaryDirectory() as name:
        root = Path(name)
        settings = settings_from(
            {
                "OPTOUT_DATA": str(root / "demo"),
                "OPTOUT_STATE": str(root / "state"),
                "OPTOUT_SNAPSHOTS": str(root / "snapshots"),
                "OPTOUT_PUBLIC": str(root / "public"),
                "OPTOUT_ALLOW_LOOPBACK": "yes",
                "OPTOUT_SITE_URL": f"http://127.0.0.1:{PORT}/",
            }
        )
        demo(root / "demo", port=STORY_PORT)
        with wiring.world(settings) as world:
            _put_before_maintainers(world, root / "demo")
            paths = _decided_in_part(world)
            with served(web_app(world, front_of(settings)), host="127.0.0.1", port=PORT) as base:
                yield base, paths


def _put_before_maintainers(world: World, played: Path) -> None:
    """Take the captures that the demo made as history that is to be reviewed."""
    accounts.add("ada", Role.ADMIN, PASSWORD, world)
    told = settings_from({"OPTOUT_DATA": str(played), "OPTOUT_ALLOW_LOOPBACK": "yes"})
    with wiring.world(told) as outside:
        for page in world.watchlist.pages:
            import_captures(page, outside.evidence.captures(page.id), world, for_review=True)


def _decided_in_part(world: World) -> dict[str, str]:
    """Decide about two alerts; return where each view stands."""
    waiting = [case.alert for case in queue(world)]
    shown, told, ruled = waiting[0], waiting[-1], waiting[-2]
    review.approve(told.id, ADA, world)
    rules.add(rules.rule_of(rules.proposed(ruled), ADA, world), world)
    review.dismiss(ruled.id, ADA, world)
    publish(world)
    alert, proof = f"desk/alerts/{shown.id}", shown.evidence
    return {
        "queue": "desk/",
        "alert": alert,
        "beside": f"{alert}?view=beside",
        "way": f"{alert}?view=way",
        "captures": f"{alert}?view=captures",
        "edit": f"{alert}/edit",
        "rule": f"{alert}/rule",
        "decided": "desk/decided/",
        "rules": "desk/rules/",
        "comparison": f"changes/{proof.before}..{proof.after}",
        "capture": f"captures/{proof.after}",
        "since": f"desk/since/?page={shown.page}&words={quote(shown.quotes[0].after)}",
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs" / "images")
