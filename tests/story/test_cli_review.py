"""The review desk on the command line: what maintainers see there, decide, correct, and leave to rules and pins."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest

from monitor.fetch.recorded import read_recording
from monitor.pipeline.replay import replay
from monitor.pipeline.review import Decider, approve
from monitor.settings import settings
from monitor.wiring import world
from tests.fakes import lexicons
from tests.story.installed import Installed, installed
from tests.story.lumen import DEADLINE, LOGIN, MINORS, policy

LAMPS = "Installers see the address of your house for as long as they work on your lamps."


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Installed]:
    with installed(tmp_path / "lumen", capsys, monkeypatch) as made:
        yield made


def sees(house: Installed, *bodies: bytes, page: str = "policy") -> None:
    """Let a page be as these, one after the other, each checked."""
    for body in bodies:
        house.serve(body, page)
        assert house.ran("check", page).code == 0


def waiting(house: Installed) -> list[str]:
    return [each["id"] for each in house.ran("review", "list", "--json").objects]


def did(house: Installed, *arguments: str) -> str:
    """Run a command of the desk as Ada, and return what it said."""
    said = house.ran("review", *arguments, "--by", "ada")
    assert (said.code, said.err) == (0, "")
    return said.out


def test_the_list_has_one_line_a_case_with_both_numbers(house: Installed) -> None:
    house.watch("policy", "copy")
    for page in ("policy", "copy"):
        sees(house, policy(), policy(DEADLINE), policy(DEADLINE), page=page)
    did(house, "edit", waiting(house)[0], "--significance", "4", "-r", "many are asked")

    said = house.ran("review", "list")

    row = said.out.splitlines()[2]
    assert re.split(r"\s{2,}", row)[2:8] == ["pending", "alert", "deadline", "80", "4", "policy and 1 more"]
    assert len(waiting(house)) == 2


def test_the_dossier_shows_the_change_in_its_place_and_all_that_led_there(house: Installed) -> None:
    sees(house, policy(), policy(minors=""), policy(minors=""))

    said = house.ran("review", "show", waiting(house)[0]).out

    lines = [line.strip() for line in said.splitlines()]
    start = lines.index(
        "Privacy policy > AI at Lumen:", lines.index(next(x for x in lines if x.startswith("What changed")))
    )
    assert lines[start + 1 : start + 5] == [
        "= Write to Lumen Lighting, 4 Wick Lane, or ask in any of our shops on weekdays.",
        "= AI at Lumen",
        f"- {MINORS}",
        lines[start + 4],
    ]
    assert lines[start + 4].startswith("(on the page since 20")
    assert "It touches: opt-out wording. Why it has its rank:" in lines
    assert any(line.startswith("Compare at the Wayback Machine: https://web.archive.org/web/diff/") for line in lines)
    assert "The page was checked 2 times from the capture before to the one after." in lines
    assert any("machine: held -> pending (confirmed by a later fetch)" in line for line in lines)


def test_what_is_not_quoted_is_counted_and_shown_when_asked_for(house: Installed) -> None:
    sees(house, policy(), policy(DEADLINE).replace(b"ninety days", b"a hundred days"))
    (alert,) = waiting(house)

    short, whole = house.ran("review", "show", alert).out, house.ran("review", "show", alert, "--all").out

    assert "More passages that changed in the same revision: 1 (--all shows them)" in short
    assert "hundred" not in short
    assert "~ We keep switching records for [-ninety-]{+a hundred+} days" in whole


def test_any_two_captures_compare(house: Installed) -> None:
    sees(house, policy(), policy(DEADLINE))
    proof = house.ran("changes", "--json").objects[0]["evidence"]

    said = house.ran("review", "compare", proof["after"], proof["before"], "--page", "policy")

    assert f"- {DEADLINE}" in said.out
    assert house.ran("review", "compare", proof["after"], "beef").err.startswith("no capture 'beef'")


def test_one_decision_publishes_a_case_and_only_one_of_it_when_that_is_said(house: Installed) -> None:
    house.watch("policy", "copy", "third")
    for page in ("policy", "copy", "third"):
        sees(house, policy(), policy(DEADLINE), policy(DEADLINE), page=page)
    first = waiting(house)[0]

    did(house, "publish", first, "--only", "-r", "this one alone")
    left = waiting(house)
    did(house, "publish", left[0], "-r", "the others too")

    assert len(left) == 2
    assert waiting(house) == []
    assert [each["state"] for each in house.ran("changes", "--json").objects] == ["published"] * 3


def test_what_was_approved_and_not_published_yet_is_published_when_it_is_asked_for_again(house: Installed) -> None:
    sees(house, policy(), policy(DEADLINE), policy(DEADLINE))
    (alert,) = waiting(house)
    with world(settings()) as opened:
        approve(alert, Decider("ada", "read both captures"), opened)

    assert did(house, "publish", alert, "-r", "again").startswith(f"{alert} published: ")
    assert house.ran("changes", "--json").objects[0]["state"] == "published"


def test_a_correction_is_an_entry_of_the_feed_that_links_the_old_one(house: Installed) -> None:
    sees(house, policy(), policy(DEADLINE), policy(DEADLINE))
    (alert,) = waiting(house)
    did(house, "publish", alert, "-r", "read both captures")

    said = did(house, "correct", alert, "--title", "Lumen: the deadline is a proposal", "-r", "asked them")

    new, old = house.ran("changes", "--json").objects[::-1]
    feed = feedparser.parse((house.folder / "public" / "feeds" / "all.atom").read_bytes())
    assert said.splitlines()[-1] == f"{alert} is corrected by {new['id']}"
    assert (old["state"], new["state"], new["corrects"]) == ("corrected", "published", alert)
    assert [entry.title for entry in feed.entries] == ["Lumen: the deadline is a proposal", old["title"]]
    assert any(alert in link.href for link in feed.entries[0].links if link.rel == "related")
    assert f"Corrected by {new['id']}: Lumen: the deadline is a proposal" in house.ran("review", "show", alert).out


def test_a_correction_says_what_is_right(house: Installed) -> None:
    said = house.ran("review", "correct", "beef", "-r", "wrong")

    assert said.code == 2
    assert "give --title, --meaning or both" in said.err


def test_a_dismissal_becomes_a_rule_that_is_listed_and_ended(house: Installed) -> None:
    sees(house, policy(), policy(DEADLINE), policy(DEADLINE))
    (alert,) = waiting(house)

    said = did(house, "dismiss", alert, "--rule", "-r", "a draft of theirs")
    sees(house, policy(DEADLINE, LOGIN.replace("log in to", "sign in to")))
    (rule,) = house.ran("review", "rules", "list", "--json").objects
    ended = house.ran("review", "rules", "remove", rule["id"])

    assert said.splitlines()[1] == (
        f"rule {rule['id']} dismisses the like of it on policy from now on, "
        "under: Privacy policy > Your right to object"
    )
    assert ended.out.startswith(f"rule {rule['id']} ended: page policy; kind optout; aspects ")
    assert house.ran("review", "rules", "list").out == "No rule dismisses anything.\n"
    assert len(house.ran("review", "rules", "list", "--ended", "--json").objects) == 1


def test_a_dismissal_whose_quotes_share_no_heading_becomes_no_rule(house: Installed) -> None:
    bare = policy().replace(b"<h1>Privacy policy</h1>", b"")
    both = policy(DEADLINE, minors="").replace(b"<h1>Privacy policy</h1>", b"")
    sees(house, bare, both, both)
    (alert,) = waiting(house)

    said = house.ran("review", "dismiss", alert, "--rule", "-r", "a draft", "--by", "ada")

    assert said.code == 1
    assert said.err.startswith("not dismissed: its quotes share no heading; say with `optout-monitor review rules add`")
    assert waiting(house) == [alert]


def test_a_rule_that_would_have_hidden_what_was_told_needs_a_yes(house: Installed) -> None:
    sees(house, policy(), policy(DEADLINE), policy(DEADLINE))
    did(house, "publish", waiting(house)[0], "-r", "read both captures")
    rule = (
        "review",
        "rules",
        "add",
        "--page",
        "policy",
        "--words",
        "must send your objection",
        "-r",
        "x",
        "--by",
        "ada",
    )

    dry = house.ran(*rule, "--dry-run")
    refused = house.ran(*rule)
    kept = house.ran(*rule, "--yes")

    assert (dry.code, refused.code, kept.code) == (0, 2, 0)
    assert "Alerts that it would have hidden so far: 1" in dry.out
    assert dry.err.startswith("this rule would have hidden 1 alert that was told to readers: ")
    assert "not added: narrow it, or say --yes" in refused.err
    assert len(house.ran("review", "rules", "list", "--json").objects) == 1


def test_what_a_rule_dismisses_is_never_in_the_queue_and_can_be_taken_back(house: Installed) -> None:
    sees(house, policy())
    did(house, "rules", "add", "--page", "policy", "--words", "must send your objection", "-r", "a draft")
    sees(house, policy(DEADLINE), policy(DEADLINE))

    assert waiting(house) == []
    (alert,) = house.ran("changes", "--state", "dismissed", "--json").objects
    did(house, "undo", alert["id"], "-r", "this one matters")
    assert waiting(house) == [alert["id"]]


def test_what_came_and_went_is_let_out_only_once_it_came_again_whatever_was_taken_back(house: Installed) -> None:
    sees(house, policy(), policy(DEADLINE), policy())
    (alert,) = waiting(house)
    did(house, "dismiss", alert, "-r", "a variant")
    did(house, "undo", alert, "-r", "wrong alert")

    refused = house.ran("review", "publish", alert, "-r", "read it", "--by", "ada")
    sees(house, policy(DEADLINE))

    assert refused.code == 1
    assert "was seen at one fetch alone and cannot become approved before another one shows it too" in refused.err
    assert "Waits for a maintainer: it came, was gone, and came again." in house.ran("review", "show", alert).out
    did(house, "publish", alert, "-r", "two fetches show it")
    assert [each["id"] for each in house.ran("changes", "--state", "published", "--json").objects] == [alert]


def test_a_way_out_that_did_not_change_is_one_line_of_the_dossier(house: Installed) -> None:
    reworded = policy().replace(b"at any time with", b"whenever you like with")
    sees(house, policy(), reworded, reworded)

    said = house.ran("review", "show", waiting(house)[0]).out

    assert "The way out is the same before and after (5 facts).\n" in said


def test_a_pinned_sentence_that_goes_is_an_item_by_itself(house: Installed) -> None:
    sees(house, policy())
    said = house.ran("review", "pin", "policy", LAMPS, "--by", "ada")
    gone = policy().replace(LAMPS.encode(), b"Nobody sees your lamps.")
    sees(house, gone, gone)

    (row,) = house.ran("review", "pins", "--json").objects
    (alert,) = house.ran("review", "list", "--json").objects
    assert said.out == f"{row['id']} pinned on policy under Privacy policy > Who else sees it: {LAMPS}\n"
    assert alert["title"] == "Lumen privacy policy: a sentence on opting out that maintainers pinned is gone"
    assert house.ran("review", "unpin", row["id"]).code == 0
    assert house.ran("review", "pins").out == "Nothing is pinned.\n"


def test_publishing_can_pin_what_is_said_now(house: Installed) -> None:
    sees(house, policy(), policy(DEADLINE), policy(DEADLINE))

    said = did(house, "publish", waiting(house)[0], "--pin", "-r", "read both captures")

    assert said.splitlines()[-1].endswith(f"pinned on policy: {DEADLINE}")


def test_decisions_are_exported_as_truth_beside_the_recording_that_they_are_about(
    house: Installed, tmp_path: Path
) -> None:
    sees(house, policy(), policy(DEADLINE), policy(DEADLINE), policy(DEADLINE, minors=""), policy(DEADLINE, minors=""))
    found = {each["quotes"][0]["before"]: each["id"] for each in house.ran("review", "list", "--json").objects}
    folder = tmp_path / "decided"

    did(house, "publish", found[""], "-r", "read both captures")
    did(house, "dismiss", found[MINORS], "-r", "an accident")
    said = house.ran("review", "export", "policy", "--to", str(folder))

    page, captures = read_recording(folder)
    lines = {line.index: line for line in replay(page, captures, lexicons())}
    truth = [json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines()]
    assert said.out == f"5 captures and 2 decisions written to {folder}\n"
    assert {frozenset(each) for each in truth} == {
        frozenset({"index", "file", "kind", "level", "aspects", "what", "before", "after"})
    }
    assert [(each["level"], lines[each["index"]].verdict.level) for each in truth] == [
        ("alert", "alert"),
        ("none", "alert"),
    ]


def test_a_recording_can_be_imported_for_review(house: Installed, tmp_path: Path) -> None:
    sees(house, policy(), policy(DEADLINE), policy(DEADLINE))
    house.ran("export", "policy", "--to", str(tmp_path / "past"))
    house.watch("copy", publish="automatic")

    said = house.ran("import", "recording", str(tmp_path / "past"), "--page", "copy", "--review")

    assert said.code == 0
    assert [each["page"] for each in house.ran("review", "list", "--json").objects if each["page"] == "copy"] == [
        "copy"
    ]
