"""What time stamps promise: nobody can write the ledger otherwise up to a stamped line, not even with a new chain."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from monitor.codec import encode
from monitor.fetch.authority import TimestampAuthority
from monitor.model.errors import AuthorityError
from monitor.store import Store
from monitor.store.ledger import Head
from monitor.timestamp import StampError, proven, roots_of, stamp_of
from tests.contract.stamping import answering, authority, stamped, watched
from tests.contract.stored import HOUR, NOON, capture
from tools.authority import LocalAuthority

LINE = b'{"kind":"capture"}'


@pytest.fixture(scope="module")
def murmel(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    return authority(tmp_path_factory.mktemp("other"), "Another Time")


# ---- the stamp itself ----


def test_a_stamp_says_what_when_and_who(murmel: LocalAuthority) -> None:
    stamp = proven(murmel(LINE), roots_of(murmel.roots), of=LINE)

    assert stamp.digest == sha256(LINE).hexdigest()
    assert stamp.authority == "Murmel Time signer"
    assert stamp.at.utcoffset() == timedelta(0)


def test_a_stamp_of_an_authority_that_is_not_trusted_proves_nothing(
    murmel: LocalAuthority, other: LocalAuthority
) -> None:
    with pytest.raises(StampError, match="the signature proves nothing"):
        proven(murmel(LINE), roots_of(other.roots))


def test_a_stamp_about_something_else_is_told(murmel: LocalAuthority) -> None:
    with pytest.raises(StampError, match="about something else"):
        proven(murmel(LINE), roots_of(murmel.roots), of=b"another line")


@pytest.mark.parametrize("reply", [b"", b"<html>not found</html>", b"0\x82\x03u"])
def test_what_is_no_reply_is_told(reply: bytes) -> None:
    with pytest.raises(StampError, match="not a reply of a time stamp authority"):
        stamp_of(reply)


def test_roots_that_are_none_are_told() -> None:
    with pytest.raises(StampError, match="no certificates in PEM form"):
        roots_of(b"not a certificate")


# ---- the authority over HTTP ----


def asked(url: str, by: LocalAuthority) -> bytes:
    return TimestampAuthority(url=url, roots=by.roots, user_agent="optout-monitor/test")(LINE)


def test_an_authority_is_asked_over_http_and_its_answer_verified(murmel: LocalAuthority) -> None:
    with answering(200, murmel.answer) as url:
        reply = asked(url, murmel)

    assert proven(reply, roots_of(murmel.roots), of=LINE).authority == "Murmel Time signer"


def test_an_answer_to_another_question_is_refused(murmel: LocalAuthority) -> None:
    with answering(200, murmel(LINE)) as url, pytest.raises(AuthorityError, match="Nonce mismatch"):
        asked(url, murmel)


def test_an_answer_of_somebody_else_is_refused(murmel: LocalAuthority, other: LocalAuthority) -> None:
    with answering(200, other.answer) as url, pytest.raises(AuthorityError, match="OPTOUT_TIMESTAMP_CA"):
        asked(url, murmel)


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [(503, b"", "HTTP 503"), (200, b"<html>", "not a reply"), (200, b"x" * 100_001, "more than 100000 bytes")],
)
def test_an_authority_out_of_order_is_named_with_what_is_wrong(
    murmel: LocalAuthority, status: int, body: bytes, told: str
) -> None:
    with answering(status, body) as url, pytest.raises(AuthorityError, match=told) as error:
        asked(url, murmel)

    assert str(error.value).startswith(url)


def test_an_authority_that_is_not_there_is_named(murmel: LocalAuthority) -> None:
    with pytest.raises(AuthorityError, match=r"http://127\.0\.0\.1:1/: did not answer"):
        asked("http://127.0.0.1:1/", murmel)


# ---- stamps beside the ledger ----


def test_a_stamp_stands_beside_the_ledger_with_a_line_of_its_own(
    store: Store, tmp_path: Path, murmel: LocalAuthority
) -> None:
    watched(store)

    anchor = stamped(store, murmel)

    said = json.loads((tmp_path / "snapshots/ledger/2026-02.jsonl").read_bytes().splitlines()[-1])
    assert said["kind"] == "anchor"
    assert said["head"] == anchor.head == said["prev"]
    assert (tmp_path / "snapshots" / said["file"]).exists()
    assert store.evidence.anchors() == (anchor,)
    assert list(store.evidence.verify()) == []
    assert len(list(store.evidence.captures(capture().page))) == 6


def forged(folder: Path) -> None:
    """Write the whole ledger anew with another status in its second line, every hash as it must be."""
    file = folder / "ledger/2026-02.jsonl"
    before, written = "0" * 64, []
    for number, line in enumerate(file.read_bytes().splitlines()):
        said = {**json.loads(line), "prev": before}
        if number == 1:
            said["status"] = 404
        if said["kind"] == "anchor":
            continue
        written.append(encode(said))
        before = sha256(written[-1]).hexdigest()
    file.write_bytes(b"".join(line + b"\n" for line in written))
    head = Head("2026-02", file.stat().st_size, before)
    (folder / "ledger/head.json").write_bytes(encode(head) + b"\n")


def test_a_ledger_written_anew_is_found_by_the_stamp_that_is_left(
    store: Store, tmp_path: Path, murmel: LocalAuthority
) -> None:
    watched(store)
    stamped(store, murmel)

    forged(tmp_path / "snapshots")

    told = list(store.evidence.verify())
    assert len(told) == 1, told
    assert "is over a line that this ledger does not have" in told[0]


def test_a_ledger_written_anew_without_its_stamps_is_found_by_one_that_was_kept_elsewhere(
    store: Store, tmp_path: Path, murmel: LocalAuthority
) -> None:
    watched(store)
    anchor = stamped(store, murmel)
    file = tmp_path / "snapshots" / anchor.file
    elsewhere = {"kept.tsr": file.read_bytes()}
    file.unlink()

    forged(tmp_path / "snapshots")

    assert list(store.evidence.verify()) == []
    assert [each[:8] for each in store.evidence.audit(others=elsewhere).damages()] == ["kept.tsr"]


def test_a_stamp_that_a_crash_left_without_its_line_is_no_damage(
    store: Store, tmp_path: Path, murmel: LocalAuthority
) -> None:
    watched(store)
    head = store.evidence.head()
    assert head is not None
    left = tmp_path / "snapshots/ledger/stamps/20260226T120000Z-left.tsr"
    left.parent.mkdir()
    left.write_bytes(murmel(head.line))

    assert list(store.evidence.verify()) == []


def test_looking_while_captures_come_in_tells_no_damage(
    store: Store, another: Callable[[], Store], murmel: LocalAuthority
) -> None:
    watched(store)
    looker, halt = another(), threading.Event()

    def keep_on() -> None:
        for number in range(100, 1000):
            if halt.is_set():
                break
            store.evidence.keep(capture(number))

    keeping = threading.Thread(target=keep_on)
    keeping.start()
    told = [damage for _ in range(12) for damage in looker.evidence.verify()]
    halt.set()
    keeping.join()

    assert told == []


def test_a_stamp_for_another_head_is_found(store: Store, tmp_path: Path, murmel: LocalAuthority) -> None:
    watched(store)
    head = store.evidence.head()
    assert head is not None
    store.evidence.anchor(head, murmel(b"another ledger's line"), NOON + 24 * HOUR)

    [told] = store.evidence.verify()

    assert "is a time stamp over another ledger" in told


def test_a_stamp_of_somebody_else_is_found_where_the_root_is_known(
    store: Store, murmel: LocalAuthority, other: LocalAuthority
) -> None:
    watched(store)
    stamped(store, other)

    roots = roots_of(murmel.roots)
    told = list(store.evidence.audit(lambda reply: proven(reply, roots)).damages())

    assert [each.partition(": ")[2][:34] for each in told] == ["is no stamp that proves anything: "]


def test_a_stamp_taken_away_is_found(store: Store, tmp_path: Path, murmel: LocalAuthority) -> None:
    watched(store)
    anchor = stamped(store, murmel)

    (tmp_path / "snapshots" / anchor.file).unlink()

    assert list(store.evidence.verify()) == [f"{anchor.file}: is missing (ledger/2026-02.jsonl:14)"]


def test_the_count_of_what_was_looked_at_names_the_newest_stamp(store: Store, murmel: LocalAuthority) -> None:
    watched(store)
    stamped(store, murmel)
    audit = store.evidence.audit()

    assert list(audit.damages()) == []

    assert (audit.tally.lines, audit.tally.captures, audit.tally.stamps, audit.tally.pruned) == (14, 12, 1, 0)
    assert audit.tally.newest is not None
    assert audit.tally.newest.authority == "Murmel Time signer"
