"""What an evidence pack promises: whoever has it can check it without us, and finds whatever was done to it."""

import base64
import json
import random
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from monitor.model.alert import Alert
from monitor.model.errors import PackError, StoreDamaged
from monitor.model.page import PageId
from monitor.model.proof import Exhibits, Proof
from monitor.publish.packs import zipped
from monitor.render.evidence import pack
from monitor.render.place import Place
from monitor.store import Store, open_store
from monitor.store.packs import files_of, proofs
from monitor.store.warc import warc_bytes
from monitor.timestamp import proven, roots_of
from tests.contract.stamping import AFTER, BEFORE, authority, page_of, stamped, watched
from tests.contract.stored import HOUR, PAGE
from tools.authority import LocalAuthority

PLACE = Place(base_url="https://watch.example/")
SCHEMA = Path(__file__).resolve().parents[2] / "docs/reference/evidence.schema.json"


@pytest.fixture(scope="module")
def murmel(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def gathered(murmel: LocalAuthority, tmp_path_factory: pytest.TempPathFactory) -> tuple[Alert, Exhibits]:
    """Return an alert with what is kept of it, time-stamped."""
    folder = tmp_path_factory.mktemp("store")
    store = open_store(snapshots=folder / "snapshots", database=f"sqlite:///{folder}/m.db", lock=folder / "lock")
    alert = watched(store)
    stamped(store, murmel)
    exhibits = store.evidence.exhibits(alert, PAGE, 0)
    store.close()
    assert exhibits is not None
    return alert, exhibits


@pytest.fixture(scope="module")
def files(gathered: tuple[Alert, Exhibits]) -> Mapping[str, bytes]:
    return pack(*gathered, PLACE, "optout-monitor test")


def told(files: Mapping[str, bytes], proof: Proof) -> list[str]:
    return [each.what for each in proofs(files) if each.proof is proof]


def test_a_pack_holds_both_captures_their_lines_the_stamp_and_how_to_verify(files: Mapping[str, bytes]) -> None:
    archived = sorted(name for name in files if name.endswith(".warc.gz"))
    assert sorted(set(files) - set(archived)) == [
        "HOW-TO-VERIFY.txt",
        "SHA256SUMS",
        "after.bytes",
        "after.md",
        "before.bytes",
        "before.md",
        "evidence.json",
        "ledger.jsonl",
        "stamped-line.txt",
        "token.tsr",
    ]
    assert [name.partition("-")[0] for name in archived] == ["murmel", "murmel"]
    assert files["before.bytes"] == page_of(BEFORE, 2).body
    assert BEFORE in files["before.md"].decode()


def test_the_sheet_says_where_when_and_how_both_captures_were_seen(files: Mapping[str, bytes]) -> None:
    said = json.loads(files["evidence.json"])

    assert said["url"] == "https://watch.example/changes/a1/"
    assert said["quotes"] == [{"before": BEFORE, "after": AFTER, "trail": ["Rights"]}]
    assert said["before"]["sha256"] == page_of(BEFORE, 2).digest
    assert (said["before"]["seen"], said["after"]["seen"]) == ("2026-02-25T14:00:00Z", "2026-02-25T15:00:00Z")
    assert (said["before"]["line"], said["after"]["line"]) == (1, 3)
    assert (said["checks_between"], said["made_by"]) == (0, "optout-monitor test")
    assert said["token"]["authority"] == "Murmel Time signer"


def test_the_sheet_is_as_its_published_schema_says(files: Mapping[str, bytes]) -> None:
    schema = json.loads(SCHEMA.read_bytes())
    Draft202012Validator.check_schema(schema)

    errors = list(Draft202012Validator(schema).iter_errors(json.loads(files["evidence.json"])))

    assert errors == []
    assert schema["required"] == list(json.loads(files["evidence.json"]))


def test_what_was_checked_is_said_sentence_by_sentence(files: Mapping[str, bytes], murmel: LocalAuthority) -> None:
    roots = roots_of(murmel.roots)

    found = list(proofs(files, lambda reply: proven(reply, roots), trusted=True))

    assert {each.proof for each in found} == {Proof.HOLDS}
    assert [each.what for each in found][1:3] == [
        "before.bytes has the SHA-256 that the alert names",
        "the web archive file of the capture before holds these bytes, from https://murmel.example/murmel-policy",
    ]
    assert "the quotes stand in the capture after word for word (1 looked for)" in [each.what for each in found]
    assert "the 9 lines of ledger.jsonl follow one another: none was changed, put in or taken out" in [
        each.what for each in found
    ]
    assert found[-1].what.startswith("Murmel Time signer attests the ledger up to its line")


def test_without_the_root_of_the_authority_the_stamp_is_left_open(files: Mapping[str, bytes]) -> None:
    [left] = told(files, Proof.OPEN)

    assert "name its root certificate" in left


def test_without_a_stamp_the_pack_says_that_nobody_else_attests_it(gathered: tuple[Alert, Exhibits]) -> None:
    alert, exhibits = gathered
    unstamped = pack(alert, replace(exhibits, token=None), PLACE, "optout-monitor test")

    assert told(unstamped, Proof.BROKEN) == []
    assert told(unstamped, Proof.OPEN) == [
        "there is no time stamp: nobody else attests when the lines of the ledger were there"
    ]
    assert "5. No time stamp" in unstamped["HOW-TO-VERIFY.txt"].decode()


def test_lines_that_are_too_many_are_left_out_and_that_is_said(gathered: tuple[Alert, Exhibits]) -> None:
    alert, exhibits = gathered
    after = replace(exhibits.after, line=2)
    cut = replace(exhibits, token=None, whole=False, after=after, lines=(exhibits.lines[0], exhibits.lines[2]))

    found = pack(alert, cut, PLACE, "optout-monitor test")

    assert told(found, Proof.BROKEN) == []
    assert "their chain could not be checked" in " ".join(told(found, Proof.OPEN))


def test_the_sheet_alone_can_be_checked_as_far_as_it_goes(files: Mapping[str, bytes]) -> None:
    alone = {"evidence.json": files["evidence.json"]}

    assert told(alone, Proof.BROKEN) == []
    assert len(told(alone, Proof.HOLDS)) == 2
    assert "the bytes before are not here: neither their digest nor the quotes could be checked" in told(
        alone, Proof.OPEN
    )


def test_any_flipped_bit_in_any_file_is_told(files: Mapping[str, bytes]) -> None:
    chance = random.Random(11)

    for name in [*files, *chance.choices(sorted(files), k=40)]:
        before = files[name]
        place = chance.randrange(len(before))
        bent = before[:place] + bytes([before[place] ^ 1 << chance.randrange(8)]) + before[place + 1 :]
        try:
            found = told({**files, name: bent}, Proof.BROKEN)
        except PackError:
            continue
        assert found, f"{name}, byte {place}"


def resummed(files: Mapping[str, bytes], **changed: bytes) -> Mapping[str, bytes]:
    """Return the files as a forger would leave them: what was changed fits SHA256SUMS again."""
    bent = {**files, **changed}
    sums = "".join(f"{sha256(bent[name]).hexdigest()}  {name}\n" for name in sorted(bent) if name != "SHA256SUMS")
    return {**bent, "SHA256SUMS": sums.encode()}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (
            "You can no longer object",
            "You can always object",
            "these words of a quote do not stand in the capture after",
        ),
        ('"line": 3', '"line": 2', "line 2 of ledger.jsonl is not the line about the capture after"),
        ('"captured": "2026-02-25T15', '"captured": "2026-02-24T15', "tells of another one"),
    ],
)
def test_a_sheet_that_says_otherwise_than_the_captures_is_told(
    files: Mapping[str, bytes], old: str, new: str, found: str
) -> None:
    sheet = files["evidence.json"].decode()
    assert old in sheet

    bent = resummed(files, **{"evidence.json": sheet.replace(old, new).encode()})

    assert any(found in each for each in told(bent, Proof.BROKEN))


