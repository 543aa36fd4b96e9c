"""The commands as a person or a script uses them, over the real store and HTTP on loopback."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from monitor.cli import ROOMS, app
from tests.story.installed import Installed, installed
from tests.story.lumen import DEADLINE, WALL, policy

COMMANDS = (
    ("check",),
    ("run",),
    ("schedule",),
    ("replay",),
    ("import", "recording"),
    ("export",),
    ("diff",),
    ("changes",),
    ("review", "list"),
    ("review", "show"),
    ("review", "publish"),
    ("review", "dismiss"),
    ("review", "edit"),
    ("review", "undo"),
    ("review", "correct"),
    ("review", "compare"),
    ("review", "rules", "list"),
    ("review", "rules", "add"),
    ("review", "rules", "remove"),
    ("review", "pin"),
    ("review", "pins"),
    ("review", "unpin"),
    ("review", "export"),
    ("publish",),
    ("deliver",),
    ("subscribers", "add"),
    ("subscribers", "list"),
    ("subscribers", "show"),
    ("subscribers", "import"),
    ("subscribers", "export"),
    ("subscribers", "suppress"),
    ("subscribers", "erase"),
    ("signals",),
    ("watchlist", "check"),
    ("verify",),
    ("anchor",),
    ("prune",),
    ("evidence", "pack"),
    ("backup",),
    ("restore",),
    ("doctor",),
    ("demo",),
)


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Installed]:
    with installed(tmp_path / "lumen", capsys, monkeypatch) as made:
        yield made


def told(house: Installed) -> str:
    """Let a deadline come and be confirmed; return the id of its alert."""
    for notices in ((), (DEADLINE,), (DEADLINE,)):
        house.serve(policy(*notices))
        assert house.ran("check").code == 0
    (alert,) = house.ran("changes", "--json").objects
    return str(alert["id"])


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_shows_an_example(house: Installed, command: tuple[str, ...]) -> None:
    said = house.ran(*command, "--help")

    assert said.code == 0
    assert f"optout-monitor {' '.join(command)}" in " ".join(said.out.split())
    assert "Example:" in said.out


def test_a_first_check_says_that_there_is_nothing_to_compare_with(house: Installed) -> None:
    house.serve(policy())

    said = house.ran("check")

    assert said.code == 0
    assert said.out.splitlines()[2].split(maxsplit=2) == [
        "policy",
        "first",
        "seen for the first time: nothing to compare with",
    ]


def test_a_page_that_does_not_come_exits_with_3(house: Installed) -> None:
    said = house.ran("check", "--json")

    assert said.code == 3
    assert [(each["page"], each["outcome"], each["detail"]) for each in said.objects] == [
        ("policy", "missed", "http-error: HTTP 404")
    ]


def test_a_login_wall_exits_with_3_and_tells_nothing(house: Installed) -> None:
    house.serve(policy())
    house.ran("check")
    house.serve(WALL)

    said = house.ran("check", "--json")

    assert said.code == 3
    assert said.objects[0]["outcome"] == "refused"
    assert house.ran("changes", "--json").out == ""


def test_an_unknown_page_names_the_nearest_and_asks_for_nothing(house: Installed) -> None:
    said = house.ran("check", "polcy")

    assert said.code == 1
    assert said.err == "no page 'polcy' in the watchlist (did you mean 'policy'?)\n"
    assert house.site.asked == []


def test_an_unknown_command_is_a_usage_error(house: Installed) -> None:
    assert house.ran("chekc").code == 2


def test_a_change_goes_from_the_page_to_feed_site_and_mail(house: Installed) -> None:
    house.ran("subscribers", "add", "Ada@Example.org", "--consent", "letter of July")
    alert = told(house)
    waiting = house.ran("review", "list", "--json").objects

    published = house.ran("review", "publish", alert[:8], "--reason", "read both captures", "--by", "ada")
    delivered = house.ran("deliver")

    assert [(each["id"], each["state"]) for each in waiting] == [(alert, "pending")]
    assert published.code == 0
    feed = json.loads((house.folder / "public/feeds/all.json").read_text())
    assert [alert in item["id"] for item in feed["items"]] == [True]
    assert (house.folder / f"public/changes/{alert}/index.html").is_file()
    assert "1 accepted" in delivered.out
    (letter,) = (house.folder / "outbox").glob("*.eml")
    assert b"To: ada@example.org" in letter.read_bytes()


def test_running_everything_again_changes_nothing(house: Installed) -> None:
    house.ran("subscribers", "add", "ada@example.org", "--consent", "letter of July")
    alert = told(house)
    house.ran("review", "publish", alert, "-r", "read both", "--by", "ada")
    house.ran("deliver")
    before = {path: path.read_bytes() for path in (house.folder / "public").rglob("*") if path.is_file()}

    house.ran("publish")
    said = house.ran("deliver")

    assert {path: path.read_bytes() for path in (house.folder / "public").rglob("*") if path.is_file()} == before
    assert said.out.startswith("nothing was due")
    assert len(list((house.folder / "outbox").glob("*.eml"))) == 1


def test_an_automatic_page_is_published_without_a_maintainer(house: Installed) -> None:
    house.watch("policy", publish="automatic")
    alert = told(house)

    said = house.ran("publish")

    assert f"{alert} published" in said.out
    assert house.ran("review", "list").out == "Nothing waits for a decision.\n"


def test_decisions_are_shown_with_name_and_reason(house: Installed) -> None:
    alert = told(house)
    house.ran("review", "dismiss", alert, "-r", "a test of theirs", "--by", "ada")
    house.ran("review", "undo", alert, "-r", "it was none", "--by", "bea")

    said = house.ran("review", "show", alert, "--json")

    (shown,) = said.objects
    assert shown["alert"]["state"] == "pending"
    assert [(each["who"], each["after"], each["reason"]) for each in shown["reviews"]] == [
        ("machine", "pending", "confirmed by a later fetch"),
        ("ada", "dismissed", "a test of theirs"),
        ("bea", "pending", "it was none"),
    ]


def test_a_decision_without_a_reason_is_not_taken(house: Installed) -> None:
    alert = told(house)

    said = house.ran("review", "dismiss", alert)

    assert said.code == 2
    assert "--reason" in said.err
    assert house.ran("review", "list", "--json").objects[0]["state"] == "pending"


def test_a_second_decision_is_told_who_was_first(house: Installed) -> None:
    alert = told(house)
    house.ran("review", "dismiss", alert, "-r", "noise", "--by", "ada")

    said = house.ran("review", "publish", alert, "-r", "news", "--by", "bea")

    assert said.code == 1
    assert "dismissed" in said.err
    assert "ada" in said.err


def test_an_edit_is_what_readers_see(house: Installed) -> None:
    alert = told(house)

    house.ran("review", "edit", alert, "--title", "Lumen: a deadline for objecting", "-r", "clearer", "--by", "ada")
    house.ran("review", "publish", alert, "-r", "read both", "--by", "ada")

    feed = json.loads((house.folder / "public/feeds/all.json").read_text())
    assert [item["title"] for item in feed["items"]] == ["Lumen: a deadline for objecting"]


def test_what_is_exported_can_be_replayed_and_imported(house: Installed, tmp_path: Path) -> None:
    told(house)
    recording = tmp_path / "lumen.tar.xz"
    exported = house.ran("export", "policy", "--to", str(recording))

    replayed = house.ran("replay", str(recording), "--json")
    imported = house.ran("import", "recording", str(recording))

    assert "captures written" in exported.out
    assert [each["kind"] for each in replayed.objects][:2] == ["first", "optout"]
    assert set(replayed.objects[1]) == {
        "index",
        "file",
        "at",
        "kind",
        "level",
        "aspects",
        "held",
        "decided_at_index",
        "summary",
        "quotes",
        "reasons",
    }
    assert imported.code == 0
    assert len(house.ran("changes", "--json").objects) == 1


def test_an_imported_past_is_no_news_and_what_comes_after_it_is(house: Installed, tmp_path: Path) -> None:
    told(house)
    recording = tmp_path / "recorded"
    house.ran("export", "policy", "--to", str(recording))
    house.watch("policy", "copy")
    imported = house.ran("import", "recording", str(recording), "--page", "copy")
    house.serve(policy(DEADLINE), "copy")

    checked = house.ran("check", "copy", "--json")

    assert imported.code == 0
    assert [each["outcome"] for each in checked.objects] == ["unchanged"]
    assert house.ran("changes", "--page", "copy", "--json").out == ""


def test_two_files_are_compared_and_explained(house: Installed, tmp_path: Path) -> None:
    old, new = tmp_path / "old.html", tmp_path / "new.html"
    old.write_bytes(policy())
    new.write_bytes(policy().replace(b"</main>", b"<p>You can object to the training of our AI.</p></main>"))

    said = house.ran("diff", str(old), str(new), "--explain")
    machine = house.ran("diff", str(old), str(old), "--json")

    assert said.code == 0
    assert "Cue right-to-object (strong) in after" in said.out
    assert "Rule cue:right-to-object: 3" in said.out
    assert machine.objects[0]["kind"] == "same"


def test_verify_finds_a_flipped_byte(house: Installed) -> None:
    house.serve(policy())
    house.ran("check")
    well = house.ran("verify")
    (kept,) = (house.folder / "snapshots").rglob("*.warc.gz")
    raw = bytearray(kept.read_bytes())
    raw[len(raw) // 2] ^= 1
    kept.chmod(0o644)
    kept.write_bytes(raw)

    said = house.ran("verify")

    assert (well.code, said.code) == (0, 1)
    assert kept.name in said.err


def test_the_doctor_says_what_to_do(house: Installed) -> None:
    said = house.ran("doctor", "--json")

    found = {each["name"]: each["found"] for each in said.objects}
    assert said.code == 0
    assert found["watchlist"]["health"] == "well"
    assert found["mail"]["health"] == "note"
    assert "OPTOUT_SENDGRID_KEY" in found["mail"]["remedy"]
    assert found["maintainers"]["health"] == "note"
    assert "OPTOUT_MAINTAINERS" in found["maintainers"]["remedy"]


def test_the_doctor_counts_the_maintainers_that_would_get_a_mail(
    house: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPTOUT_MAINTAINERS", "ada@example.org, bob@example.org")
    monkeypatch.setenv("OPTOUT_STALE_MAIL", "3d")

    found = {each["name"]: each["found"] for each in house.ran("doctor", "--json").objects}

    assert found["maintainers"]["what"] == "2 told by mail when a page is not read for 3d"


def test_the_doctor_is_ill_at_ease_with_a_wrong_watchlist_and_goes_on(house: Installed) -> None:
    (house.folder / "watchlist.yaml").write_text("pagse: []\n")

    said = house.ran("doctor", "--json")

    found = {each["name"]: each["found"]["health"] for each in said.objects}
    assert said.code == 1
    assert (found["watchlist"], found["lexicons"]) == ("ill", "well")


def test_subscribers_are_kept_by_hand_and_erased(house: Installed) -> None:
    house.ran("subscribers", "add", "ada@example.org", "--consent", "letter", "--service", "lumen", "--level", "digest")
    listed = house.ran("subscribers", "list", "--json").objects
    exported = house.ran("subscribers", "export").out
    suppressed = house.ran("subscribers", "suppress", "ada@example.org")

    erased = house.ran("subscribers", "erase", "ada@example.org", "--yes")

    assert [(each["address"], each["topics"]["services"]) for each in listed] == [("ada@example.org", ["lumen"])]
    assert exported.splitlines()[1].startswith("ada@example.org,lumen,,,digest,en,letter,")
    assert suppressed.out == "ada@example.org is suppressed\n"
    assert erased.out == "erased\n"
    assert house.ran("subscribers", "list", "--json").out == ""


def test_a_list_with_wrong_rows_takes_the_right_ones(house: Installed, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        "address,consent_source,consent_wording,consent_confirmed\n"
        "ada@example.org,form,1,2026-07-01T00:00:00Z\n"
        "not an address,form,1,2026-07-01T00:00:00Z\n"
    )

    said = house.ran("subscribers", "import", str(file))

    assert said.code == 1
    assert said.out == "1 added, 0 known already, 1 rows not taken\n"
    assert f"{file}:3:" in said.err


def test_the_schedule_says_what_runs_when_and_why(house: Installed) -> None:
    before = house.ran("schedule", "--json").objects
    house.serve(policy())
    house.ran("check")

    after = house.ran("schedule", "--json").objects

    jobs = {"publication", "site", "delivery", "outages", "time stamp", "retention"}
    assert {each["what"] for each in before} == {"policy", *jobs}
    assert next(each["why"] for each in before if each["what"] == "policy") == "never checked"
    assert next(each["why"] for each in after if each["what"] == "policy").startswith("last checked")
    assert next(each["every"] for each in after if each["what"] == "policy") == "12h"


def test_each_command_is_found_where_the_table_of_rooms_says() -> None:
    for room, names in ROOMS.items():
        assert tuple(each.name for each in import_module(f"monitor.cli.{room}").COMMANDS) == names
        assert all(app.commands[name].name == name for name in names)


def test_a_command_loads_no_other_room() -> None:
    code = "import sys; from monitor.cli import app; app.commands['run']; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert {name for name in loaded if name.startswith("monitor.cli.")} >= {"monitor.cli.watching"}
    assert not {f"monitor.cli.{room}" for room in ROOMS if room != "watching"}.intersection(loaded)
