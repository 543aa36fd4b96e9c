"""What the evidence promises (`ports.Evidence`): exact bytes once, nothing lost, every damage found."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from monitor.model.capture import Capture, Digest
from monitor.model.document import Block, BlockKind, Document, Field, Link, Part
from monitor.model.errors import StoreDamaged
from monitor.model.finding import Finding, History, Sight
from monitor.model.page import Page, PageId, PageKind, Vantage
from monitor.model.procedure import Entry, Procedure, Stated
from monitor.model.subscriber import Consent, Subscriber, SubscriberId, SubscriberState
from monitor.model.verdict import Kind, Verdict
from monitor.store import Store, open_store

NOON = datetime(2026, 2, 25, 12, 0, 0, 250, tzinfo=UTC)
HOUR = timedelta(hours=1)
PAGE = Page(id=PageId("murmel-policy"), url="https://murmel.example/policy", kind=PageKind.POLICY)
CAPTURE = Capture(
    page=PAGE.id,
    url=PAGE.url,
    at=NOON,
    body=b"<p>You can object.\r\n\x00\xff</p>",
    status=200,
    headers=(
        ("Content-Type", "text/html; charset=utf-8"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Content-Encoding", "gzip"),
        ("X-Odd", "tschüß\n\tfolded"),
    ),
    final_url="https://murmel.example/policy?hl=en",
    hops=("https://murmel.example/policy", "https://murmel.example/consent"),
    vantage=Vantage("eu", "en", "optout-monitor/0.1 (+desk@example.org)"),
    source={"note": "by hand"},
)


def later(hours: int, **changed: object) -> Capture:
    return replace(CAPTURE, at=NOON + hours * HOUR, **changed)  # type: ignore[arg-type]  # fields written out in each test


def warcs(folder: Path) -> list[Path]:
    return sorted((folder / "snapshots").glob("*/captures/*/*/*.warc.gz"))


def ledger_lines(folder: Path) -> list[str]:
    files = sorted((folder / "snapshots" / "ledger").glob("*.jsonl"))
    return [line for file in files for line in file.read_text("utf-8").splitlines()]


def test_a_capture_comes_back_as_it_was(store: Store, another: Callable[[], Store]) -> None:
    store.evidence.keep(CAPTURE)

    assert store.evidence.capture(CAPTURE.digest) == CAPTURE
    assert another().evidence.capture(CAPTURE.digest) == CAPTURE
    assert list(another().evidence.captures(PAGE.id)) == [CAPTURE]


def test_a_screenshot_is_kept_with_its_capture(store: Store, another: Callable[[], Store]) -> None:
    shot = replace(CAPTURE, screenshot=b"\x89PNG picture")

    store.evidence.keep(shot)

    assert another().evidence.capture(shot.digest) == shot


def test_what_was_never_kept_is_none(store: Store) -> None:
    assert store.evidence.capture(Digest("0" * 64)) is None
    assert store.evidence.capture(Digest("not a digest")) is None
    assert list(store.evidence.captures(PageId("unknown"))) == []


def test_keeping_the_same_capture_twice_does_no_harm(store: Store, tmp_path: Path) -> None:
    store.evidence.keep(CAPTURE)
    store.evidence.keep(later(1))

    store.evidence.keep(CAPTURE)
    store.evidence.keep(later(1))

    assert len(ledger_lines(tmp_path)) == 2
    assert [capture.at for capture in store.evidence.captures(PAGE.id)] == [NOON, NOON + HOUR]


def test_equal_bytes_are_kept_once_and_every_sight_of_them_is_told(store: Store, tmp_path: Path) -> None:
    for hours in (0, 1, 2):
        store.evidence.keep(later(hours, headers=(*CAPTURE.headers, ("Date", f"{hours} o'clock"))))

    assert len(warcs(tmp_path)) == 1
    assert [capture.at for capture in store.evidence.captures(PAGE.id)] == [NOON, NOON + HOUR, NOON + 2 * HOUR]
    assert store.evidence.capture(CAPTURE.digest) == replace(CAPTURE, headers=(*CAPTURE.headers, ("Date", "0 o'clock")))


def test_equal_bytes_that_came_otherwise_keep_what_was_otherwise(
    store: Store, another: Callable[[], Store], tmp_path: Path
) -> None:
    moved = later(1, final_url="https://murmel.example/en/policy", status=203, source={"miss": "not-text"})
    other_page = later(2, page=PageId("murmel-terms"))
    store.evidence.keep(CAPTURE)

    store.evidence.keep(moved)
    store.evidence.keep(other_page)

    fresh = another().evidence
    assert list(fresh.captures(PAGE.id)) == [CAPTURE, moved]
    assert list(fresh.captures(PageId("murmel-terms"))) == [other_page]
    assert fresh.capture(CAPTURE.digest) == CAPTURE
    kinds = [record.rec_type for record in ArchiveIterator(BytesIO(warcs(tmp_path)[1].read_bytes()))]
    assert kinds == ["warcinfo", "revisit", "request", "metadata"]
    assert list(fresh.verify()) == []


def test_captures_come_in_time_order_however_they_were_kept(store: Store) -> None:
    for hours in (5, 1, 800, 3):
        store.evidence.keep(later(hours, body=f"text of hour {hours}".encode()))

    found = [capture.body for capture in store.evidence.captures(PAGE.id)]

    assert found == [b"text of hour 1", b"text of hour 3", b"text of hour 5", b"text of hour 800"]


def test_only_captures_after_a_moment_are_given_when_asked_for(store: Store) -> None:
    for hours in (0, 1, 2):
        store.evidence.keep(later(hours))

    found = [capture.at for capture in store.evidence.captures(PAGE.id, after=NOON)]

    assert found == [NOON + HOUR, NOON + 2 * HOUR]


def test_two_stores_over_one_folder_see_what_the_other_kept(store: Store, another: Callable[[], Store]) -> None:
    other = another()
    store.evidence.keep(CAPTURE)
    other.evidence.keep(later(1, body=b"by the other"))
    store.evidence.keep(later(2))

    assert [capture.at for capture in other.evidence.captures(PAGE.id)] == [NOON, NOON + HOUR, NOON + 2 * HOUR]
    assert list(store.evidence.verify()) == []


def test_many_captures_are_found_after_a_restart(store: Store, another: Callable[[], Store]) -> None:
    for number in range(1_100):
        page = PageId(f"page-{number % 7}")
        store.evidence.keep(later(number, page=page, body=b"always the same" if number % 2 else b"or the other"))
    fresh = another().evidence

    moments = [capture.at for page in range(7) for capture in fresh.captures(PageId(f"page-{page}"))]

    assert sorted(moments) == [NOON + number * HOUR for number in range(1_100)]
    assert moments[:2] == [NOON, NOON + 7 * HOUR]


def test_a_lost_database_loses_no_evidence(store: Store, tmp_path: Path) -> None:
    for hours in range(3):
        store.evidence.keep(later(hours, body=f"text {hours}".encode()))
    fresh = open_store(
        snapshots=tmp_path / "snapshots",
        database=f"sqlite:///{tmp_path}/new/monitor.db",
        lock=tmp_path / "state" / "lock",
    )

    found = [capture.body for capture in fresh.evidence.captures(PAGE.id)]

    fresh.close()
    assert found == [b"text 0", b"text 1", b"text 2"]


def test_a_ledger_of_another_history_is_read_anew(store: Store, another: Callable[[], Store], tmp_path: Path) -> None:
    for hours in range(600):
        store.evidence.keep(later(hours))
    ledger = tmp_path / "snapshots" / "ledger"
    first = ledger_lines(tmp_path)[0] + "\n"
    for file in ledger.glob("*.jsonl"):
        file.unlink()
    (ledger / "2026-02.jsonl").write_text(first, "utf-8")

    found = list(another().evidence.captures(PAGE.id))

    assert found == [CAPTURE]


def test_the_file_is_a_sound_warc_with_the_exact_bytes(store: Store, tmp_path: Path) -> None:
    store.evidence.keep(CAPTURE)

    [file] = warcs(tmp_path)

    records = {}
    for record in ArchiveIterator(BytesIO(file.read_bytes()), check_digests="raise"):
        records[record.rec_type] = (record.rec_headers, record.http_headers, record.content_stream().read())
    assert list(records) == ["warcinfo", "response", "request", "metadata"]
    headers, http, body = records["response"]
    assert body == CAPTURE.body
    assert headers.protocol == "WARC/1.1"
    assert headers.get_header("WARC-Date") == "2026-02-25T12:00:00.000250Z"
    assert headers.get_header("WARC-Target-URI") == "https://murmel.example/policy?hl=en"
    assert http.statusline == "200 OK"
    assert http.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert records["request"][1].to_str().splitlines()[:2] == ["GET /policy?hl=en HTTP/1.1", "Host: murmel.example"]
    assert file.name == f"20260225T120000Z-{CAPTURE.digest}.warc.gz"


def test_a_capture_that_we_did_not_ask_for_has_no_request(store: Store, tmp_path: Path) -> None:
    store.evidence.keep(replace(CAPTURE, vantage=Vantage("eu", "en")))

    kinds = [record.rec_type for record in ArchiveIterator(BytesIO(warcs(tmp_path)[0].read_bytes()))]

    assert kinds == ["warcinfo", "response", "metadata"]


def test_a_file_that_was_lost_is_told_and_its_bytes_are_kept_anew(
    store: Store, another: Callable[[], Store], tmp_path: Path
) -> None:
    store.evidence.keep(CAPTURE)
    warcs(tmp_path)[0].unlink()

    with pytest.raises(StoreDamaged, match="the file is missing"):
        another().evidence.capture(CAPTURE.digest)
    store.evidence.keep(later(1))

    assert another().evidence.capture(CAPTURE.digest) == later(1)
    assert list(store.evidence.verify()) == [
        f"murmel-policy/captures/2026/02/20260225T120000Z-{CAPTURE.digest}.warc.gz: is missing (ledger/2026-02.jsonl:1)"
    ]


def test_a_file_that_a_killed_process_left_without_a_line_stays_and_hinders_nothing(
    store: Store, another: Callable[[], Store], tmp_path: Path
) -> None:
    name = f"20260225T120000Z-{CAPTURE.digest}.warc.gz"
    left = tmp_path / "snapshots" / PAGE.id / "captures" / "2026" / "02" / name
    left.parent.mkdir(parents=True)
    left.write_bytes(b"of the same second, and otherwise")

    store.evidence.keep(CAPTURE)

    assert list(another().evidence.captures(PAGE.id)) == [CAPTURE]
    assert list(store.evidence.verify()) == []
    assert left.read_bytes() == b"of the same second, and otherwise"
    assert [path.name for path in warcs(tmp_path)] == [f"20260225T120000Z-{CAPTURE.digest}-000250.warc.gz", name]


def test_a_file_cut_short_is_never_read_as_a_capture(
    store: Store, another: Callable[[], Store], tmp_path: Path
) -> None:
    store.evidence.keep(replace(CAPTURE, body=b"long enough " * 9_000))
    [file] = warcs(tmp_path)
    file.write_bytes(file.read_bytes()[:-200])

    with pytest.raises(StoreDamaged, match="cannot be read"):
        list(another().evidence.captures(PAGE.id))


def block(kind: BlockKind, text: str, **more: object) -> Block:
    return Block(kind=kind, text=text, key=text, **more)  # type: ignore[arg-type]  # fields written out below


DOCUMENT = Document(
    blocks=(
        block(BlockKind.HEADING, "Murmel privacy"),
        block(BlockKind.PARAGRAPH, "# not a heading. Use of <b> is 3 * 4 [sic]. See e.g. our terms! Done."),
        block(BlockKind.HEADING, "Your rights", trail=("Murmel privacy",)),
        block(
            BlockKind.STEP,
            "Open the objection form. Then send it.",
            links=(Link("objection form", "https://murmel.example/contact/1"),),
        ),
        block(BlockKind.ITEM, "Posts and photos"),
        block(BlockKind.ROW, "Photos | training"),
        block(BlockKind.FIELD, "Your address", field=Field(name="mail", type="email", required=True)),
        block(BlockKind.BUTTON, "Send"),
        block(BlockKind.PARAGRAPH, "Was this helpful?", part=Part.FURNITURE),
    ),
    fingerprint="f",
)
PROCEDURE = Procedure(
    entries=(Entry(("Settings", "Privacy centre"), "https://murmel.example/privacy", "Go to Settings."),),
    steps=(Stated("open the form", "Open the objection form.", ("Your rights",)),),
)
TEXT = r"""<!-- murmel-policy https://murmel.example/policy -->

