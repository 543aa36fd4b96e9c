"""Every word of every quote stands in its captures: on recorded pages, `verify` cries no wolf over a sound pack."""

from pathlib import Path

import pytest

from monitor.assess import alerts_of, assess, rules
from monitor.fetch.recorded import read_recording
from monitor.model.finding import History
from monitor.store.packs import lost_words
from tests.fakes import lexicons

RECORDINGS = {
    "pga-versions-instagram-privacy-policy": 40,
    "openai-training-opt-out": 1,
    "meta-privacy-policy-printable": 10,
}


@pytest.mark.shared
@pytest.mark.parametrize(("name", "least"), RECORDINGS.items())
def test_every_word_of_every_quote_stands_in_its_captures(corpus: Path, name: str, least: int) -> None:
    page, captures = read_recording(corpus / name)
    history, seen, checked = History(rules=rules(page, lexicons())), {}, 0

    for capture in captures:
        seen[capture.digest] = capture
        finding = assess(page, history, capture, lexicons())
        history = finding.history
        for alert in alerts_of(page, finding):
            proof, quotes = alert.evidence, alert.quotes
            assert lost_words(seen[proof.before], [quote.before for quote in quotes]) == ()
            assert lost_words(seen[proof.after], [quote.after for quote in quotes]) == ()
            checked += len(quotes)

    assert checked >= least
