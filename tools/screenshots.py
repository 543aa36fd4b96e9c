"""Makes the pictures of docs/images/ that show what readers see, from the bundled story.

    python tools/screenshots.py

Needs Chromium and the extra `browser`. The demo is played in a folder of its own, with one subscriber who is told at
once; the digest is written of the same alerts.
"""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from monitor.demo import demo, serving
from monitor.fetch.chromium import chromium_path
from monitor.model.alert import AlertState
from monitor.model.subscriber import Edition, Post
from monitor.ports import World
from monitor.render.place import change_path
from monitor.settings import settings_from
from monitor.wiring import world

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
WIDE, PHONE = (1100, 800), (320, 720)
MOST_BYTES = 150_000
STORY_PORT = 8099  # a fixed one: the pages of the story are named with it


def main() -> int:
    """Make them all; return 1 when one is larger than a page should load."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "demo"
        ended = demo(root, port=STORY_PORT)
        settings = settings_from({"OPTOUT_DATA": str(root), "OPTOUT_ALLOW_LOOPBACK": "yes"})
        with world(settings, clock=lambda: datetime(2026, 3, 20, 8, tzinfo=UTC)) as outside:
            alerts = outside.desk.alerts(AlertState.PUBLISHED)
            _digest(outside)
        mail = next(ended.outbox.glob(f"{alerts[0].id}-*.html"))
        digest = next(ended.outbox.glob("digest-*.html"))
        with sync_playwright() as playwright, serving(ended.public) as address:
            chromium = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
            taken = {
                "site-start": _taken(chromium, address, "site-start", WIDE),
                "site-change": _taken(chromium, address + change_path(alerts[0].id), "site-change", WIDE),
                "site-way-out": _taken(chromium, f"{address}pages/murmel-form/", "site-way-out", WIDE),
                "mail-dark": _taken(chromium, mail.as_uri(), "mail-dark", PHONE, dark=True),
                "mail-digest": _taken(chromium, digest.as_uri(), "mail-digest", WIDE),
            }
            chromium.close()
    large = {name: size for name, size in taken.items() if size > MOST_BYTES}
    sys.stdout.writelines(f"{name}.png {size:,} bytes\n" for name, size in taken.items())
    return 1 if large else 0


def _digest(outside: World) -> None:
    """Write the weekly digest of all that was told to the demo's subscriber."""
    reader = outside.readers.subscribers()[0]
    alerts = outside.desk.alerts(AlertState.PUBLISHED)
    outside.mailer.digest(alerts, reader, Post(alert=alerts[0].id, subscriber=reader.id, edition=Edition.DIGEST))


def _taken(chromium: Browser, address: str, name: str, size: tuple[int, int], *, dark: bool = False) -> int:
    """Take a picture of what a screen of this size shows first, and return its bytes."""
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    context.close()
    return path.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
