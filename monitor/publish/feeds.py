"""Feeds for readers of feeds: RSS 2.0, Atom 1.0 and JSON Feed 1.1 of the same entries, as files.

Comes in: all that is published. Goes out: files under `feeds/`, byte-identical while nothing changed, so that ETag,
Last-Modified and 304 work on any static host. Which feeds there are says `docs/reference/feeds.md`.
"""

from collections.abc import Callable, Mapping, Sequence
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
    """One entry: what names its content, how to get it, and once made its item in every format and its moment."""

    key: str
    entry: Callable[[], Entry]
    items: dict[str, bytes] = field(default_factory=dict)
    updated: datetime = NEVER

    def make(self, place: Place) -> None:
        """Make the items, once; the entry itself is not kept."""
        if not self.items:
            entry = self.entry()
            self.items = {extension: item(entry, place) for extension, (item, _) in FORMATS.items()}
            self.updated = entry.updated


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
            entry = _Told(_digest(alert), partial(entry_of, alert, self.place, self.tongue))
            for path in topics(alert):
                by_feed.setdefault(path, []).append(entry)
            own = self.tongues(alert.language)
            if alert.language and own.language != self.tongue.language:
                translated = _Told(entry.key, partial(entry_of, alert, self.place, own))
                by_feed[topic("language", alert.language)][-1] = translated
        for feed in feeds(record.watchlist, alerts, self.place.name, self.tongue, self.tongues):
            self._lay_out(feed, by_feed.get(feed.path, []), shelf)
        self._lay_out(problems_feed(self.place.name, self.tongue), self._problems(record), shelf)
        return shelf.close()

    def _problems(self, record: Published) -> list[_Told]:
        entries = [
            entry
            for problem in record.problems
            for entry in problem_entries(problem, record.watchlist.page(problem.page), self.place, self.tongue)
        ]
        entries.sort(key=lambda entry: (entry.published, entry.id))
        return [_Told(_digest(entry), partial(_same, entry)) for entry in entries]

    def _lay_out(self, feed: Feed, entries: Sequence[_Told], shelf: Shelf) -> None:
        """Put every document of a feed; one with the same entries as last time is not made anew."""
        for leaf in leaves(feed.path, len(entries)):
            held = entries[leaf.first : leaf.last][::-1]
            key = self._key(feed, leaf.previous, held)
            for extension in FORMATS:
                made = self._made(extension, feed, leaf, held)
                shelf.put(f"{leaf.path}.{extension}", made, key=key)

    def _made(self, extension: str, feed: Feed, leaf: Leaf, held: Sequence[_Told]) -> Callable[[], bytes]:
        def document() -> bytes:
            for each in held:
                each.make(self.place)
            updated = max((each.updated for each in held), default=NEVER)
            sheet = Sheet(feed=feed, path=leaf.path, updated=updated, previous=leaf.previous)
            return FORMATS[extension][1](sheet, [each.items[extension] for each in held], self.place)

        return document

    def _key(self, feed: Feed, previous: str, held: Sequence[_Told]) -> str:
        named = encode((feed, previous, self.place, self.tongue.language, edition()))
        return blake2b(named + "".join(each.key for each in held).encode(), digest_size=16).hexdigest()


def _digest(source: Alert | Entry) -> str:
    return sha256(encode(source)).hexdigest()


def _same(entry: Entry) -> Entry:
    return entry
