"""What publication promises on a full disk: one sentence, readers see what stood there, and it goes on with room."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from monitor.model.errors import PublishError
from monitor.publish.files import replaced
from tests.contract.reading import contents, write
from tests.published import alert, published


@contextmanager
def full(room_bytes: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes: what a full disk says, without filling one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_the_error_names_the_file_what_the_disk_said_and_what_to_do(tmp_path: Path) -> None:
    with full(1_000), pytest.raises(PublishError) as told:
        write(tmp_path, published(alert(1)))

    path = Path(told.value.where)
    assert path.is_relative_to(tmp_path)
    assert str(told.value) == (
        f"{path} cannot be written (File too large): make room, or make the place writable; readers see what stood "
        "there before, and it is tried again with the next publication"
    )


def test_what_stood_there_stays_and_nothing_half_written_takes_room(tmp_path: Path) -> None:
    write(tmp_path, published(alert(1)))
    before = contents(tmp_path)

    with full(1_000), pytest.raises(PublishError):
        write(tmp_path, published(alert(1), alert(2)))

    after = contents(tmp_path)
    assert {path: after.get(path) for path in before} == before
    assert not list(tmp_path.rglob("*.new"))


def test_with_room_again_everything_is_as_if_the_disk_had_never_been_full(tmp_path: Path) -> None:
    write(tmp_path / "never", published(alert(1), alert(2)))
    write(tmp_path / "once", published(alert(1)))
    with full(1_000), pytest.raises(PublishError):
        write(tmp_path / "once", published(alert(1), alert(2)))

    write(tmp_path / "once", published(alert(1), alert(2)))

    assert contents(tmp_path / "once") == contents(tmp_path / "never")


def test_a_folder_whose_place_a_file_has_taken_is_named(tmp_path: Path) -> None:
    (tmp_path / "public").write_text("mine")

    with pytest.raises(PublishError, match=r"public/\S+ cannot be written \((File exists|Not a directory)\)"):
        write(tmp_path / "public", published(alert(1)))

    assert (tmp_path / "public").read_text() == "mine"


def test_a_file_that_could_not_be_written_whole_leaves_the_old_one(tmp_path: Path) -> None:
    replaced(tmp_path / "page.html", b"old")

    with full(10), pytest.raises(OSError, match="too large"):
        replaced(tmp_path / "page.html", b"a new and longer one")

    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]
