"""The bundled story: which days are told, which are kept quiet, and that it leaves the same behind every time."""

from hashlib import sha256
from pathlib import Path
from socket import socket

import feedparser
import pytest
import requests

from monitor.demo import Ended, NoFolder, NotOurFolder, demo, serving
from monitor.model.status import Outcome

TOLD = [
    ("03-05", "murmel-policy", "text on the right to object was reworded in “Object”"),
    ("03-06", "murmel-help", "a step was added in “How to object”"),
    ("03-08", "murmel-policy", "the link “object to” now leads to another address"),
    ("03-09", "murmel-form", "the form field “How does this use affect you?” is now required"),
    ("03-10", "murmel-ai", "text on the right to object was added in “What Murmel AI learns from”"),
    (
        "03-13",
        "murmel-policy",
        "an entry on data used for AI was removed in “For everybody, also under the age of majority”",
    ),
]
KEPT_QUIET = [
    ("03-07", "murmel-help", Outcome.REFUSED, "login-wall"),
    ("03-11", "murmel-help", Outcome.QUIET, "the text returned to one seen before"),
    ("03-12", "murmel-help", Outcome.QUIET, "the text returned to one seen before"),
    ("03-13", "murmel-ai", Outcome.REFUSED, "error-page"),
    ("03-14", "murmel-policy", Outcome.HELD, "blocks went together"),
    ("03-15", "murmel-policy", Outcome.QUIET, "changed, but nothing about the way out"),
    ("03-16", "murmel-ai", Outcome.REFUSED, "consent-wall"),
]


@pytest.fixture(scope="module")
def port() -> int:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory, port: int) -> Ended:
    return demo(tmp_path_factory.mktemp("story") / "demo", port=port)


def test_the_days_that_matter_are_told_and_no_other(ended: Ended) -> None:
    told = [(f"{line.at:%m-%d}", line.page, line.why.partition(": ")[2]) for line in ended.lines if line.told]

    assert told == TOLD


@pytest.mark.parametrize(("day", "page", "outcome", "why"), KEPT_QUIET)
def test_the_rest_is_kept_quiet_with_its_reason(ended: Ended, day: str, page: str, outcome: Outcome, why: str) -> None:
    lines = [line for line in ended.lines if f"{line.at:%m-%d}" == day and line.page == page and not line.told]

    assert any(line.outcome is outcome and why in line.why for line in lines)


def test_a_feed_reader_finds_each_alert_once(ended: Ended) -> None:
    entries = feedparser.parse((ended.public / "feeds" / "all.atom").read_bytes()).entries

    assert len({entry.id for entry in entries}) == len(entries) == len(TOLD)


def test_each_alert_is_mailed_once(ended: Ended) -> None:
    mails = sorted(ended.outbox.glob("*.eml"))

    assert len(mails) == len(TOLD)


def test_playing_it_twice_leaves_the_same_public_files(ended: Ended, tmp_path: Path, port: int) -> None:
    again = demo(tmp_path / "demo", port=port)

    assert _names(again.public) == _names(ended.public)


def test_what_it_made_is_served_on_loopback_for_as_long_as_asked(ended: Ended) -> None:
    with serving(ended.public) as address:
        feed = requests.get(f"{address}feeds/all.atom", timeout=10)

    assert address.startswith("http://127.0.0.1:")
    assert feed.content == (ended.public / "feeds" / "all.atom").read_bytes()
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=10)


def test_a_folder_that_the_demo_did_not_make_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")

    with pytest.raises(NotOurFolder, match="was not made by the demo"):
        demo(tmp_path)

    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")

    with pytest.raises(NoFolder, match=r"taken/demo cannot be made \(Not a directory\): .* with --to"):
        demo(tmp_path / "taken" / "demo")


def _names(folder: Path) -> dict[str, str]:
    """Return every file by name with the hash of its bytes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}