# Murmel privacy

\# not a heading.
Use of \<b\> is 3 \* 4 \[sic\].
See e.g. our terms!
Done.

## Your rights

1. Open the [objection form](<https://murmel.example/contact/1>).
   Then send it.

- Posts and photos

| Photos | training |

- [ ] Your address (email, required)

\[Send\]

"""
YAML = """entries:
- path:
  - Settings
  - Privacy centre
  target: https://murmel.example/privacy
  quote: Go to Settings.
steps:
- value: open the form
  quote: Open the objection form.
  trail:
  - Your rights
"""


def finding(document: Document | None = DOCUMENT, procedure: Procedure = PROCEDURE) -> Finding:
    sight = Sight(capture=CAPTURE.digest, at=NOON, fingerprint="f")
    return Finding(
        verdict=Verdict(kind=Kind.FIRST),
        history=History(rules="r", newest=sight, document=document),
        sight=sight,
        document=document,
        procedure=procedure,
    )


def test_the_newest_reading_is_written_for_people_and_for_git(store: Store, tmp_path: Path) -> None:
    store.evidence.write_reading(PAGE, finding())

    folder = tmp_path / "snapshots" / "murmel-policy"
    assert (folder / "text.md").read_text("utf-8") == TEXT.rstrip("\n") + "\n"
    assert (folder / "procedure.yaml").read_text("utf-8") == YAML


def test_an_unchanged_reading_leaves_the_files_untouched(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "snapshots" / "murmel-policy"
    store.evidence.write_reading(PAGE, finding())
    before = [(path.name, path.stat().st_mtime_ns, path.stat().st_ino) for path in sorted(folder.iterdir())]

    store.evidence.write_reading(PAGE, finding())
    store.evidence.write_reading(PAGE, finding(None))

    after = [(path.name, path.stat().st_mtime_ns, path.stat().st_ino) for path in sorted(folder.iterdir())]
    assert after == before
    assert len(ledger_lines(tmp_path)) == 1


def test_a_page_without_a_way_out_says_so(store: Store, tmp_path: Path) -> None:
    store.evidence.write_reading(PAGE, finding(procedure=Procedure()))

    assert (tmp_path / "snapshots" / "murmel-policy" / "procedure.yaml").read_text("utf-8") == "{}\n"


def test_a_text_that_was_edited_by_hand_is_told(store: Store, tmp_path: Path) -> None:
    store.evidence.write_reading(PAGE, finding())
    (tmp_path / "snapshots" / "murmel-policy" / "text.md").write_text("You cannot object.\n", "utf-8")

    assert list(store.evidence.verify()) == ["murmel-policy/text.md: is not the text that was read"]


def test_nothing_of_a_reader_lies_under_the_snapshots(store: Store, tmp_path: Path) -> None:
    consent = Consent(source="form", wording="1", asked=NOON)
    reader = Subscriber(
        id=SubscriberId("s1"), address="ada@example.org", state=SubscriberState.CONFIRMED, consent=consent
    )
    store.evidence.keep(CAPTURE)

    store.readers.add(reader)

    files = [path for path in (tmp_path / "snapshots").rglob("*") if path.is_file()]
    assert files
    assert all(b"ada@example.org" not in path.read_bytes() for path in files)
