"""Chromium as a reader or a maintainer uses it; it notes every address that it asked for and everything that spoke."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, Route, sync_playwright

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 375, "height": 812}
GRAVE = ("serious", "critical")


@dataclass  # no slots: playwright writes into what it calls back
class Window:
    """One page of a browser: nothing that it asks of other sites gets an answer.

    `outside` are those addresses, `spoke` the dialogs it opened, `faults` what its console reported.
    """

    page: Page
    own: tuple[str, ...]
    outside: list[str] = field(default_factory=list)
    spoke: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        """Show an address, with all that the page then loads and runs."""
        self.page.goto(address, wait_until="networkidle")

    def grave(self) -> list[str]:
        """Return what axe calls serious or critical on the page as it is now, each with where it stands."""
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']} {one['nodes'][0]['target']}" for one in found if one["impact"] in GRAVE]

    def wider_than_itself(self) -> int:
        """Return how many pixels a reader would have to scroll sideways."""
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(width))

    def _answer(self, route: Route) -> None:
        address = route.request.url
        if address.startswith((*self.own, "data:", "blob:", "about:")):
            route.continue_()
            return
        self.outside.append(address)
        route.abort()

    def _spoken(self, dialog: Dialog) -> None:
        self.spoke.append(dialog.message)
        dialog.dismiss()


@contextmanager
def browser(executable: str) -> Iterator[Browser]:
    """Give a running Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            yield running
        finally:
            running.close()


@contextmanager
def window(
    running: Browser,
    *own: str,
    narrow: bool = False,
    dark: bool = False,
    lawless: bool = False,
    script: bool = True,
) -> Iterator[Window]:
    """Give a window of its own, without cookies, that may load from addresses which begin like `own`.

    A lawless one keeps to no Content-Security-Policy: what is harmless there does not lean on it. One without `script`
    runs none.
    """
    context = running.new_context(
        viewport=NARROW if narrow else WIDE,  # type: ignore[arg-type]  # a dict of these two names is what it wants
        color_scheme="dark" if dark else "light",
        bypass_csp=lawless,
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    try:
        made = Window(context.new_page(), own)
        context.route("**/*", made._answer)
        context.on("dialog", made._spoken)
        context.on("console", lambda said: made.faults.append(said.text) if said.type == "error" else None)
        yield made
    finally:
        context.close()
