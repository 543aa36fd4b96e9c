"""What the `Journal` remembers of what each page showed last."""

from collections.abc import Callable
from dataclasses import replace

from monitor.model.alert import AlertState
from monitor.model.capture import Digest, Validators
from monitor.model.finding import Finding, Known, Newest
from monitor.model.page import PageId
from monitor.model.status import Outcome
from monitor.store import Store
from monitor.store.whereabouts import MOST_LINES
from tests.contract.stored import HOUR, NOON, PAGE, RULES, alert, capture, check, finding, page

LATER = NOON + HOUR


def newest(found: Finding, etag: str = "") -> Newest:
    assert found.sight is not None
    validators = Validators(capture=found.sight.capture, url=PAGE.url, etag=etag)
    return Newest(sight=found.sight, source="read from this", validators=validators)


def test_what_a_page_showed_last_is_known_to_every_process_by_the_same_rules(
    store: Store, another: Callable[[], Store]
) -> None:
    shown = newest(finding())
    store.journal.record(PAGE, check(), finding(), (), newest=shown)

    for journal in (store.journal, another().journal):
        assert journal.known(PAGE.id, RULES).newest == shown
        assert journal.known(PAGE.id, "other rules").newest is None
        assert journal.known(PageId("unknown"), RULES) == Known()


def test_a_check_that_found_a_page_unmoved_brings_new_validators(store: Store) -> None:
    store.journal.record(PAGE, check(), finding(), (), newest=newest(finding(), '"1"'))
    store.journal.unmoved(check(LATER, Outcome.QUIET), RULES, newest(finding(), '"2"'))

    assert [one.outcome for one in store.journal.checks(PAGE.id, newest=2)] == [Outcome.QUIET, Outcome.NEWS]
    known = store.journal.known(PAGE.id, RULES).newest
    assert known is not None
    assert known.validators.etag == '"2"'


def test_a_record_that_leaves_something_undecided_forgets_what_the_page_showed_last(store: Store) -> None:
    store.journal.record(PAGE, check(), finding(), (), newest=newest(finding()))
    store.journal.record(PAGE, check(LATER, Outcome.HELD), finding("other", LATER), ())

    assert store.journal.known(PAGE.id, RULES).newest is None


def test_the_capture_that_a_server_is_asked_with_is_referred_to(store: Store) -> None:
    asked_with = Validators(capture=Digest("the newest bytes"), url=PAGE.url)
    store.journal.record(PAGE, check(), finding(), (), newest=replace(newest(finding()), validators=asked_with))

    assert "the newest bytes" in store.journal.referred()


def test_before_a_page_is_asked_for_its_newest_check_is_known_and_whether_anything_is_held(store: Store) -> None:
    other, held = (
        PageId("murmel-terms"),
        replace(alert("of another"), page=PageId("murmel-terms"), state=AlertState.HELD),
    )
    store.journal.record(PAGE, check(), finding(), (alert(),), newest=newest(finding()))
    store.journal.record(page(other), check(name=other), finding(), (held,), newest=newest(finding()))
    store.journal.missed(check(LATER, Outcome.MISSED))

    known, of_other = store.journal.known(PAGE.id, RULES), store.journal.known(other, RULES)

    assert known == Known(last=check(LATER, Outcome.MISSED), newest=newest(finding()), held=False)
    assert of_other == Known(last=check(name=other), newest=newest(finding()), held=True)
    assert store.journal.known(other, "other rules") == Known(last=check(name=other), held=True)


def test_what_was_kept_after_the_newest_check_is_left_over_for_every_process(
    store: Store, another: Callable[[], Store]
) -> None:
    store.evidence.keep(capture(0))
    store.journal.missed(check())
    assert [each.journal.known(PAGE.id, RULES).left_over for each in (store, another())] == [False, False]

    store.evidence.keep(capture(1))
    assert [each.journal.known(PAGE.id, RULES).left_over for each in (store, another())] == [True, True]
    assert not store.journal.known(PageId("unknown"), RULES).left_over

    store.journal.missed(check(LATER))
    assert [each.journal.known(PAGE.id, RULES).left_over for each in (store, another())] == [False, False]


def test_what_is_left_over_is_known_when_its_line_stands_in_the_database(
    store: Store, another: Callable[[], Store]
) -> None:
    store.journal.missed(check())
    store.evidence.keep(capture(1))
    for number in range(MOST_LINES):
        store.evidence.keep(capture(number, "another"))
    fresh = another()

    assert fresh.evidence.whereabouts.newest_here(PAGE.id) == ""
    assert fresh.journal.known(PAGE.id, RULES).left_over
