"""Recorded failures and variants of real pages: each capture is accepted or refused as a person did."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from monitor.extract import extract, surface
from monitor.model.capture import Capture, Refusal, RefusalReason
from monitor.model.document import BlockKind, Document
from monitor.model.finding import Normal
from monitor.model.page import Page, PageId, PageKind, Recipe
from monitor.recognise import recognise

WHY = {
    "edge_error": {RefusalReason.ERROR_PAGE},
    "app_error": {RefusalReason.ERROR_PAGE},
    "soft_error": {RefusalReason.ERROR_PAGE},
    "soft_error_long": {RefusalReason.ERROR_PAGE},
    "cookie_wall": {RefusalReason.CONSENT_WALL},
    "language_switch": {RefusalReason.WRONG_LANGUAGE},
    "redirect_interstitial": {RefusalReason.REDIRECT_PAGE},
    "other_document": {RefusalReason.OTHER_DOCUMENT},
}

# What people saw in recordings of pages that were otherwise good: only a title, only sub-headings, an error page.
NOT_THE_PAGE = {"pga-versions-instagram-privacy-policy": [37, 50, 52, 54, 57, 59, 61, 64, 66, 72]}
RECORDINGS = [
    "google-gemini-privacy-help",
    "meta-privacy-policy-printable",
    "openai-training-opt-out",
    "pga-versions-facebook-privacy-policy",
    "pga-versions-instagram-privacy-policy",
]


@dataclass
class Watch:
    """A page watched through its captures, remembering what was normal."""

    page: Page
    normal: Normal = Normal()

    def refusal(self, capture: Capture) -> Refusal | None:
        document = extract(capture, self.page.recipe)
        refusal = recognise(self.page, capture, document, surface(capture, self.page.present), self.normal)
        if refusal is None:
            self.normal = _normal(document)
        return refusal


def _normal(document: Document) -> Normal:
    headings = tuple(block.text for block in document.blocks if block.kind is BlockKind.HEADING)
    return Normal(
        chars=document.chars,
        language=document.language,
        title=document.title,
        dropped_chars=document.dropped_chars,
        headings=headings,
    )


def _capture(path: Path, row: dict[str, str], at: str) -> Capture:
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


@pytest.mark.shared
def test_every_recorded_failure_is_refused_and_every_variant_of_the_page_accepted(corpus: Path) -> None:
    folder = corpus / "failures-and-variants"
    watches: dict[str, Watch] = {}
    wrong = []

    for row in json.loads((folder / "index.json").read_text()):
        watch = watches.setdefault(row["group"], Watch(_page(row["group"], row["url"], Recipe())))
        refusal = watch.refusal(_capture(folder / row["file"], row, row["fetched_at"]))
        if (refusal is not None) != (row["expect"] == "reject"):
            wrong.append((row["file"], row["what"], refusal))
        elif refusal is not None and refusal.why not in WHY[row["cls"]]:
            wrong.append((row["file"], row["cls"], refusal))

    assert wrong == []


@pytest.mark.shared
@pytest.mark.parametrize("name", RECORDINGS)
def test_no_good_capture_of_a_recording_is_refused(corpus: Path, name: str) -> None:
    folder = corpus / name
    recording = json.loads((folder / "recording.json").read_text())
    recipe = recording["page"].get("recipe", {})
    page = _page(name, recording["page"]["url"], Recipe(tuple(recipe.get("select", ())), tuple(recipe.get("drop", ()))))
    watch = Watch(page)

    refused = [
        index
        for index, row in enumerate(recording["captures"])
        if watch.refusal(_capture(folder / row["file"], row, row["at"])) is not None
    ]

    assert refused == NOT_THE_PAGE.get(name, [])
