"""What the store promises when two processes come to it: one waits, or is told who holds it; nothing is lost."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from monitor.model.errors import StoreBusy
from monitor.model.page import PageId
from monitor.store import Store, open_store
from tests.contract.store_process import CHECKS
from tests.contract.stored import PAGE, alert, check, checked, finding

ROOT = Path(__file__).resolve().parents[2]


def process(do: str, folder: Path, address: str, name: str = "other") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.contract.store_process", do, str(folder), address, name]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


@contextmanager
def held_by_another(do: str, folder: Path, address: str) -> Iterator[int]:
    with process(do, folder, address) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n", other.communicate()
        yield other.pid
        other.communicate("")


def sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'state' / 'monitor.db'}"


def opened(folder: Path) -> Store:
    return open_store(
        snapshots=folder / "snapshots",
        database=sqlite(folder),
        lock=folder / "state" / "lock",
        patience_seconds=0.0,
        wait_seconds=0.1,
    )


def test_two_processes_of_fifty_checks_each_lose_nothing(
    store: Store, address: str, another: Callable[[], Store], tmp_path: Path
) -> None:
    workers = [process("work", tmp_path, address, name) for name in ("one", "two")]

    ends = [worker.communicate(timeout=120) for worker in workers]

    assert [(worker.returncode, error) for worker, (_, error) in zip(workers, ends, strict=True)] == [(0, ""), (0, "")]
    fresh = another()
    assert list(fresh.evidence.verify()) == []
    assert len(list(fresh.evidence.captures(PageId("one")))) == CHECKS // 2
    assert len(list(fresh.evidence.captures(PageId("shared")))) == CHECKS // 2
    assert len(fresh.journal.versions()) == 3 * CHECKS // 2
    assert len(fresh.journal.checks(PageId("shared"), newest=1_000)) == CHECKS // 2
    ids = [each.id for each in fresh.desk.alerts()]
    assert (len(ids), len(set(ids))) == (3 * CHECKS // 2, 3 * CHECKS // 2)
    ledgers = (tmp_path / "snapshots" / "ledger").glob("*.jsonl")
    written = [line for ledger in ledgers for line in ledger.read_text("utf-8").splitlines()]
    assert sum(json.loads(line)["kind"] == "capture" for line in written) == 3 * CHECKS // 2


def test_of_two_maintainers_who_decide_at_once_one_is_first_and_the_other_is_told(
    store: Store, address: str, tmp_path: Path
) -> None:
    ids = [f"a{number:02}" for number in range(CHECKS)]
    store.journal.record(PAGE, check(), finding(), [alert(each) for each in ids])
    maintainers = [process("decide", tmp_path, address, name) for name in ("ada", "bob")]
    for each in maintainers:
        assert each.stdout is not None
        assert each.stdout.readline() == "read\n"
    for each in maintainers:
        assert each.stdin is not None
        each.stdin.write("decide\n")
        each.stdin.flush()

    ends = [each.communicate(timeout=60) for each in maintainers]

    said = [out.splitlines() for out, _ in ends]
    assert [error for _, error in ends] == ["", ""]
    assert sorted(line.split()[1] for lines in said for line in lines if line.startswith("first")) == ids
    for lines, first in zip(said, ("bob", "ada"), strict=True):
        seconds = [line for line in lines if line.startswith("second")]
        assert all(f"({first} decided so at 2026-02-25 12:00 UTC: seen)" in line for line in seconds)
    assert [len(store.desk.reviews(each)) for each in ids] == [1] * CHECKS


def test_a_second_process_is_told_who_holds_the_store(tmp_path: Path) -> None:
    store = opened(tmp_path)

    with (
        held_by_another("hold", tmp_path, sqlite(tmp_path)) as pid,
        pytest.raises(
            StoreBusy, match=rf"state is in use by process {pid} on .* \(store_process.py hold .*\): stop it"
        ),
        store.writing(),
    ):
        pass

    with store.writing():
        assert "process" in store.lock.holder()
    store.close()


def test_a_process_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path)
    other = process("hold", tmp_path, sqlite(tmp_path))
    assert other.stdout is not None
    other.stdout.readline()

    other.kill()
    other.communicate()

    with store.writing():
        checked(store, 1)
    store.close()


def test_a_transaction_that_does_not_end_is_told_with_its_holder(tmp_path: Path) -> None:
    store = opened(tmp_path)
    checked(store, 1)

    with (
        held_by_another("write", tmp_path, sqlite(tmp_path)) as pid,
        pytest.raises(StoreBusy, match=f"monitor.db is in use by process {pid} on "),
    ):
        store.journal.missed(store.journal.checks(PAGE.id, newest=1)[0])

    store.close()


def test_others_read_while_one_writes(tmp_path: Path) -> None:
    store = opened(tmp_path)
    checked(store, 1)

    with held_by_another("write", tmp_path, sqlite(tmp_path)):
        assert len(store.journal.versions()) == 1
        assert len(list(store.evidence.captures(PAGE.id))) == 1

    store.close()


def test_one_process_may_hold_the_store_twice(tmp_path: Path) -> None:
    store = opened(tmp_path)

    with store.writing(), store.writing():
        checked(store, 1)

    assert not (tmp_path / "state" / "lock.holder.json").exists()
    store.close()
