"""Bad input at the command line: each gets one clear sentence, and nothing stored before is lost."""

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.installed import Installed, environment, installed
from tests.story.lumen import policy


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Installed]:
    with installed(tmp_path / "lumen", capsys, monkeypatch) as made:
        yield made


def rewrite(house: Installed, before: str, after: str) -> None:
    file = house.folder / "watchlist.yaml"
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))


def test_a_misspelt_key_is_told_with_its_line_and_the_nearest_key(house: Installed) -> None:
    rewrite(house, "    kind: policy", "    knid: policy")

    said = house.ran("watchlist", "check")

    assert said.code == 1
    assert "watchlist.yaml:9: pages[0].knid: unknown key (did you mean 'kind'?)" in said.err
    assert "Traceback" not in said.err


def test_a_duplicate_id_is_told_and_nothing_is_asked_for(house: Installed) -> None:
    house.watch("policy", "policy")

    said = house.ran("check")

    assert said.code == 1
    assert "policy" in said.err
    assert house.site.asked == []


def test_a_wrong_address_is_told(house: Installed) -> None:
    rewrite(house, f"url: {house.url}/policy", "url: ftp://lumen.example/policy")

    said = house.ran("watchlist", "check")

    assert said.code == 1
    assert "url" in said.err


@pytest.mark.parametrize("selector", ["main:frobnicate", "main >> p", "p:contains(x)", "[id=1]"])
def test_a_selector_that_pages_cannot_be_read_with_is_told_with_its_line(house: Installed, selector: str) -> None:
    watchlist = house.folder / "watchlist.yaml"
    watchlist.write_text(watchlist.read_text("utf-8").rstrip() + f'\n    recipe: {{select: ["#root", "{selector}"]}}\n')

    said = house.ran("watchlist", "check")

    assert said.code == 1
    line = f"watchlist.yaml:14: pages[0].recipe.select[1]: '{selector}': not a CSS selector that pages are read with"
    assert said.err == f"{line}\n"


def test_every_error_of_a_watchlist_is_told_at_once(house: Installed) -> None:
    rewrite(house, "kind: policy", "kind: polcy")
    rewrite(house, "every: 12h", "every: soon")

    said = house.ran("watchlist", "check")

    assert len(said.err.splitlines()) == 2


def test_no_watchlist_at_all_is_told_with_its_place(house: Installed) -> None:
    (house.folder / "watchlist.yaml").unlink()

    said = house.ran("check")

    assert said.code == 1
    assert f"{house.folder}/watchlist.yaml: cannot be read" in said.err


def test_a_selector_that_matches_nothing_is_told_with_the_check(house: Installed) -> None:
    rewrite(house, "    every: 12h", "    every: 12h\n    recipe: {select: ['#gone', 'main']}")
    house.serve(policy())

    said = house.ran("check", "--json")

    assert said.code == 3
    assert "selector #gone matches nothing" in said.objects[0]["detail"]


@pytest.mark.parametrize(("content", "why"), [(None, "No such file"), ("no certificates", "no certificate")])
def test_a_file_of_authorities_that_holds_none_is_told_with_its_setting(
    house: Installed, monkeypatch: pytest.MonkeyPatch, content: str | None, why: str
) -> None:
    bundle = house.folder / "ca.pem"
    if content is not None:
        bundle.write_text(content)
    monkeypatch.setenv("OPTOUT_CA_BUNDLE", str(bundle))

    said = house.ran("check")

    assert said.code == 1
    assert said.err.startswith(f"OPTOUT_CA_BUNDLE: {bundle} holds no certificate authorities that can be read (")
    assert why in said.err