def test_a_web_archive_file_with_other_headers_is_told(files: Mapping[str, bytes]) -> None:
    name = json.loads(files["evidence.json"])["after"]["file"]
    other = replace(page_of(AFTER, 3), headers=(("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT"),))

    bent = resummed(files, **{name: warc_bytes(other)})

    assert told(bent, Proof.BROKEN) == [
        "the web archive file of the capture after is not the one that the ledger names"
    ]


def test_a_line_taken_out_of_the_ledger_is_told(files: Mapping[str, bytes]) -> None:
    lines = files["ledger.jsonl"].splitlines(keepends=True)

    bent = resummed(files, **{"ledger.jsonl": b"".join([*lines[:4], *lines[5:]])})

    assert told(bent, Proof.BROKEN) == ["line 5 of ledger.jsonl does not follow the line before it"]


def test_a_stamp_over_another_line_is_told(files: Mapping[str, bytes], murmel: LocalAuthority) -> None:
    reply = murmel(b"another line")
    sheet = json.loads(files["evidence.json"])
    sheet["token"]["reply"] = base64.b64encode(reply).decode()

    bent = resummed(files, **{"evidence.json": json.dumps(sheet).encode(), "token.tsr": reply})

    assert told(bent, Proof.BROKEN) == ["the time stamp is over another line than the one that is said"]


