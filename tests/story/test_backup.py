"""A backup made while everything runs, and what comes back of it."""

import io
import json
import sqlite3
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.model.errors import BackupError
from monitor.settings import settings_from
from monitor.store import Store, open_store
from monitor.store.backup import Whereto, write_backup
from monitor.store.restore import restore
from tests.contract.stored import PAGE, alert, capture, check, checked, finding
from tests.story.installed import Installed, installed
from tests.story.lumen import DEADLINE, policy

ASKED = (
    ("changes", "--json"),
    ("review", "list", "--json"),
    ("subscribers", "list", "--json"),
    ("subscribers", "show", "ada@example.org"),
    ("verify",),
)


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Installed]:
    with installed(tmp_path / "lumen", capsys, monkeypatch) as made:
        for notices in ((), (DEADLINE,), (DEADLINE,)):
            made.serve(policy(*notices))
            assert made.ran("check").code == 0
        assert made.ran("subscribers", "add", "ada@example.org", "--consent", "letter").code == 0
        yield made


def elsewhere(house: Installed, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make another, empty folder the installation."""
    folder = house.folder.parent / "elsewhere"
    monkeypatch.setenv("OPTOUT_DATA", str(folder))
    return folder


def test_what_was_restored_says_what_was_saved(
    house: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "monitor.tar.gz"
    (house.folder / "state" / "mail-keys.secret").write_bytes(b"k" * 32)
    before = [house.ran(*asked) for asked in ASKED]
    saved = house.ran("backup", str(file))

    folder = elsewhere(house, monkeypatch)
    back = house.ran("restore", str(file))

    after = [house.ran(*asked) for asked in ASKED]
    assert (saved.code, back.code) == (0, 0), saved.err + back.err
    assert [each.out.replace(str(house.folder), "") for each in before] == [
        each.out.replace(str(folder), "") for each in after
    ]
    assert before[0].objects
    assert (folder / "watchlist.yaml").read_bytes() == (house.folder / "watchlist.yaml").read_bytes()
    assert (folder / "state" / "mail-keys.secret").read_bytes() == b"k" * 32
    assert [oct(path.stat().st_mode)[-3:] for path in (file, folder / "state" / "monitor.db")] == ["600", "600"]
    assert house.ran("check").code == 0


def test_secrets_can_be_left_out(house: Installed, tmp_path: Path) -> None:
    (house.folder / "state" / "mail-keys.secret").write_bytes(b"k" * 32)

    house.ran("backup", str(tmp_path / "all.tar.gz"))
    house.ran("backup", str(tmp_path / "some.tar.gz"), "--without-secrets")

    with tarfile.open(tmp_path / "all.tar.gz") as whole, tarfile.open(tmp_path / "some.tar.gz") as without:
        assert set(whole.getnames()) - set(without.getnames()) == {"state/mail-keys.secret"}


def test_nothing_that_is_there_is_overwritten(house: Installed, tmp_path: Path) -> None:
    house.ran("backup", str(tmp_path / "monitor.tar.gz"))
    before = {path: path.read_bytes() for path in house.folder.rglob("*") if path.is_file()}

    said = house.ran("restore", str(tmp_path / "monitor.tar.gz"))

    assert said.code == 1
    assert said.err.startswith(f"{house.folder / 'watchlist.yaml'}: is there already: move it away first")
    assert {path: path.read_bytes() for path in house.folder.rglob("*") if path.is_file()} == before


def test_a_database_on_a_server_is_left_to_its_own_means(
    house: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPTOUT_DATABASE", "postgresql://db.example/monitor")

    said = house.ran("backup", str(tmp_path / "monitor.tar.gz"))

    assert said.code == 1
    assert "OPTOUT_DATABASE: is on a server: copy it with pg_dump" in said.err


# ---- the file itself ----


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    store = opened(tmp_path / "one")
    for number in range(4):
        checked(store, number, alerts=(alert(f"a{number}"),))
    yield store
    store.close()


def opened(folder: Path) -> Store:
    return open_store(
        snapshots=folder / "snapshots",
        database=f"sqlite:///{folder / 'state' / 'monitor.db'}",
        lock=folder / "state" / "lock",
    )


def places(folder: Path) -> Whereto:
    state = folder / "state"
    return Whereto(
        watchlist=folder / "watchlist.yaml", state=state, database=state / "monitor.db", snapshots=folder / "snapshots"
    )


def saved(store: Store, folder: Path, file: Path) -> Path:
    write_backup(
        file,
        places(folder),
        made_by="test",
        secrets=True,
        still=store.evidence.turn,
        removing=store.evidence.nothing_removed,
    )
    return file


def test_a_backup_that_was_cut_off_anywhere_puts_nothing_back(kept: Store, tmp_path: Path) -> None:
    whole = saved(kept, tmp_path / "one", tmp_path / "whole.tar.gz").read_bytes()
    cut = tmp_path / "cut.tar.gz"

    for length in (*range(0, len(whole), max(1, len(whole) // 60)), len(whole) - 1):
        cut.write_bytes(whole[:length])
        with pytest.raises(BackupError, match="is cut off"):
            restore(cut, places(tmp_path / "two"))

    assert not (tmp_path / "two" / "state").exists()
    assert not (tmp_path / "two" / "snapshots").exists()
    assert [path.name for path in (tmp_path / "two").iterdir()] == []


def repacked(source: Path, target: Path, **changed: bytes | None) -> Path:
    """Write a backup again with files changed, added, or left out (None)."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        found = {entry.name: old.extractfile(entry).read() for entry in old}  # type: ignore[union-attr]  # all are files
        for name, content in (found | changed).items():
            if content is not None:
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                new.addfile(entry, io.BytesIO(content))
    return target


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("state/monitor.db", b"another database", "state/monitor.db is not as it was when the backup was made"),
        ("snapshots/ledger/head.json", None, "snapshots/ledger/head.json is missing"),
        ("snapshots/extra.txt", b"x", "snapshots/extra.txt is not as it was"),
        ("backup.json", None, "is cut off: backup.json"),
        ("backup.json", b"{}", "backup.json cannot be read"),
        ("../escaped", b"x", "holds '../escaped', which no backup of this program does"),
        ("state/../../escaped", b"x", "which no backup of this program does"),
    ],
)
def test_a_backup_that_was_changed_puts_nothing_back(
    kept: Store, tmp_path: Path, name: str, content: bytes | None, problem: str
) -> None:
    whole = saved(kept, tmp_path / "one", tmp_path / "whole.tar.gz")

    with pytest.raises(BackupError, match=problem):
        restore(repacked(whole, tmp_path / "bent.tar.gz", **{name: content}), places(tmp_path / "two"))

    assert not (tmp_path / "two" / "snapshots").exists()
    assert not (tmp_path / "escaped").exists()