def test_a_misspelt_setting_names_the_nearest(house: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPTOUT_CONTCAT", "ada@example.org")

    said = house.ran("check")

    assert said.code == 1
    assert "OPTOUT_CONTCAT" in said.err
    assert "OPTOUT_CONTACT" in said.err


def test_a_page_larger_than_the_limit_is_not_read(house: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPTOUT_LIMIT_MB", "1")
    house.serve(policy() + b"<!-- " + b"x" * 2_000_000 + b" -->")

    said = house.ran("check", "--json")

    assert said.code == 3
    assert said.objects[0]["detail"].startswith("too-large")


def test_ten_thousand_nested_tags_are_read_or_refused_and_never_a_crash(house: Installed) -> None:
    house.serve(policy())
    house.ran("check")
    house.serve(policy().replace(b"<main>", b"<main>" + b"<div>" * 10_000))

    said = house.ran("check", "--json")

    assert said.code in (0, 3)
    assert said.objects[0]["outcome"] in ("quiet", "refused", "held")
    assert "fault" not in said.objects[0]["detail"]


def test_a_page_cut_in_the_middle_is_never_told(house: Installed) -> None:
    house.serve(policy())
    house.ran("check")
    house.serve(policy()[: len(policy()) // 3])

    said = house.ran("check", "--json")

    assert said.objects[0]["outcome"] in ("refused", "held", "quiet")
    assert house.ran("publish").out.count("published") == 0


def test_a_page_in_a_wrong_charset_is_read(house: Installed) -> None:
    house.serve(policy("Größe und Übermaß").decode().encode("latin-1"))

    said = house.ran("check", "--json")

    assert said.code == 0
    assert said.objects[0]["outcome"] == "first"


def test_a_recording_with_a_missing_file_is_told_before_anything_is_kept(house: Installed, tmp_path: Path) -> None:
    recording = tmp_path / "recorded"
    recording.mkdir()
    (recording / "recording.json").write_text(
        '{"page": {"id": "policy", "url": "https://lumen.example/", "kind": "policy"},'
        ' "captures": [{"file": "0001.html", "at": "2026-07-01T08:00:00Z"}]}'
    )

    said = house.ran("import", "recording", str(recording))

    assert said.code == 1
    assert "captures[0].file: no file '0001.html'" in said.err
    assert not list((house.folder / "snapshots").rglob("*.warc.gz"))


def test_a_recording_of_a_page_that_is_not_watched_is_told(house: Installed, tmp_path: Path) -> None:
    house.serve(policy())
    house.ran("check")
    house.ran("export", "policy", "--to", str(tmp_path / "recorded"))
    house.watch("other")

    said = house.ran("import", "recording", str(tmp_path / "recorded"))

    assert said.code == 1
    assert "no page 'policy' in the watchlist" in said.err


def test_an_export_of_nothing_says_how_to_get_something(house: Installed) -> None:
    said = house.ran("export", "policy")

    assert said.code == 1
    assert "optout-monitor check policy" in said.err


def test_an_export_replaces_no_file(house: Installed, tmp_path: Path) -> None:
    house.serve(policy())
    house.ran("check")
    there = tmp_path / "there.tar.xz"
    there.write_text("mine")

    said = house.ran("export", "policy", "--to", str(there))

    assert said.code == 1
    assert there.read_text() == "mine"


def test_a_database_of_a_newer_version_is_not_touched(house: Installed) -> None:
    house.serve(policy())
    house.ran("check")
    file = house.folder / "state/monitor.db"
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = file.read_bytes()

    said = house.ran("check")

    assert said.code == 1
    assert "newer version" in said.err
    assert "upgrade optout-monitor" in said.err
    assert file.read_bytes() == before


def test_an_unknown_alert_says_where_to_look(house: Installed) -> None:
    said = house.ran("review", "publish", "beef0000", "-r", "x", "--by", "ada")

    assert said.code == 1
    assert "optout-monitor review list" in said.err


def test_hostile_words_of_a_page_cannot_drive_the_terminal(house: Installed) -> None:
    house.serve(policy())
    house.ran("check")
    house.serve(policy("You can object to AI training here: \x1b]0;owned\x07\u202etxet \x1b[2J until 1 May 2027."))
    house.ran("check")
    house.serve(policy("You can object to AI training here: \x1b]0;owned\x07\u202etxet \x1b[2J until 1 May 2027."))
    house.ran("check")

    (alert,) = house.ran("changes", "--json").objects
    said = house.ran("review", "show", alert["id"])

    assert not {"\x1b", "\x07", "\u202e"} & set(said.out)


def _no_room() -> None:
    """Let no file of this process grow beyond 50,000 bytes: what a full disk says, without filling one."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))


def test_a_public_folder_that_cannot_be_written_is_told_in_one_sentence(house: Installed) -> None:
    (house.folder / "public").write_text("not a folder")

    said = house.ran("publish")

    assert said.code == 1
    assert "not written: feeds, site; see the log above" in said.err
    assert "Traceback" not in said.err


def test_a_full_disk_is_told_in_one_sentence_and_nothing_kept_before_is_lost(house: Installed) -> None:
    house.serve(policy())
    house.ran("check")
    large = policy("".join(f"Sentence {number} on lamps, of which no other is like it. " for number in range(20_000)))
    house.serve(large)

    full = subprocess.run(
        [sys.executable, "-m", "monitor", "check"],
        env=dict(environment(house.folder)),
        preexec_fn=_no_room,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert full.returncode == 1
    assert "make room" in full.stderr
    assert "Traceback" not in full.stderr
    assert house.ran("verify").code == 0
    assert house.ran("check", "--json").objects[0]["outcome"] != "first"
