"""What a place for captures promises: a folder, another file system, and an object store out of a wheel."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from monitor.model.errors import StoreDamaged, StoreError
from monitor.store import Store, open_store
from monitor.store.shelf import FolderShelf, RemoteShelf, Shelf, Shelves, shelf_of
from tests.contract.stored import PAGE, capture, checked

HOW = "pip install 'optout-monitor[s3]' 'moto[s3]' flask flask-cors"
NAME = "murmel-policy/captures/2026/02/one.warc.gz"


@pytest.fixture(scope="session")
def object_store() -> Iterator[str]:
    """Return the address of a bucket on loopback that speaks as S3 does."""
    pytest.importorskip("s3fs", reason=HOW)
    server = pytest.importorskip("moto.server", reason=HOW).ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    told = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    from fsspec.core import url_to_fs

    files, _ = url_to_fs("s3://murmel")
    files.call_s3("create_bucket", Bucket="murmel", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    yield "s3://murmel"
    server.stop()
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})


@pytest.fixture(params=["file", "memory", "s3"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return an address with nothing at it."""
    pytest.importorskip("fsspec", reason=HOW)
    match request.param:
        case "file":
            return f"file://{tmp_path / 'elsewhere'}"
        case "memory":
            return f"memory://{uuid4().hex}"
        case _:
            return f"{request.getfixturevalue('object_store')}/{uuid4().hex}"


@pytest.fixture
def shelf(elsewhere: str) -> Shelf:
    return RemoteShelf(elsewhere)


def test_what_is_written_is_read(shelf: Shelf) -> None:
    shelf.write(NAME, b"bytes")

    assert shelf.holds(NAME)
    assert shelf.read(NAME) == b"bytes"
    assert shelf.size_bytes(NAME) == 5


def test_what_was_never_written_is_not_there(shelf: Shelf) -> None:
    assert not shelf.holds(NAME)
    assert shelf.size_bytes(NAME) == 0
    with pytest.raises(StoreDamaged, match="the file is missing"):
        shelf.read(NAME)


def test_what_one_machine_writes_another_one_sees(elsewhere: str) -> None:
    one, other = RemoteShelf(elsewhere), RemoteShelf(elsewhere)
    assert not other.holds(NAME)

    one.write(NAME, b"bytes")

    assert other.read(NAME) == b"bytes"


def test_the_same_bytes_may_be_written_twice_and_others_never(shelf: Shelf) -> None:
    shelf.write(NAME, b"bytes")

    shelf.write(NAME, b"bytes")

    with pytest.raises(StoreDamaged, match="another file stands"):
        shelf.write(NAME, b"others")
    assert shelf.read(NAME) == b"bytes"


def test_what_is_removed_is_gone_and_may_be_removed_again(shelf: Shelf) -> None:
    shelf.write(NAME, b"bytes")

    shelf.remove(NAME)
    shelf.remove(NAME)

    assert not shelf.holds(NAME)


def test_an_address_of_no_kind_that_is_known_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nowhere://murmel cannot be reached"):
        shelf_of(tmp_path, "nowhere://murmel")


def test_captures_go_elsewhere_and_everything_else_stays_in_the_folder(tmp_path: Path) -> None:
    both = Shelves(FolderShelf(tmp_path / "captures"), FolderShelf(tmp_path / "here"))

    both.write(NAME, b"capture")
    both.write("ledger/stamps/one.tsr", b"stamp")

    assert (tmp_path / "captures" / NAME).read_bytes() == b"capture"
    assert (tmp_path / "here" / "ledger" / "stamps" / "one.tsr").read_bytes() == b"stamp"


@pytest.fixture
def store(elsewhere: str, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    opened: list[Store] = []

    def again() -> Store:
        opened.append(
            open_store(
                snapshots=tmp_path / "snapshots",
                database=f"sqlite:///{tmp_path / 'state' / 'monitor.db'}",
                lock=tmp_path / "state" / "lock",
                captures=elsewhere,
            )
        )
        return opened[-1]

    yield again
    for each in opened:
        each.close()


def test_a_whole_check_is_kept_and_verified_with_its_captures_elsewhere(
    store: Callable[[], Store], tmp_path: Path
) -> None:
    one = store()
    checked(one, 1)
    checked(one, 2)

    fresh = store()

    assert [each.body for each in fresh.evidence.captures(PAGE.id)] == [capture(1).body, capture(2).body]
    assert list(fresh.evidence.verify()) == []
    assert sorted(path.name for path in (tmp_path / "snapshots" / PAGE.id).iterdir()) == ["procedure.yaml", "text.md"]


def test_a_capture_that_was_taken_away_elsewhere_is_found_by_verify(store: Callable[[], Store], elsewhere: str) -> None:
    one = store()
    checked(one, 1)
    file = next(iter(one.evidence.ledger.lines())).data.decode().split('"file":"')[1].split('"')[0]

    RemoteShelf(elsewhere).remove(file)

    assert [damage.split(": ")[1].split(" (")[0] for damage in one.evidence.verify()] == ["is missing"]


def test_many_threads_may_write_at_once(shelf: Shelf) -> None:
    threads = [threading.Thread(target=shelf.write, args=(f"p/captures/2026/02/{number}", b"x")) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(shelf.holds(f"p/captures/2026/02/{number}") for number in range(8))