def test_evidence_that_was_damaged_when_it_was_saved_comes_back_on_request_only(kept: Store, tmp_path: Path) -> None:
    (tmp_path / "one" / "snapshots" / PAGE.id / "text.md").write_text("something else")
    file = saved(kept, tmp_path / "one", tmp_path / "whole.tar.gz")

    with pytest.raises(BackupError, match=r"was damaged already \(1 damages, the first is: murmel-policy/text.md"):
        restore(file, places(tmp_path / "two"))
    restore(file, places(tmp_path / "two"), despite_damage=True)

    back = opened(tmp_path / "two")
    assert [each.id for each in back.desk.alerts()] == ["a0", "a1", "a2", "a3"]
    back.close()


def test_a_backup_that_is_made_while_captures_come_in_is_of_one_moment(kept: Store, tmp_path: Path) -> None:
    halt = threading.Event()

    def work() -> None:
        other = opened(tmp_path / "one")
        for number in range(4, 1000):
            if halt.is_set():
                break
            came = capture(number)
            other.evidence.keep(came)
            other.evidence.write_reading(PAGE, finding(f"Text {number}.", came.at))
            other.journal.record(PAGE, check(came.at), finding(f"Text {number}.", came.at), ())
        other.close()

    worker = threading.Thread(target=work)
    worker.start()
    files = [saved(kept, tmp_path / "one", tmp_path / f"{number}.tar.gz") for number in range(4)]
    halt.set()
    worker.join()

    for number, file in enumerate(files):
        restore(file, places(tmp_path / f"back-{number}"))
        back = opened(tmp_path / f"back-{number}")
        assert list(back.evidence.verify()) == []
        told = {version.at for version in back.journal.versions(PAGE.id)}
        assert told <= {each.at for each in back.evidence.captures(PAGE.id)}
        back.close()


def test_a_backup_that_fails_leaves_the_one_before(kept: Store, tmp_path: Path) -> None:
    file = saved(kept, tmp_path / "one", tmp_path / "monitor.tar.gz")
    before = file.read_bytes()
    broken = replace(places(tmp_path / "one"), database=tmp_path / "not-there.db")

    with pytest.raises(BackupError, match="the database cannot be copied"):
        write_backup(
            file,
            broken,
            made_by="test",
            secrets=True,
            still=kept.evidence.turn,
            removing=kept.evidence.nothing_removed,
        )

    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["monitor.tar.gz", "one"]


def test_what_the_card_says_is_what_is_in_the_backup(kept: Store, tmp_path: Path) -> None:
    file = saved(kept, tmp_path / "one", tmp_path / "monitor.tar.gz")

    with tarfile.open(file) as archive:
        names = archive.getnames()
        card = json.loads(archive.extractfile(names[-1]).read())  # type: ignore[union-attr]  # it is a file

    assert names[-1] == "backup.json"
    assert sorted(card["files"]) == sorted(names[:-1])
    assert (card["database"], card["secrets"], card["format"]) == (True, True, 1)


def test_a_restored_database_is_whole(kept: Store, tmp_path: Path) -> None:
    file = saved(kept, tmp_path / "one", tmp_path / "monitor.tar.gz")

    restore(file, places(tmp_path / "two"))

    with closing(sqlite3.connect(tmp_path / "two" / "state" / "monitor.db")) as back:
        assert back.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert settings_from({"OPTOUT_DATA": str(tmp_path / "two")}).places.state == tmp_path / "two" / "state"
