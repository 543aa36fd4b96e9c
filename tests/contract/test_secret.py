"""The secret of an installation: made once, for its owner alone, and never replaced in silence."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from monitor.model.errors import StoreDamaged
from monitor.store.secret import secret_at


def test_the_first_call_makes_it_and_every_later_one_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "keys.secret"

    first, second = secret_at(path), secret_at(path)

    assert first == second
    assert len(first) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["keys.secret"]


def test_several_that_make_it_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(secret_at, [tmp_path / "keys.secret"] * 16))

    assert len(found) == 1


def test_another_file_in_its_place_is_an_error_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "keys.secret"
    path.write_text("short")

    with pytest.raises(StoreDamaged, match=r"keys\.secret: expected 32 bytes, found 5"):
        secret_at(path)

    assert path.read_text() == "short"
