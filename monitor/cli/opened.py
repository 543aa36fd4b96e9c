"""What commands open: settings, world, pages by id. Imported by commands, never at start-up."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from difflib import get_close_matches

from monitor.model.errors import UnknownFeed, UnknownPage
from monitor.model.page import FeedSource, Page, Watchlist
from monitor.ports import World
from monitor.settings import Settings, settings


@contextmanager
def opened() -> Iterator[tuple[Settings, World]]:
    """Open the world of this process's settings.

    Raises:
        MonitorError: something in it must be mended first.
    """
    read = settings()
    with ExitStack() as open_until_the_end:
        with _nothing_collected():
            from monitor import wiring

            world = open_until_the_end.enter_context(wiring.world(read))
            gc.freeze()
        yield read, world


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Look for no garbage for as long as the block runs.

    Loading modules makes hundreds of thousands of objects that stay; going through them again and again was a quarter
    of the instructions of a start (`docs/how-it-works/speed.md`). `opened` freezes them afterwards, so that neither
    later collections nor the one at the process's end go through them.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def chosen(watchlist: Watchlist, ids: Sequence[str]) -> tuple[Page, ...]:
    """Return the pages with these ids, in that order; all that are asked for when none is named.

    Raises:
        UnknownPage: one is not declared; the error names the nearest.
    """
    return tuple(declared(watchlist, name) for name in dict.fromkeys(ids)) or tuple(
        page for page in watchlist.pages if page.asked_for
    )


def chosen_feeds(watchlist: Watchlist, ids: Sequence[str]) -> tuple[FeedSource, ...]:
    """Return the feeds with these ids, in that order; all feeds when none is named.

    Raises:
        UnknownFeed: one is not declared; the error names the nearest.
    """
    feeds = {feed.id: feed for feed in watchlist.feeds}
    for name in ids:
        if name not in feeds:
            raise UnknownFeed(name, next(iter(get_close_matches(name, feeds, n=1, cutoff=0.4)), ""))
    return tuple(feeds[name] for name in dict.fromkeys(ids)) or watchlist.feeds


def declared(watchlist: Watchlist, id: str) -> Page:
    """Return the page with this id.

    Raises:
        UnknownPage: it is not declared; the error names the nearest.
    """
    page = watchlist.page(id)
    if page is None:
        near = get_close_matches(id, [each.id for each in watchlist.pages], n=1, cutoff=0.4)
        raise UnknownPage(id, near[0] if near else "")
    return page
