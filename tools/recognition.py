"""Show what recorded captures are taken for: walls and errors by kind, and the good captures of every recording.

python tools/recognition.py CORPUS    print the tables of docs/how-it-works/recognition.md for a folder of recordings

A folder with `index.json` holds single captures that a person sorted (`cls`, `expect`); one with `recording.json` holds
the captures of one page in time order. Pages are watched through their captures as the program does it: what was
accepted last is what is normal.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from monitor.extract import extract, surface
from monitor.model.capture import Capture, Refusal
from monitor.model.document import BlockKind, Document
from monitor.model.finding import Normal
from monitor.model.page import Page, PageId, PageKind, Recipe
from monitor.recognise import recognise

# What a person called the single captures, in words.
CLASSES: Mapping[str, str] = {
    "edge_error": "error page of the host's outer servers",
    "app_error": "error page of the application, with status 200",
    "soft_error": "page that says it is not available",
    "soft_error_long": "the same within a long page",
    "cookie_wall": "consent wall",
    "language_switch": "another language",
    "redirect_interstitial": "page that leads elsewhere",
    "other_document": "another document at the address",
    "ok": "the page",
    "cookie_dialog": "the page under a cookie dialog",
    "layout_variant": "the page in another layout",
    "hidden_duplicate": "the page with a hidden copy of itself",
    "small_bytes": "the page in far fewer bytes",
}


@dataclass(slots=True)
class Watch:
    """A page watched through its captures, remembering what was normal."""

    page: Page
    normal: Normal = field(default_factory=Normal)

    def refusal(self, capture: Capture) -> Refusal | None:
        """Return why a capture is not the page, or None when it is."""
        document = extract(capture, self.page.recipe)
        refusal = recognise(self.page, capture, document, surface(capture, self.page.present), self.normal)
        if refusal is None:
            self.normal = _normal(document)
        return refusal


@dataclass(frozen=True, slots=True)
class Reading:
    """One sorted capture: its file, its class, whether it is to be refused, and how it was read."""

    file: str
    sort: str
    failure: bool
    refusal: Refusal | None


def sorted_readings(folder: Path) -> Iterator[Reading]:
    """Yield how each capture of a folder with `index.json` is read, in its order."""
    watches: dict[str, Watch] = {}
    for row in json.loads((folder / "index.json").read_text("utf-8")):
        watch = watches.setdefault(row["group"], Watch(_page(row["group"], row["url"], Recipe())))
        refusal = watch.refusal(_capture(folder / row["file"], row, row["fetched_at"]))
        yield Reading(row["file"], row["cls"], row["expect"] == "reject", refusal)


@cache
def recorded_refusals(folder: Path) -> tuple[Refusal | None, ...]:
    """Return how each capture of a recording is read, in its order; None is accepted."""
    recording = json.loads((folder / "recording.json").read_text("utf-8"))
    recipe = recording["page"].get("recipe", {})
    chosen = Recipe(tuple(recipe.get("select", ())), tuple(recipe.get("drop", ())))
    watch = Watch(_page(folder.name, recording["page"]["url"], chosen))
    return tuple(watch.refusal(_capture(folder / row["file"], row, row["at"])) for row in recording["captures"])


def main(corpus: Path) -> str:
    """Return both tables as Markdown."""
    single = [reading for path in sorted(corpus.glob("*/index.json")) for reading in sorted_readings(path.parent)]
    rows = [_row(name, [each for each in single if each.sort == sort]) for sort, name in CLASSES.items()]
    tables = ["| What a person saw | Captures | Read as |", "| --- | --- | --- |", *filter(None, rows), ""]
    tables += ["| Recording | Captures | Refused | Read as |", "| --- | --- | --- | --- |"]
    for path in sorted(corpus.glob("*/recording.json")):
        refusals = recorded_refusals(path.parent)
        refused = Counter(refusal.why.value for refusal in refusals if refusal)
        tables.append(f"| {path.parent.name} | {len(refusals)} | {refused.total()} | {_counted(refused)} |")
    return "\n".join(tables)


def _row(name: str, readings: list[Reading]) -> str:
    if not readings:
        return ""
    read = Counter(reading.refusal.why.value if reading.refusal else "accepted" for reading in readings)
    return f"| {name} | {len(readings)} | {_counted(read)} |"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"`{name}` {count}" for name, count in counts.most_common()) or "all accepted"


def _normal(document: Document) -> Normal:
    headings = tuple(block.text for block in document.blocks if block.kind is BlockKind.HEADING)
    return Normal(
        chars=document.chars,
        language=document.language,
        title=document.title,
        dropped_chars=document.dropped_chars,
        headings=headings,
    )


def _capture(path: Path, row: Mapping[str, str], at: str) -> Capture:
    kind = row.get("content_type", "text/html; charset=utf-8")
    return Capture(
        page=PageId(path.parent.name),
        url=row["url"],
        at=datetime.fromisoformat(at),
        body=path.read_bytes(),
        headers=(("content-type", kind),),
    )


def _page(id: str, url: str, recipe: Recipe) -> Page:
    return Page(id=PageId(id), url=url, kind=PageKind.POLICY, language="en", recipe=recipe)


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1]))}\n")
