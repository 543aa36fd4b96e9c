"""What the ledger promises: a chain that cannot be changed unseen, and that outlives crashes and full disks."""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from monitor.model.capture import Capture
from monitor.model.errors import StoreFull
from monitor.model.page import PageId
from monitor.store import Store, open_store
from monitor.store.ledger import Ledger

JANUARY = datetime(2026, 1, 30, 12, tzinfo=UTC)
PAGE = PageId("murmel-policy")


def capture(number: int) -> Capture:
    """Return one of a series of captures, a day apart; each third has the bytes of the first."""
    body = b"the same again" if number % 3 == 0 else f"text {number}, long enough to be packed".encode() * 20
    return Capture(page=PAGE, url="https://murmel.example/", at=JANUARY + number * timedelta(days=1), body=body)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(
        snapshots=tmp_path / "snapshots", database=f"sqlite:///{tmp_path}/state/monitor.db", lock=tmp_path / "lock"
    )
    for number in range(8):
        opened.evidence.keep(capture(number))
    yield opened
    opened.close()


@pytest.fixture
def folder(kept: Store, tmp_path: Path) -> Path:
    return tmp_path / "snapshots"


def january(folder: Path) -> Path:
    return folder / "ledger" / "2026-01.jsonl"


def february(folder: Path) -> Path:
    return folder / "ledger" / "2026-02.jsonl"


def lines(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines(keepends=True)


def test_nothing_is_told_when_all_is_well(kept: Store) -> None:
    assert list(kept.evidence.verify()) == []


def test_each_line_holds_the_digest_of_the_line_before_over_months_too(folder: Path) -> None:
    before = "0" * 64

    for line in lines(january(folder)) + lines(february(folder)):
        assert json.loads(line)["prev"] == before
        before = sha256(line.rstrip(b"\n")).hexdigest()

    assert len(lines(january(folder))) == 2
    assert len(lines(february(folder))) == 6


def test_a_line_says_what_came_from_where_and_when(folder: Path) -> None:
    said = json.loads(lines(january(folder))[1])

    assert {name: said[name] for name in ("kind", "time", "page", "url", "final_url", "status", "body")} == {
        "kind": "capture",
        "time": "2026-01-31T12:00:00.000000Z",
        "page": "murmel-policy",
        "url": "https://murmel.example/",
        "final_url": "https://murmel.example/",
        "status": 200,
        "body": capture(1).digest,
    }
    assert sha256((folder / said["file"]).read_bytes()).hexdigest() == said["warc"]


def test_a_late_import_goes_to_the_end_and_never_into_an_old_month(kept: Store, folder: Path) -> None:
    old = replace(capture(1), at=datetime(2022, 5, 1, tzinfo=UTC), body=b"of long ago")

    kept.evidence.keep(old)

    assert sorted(path.name for path in (folder / "ledger").glob("*.jsonl")) == ["2026-01.jsonl", "2026-02.jsonl"]
    assert next(iter(kept.evidence.captures(PAGE))) == old
    assert list(kept.evidence.verify()) == []


def edit_a_line(folder: Path) -> None:
    file = february(folder)
    file.write_bytes(file.read_bytes().replace(b'"status":200', b'"status":404', 1))


def remove_a_line(folder: Path) -> None:
    file = february(folder)
    file.write_bytes(b"".join(lines(file)[:2] + lines(file)[3:]))


def remove_the_first_line(folder: Path) -> None:
    file = january(folder)
    file.write_bytes(b"".join(lines(file)[1:]))


def remove_the_last_line(folder: Path) -> None:
    file = february(folder)
    file.write_bytes(b"".join(lines(file)[:-1]))


def swap_two_lines(folder: Path) -> None:
    file = february(folder)
    first, second, *rest = lines(file)
    file.write_bytes(b"".join([second, first, *rest]))


def repeat_a_line(folder: Path) -> None:
    file = february(folder)
    first, *rest = lines(file)
    file.write_bytes(b"".join([first, first, *rest]))


def remove_a_month(folder: Path) -> None:
    january(folder).unlink()


def remove_the_last_month(folder: Path) -> None:
    february(folder).unlink()


def cut_the_last_line(folder: Path) -> None:
    file = february(folder)
    file.write_bytes(file.read_bytes()[:-20])


def scribble_on_a_line(folder: Path) -> None:
    file = january(folder)
    file.write_bytes(b"not json\n" + file.read_bytes())


def remove_the_head(folder: Path) -> None:
    (folder / "ledger" / "head.json").unlink()


def remove_a_capture(folder: Path) -> None:
    warcs(folder)[1].unlink()


def swap_two_captures(folder: Path) -> None:
    first, second, *_ = warcs(folder)
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)


def replace_a_capture(folder: Path) -> None:
    other = folder.parent / "other"
    forged = open_store(snapshots=other, database=f"sqlite:///{other}.db", lock=folder.parent / "other.lock")
    forged.evidence.keep(replace(capture(1), body=b"You cannot object, and never could."))
    forged.close()
    shutil.copy(warcs(other)[0], warcs(folder)[1])


def add_a_line_that_fits(folder: Path) -> None:
    last = lines(february(folder))[-1].rstrip(b"\n")
    said = {**json.loads(last), "prev": sha256(last).hexdigest()}
    with february(folder).open("ab") as file:
        file.write(json.dumps(said).encode() + b"\n")


