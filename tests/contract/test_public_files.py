"""What writing whole files under a root promises of a process that is killed at it."""

from functools import partial
from pathlib import Path

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
