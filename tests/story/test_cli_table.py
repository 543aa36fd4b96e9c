"""Tables fit the width there is: narrow columns keep theirs, wide cells are folded; and one of a thing is not many."""

import pytest

from monitor.cli import say


def test_a_table_says_rows_under_headings(capsys: pytest.CaptureFixture[str]) -> None:
    say.table(("page", "outcome"), [("policy", "first"), ("007", "quiet")])

    assert capsys.readouterr().out == "page    outcome\n------  ---------\npolicy  first\n007     quiet\n"


def test_a_table_without_rows_says_its_headings(capsys: pytest.CaptureFixture[str]) -> None:
    say.table(("page", "outcome"), [])

    assert capsys.readouterr().out == "page    outcome\n------  ---------\n"


def test_a_cell_too_wide_for_the_room_is_folded_and_loses_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    say.table(("page", "detail"), [("policy", "x" * 300)])

    said = capsys.readouterr().out.splitlines()
    assert [len(line) <= say.PIPE_WIDTH for line in said] == [True] * len(said)
    assert sum(line.count("x") for line in said) == 300


@pytest.mark.parametrize(
    ("widths", "room", "fitting"),
    [
        ((6, 5, 40), 80, (6, 5, 40)),
        ((6, 5, 400), 80, (6, 5, 69)),
        ((6, 200, 300), 80, (6, 37, 37)),
        ((300, 6, 200), 81, (38, 6, 37)),
        ((9, 9, 9), 2, (1, 1, 1)),
    ],
)
def test_the_widest_columns_share_what_the_narrow_ones_leave(
    widths: tuple[int, ...], room: int, fitting: tuple[int, ...]
) -> None:
    assert say.folded(widths, room) == fitting


def test_one_of_a_thing_is_said_as_one() -> None:
    assert [say.counted(count, "page") for count in (0, 1, 2, 1200)] == ["0 pages", "1 page", "2 pages", "1,200 pages"]