def spoil_the_encoding(folder: Path) -> None:
    file = february(folder)
    file.write_bytes(file.read_bytes().replace(b'"page":"m', b'"page":"\xb3', 1))


def lead_out_of_the_folder(folder: Path) -> None:
    file = january(folder)
    file.write_bytes(file.read_bytes().replace(b'"file":"murmel-policy', b'"file":"../../../etc', 1))


def warcs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/captures/*/*/*.warc.gz"))


DAMAGES: dict[Callable[[Path], None], str] = {
    edit_a_line: "ledger/2026-02.jsonl:2: does not follow the line before it",
    remove_a_line: "ledger/2026-02.jsonl:3: does not follow the line before it",
    remove_the_first_line: "ledger/2026-01.jsonl:1: does not follow the line before it",
    remove_the_last_line: "ledger/2026-02.jsonl: lines are missing at its end (head.json says how far it reached)",
    swap_two_lines: "ledger/2026-02.jsonl:1: does not follow the line before it",
    repeat_a_line: "ledger/2026-02.jsonl:2: does not follow the line before it",
    remove_a_month: "ledger/2026-02.jsonl:1: does not follow the line before it",
    remove_the_last_month: "ledger/2026-02.jsonl: lines are missing at its end",
    cut_the_last_line: "ledger/2026-02.jsonl: ends in half a line",
    scribble_on_a_line: "ledger/2026-01.jsonl:1: not a line of a ledger",
    remove_the_head: "ledger/head.json: is missing or cannot be read",
    remove_a_capture: ".warc.gz: is missing (ledger/2026-01.jsonl:2)",
    swap_two_captures: ".warc.gz: is not the file that was written (ledger/2026-01.jsonl:2)",
    replace_a_capture: ".warc.gz: is not the file that was written (ledger/2026-01.jsonl:2)",
    add_a_line_that_fits: "ledger/2026-02.jsonl: goes on after the line that head.json was written after",
    spoil_the_encoding: "ledger/2026-02.jsonl:1: not a line of a ledger",
    lead_out_of_the_folder: "names a file outside of the snapshots",
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_every_damage_is_told(damage: Callable[[Path], None], kept: Store, folder: Path) -> None:
    damage(folder)

    told = list(kept.evidence.verify())

    assert any(DAMAGES[damage] in sentence for sentence in told), told


def test_any_flipped_bit_anywhere_is_told(kept: Store, folder: Path) -> None:
    chance = random.Random(7)
    files = [*warcs(folder), january(folder), february(folder)]

    for _ in range(60):
        file = chance.choice(files)
        before = file.read_bytes()
        place = chance.randrange(len(before))
        file.write_bytes(before[:place] + bytes([before[place] ^ 1 << chance.randrange(8)]) + before[place + 1 :])

        assert list(kept.evidence.verify()), f"{file.name}, byte {place}"
        file.write_bytes(before)
    assert list(kept.evidence.verify()) == []


def test_half_a_line_left_by_a_crash_is_put_aside_and_told(
    kept: Store, folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    half = lines(february(folder))[-1][:90]
    with february(folder).open("ab") as file:
        file.write(half)
    fresh = Ledger(folder / "ledger", tmp_path / "other.lock")

    with fresh.turn():
        fresh.append("2026-02", {"kind": "reading", "time": "2026-02-07T00:00:00Z", "page": "p", "body": "b"})

    [aside] = (folder / "ledger").glob("*.torn")
    assert aside.read_bytes() == half
    assert "a crash left half a line" in caplog.text
    assert len(lines(february(folder))) == 7
    assert [sentence.partition(":")[2] for sentence in kept.evidence.verify()] == [
        " half a line that a crash left; read it, then remove the file",
        " is missing",
    ]


def test_a_crash_between_a_line_and_the_head_is_no_damage(kept: Store, folder: Path) -> None:
    ledger = folder / "ledger"
    shutil.copy(ledger / "head.json", ledger / "before.json")
    kept.evidence.keep(capture(9))
    (ledger / "head.json").replace(ledger / ".head.json")

    (ledger / "before.json").replace(ledger / "head.json")

    assert list(kept.evidence.verify()) == []


def test_a_file_emptied_of_its_only_half_line_goes_on_with_the_month_before(folder: Path, tmp_path: Path) -> None:
    (folder / "ledger" / "2026-03.jsonl").write_bytes(b'{"kind":"capt')
    fresh = Ledger(folder / "ledger", tmp_path / "other.lock")

    head = fresh.head()

    assert (head.month, head.size) == ("2026-03", 0)
    assert head.sha256 == sha256(lines(february(folder))[-1].rstrip(b"\n")).hexdigest()


def test_a_last_line_longer_than_a_block_is_read_whole(tmp_path: Path) -> None:
    first = Ledger(tmp_path / "ledger", tmp_path / "lock")
    with first.turn():
        first.append("2026-01", {"page": "p"})
        first.append("2026-01", {"page": "p" * 200_000})

    again = Ledger(tmp_path / "ledger", tmp_path / "lock")

    assert again.head() == first.head()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "snapshots").write_text("a file in the way")
    opened = open_store(
        snapshots=tmp_path / "snapshots", database=f"sqlite:///{tmp_path}/monitor.db", lock=tmp_path / "lock"
    )

    with pytest.raises(StoreFull, match=r"snapshots.* cannot be written"):
        opened.evidence.keep(capture(1))
    opened.close()
