"""Feeds for readers of feeds: RSS 2.0, Atom 1.0 and JSON Feed 1.1 of the same entries, as files.

Comes in: all that is published. Goes out: files under `feeds/`, byte-identical while nothing changed, so that ETag,
Last-Modified and 304 work on any static host. Which feeds there are says `docs/reference/feeds.md`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import blake2b, sha256
from pathlib import Path
from typing import TypeAlias

from monitor.codec import encode
from monitor.model.alert import Alert
from monitor.ports import Published
from monitor.publish.edition import edition
from monitor.publish.files import Shelf
from monitor.render import atom, jsonfeed, rss
from monitor.render.entry import Entry, entry_of
from monitor.render.feeds import Leaf, english, feeds, leaves, problems_feed, told, topic, topics
from monitor.render.place import Place
from monitor.render.problems import problem_entries
from monitor.render.sheet import NEVER, Feed, Sheet
from monitor.render.tongue import ENGLISH, Tongue

Item: TypeAlias = Callable[[Entry, Place], bytes]
Document: TypeAlias = Callable[[Sheet, Sequence[bytes], Place], bytes]

FORMATS: Mapping[str, tuple[Item, Document]] = {
    rss.EXTENSION: (rss.item, rss.document),
    atom.EXTENSION: (atom.item, atom.document),
    jsonfeed.EXTENSION: (jsonfeed.item, jsonfeed.document),
}


@dataclass(slots=True)
class _Told:
    """One entry: what names its content, how to get it, and once made its item in every format and its moment.

    `awaited` is in how many documents it has still to stand; the items are let go with the last of them.
    """

    key: str
    published: datetime
    entry: Callable[[], Entry]
    awaited: int = 0
    items: dict[str, bytes] = field(default_factory=dict)
    updated: datetime = NEVER

    def make(self, place: Place) -> None:
        """Make the items, once; the entry itself is not kept."""
        if not self.items:
            entry = self.entry()
            self.items = {extension: item(entry, place) for extension, (item, _) in FORMATS.items()}
            self.updated = entry.updated

    def laid_out(self) -> None:
        """Say that it stands in one more document."""
        self.awaited -= 1
        if not self.awaited:
            self.items = {}


@dataclass(frozen=True, slots=True)
class _Planned:
    """One document of a feed with its entries, newest first."""

    feed: Feed
    leaf: Leaf
    held: Sequence[_Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPublisher:
    """Writes every feed under `root`; `place` is where the files will be read from.

    `tongues` says in which tongue the feed of a language is told; all others are told in `tongue`.
    """

    root: Path
    place: Place
    tongue: Tongue = ENGLISH
    tongues: Callable[[str], Tongue] = english

    def __call__(self, record: Published) -> tuple[str, ...]:
        """Write what must be written; return the paths that changed, relative to the root."""
        shelf = Shelf(self.root, "feeds", record.stopping)
        alerts = told(record.alerts)
        by_feed: dict[str, list[_Told]] = {}
        for alert in alerts:
            published = alert.published or alert.raised
            entry = _Told(_digest(alert), published, partial(entry_of, alert, self.place, self.tongue))
            for path in topics(alert):
                by_feed.setdefault(path, []).append(entry)
            own = self.tongues(alert.language)
            if alert.language and own.language != self.tongue.language:
                translated = _Told(entry.key, published, partial(entry_of, alert, self.place, own))
                by_feed[topic("language", alert.language)][-1] = translated
        documents = [
            planned
            for feed in feeds(record.watchlist, alerts, self.place.name, self.tongue, self.tongues)
            for planned in _documents(feed, by_feed.get(feed.path, []))
        ]
        documents += _documents(problems_feed(self.place.name, self.tongue), self._problems(record))
        for planned in _by_newest(documents):
            self._lay_out(planned, shelf)
        return shelf.close()

    def _problems(self, record: Published) -> list[_Told]:
        entries = [
            entry
            for problem in record.problems
            for entry in problem_entries(problem, record.watchlist.page(problem.page), self.place, self.tongue)
        ]
        entries.sort(key=lambda entry: (entry.published, entry.id))
        return [_Told(_digest(entry), entry.published, partial(_same, entry)) for entry in entries]

    def _lay_out(self, planned: _Planned, shelf: Shelf) -> None:
        """Put a document in every format; one with the same entries as last time is not made anew."""
        key = self._key(planned)
        for extension in FORMATS:
            shelf.put(f"{planned.leaf.path}.{extension}", partial(self._made, extension, planned), key=key)
        for each in planned.held:
            each.laid_out()

    def _made(self, extension: str, planned: _Planned) -> bytes:
        for each in planned.held:
            each.make(self.place)
        updated = max((each.updated for each in planned.held), default=NEVER)
        sheet = Sheet(feed=planned.feed, path=planned.leaf.path, updated=updated, previous=planned.leaf.previous)
        return FORMATS[extension][1](sheet, [each.items[extension] for each in planned.held], self.place)

    def _key(self, planned: _Planned) -> str:
        named = encode((planned.feed, planned.leaf.previous, self.place, self.tongue.language, edition()))
        return blake2b(named + "".join(each.key for each in planned.held).encode(), digest_size=16).hexdigest()


def _documents(feed: Feed, entries: Sequence[_Told]) -> Iterator[_Planned]:
    """Yield the documents of a feed; what stands in them is awaited there."""
    for leaf in leaves(feed.path, len(entries)):
        held = entries[leaf.first : leaf.last][::-1]
        for each in held:
            each.awaited += 1
        yield _Planned(feed, leaf, held)


def _by_newest(documents: Iterable[_Planned]) -> list[_Planned]:
    """Return documents in the order of their newest entries, so that few items are held at once; empty ones first."""
    return sorted(documents, key=lambda planned: planned.held[0].published if planned.held else NEVER)


def _digest(source: Alert | Entry) -> str:
    return sha256(encode(source)).hexdigest()


def _same(entry: Entry) -> Entry:
    return entry
