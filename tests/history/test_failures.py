"""Recorded failures and variants of real pages: each capture is accepted or refused as a person did."""

from pathlib import Path

import pytest

from monitor.model.capture import RefusalReason
from tools.recognition import main, recorded_refusals, sorted_readings

DOCS = Path(__file__).resolve().parents[2] / "docs"
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


@pytest.mark.shared
def test_every_recorded_failure_is_refused_and_every_variant_of_the_page_accepted(corpus: Path) -> None:
    wrong = []

    for reading in sorted_readings(corpus / "failures-and-variants"):
        refusal = reading.refusal
        if (refusal is not None) != reading.failure or (refusal is not None and refusal.why not in WHY[reading.sort]):
            wrong.append((reading.file, reading.sort, refusal))

    assert wrong == []


@pytest.mark.shared
@pytest.mark.parametrize("name", RECORDINGS)
def test_no_good_capture_of_a_recording_is_refused(corpus: Path, name: str) -> None:
    refused = [index for index, refusal in enumerate(recorded_refusals(corpus / name)) if refusal is not None]

    assert refused == NOT_THE_PAGE.get(name, [])


@pytest.mark.shared
def test_the_tables_of_the_documentation_are_those_of_today(corpus: Path) -> None:
    assert main(corpus) in (DOCS / "how-it-works" / "recognition.md").read_text("utf-8")
