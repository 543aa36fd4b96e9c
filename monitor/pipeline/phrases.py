"""Since when a page says something, and when it stopped: words held against every version that was ever read.

Comes in: a page and words. Goes out: stretches of versions that say them, oldest first. Words are found inside one
block, whatever their case, quotes, dashes, spaces, spelling or date format.
"""

from dataclasses import dataclass

from monitor.extract import extract
from monitor.model.document import said_by
from monitor.model.errors import PhraseError
from monitor.model.page import Page
from monitor.model.status import Version
from monitor.ports import World
from monitor.text import fold

LEAST_CHARS, MOST_CHARS = 3, 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Versions in a row that say something: the first and last of them, and those without it before and after.

    `before` is None when the first version that was ever read says it, `after` when the newest one does.
    """

    first: Version
    last: Version
    versions: int
    before: Version | None
    after: Version | None


def since(page: Page, words: str, world: World) -> tuple[Stretch, ...]:
    """Return when a page said these words, oldest first; nothing when no version ever did.

    Raises:
        PhraseError: the words are too few to be searched for, or too many.
    """
    wanted = fold(words)
    if not LEAST_CHARS <= len(wanted) <= MOST_CHARS:
        raise PhraseError("words", f"search for {LEAST_CHARS} to {MOST_CHARS} characters, not {len(wanted)}")
    known: dict[str, bool] = {}
    found: list[Stretch] = []
    before: Version | None = None
    run: list[Version] = []
    for version in world.journal.versions(page.id):
        if version.fingerprint not in known:
            known[version.fingerprint] = any(wanted in said for said in _said(page, version, world))
        if known[version.fingerprint]:
            run.append(version)
            continue
        found += _stretch(run, before, version)
        before, run = version, []
    return (*found, *_stretch(run, before, None))


def _stretch(run: list[Version], before: Version | None, after: Version | None) -> tuple[Stretch, ...]:
    if not run:
        return ()
    return (Stretch(first=run[0], last=run[-1], versions=len(run), before=before, after=after),)


def _said(page: Page, version: Version, world: World) -> tuple[str, ...]:
    """Return what a version says; one read before that was kept is read again, if its capture is still there."""
    said = world.journal.said(version)
    if said is not None:
        return said
    capture = world.evidence.capture(version.capture)
    return said_by(extract(capture, page.recipe)) if capture is not None else ()
