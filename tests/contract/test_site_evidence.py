"""What the site promises of the evidence beside a change: made once, made anew when it says more, never taken back."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model.alert import Alert
from monitor.model.errors import StoreDamaged
from monitor.model.proof import Exhibits, Kept
from monitor.ports import Published
from tests.contract.reading import Seen, write
from tests.published import alert, published

ALERT = alert(1)
SHEET, PACK = f"changes/{ALERT.id}/evidence.json", f"changes/{ALERT.id}/evidence.zip"
PAGE = f"changes/{ALERT.id}/index.html"


def side(digest: str, line: int) -> Kept:
    at = ALERT.evidence.before_at
    return Kept(
        sha256=ALERT.evidence.before if digest == "a" else ALERT.evidence.after,
        seen=at,
        captured=at,
        url="https://example.org/",
        final_url="https://example.org/",
        status=200,
        file=f"page/captures/{digest}.warc.gz",
        line=line,
        ledger="{}",
    )


@dataclass(slots=True)
class Archive:
    """Gives the same exhibits for every alert, counts how often it is asked, and is damaged as told."""

    asked: list[str] = field(default_factory=list)
    damaged: bool = False

    def __call__(self, told: Alert) -> Exhibits:
        self.asked.append(told.id)
        if self.damaged:
            raise StoreDamaged("page/captures/a.warc.gz", "the file is missing")
        return Exhibits(
            before=side("a", 1),
            after=side("b", 2),
            lines=(b"{}", b"{}"),
            whole=True,
            token=None,
            files={"page/captures/a.warc.gz": b"a", "page/captures/b.warc.gz": b"b"},
            bytes_before=b"a",
            bytes_after=b"b",
            text_before="a",
            text_after="b",
        )


def record(archive: Archive, **changes: object) -> Published:
    return replace(published(ALERT), exhibits=archive, **changes)  # type: ignore[arg-type]  # fields of Published


def links(root: Path) -> list[str]:
    return [each.get("href", "") for each in Seen((root / PAGE).read_bytes()).all("a")]


def test_a_change_whose_captures_are_not_kept_here_has_no_evidence_and_no_link_to_it(tmp_path: Path) -> None:
    write(tmp_path, published(ALERT))

    assert not (tmp_path / SHEET).exists()
    assert not any("evidence" in link for link in links(tmp_path))


def test_the_evidence_stands_beside_the_change_and_its_page_leads_there(tmp_path: Path) -> None:
    changed = write(tmp_path, record(Archive()))

    assert {SHEET, PACK} <= set(changed)
    assert [link for link in links(tmp_path) if "evidence" in link] == [f"../../{PACK}", f"../../{SHEET}"]


def test_while_nothing_changed_the_captures_are_not_even_asked_for(tmp_path: Path) -> None:
    archive = Archive()
    write(tmp_path, record(archive))

    again = write(tmp_path, record(archive))

    assert again == ()
    assert archive.asked == [ALERT.id]


def test_a_time_stamp_after_the_captures_and_an_edit_make_it_anew(tmp_path: Path) -> None:
    archive, after = Archive(), ALERT.evidence.after_at
    write(tmp_path, record(archive))

    write(tmp_path, record(archive, stamped=(after - timedelta(days=1),)))
    assert len(archive.asked) == 1
    write(tmp_path, record(archive, stamped=(after - timedelta(days=1), after + timedelta(days=1))))
    assert len(archive.asked) == 2
    edited = replace(ALERT, title="Facebook: another title")
    changed = write(tmp_path, record(archive, alerts=(edited,)))

    assert len(archive.asked) == 3
    assert SHEET in changed


def test_what_was_published_stays_when_a_capture_turns_out_to_be_damaged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    archive = Archive()
    write(tmp_path, record(archive))
    before = (tmp_path / PACK).read_bytes()
    archive.damaged = True

    write(tmp_path, record(archive, alerts=(replace(ALERT, title="Facebook: another title"),)))

    assert (tmp_path / PACK).read_bytes() == before
    assert f"evidence of alert {ALERT.id}: page/captures/a.warc.gz: the file is missing" in caplog.text
    assert any("evidence.zip" in link for link in links(tmp_path))


def test_the_evidence_of_a_change_that_is_damaged_from_the_start_is_left_out_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path, record(Archive(damaged=True)))

    assert not (tmp_path / PACK).exists()
    assert "the file is missing" in caplog.text
    assert not any("evidence" in link for link in links(tmp_path))
