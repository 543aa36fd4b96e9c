"""What the store promises on a full disk: a clear error, nothing lost of what was kept, and it goes on with room."""

import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.model.errors import StoreFull
from monitor.store import Store, open_store
from tests.contract.stored import PAGE, alert, capture, check, checked, finding

MOST = 4_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of three megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def opened(snapshots: Path, state: Path) -> Store:
    return open_store(
        snapshots=snapshots, database=f"sqlite:///{state / 'monitor.db'}", lock=state / "lock", wait_seconds=1.0
    )


def unpackable(number: int) -> bytes:
    """Return bytes that do not get smaller by packing."""
    return b"".join((number * 1_000 + part).to_bytes(8, "big") + os.urandom(24) for part in range(60))


def kept_until_full(store: Store) -> int:
    """Keep ever new captures until there is no room; return how many were kept."""
    for number in range(MOST):
        try:
            store.evidence.keep(replace(capture(number), body=unpackable(number)))
        except StoreFull:
            return number
    pytest.fail("the disk never got full")


def test_a_full_disk_loses_no_capture(small_disk: Path, tmp_path: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(500_000))
    store = opened(small_disk / "snapshots", tmp_path / "state")
    number = kept_until_full(store)

    assert list(store.evidence.verify()) == []
    assert len(list(store.evidence.captures(PAGE.id))) == number
    ballast.unlink()
    store.evidence.keep(capture(number))

    assert len(list(store.evidence.captures(PAGE.id))) == number + 1
    assert list(store.evidence.verify()) == []
    assert [path for path in small_disk.rglob(".*.warc.gz.*") if path.is_file()] == []
    store.close()


def test_a_full_disk_under_the_database_undoes_the_whole_record(small_disk: Path, tmp_path: Path) -> None:
    ballast = small_disk / "ballast"
    store = opened(tmp_path / "snapshots", small_disk)
    checked(store, 0)
    with pytest.raises(OSError, match="No space left"), ballast.open("wb") as file:
        file.write(bytes(4_000_000))
    big = finding("x" + os.urandom(120_000).hex(), capture(1).at)

    with pytest.raises(StoreFull, match=r"monitor.db cannot be written"):
        store.journal.record(PAGE, check(capture(1).at), big, [alert()])

    assert (len(store.journal.versions()), store.desk.alerts()) == (1, ())
    assert len(store.journal.checks(PAGE.id, newest=10)) == 1
    ballast.unlink()
    store.journal.record(PAGE, check(capture(1).at), big, [alert()])
    assert (len(store.journal.versions()), len(store.desk.alerts())) == (2, 1)
    assert store.journal.history(PAGE.id, "rules-1") == big.history
    store.close()


def test_a_file_that_may_not_grow_is_told_and_loses_nothing(tmp_path: Path) -> None:
    """The same without a disk of one's own: the system refuses to let any file of a child grow beyond a size."""
    child = os.fork()
    if child == 0:
        os._exit(_filled_up(tmp_path))
    _, status = os.waitpid(child, 0)
    store = opened(tmp_path / "snapshots", tmp_path / "state")

    found = len(list(store.evidence.captures(PAGE.id)))

    assert os.waitstatus_to_exitcode(status) == 0
    assert found > 10
    assert list(store.evidence.verify()) == []
    store.evidence.keep(capture(MOST))
    assert len(list(store.evidence.captures(PAGE.id))) == found + 1
    store.close()


def _filled_up(folder: Path) -> int:
    """Keep until a file may not grow, and return 0 when that was told as it must be and what was kept is there."""
    store = opened(folder / "snapshots", folder / "state")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    for number in range(MOST):
        try:
            store.evidence.keep(capture(number))
        except StoreFull as error:
            told = "ledger cannot be written (File too large)" in str(error)
            return 0 if told and len(list(store.evidence.captures(PAGE.id))) == number else 1
    return 2
