"""`verify`, `evidence pack`, `anchor` and `prune` as a person uses them."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.stamping import answering, authority
from tests.story.installed import Installed, installed
from tests.story.lumen import DEADLINE, policy
from tools.authority import LocalAuthority


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Installed]:
    with installed(tmp_path / "lumen", capsys, monkeypatch) as made:
        yield made


@pytest.fixture(scope="module")
def murmel(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def alert(house: Installed) -> str:
    """Let a deadline come, be confirmed and be published; return the id of its alert."""
    for notices in ((), (DEADLINE,), (DEADLINE,)):
        house.serve(policy(*notices))
        assert house.ran("check").code == 0
    (told,) = house.ran("changes", "--json").objects
    assert house.ran("review", "publish", told["id"], "-r", "read both").code == 0
    return str(told["id"])


def test_a_pack_is_written_verified_and_found_out_when_it_was_touched(
    house: Installed, alert: str, tmp_path: Path
) -> None:
    pack = tmp_path / "evidence.zip"

    wrote = house.ran("evidence", "pack", alert[:6], "-o", str(pack))
    well = house.ran("verify", str(pack))
    shutil.unpack_archive(pack, tmp_path / "pack")
    (tmp_path / "pack" / "after.bytes").write_bytes(policy("You can never object."))
    touched = house.ran("verify", str(tmp_path / "pack"))

    assert (wrote.code, well.code, touched.code) == (0, 0, 1)
    assert wrote.out.endswith("bytes, not time-stamped yet\n")
    assert "nothing is wrong with what could be checked" in well.out
    assert "BROKEN: after.bytes is not the file that was packed" in touched.out
    assert "this is not what was published" in touched.err


def test_the_site_has_the_same_evidence_beside_the_change(house: Installed, alert: str, tmp_path: Path) -> None:
    folder = house.folder / "public" / "changes" / alert

    house.ran("evidence", "pack", alert, "-o", str(tmp_path / "own.zip"))

    assert (folder / "evidence.zip").read_bytes() == (tmp_path / "own.zip").read_bytes()
    assert json.loads((folder / "evidence.json").read_bytes())["alert"] == alert
    assert 'href="../../changes/' in (folder / "index.html").read_text("utf-8")
    assert house.ran("verify", str(folder / "evidence.json")).code == 0


def test_the_ledger_is_time_stamped_and_the_next_pack_carries_the_stamp(
    house: Installed, alert: str, murmel: LocalAuthority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPTOUT_TIMESTAMP_CA", str(murmel.roots_file))
    with answering(200, murmel.answer) as url:
        monkeypatch.setenv("OPTOUT_TIMESTAMP_URL", url)
        made, again = house.ran("anchor"), house.ran("anchor")

    wrote = house.ran("evidence", "pack", alert, "-o", str(tmp_path / "evidence.zip"))
    checked, all_of_it = house.ran("verify", str(tmp_path / "evidence.zip")), house.ran("verify")
    doctor = house.ran("doctor", "--json")

    assert (made.code, again.code, wrote.code, checked.code, all_of_it.code) == (0, 0, 0, 0, 0)
    assert again.out == "Nothing was kept since the newest time stamp.\n"
    assert "time-stamped 20" in wrote.out
    assert "holds: Murmel Time signer attests the ledger up to its line" in checked.out
    assert "time stamps: 1" in all_of_it.out
    assert "by Murmel Time signer\n" in all_of_it.out
    assert [each["found"]["what"] for each in doctor.objects if each["name"] == "time stamps"] == ["1 kept"]


def test_an_authority_that_does_not_answer_is_told_and_the_doctor_says_what_to_do(
    house: Installed, alert: str, murmel: LocalAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPTOUT_TIMESTAMP_CA", str(murmel.roots_file))
    monkeypatch.setenv("OPTOUT_TIMESTAMP_URL", "http://127.0.0.1:1/")

    said, doctor = house.ran("anchor"), house.ran("doctor", "--json")

    assert said.code == 1
    assert said.err.startswith("http://127.0.0.1:1/: did not answer")
    [found] = [each["found"] for each in doctor.objects if each["name"] == "time stamps"]
    assert (found["health"], found["what"]) == ("ill", "there is none")


def test_root_certificates_that_cannot_be_read_are_named_by_their_setting(
    house: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPTOUT_TIMESTAMP_CA", "/nowhere/authority.pem")
    monkeypatch.setenv("OPTOUT_TIMESTAMP_URL", "http://127.0.0.1:1/")

    said = house.ran("anchor")

    assert said.code == 1
    assert said.err == "OPTOUT_TIMESTAMP_CA: /nowhere/authority.pem cannot be read (No such file or directory)\n"


def test_without_an_authority_or_a_rule_the_setting_is_named(house: Installed) -> None:
    anchored, pruned = house.ran("anchor"), house.ran("prune")

    assert (anchored.code, pruned.code) == (1, 1)
    assert "OPTOUT_TIMESTAMP_URL is not set" in anchored.err
    assert "OPTOUT_RETENTION is not set" in pruned.err


def test_a_stamp_that_somebody_kept_is_held_against_the_ledger(
    house: Installed, alert: str, murmel: LocalAuthority, tmp_path: Path
) -> None:
    (tmp_path / "kept.tsr").write_bytes(murmel(b"a line of another ledger"))

    said = house.ran("verify", "--stamp", str(tmp_path / "kept.tsr"), "--authority", str(murmel.roots_file))

    assert said.code == 1
    assert "is over a line that this ledger does not have" in said.err


def test_roots_that_are_no_certificates_are_named(house: Installed, alert: str, tmp_path: Path) -> None:
    (tmp_path / "roots.pem").write_text("nothing of the kind")

    said = house.ran("verify", "--authority", str(tmp_path / "roots.pem"))

    assert said.code == 1
    assert "no certificates in PEM form" in said.err


def test_a_dry_run_of_the_retention_rule_says_what_would_go(
    house: Installed, alert: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPTOUT_RETENTION", "52w")

    said, machine = house.ran("prune", "--dry-run"), house.ran("prune", "--json")

    assert said.out == "0 files, 0 bytes, of 0 captures would be removed: older than 52w\n"
    assert machine.objects == [{"captures": 0, "files": [], "size_bytes": 0}]


def test_a_place_that_cannot_be_written_is_named(house: Installed, alert: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    packed = house.ran("evidence", "pack", alert, "-o", str(tmp_path / "file" / "evidence.zip"))
    saved = house.ran("backup", str(tmp_path / "nowhere" / "monitor.tar.gz"))

    assert (packed.code, saved.code) == (1, 1)
    assert "evidence.zip: cannot be written (" in packed.err
    assert saved.err == f"{tmp_path}/nowhere/monitor.tar.gz: its folder is not there: make it first\n"


def test_an_alert_without_captures_has_no_pack(house: Installed, alert: str, tmp_path: Path) -> None:
    shutil.rmtree(house.folder / "snapshots")

    said = house.ran("evidence", "pack", alert)

    assert said.code == 1
    assert "its captures are not kept here" in said.err
