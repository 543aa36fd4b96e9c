"""What a reading depends on, and a name for it, so that a page which only moved its tracking is not read anew.

A reading depends on the markup of the part that is read (its addresses already canonical, see `page.settle`) and on the
few other values in `Source`, and on nothing else. So the digest of all that names the reading: equal digests, equal
documents. Of 528 recorded changes of one page, fetch by fetch, 520 moved nothing else; writing and digesting the markup
takes half the time of parsing it, reading it ten times as long (docs/decisions/0002-reading-html.md).
"""

from dataclasses import dataclass
from hashlib import sha256

from monitor.extract.page import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a document is made of besides a tree: where links start, what is chosen, what stands in the head.

    `style` names the spans that the page's style sheet puts on lines of their own.
    """

    base: str
    kind: str
    title: str
    language: str
    form: str
    style: str
    chosen: Selection
    unread: tuple[str, ...]


def name_of(source: Source) -> str:
    """Return a digest of all that a reading depends on."""
    chosen = source.chosen
    digest = sha256()
    for root in chosen.roots:
        digest.update((root.html or "").encode("utf-8", "replace"))
    rest = (
        *(source.base, source.kind, source.title, source.language, source.form),
        *(chosen.missing, chosen.dropped_chars, source.unread, source.style),
    )
    digest.update(repr(rest).encode("utf-8", "replace"))
    return digest.hexdigest()
