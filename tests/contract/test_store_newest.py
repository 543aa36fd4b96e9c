"""What the `Journal` remembers of what each page showed last."""

from collections.abc import Callable
from dataclasses import replace

from monitor.model.capture import Digest, Validators
from monitor.model.finding import Finding, Newest
from monitor.model.page import PageId
from monitor.model.status import Outcome
from monitor.store import Store
from tests.contract.stored import HOUR, NOON, PAGE, RULES, check, finding

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
        assert journal.newest(PAGE.id, RULES) == shown
        assert journal.newest(PAGE.id, "other rules") is None
        assert journal.newest(PageId("unknown"), RULES) is None


def test_a_check_that_found_a_page_unmoved_brings_new_validators(store: Store) -> None:
    store.journal.record(PAGE, check(), finding(), (), newest=newest(finding(), '"1"'))
    store.journal.unmoved(check(LATER, Outcome.QUIET), RULES, newest(finding(), '"2"'))

    assert [one.outcome for one in store.journal.checks(PAGE.id, newest=2)] == [Outcome.QUIET, Outcome.NEWS]
    known = store.journal.newest(PAGE.id, RULES)
    assert known is not None
    assert known.validators.etag == '"2"'


def test_a_record_that_leaves_something_undecided_forgets_what_the_page_showed_last(store: Store) -> None:
    store.journal.record(PAGE, check(), finding(), (), newest=newest(finding()))
    store.journal.record(PAGE, check(LATER, Outcome.HELD), finding("other", LATER), ())

    assert store.journal.newest(PAGE.id, RULES) is None


def test_the_capture_that_a_server_is_asked_with_is_referred_to(store: Store) -> None:
    asked_with = Validators(capture=Digest("the newest bytes"), url=PAGE.url)
    store.journal.record(PAGE, check(), finding(), (), newest=replace(newest(finding()), validators=asked_with))

    assert "the newest bytes" in store.journal.referred()
