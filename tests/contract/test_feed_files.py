"""What the files of the feeds promise: the same alerts give the same bytes, and only what differs is written."""

from datetime import timedelta
from pathlib import Path

import feedparser
import pytest

from tests.contract.feeds_of import contents, many, write
from tests.published import START, alert


def test_nothing_is_written_when_nothing_changed(tmp_path: Path) -> None:
    write(tmp_path, *many(70))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}

    changed = write(tmp_path, *many(70))

    assert changed == ()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_the_same_alerts_give_the_same_bytes_in_another_folder_and_order(tmp_path: Path) -> None:
    write(tmp_path / "one", *many(70))

    write(tmp_path / "two", *reversed(many(70)))

    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_one_more_alert_changes_only_the_documents_that_hold_it_or_what_it_pushed_out(tmp_path: Path) -> None:
    write(tmp_path, *many(120))

    changed = write(tmp_path, *many(121))

    stems = {path.rsplit(".", 1)[0] for path in changed}
    feeds = {"all", "service/facebook", "page/facebook-policy", "language/en", "level/alert"}
    assert stems == {f"feeds/{feed}{part}" for feed in feeds for part in ("", "/51-70", "/51-71")}


def test_a_full_archive_stays_as_it_is_for_good(tmp_path: Path) -> None:
    write(tmp_path, *many(100))
    archive = (tmp_path / "feeds/all/1-50.atom").read_bytes()

    write(tmp_path, *many(260))

    assert (tmp_path / "feeds/all/1-50.atom").read_bytes() == archive


def test_an_edited_alert_changes_its_archive_and_keeps_its_place(tmp_path: Path) -> None:
    write(tmp_path, *many(120))
    edited = alert(3, title="Facebook: edited words", updated=START + timedelta(days=500))

    changed = write(tmp_path, *(edited if each.id == edited.id else each for each in many(120)))

    assert "feeds/all/1-50.rss" in changed
    assert "feeds/all.rss" not in changed
    entries = feedparser.parse((tmp_path / "feeds/all/1-50.atom").read_bytes()).entries
    (entry,) = [entry for entry in entries if entry.title == "Facebook: edited words"]
    assert entry.updated == "2027-12-03T22:33:00Z"
    assert entry.published == "2026-07-25T00:33:00Z"


def test_a_feed_without_entries_is_a_feed_whose_moment_stands_still(tmp_path: Path) -> None:
    write(tmp_path)

    atom = feedparser.parse((tmp_path / "feeds/service/whatsapp.atom").read_bytes())
    rss = feedparser.parse((tmp_path / "feeds/service/whatsapp.rss").read_bytes())
    assert not atom.bozo
    assert not rss.bozo
    assert atom.entries == []
    assert atom.feed.updated == "2025-01-01T00:00:00Z"
    assert "updated" not in rss.feed


def test_a_file_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds/mine.txt").write_text("kept")
    write(tmp_path, *many(60))

    changed = write(tmp_path, *many(55))

    assert "feeds/all/1-10.rss" in changed
    assert not (tmp_path / "feeds/all/1-10.rss").exists()
    assert (tmp_path / "feeds/all/1-5.rss").exists()
    assert (tmp_path / "feeds/mine.txt").read_text() == "kept"


@pytest.mark.parametrize("damage", [b"", b"{", b'{"feeds/all.rss": 3}'])
def test_a_damaged_list_of_our_files_costs_only_work(tmp_path: Path, damage: bytes) -> None:
    write(tmp_path, *many(60))
    whole = contents(tmp_path)
    (tmp_path / ".feeds.json").write_bytes(damage)

    changed = write(tmp_path, *many(60))

    assert changed == ()
    assert contents(tmp_path) == whole


def test_a_file_that_was_damaged_is_made_whole(tmp_path: Path) -> None:
    write(tmp_path, *many(100))
    archive, current = tmp_path / "feeds/all/1-50.rss", tmp_path / "feeds/all.rss"
    whole = contents(tmp_path)
    archive.write_bytes(b"cut")
    current.write_bytes(b"cut")

    changed = write(tmp_path, *many(100))

    assert set(changed) == {"feeds/all/1-50.rss", "feeds/all.rss"}
    assert contents(tmp_path) == whole


def test_documents_are_written_by_their_newest_entries_in_all_feeds_alike(tmp_path: Path) -> None:
    """An entry's items are held until it stands everywhere: feed by feed, that would be all of them at once."""
    written = [path.removesuffix(".rss") for path in write(tmp_path, *many(120)) if path.endswith(".rss")]

    alike = ("feeds/all", "feeds/service/facebook", "feeds/page/facebook-policy", "feeds/language/en")
    first, second, newest = ([written.index(feed + part) for feed in alike] for part in ("/1-50", "/51-70", ""))
    assert max(first) < min(second)
    assert max(second) < min(newest)