def test_the_same_files_always_give_the_same_zip_file(files: Mapping[str, bytes], tmp_path: Path) -> None:
    first = zipped(files)

    (tmp_path / "pack.zip").write_bytes(first)

    assert zipped(dict(reversed(list(files.items())))) == first
    assert files_of(tmp_path / "pack.zip") == files
    with zipfile.ZipFile(tmp_path / "pack.zip") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_folder_of_an_unpacked_pack_is_read_as_the_zip_file(files: Mapping[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "pack.zip").write_bytes(zipped(files))
    shutil.unpack_archive(tmp_path / "pack.zip", tmp_path / "pack")

    assert files_of(tmp_path / "pack") == files


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("pack.zip", b"not a zip file", "is damaged, or no zip file"),
        ("evidence.json", b"{}", "cannot be read"),
        ("evidence.json", b"[", "cannot be read"),
    ],
)
def test_what_is_no_pack_is_named(name: str, content: bytes, problem: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(PackError, match=problem):
        list(proofs(files_of(tmp_path / name)))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"missing\.zip: cannot be read"):
        files_of(tmp_path / "missing.zip")


def test_a_zip_file_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("evidence.json", b"0" * 200_000_001)

    with pytest.raises(PackError, match="is no evidence pack: 1 files of 200000001 bytes"):
        files_of(tmp_path / "bomb.zip")


def test_the_commands_of_the_how_to_do_what_it_says(
    files: Mapping[str, bytes], murmel: LocalAuthority, tmp_path: Path
) -> None:
    (tmp_path / "pack.zip").write_bytes(zipped(files))
    shutil.unpack_archive(tmp_path / "pack.zip", tmp_path / "pack")
    shutil.copy(murmel.roots_file, tmp_path / "pack" / "authority.pem")
    how_to = files["HOW-TO-VERIFY.txt"].decode()
    commands = "\n".join(
        line for line in how_to.splitlines() if line.startswith("    ") and "  before.bytes" not in line
    )
    commands = "\n".join(line for line in commands.splitlines() if "  after.bytes" not in line)

    script = ["sh", "-c", f"set -e\n{commands}"]
    ran = subprocess.run(script, cwd=tmp_path / "pack", capture_output=True, text=True, check=False)

    assert (ran.returncode, "Verification: OK" in ran.stdout + ran.stderr) == (0, True), ran
    assert ran.stdout.count(": OK") == len(files)  # every file but the sums, and the stamp
    assert f"{page_of(BEFORE, 2).digest}  before.bytes" in ran.stdout
    assert "BROKEN" not in ran.stdout


def test_a_server_that_said_unchanged_leads_to_the_capture_it_meant(store: Store) -> None:
    alert = watched(store)
    between = replace(alert, evidence=replace(alert.evidence, before_at=alert.evidence.before_at + HOUR / 2))

    exhibits = store.evidence.exhibits(between, PAGE, 0)

    assert exhibits is not None
    assert exhibits.before.captured == alert.evidence.before_at
    assert exhibits.before.seen == alert.evidence.before_at + HOUR / 2


def test_a_capture_without_a_line_leaves_no_pack(store: Store) -> None:
    alert = watched(store)

    assert store.evidence.exhibits(replace(alert, page=PageId("another")), PAGE, 0) is None


def test_a_pack_is_not_made_of_a_damaged_capture(store: Store, tmp_path: Path) -> None:
    alert = watched(store)
    exhibits = store.evidence.exhibits(alert, PAGE, 0)
    assert exhibits is not None
    (tmp_path / "snapshots" / exhibits.after.file).write_bytes(b"something else")

    with pytest.raises(StoreDamaged):
        store.evidence.exhibits(alert, PAGE, 0)
