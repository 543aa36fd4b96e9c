"""What writing whole files under a root promises of a process that is killed at it, or told to end."""

from functools import partial
from pathlib import Path

import pytest

from monitor.model.errors import Stopping
from monitor.publish.files import Shelf

MANY = 520


def put(shelf: Shelf) -> list[int]:
    """Put many files, each named by the same key every time; return those that were made."""
    made: list[int] = []

    def maker(number: int) -> bytes:
        made.append(number)
        return b"lamp"

    for number in range(MANY):
        shelf.put(f"{number}.html", partial(maker, number), key="1")
    return made


def test_a_publication_that_is_killed_is_not_repeated_from_the_start(tmp_path: Path) -> None:
    put(Shelf(tmp_path, "site"))  # and killed: it was never closed

    made = put(Shelf(tmp_path, "site"))

    assert made == list(range(500, 520))


def test_what_a_killed_publication_wrote_is_removed_when_nobody_wants_it_any_more(tmp_path: Path) -> None:
    put(Shelf(tmp_path, "site"))

    changed = Shelf(tmp_path, "site").close()

    assert len(changed) == 500
    assert not (tmp_path / "0.html").exists()


def test_a_publication_that_is_told_to_end_stops_before_the_next_file_and_is_gone_on_with_from_there(
    tmp_path: Path,
) -> None:
    looks = iter([False] * 10)

    with pytest.raises(Stopping):
        put(Shelf(tmp_path, "site", lambda: next(looks, True)))

    assert len(list(tmp_path.glob("*.html"))) == 10
    assert put(Shelf(tmp_path, "site")) == list(range(10, 520))


def test_what_an_ended_publication_did_not_come_to_put_again_stays(tmp_path: Path) -> None:
    first = Shelf(tmp_path, "site")
    put(first)
    first.close()

    with pytest.raises(Stopping):
        put(Shelf(tmp_path, "site", lambda: True))

    assert len(list(tmp_path.glob("*.html"))) == 520
    assert put(Shelf(tmp_path, "site")) == []
