"""The fetcher that tries plain HTTP first, and the browser where only that brings the content."""

from collections.abc import Callable
from dataclasses import dataclass

from monitor.model.capture import Capture, Fetched, Miss, Validators
from monitor.model.page import Page
from monitor.ports import Fetcher


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoFetcher:
    """Asks by `plain`, and by `browser` when what came lacks the declared content.

    `complete` says whether a capture has it. What a page needed the last time is told by its newest good capture, so
    nothing has to be remembered here. Without a browser, what came plainly is all there is.
    """

    plain: Fetcher
    browser: Fetcher | None
    complete: Callable[[Page, Capture], bool]

    def __call__(self, page: Page, since: Validators | None) -> Fetched:
        """Return what came by the first way that brings the content, else what came plainly."""
        if self.browser is None:
            return self.plain(page, since)
        if since is not None and since.fetcher == "browser":
            return self.browser(page, since)
        fetched = self.plain(page, since)
        if not isinstance(fetched, Capture) or self.complete(page, fetched):
            return fetched
        rendered = self.browser(page, since)
        return fetched if isinstance(rendered, Miss) else rendered
