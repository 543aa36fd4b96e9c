"""The static site: how to opt out today, every change, every watched page, and all of it as data.

Comes in: all that is published. Goes out: whole files under `public/`, relative links inside, nothing from elsewhere,
no script but on the page that searches. It is as deterministic as the feeds: the same record gives the same bytes.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias

from monitor.ports import Published
from monitor.publish.evidence import put_evidence
from monitor.publish.files import Shelf
from monitor.publish.pages import Edition, Printer, assets, printer
from monitor.publish.site_pages import content_of, key_of, missing_page, pages_of
from monitor.render.exports import changes_json, procedures_json, retold_json
from monitor.render.place import Place
from monitor.render.sitemap import MOST_ADDRESSES, robots, sitemap
from monitor.render.tongue import ENGLISH

Address: TypeAlias = tuple[str, datetime | None]  # the path of a page, and when it last changed

# JSON Schemas of the data for other programs; docs/reference/ holds the same files.
SCHEMAS = ("changes.schema.json", "procedures.schema.json", "evidence.schema.json")
ENGLISH_EDITION = Edition(tongue=ENGLISH)


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePublisher:
    """Writes the site under `root`, in every language of `editions`; `place` is where it will be read from."""

    root: Path
    place: Place
    editions: tuple[Edition, ...] = (ENGLISH_EDITION,)

    def __call__(self, record: Published) -> tuple[str, ...]:
        """Write what must be written; return the paths that changed, relative to the root."""
        shelf = Shelf(self.root, "site", record.stopping)
        printers = self._printers(shelf)
        content = content_of(record, self.place, put_evidence(record, self.place, shelf))
        addresses: list[Address] = []
        for each in printers:
            if each.edition.folder:
                retold = partial(retold_json, record.alerts, each.edition.tongue)
                shelf.put(f"{each.edition.folder}retold.json", retold, key=key_of(each, *content.named.values()))
            for page in pages_of(content, each):
                shelf.put(f"{each.edition.folder}{page.path}index.html", page.made, key=page.key)
                if len(addresses) < MOST_ADDRESSES:
                    addresses.append((each.edition.folder + page.path, page.changed))
        shelf.put("404.html", partial(missing_page, content, printers[0]))
        self._data(record, addresses, shelf)
        return shelf.close()

    def _printers(self, shelf: Shelf) -> list[Printer]:
        """Put the site's own files and return what makes the pages of each edition."""
        own = assets()
        for path, content in own.values():
            shelf.put(path, partial(bytes, content))
        paths = {name: path for name, (path, _) in own.items()}
        return [printer(self.place, edition, self.editions, paths) for edition in self.editions]

    def _data(self, record: Published, addresses: list[Address], shelf: Shelf) -> None:
        shelf.put("changes.json", lambda: changes_json(record.alerts, self.place))
        shelf.put("procedures.json", lambda: procedures_json(record.watchlist, record.standings, self.place))
        for name in SCHEMAS:
            shelf.put(name, (files("monitor.publish") / "schemas" / name).read_bytes)
        shelf.put("sitemap.xml", lambda: sitemap(addresses, self.place))
        shelf.put("robots.txt", lambda: robots(self.place))
