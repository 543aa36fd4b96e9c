"""An entry of a news feed in, what it signals out: that somebody speaks of objecting, AI training or a watched page.

An entry is no evidence of a change. It counts when it links to a watched page, or when a sentence of it holds a strong
cue and it is about a watched service: because the feed is, or because it names one. An entry about somebody else's
models counts for nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.model.feed import Entry
from monitor.model.page import FeedSource, Page, PageId, ServiceId, Watchlist
from monitor.model.verdict import Aspect, Kind, Level, Quote, Reason, Verdict
from monitor.optout import phrases, weights
from monitor.optout.lexicon import Strength
from monitor.optout.reading import Hit, Reader
from monitor.optout.sentences import sentences
from monitor.text import clean

SENTENCE_CHARS = 1000  # of a sentence that is read; feeds that strip their markup run whole articles into one
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_PRIORITY = 10
_REASONS = 12
_MEANING = (
    "An early signal from a news feed: somebody writes about it. No watched page was seen to change; those that it may"
    " be about are checked before their turn."
)


@dataclass(frozen=True, slots=True)
class Signal:
    """What an entry signals: the verdict, the service it is about (empty for several), and the pages to look at."""

    verdict: Verdict
    service: ServiceId
    pages: tuple[PageId, ...]


def signal_of(entry: Entry, feed: FeedSource, watchlist: Watchlist, reader: Reader) -> Signal | None:
    """Return what an entry signals, or None when it is about nothing that is watched."""
    said = tuple(dict.fromkeys(_said(entry)))
    linked = _linked(entry, said, watchlist.pages)
    services = _services(feed, said, watchlist)
    spoken = [(sentence, hit) for sentence in said for hit in _strong(sentence, reader)] if services else []
    if not linked and not spoken:
        return None
    services = tuple(dict.fromkeys((*services, *(page.service for page in linked if page.service))))
    about = services if spoken else ()
    return Signal(
        verdict=_verdict(entry, feed, linked, spoken),
        service=services[0] if len(services) == 1 else feed.service,
        pages=tuple(page.id for page in watchlist.pages if page in linked or page.service in about),
    )


def _said(entry: Entry) -> Iterable[str]:
    """Yield the sentences of an entry, its title first."""
    for text in (entry.title, entry.summary):
        yield from (sentence[:SENTENCE_CHARS] for sentence in sentences(clean(text)))


def _linked(entry: Entry, said: Iterable[str], pages: Iterable[Page]) -> tuple[Page, ...]:
    """Return the watched pages that an entry leads to, by host and path."""
    written = (address.rstrip(".,;:!?)]") for sentence in said for address in _ADDRESS.findall(sentence))
    targets = {_place(address) for address in (entry.link, *entry.links, *written)} - {""}
    return tuple(page for page in pages if _place(page.url) in targets)


def _place(address: str) -> str:
    """Return host and path of an address, without what differs between spellings of one; nothing for no address."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return f"{host}{parts.path.rstrip('/')}" if host else ""


def _services(feed: FeedSource, said: tuple[str, ...], watchlist: Watchlist) -> tuple[ServiceId, ...]:
    """Return the services that an entry is about: the feed's own, and those named in it as they are written."""
    text = "\n".join(said)
    named = (
        service.id
        for service in watchlist.services.values()
        if any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in (service.name, *service.also))
    )
    return tuple(dict.fromkeys((*((feed.service,) if feed.service else ()), *named)))


def _strong(sentence: str, reader: Reader) -> tuple[Hit, ...]:
    return tuple(hit for hit in reader.hits(sentence) if hit.cue.strength is Strength.STRONG)


def _verdict(entry: Entry, feed: FeedSource, linked: tuple[Page, ...], spoken: list[tuple[str, Hit]]) -> Verdict:
    title = clean(entry.title)
    reasons = [Reason(f"cue:{hit.cue.id}", hit.words, sentence, weights.DIGEST) for sentence, hit in spoken]
    reasons += [Reason("links-to", page.url, title, weights.DIGEST) for page in linked]
    aspects = {hit.cue.aspect for _, hit in spoken}
    return Verdict(
        kind=Kind.SIGNAL,
        level=Level.DIGEST,
        aspects=tuple(aspect for aspect in Aspect if aspect in aspects),
        title=_title(feed, linked, aspects),
        meaning=_MEANING,
        quotes=tuple(_quotes(title or entry.link, tuple(dict.fromkeys(sentence for sentence, _ in spoken)))),
        reasons=tuple(reasons[:_REASONS]),
        priority=_PRIORITY,
    )


def _quotes(title: str, spoken: tuple[str, ...]) -> Iterator[Quote]:
    """Yield the sentences that count under the entry's title, or the title alone."""
    for sentence in (spoken or (title,))[: weights.QUOTES]:
        trail = () if title == sentence else (title,)
        yield Quote("", phrases.cut("", sentence)[1], trail)


def _title(feed: FeedSource, linked: tuple[Page, ...], aspects: set[Aspect | None]) -> str:
    """Return one sentence of at most 140 characters in words of ours; those of the entry stand in the quotes."""
    if aspects:
        told = f"an entry speaks of {phrases.topic(aspect for aspect in aspects if aspect)}"
    else:
        told = f"an entry links to {', '.join(page.title or page.id for page in linked)}"
    return phrases.fitted(f"{feed.title}: {told}")
