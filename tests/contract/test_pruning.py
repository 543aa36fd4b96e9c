"""What the retention rule promises: what is old goes, what is referred to stays, and the ledger is whole."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.model.alert import Alert, AlertId, AlertState, Evidence
from monitor.model.capture import Capture, Digest
from monitor.model.page import PageId
from monitor.model.proof import Pruned, References
from monitor.model.status import Outcome
from monitor.pipeline.prune import prune
from monitor.store import Store, open_store
from tests.contract.stored import PAGE, alert, check, checked, finding, review
from tests.fakes import fake_world

DAY = timedelta(days=1)
START = datetime.fromisoformat("2024-01-10T08:00:00+00:00")
TODAY = START + 700 * DAY
YEAR_AGO = TODAY - 365 * DAY


def day(number: int, text: str = "", page: str = PAGE.id) -> Capture:
    body = (text or f"text of day {number}").encode() * 20
    return Capture(page=PageId(page), url=PAGE.url, at=START + number * DAY, body=body)


def pruned(store: Store, *captures: Digest, dry_run: bool = False, before: datetime = YEAR_AGO) -> Pruned:
    references = References(captures=frozenset(captures))
    return store.evidence.prune(lambda: references, before=before, at=TODAY, rule="older than 52w", dry_run=dry_run)


def files(folder: Path) -> list[str]:
    return sorted(path.name[:8] for path in (folder / "snapshots").glob("*/captures/*/*/*.warc.gz"))


def test_what_is_older_than_the_rule_goes_and_the_ledger_says_so(store: Store, tmp_path: Path) -> None:
    for number in (0, 1, 600):
        store.evidence.keep(day(number))

    gone = pruned(store)

    assert gone.captures == 2
    assert len(gone.files) == 2
    assert gone.size_bytes > 0
    assert files(tmp_path) == ["20250901"]
    last = max((tmp_path / "snapshots/ledger").glob("*.jsonl")).read_text().splitlines()[-1]
    assert '"rule":"older than 52w"' in last
    audit = store.evidence.audit()
    assert list(audit.damages()) == []
    assert audit.tally.pruned == 2


def test_what_went_by_the_rule_is_not_missed_by_who_reads_the_past(store: Store, another: Callable[[], Store]) -> None:
    for number in (0, 600):
        store.evidence.keep(day(number))
    pruned(store)

    for each in (store, another()):
        assert [capture.at for capture in each.evidence.captures(PAGE.id)] == [START + 600 * DAY]
        assert each.evidence.capture(day(0).digest) is None


def test_with_a_dry_run_nothing_is_touched(store: Store, tmp_path: Path) -> None:
    for number in (0, 600):
        store.evidence.keep(day(number))
    before = {path: path.read_bytes() for path in (tmp_path / "snapshots").rglob("*") if path.is_file()}

    gone = pruned(store, dry_run=True)

    assert (gone.captures, len(gone.files)) == (1, 1)
    assert {path: path.read_bytes() for path in (tmp_path / "snapshots").rglob("*") if path.is_file()} == before


def test_what_a_page_showed_last_stays_however_old_it_is(store: Store, tmp_path: Path) -> None:
    store.evidence.keep(day(0))
    store.evidence.keep(day(1))
    store.evidence.keep(day(0, page="murmel-terms", text="of the terms"))

    pruned(store)

    assert files(tmp_path) == ["20240110", "20240111"]


def test_bytes_that_came_again_lately_stay(store: Store, tmp_path: Path) -> None:
    for number in (0, 600, 601):
        store.evidence.keep(day(number, text="the same again" if number < 601 else ""))

    assert pruned(store).files == ()
    assert files(tmp_path) == ["20240110", "20250902"]


def test_a_past_that_was_imported_lately_is_as_new_as_its_import(store: Store) -> None:
    store.evidence.keep(day(690))
    store.evidence.keep(day(0))

    assert pruned(store).files == ()


def test_what_the_newest_text_was_read_from_stays(store: Store) -> None:
    store.evidence.keep(day(0))
    read = finding("the text", START)
    assert read.sight is not None
    store.evidence.write_reading(PAGE, replace(read, sight=replace(read.sight, capture=day(0).digest)))
    store.evidence.keep(day(600))

    assert pruned(store).files == ()


def test_bytes_that_were_removed_and_come_again_are_kept_anew(store: Store) -> None:
    store.evidence.keep(day(0, text="back again"))
    store.evidence.keep(day(600))
    pruned(store)

    store.evidence.keep(day(700, text="back again"))

    assert store.evidence.capture(day(0, text="back again").digest) == day(700, text="back again")
    assert list(store.evidence.verify()) == []


def test_nothing_is_removed_twice(store: Store) -> None:
    for number in (0, 600):
        store.evidence.keep(day(number))
    pruned(store)

    assert pruned(store) == Pruned()


def test_a_file_that_a_crash_left_after_its_line_is_no_damage(store: Store, tmp_path: Path) -> None:
    for number in (0, 600):
        store.evidence.keep(day(number))
    left = {path: path.read_bytes() for path in (tmp_path / "snapshots").glob("*/captures/*/*/*.warc.gz")}
    pruned(store)
    for path, content in left.items():
        path.write_bytes(content)

    assert list(store.evidence.verify()) == []


def test_a_file_that_is_missing_without_a_line_is_a_damage_still(store: Store, tmp_path: Path) -> None:
    for number in (0, 1, 600):
        store.evidence.keep(day(number))
    pruned(store, day(1).digest)
    [one] = (tmp_path / "snapshots").glob("*/captures/2024/*/*.warc.gz")
    one.unlink()

    assert [each.partition(":")[2] for each in store.evidence.verify()] == [" is missing (ledger/2024-01.jsonl:2)"]


@pytest.mark.parametrize(("old", "new"), [(b'{"body"', b'"body"'), (b'"status":200', b'"status":404')])
def test_of_a_damaged_ledger_nothing_is_removed(store: Store, tmp_path: Path, old: bytes, new: bytes) -> None:
    for number in (0, 1, 600):
        store.evidence.keep(day(number))
    file = tmp_path / "snapshots/ledger/2024-01.jsonl"
    file.write_bytes(file.read_bytes().replace(old, new, 1))

    assert pruned(store).files == ()


def test_the_journal_names_what_versions_histories_and_the_newest_checks_refer_to(store: Store) -> None:
    checked(store, 0)
    store.journal.missed(replace(check(outcome=Outcome.MISSED), at=check().at + DAY, capture=Digest("newest")))

    referred = store.journal.referred()

    assert referred == {"Text 0 of murmel-policy.", "newest", "c"}  # "c" is the newest check that read the page


# ---- random histories ----

BODIES = st.sampled_from(["one", "two", "three", "four", "five", "six"])
HISTORY = st.lists(
    st.tuples(st.integers(0, 690), BODIES, st.sampled_from(["a", "b"])),
    min_size=1,
    max_size=14,
    unique_by=lambda each: (each[0], each[2]),
)


def raised(before: Capture, after: Capture, state: AlertState) -> Alert:
    seen = Evidence(before=before.digest, before_at=before.at, after=after.digest, after_at=after.at)
    return replace(alert(), id=AlertId(f"{before.at}{after.at}"), page=after.page, evidence=seen, state=state)


def remembered(store: Store, alerts: list[Alert]) -> None:
    """Have the desk hold these alerts, in the state they are in."""
    for each in alerts:
        dismissed = each.state is AlertState.DISMISSED
        told = replace(each, state=AlertState.PENDING) if dismissed else each
        store.journal.record(PAGE, check(TODAY), finding("text", TODAY), [told])
        if dismissed and store.desk.alert(each.id).state is AlertState.PENDING:  # type: ignore[union-attr]  # it is there
            store.desk.decide(review(AlertState.PENDING, AlertState.DISMISSED, id=each.id))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    history=HISTORY,
    pairs=st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=4),
    state=st.sampled_from(AlertState),
)
def test_nothing_that_an_alert_refers_to_is_ever_removed(
    history: list[tuple[int, str, str]],
    pairs: list[tuple[int, int]],
    state: AlertState,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("history")
    store = open_store(snapshots=folder / "snapshots", database=f"sqlite:///{folder}/m.db", lock=folder / "lock")
    captures = [day(number, text, page) for number, text, page in history]
    for capture in captures:
        store.evidence.keep(capture)
    alerts = [raised(captures[one % len(captures)], captures[two % len(captures)], state) for one, two in pairs]
    remembered(store, alerts)
    fake = fake_world()
    fake.clock.at = TODAY

    prune(replace(fake.world, evidence=store.evidence, journal=store.journal, desk=store.desk), 365 * DAY)

    assert {each.id for each in store.desk.alerts()} == {each.id for each in alerts}
    for each in alerts:
        for digest in (each.evidence.before, each.evidence.after):
            kept = store.evidence.capture(digest)
            assert kept is not None
            assert kept.digest == digest
    for page in ("a", "b"):
        own = sorted(each.at for each in captures if each.page == page)
        left = [each.at for each in store.evidence.captures(PageId(page))]
        assert own[-1:] == left[-1:]
        assert [at for at in own if at >= YEAR_AGO] == [at for at in left if at >= YEAR_AGO]
    assert list(store.evidence.verify()) == []
    store.close()
