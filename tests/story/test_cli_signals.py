"""`signals` over a real store and a feed on loopback, as a person would use it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.installed import Installed, installed

OLD = "<item><guid>1</guid><title>Lamps are on sale</title></item>"
NEWS = (
    "<item><guid>2</guid><title>&#x202e;Lumen will train its AI models on posts</title>"
    "<link>https://board.example/2</link></item>"
)


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Installed]:
    """Return an installation whose feed was read once, and whose lines of the digest wait for a maintainer."""
    with installed(tmp_path / "lumen", capsys, monkeypatch) as made:
        with (made.folder / "watchlist.yaml").open("a", encoding="utf-8") as file:
            file.write(f"feeds:\n  - {{id: board, title: Board, url: '{made.url}/board', publish: review}}\n")
        says(made, OLD)
        assert made.ran("signals", "--read").code == 0
        yield made


def says(house: Installed, *items: str) -> None:
    house.serve(f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>".encode(), "board")


def test_nothing_is_listed_before_anything_was_signalled(house: Installed) -> None:
    assert house.ran("signals").out == "No signal so far.\n"


def test_a_signal_is_listed_with_the_words_that_counted_and_what_a_terminal_obeys_taken_out(house: Installed) -> None:
    says(house, NEWS, OLD)

    read = house.ran("signals", "--read")

    assert read.code == 0
    assert read.out.splitlines()[2].split()[:2] == ["board", "news"]
    assert "pending: Board: an entry speaks of data used for AI" in read.out
    assert "Lumen will train its AI models on posts" in read.out
    assert "https://board.example/2" in read.out
    assert "\u202e" not in read.out


def test_machines_get_one_object_a_signal_and_people_decide_about_it(house: Installed) -> None:
    says(house, NEWS, OLD)

    (row,) = house.ran("signals", "--read", "--json").objects
    shown = house.ran("review", "show", row["id"])
    published = house.ran("review", "publish", row["id"], "--by", "ada", "--reason", "seen")
    changes = house.ran("changes", "--page", "board", "--json").objects

    assert (row["feed"], row["state"], row["service"]) == ("board", "pending", "lumen")
    assert row["quotes"] == ["Lumen will train its AI models on posts"]
    assert {"rule": "cue:train-models", "cue": "train"} in row["reasons"]
    assert (shown.code, published.code) == (0, 0)
    assert [each["id"] for each in changes] == [row["id"]]


def test_a_feed_that_cannot_be_read_exits_3_and_an_unknown_one_names_the_nearest(house: Installed) -> None:
    house.serve(b"<html><body>Please log in</body></html>", "board")

    broken = house.ran("signals", "board", "--read")
    unknown = house.ran("signals", "bord")

    assert broken.code == 3
    assert "malformed feed: not a feed" in broken.out
    assert (unknown.code, unknown.err) == (1, "no feed 'bord' in the watchlist (did you mean 'board'?)\n")
