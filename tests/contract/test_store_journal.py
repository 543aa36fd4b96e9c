"""What the journal promises (`ports.Journal`), over SQLite and PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from monitor.model.alert import AlertState
from monitor.model.capture import Digest
from monitor.model.change import Change
from monitor.model.document import Block, BlockKind
from monitor.model.errors import Unconfirmed
from monitor.model.finding import Settled, Sight
from monitor.model.page import PageId
from monitor.model.procedure import Procedure, Stated
from monitor.model.status import Check, Outcome, Standing, Version
from monitor.model.verdict import BACK_AGAIN, Kind, Verdict
from monitor.store import Store
from tests.contract.stored import HOUR, NOON, PAGE, RULES, alert, at, check, finding, review


def test_a_history_comes_back_as_it_was_and_only_for_its_rules(store: Store, another: Callable[[], Store]) -> None:
    found = finding()

    store.journal.record(PAGE, check(), found, [])

    for journal in (store.journal, another().journal):
        assert journal.history(PAGE.id, RULES) == found.history
        assert journal.history(PAGE.id, "other rules") is None
        assert journal.history(PageId("unknown"), RULES) is None


def test_an_unchanged_history_is_one_and_the_same_value(store: Store) -> None:
    store.journal.record(PAGE, check(), finding(), [])

    first = store.journal.history(PAGE.id, RULES)
    store.journal.missed(check(at(1), Outcome.UNCHANGED))

    assert store.journal.history(PAGE.id, RULES) is first


def test_a_history_too_large_for_memory_is_read_anew_and_lets_the_others_stay(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(PAGE, id=PageId("other"))
    store.journal.record(PAGE, check(), finding(), [])
    small = store.journal.history(PAGE.id, RULES)
    large = finding("You can object to this use. " * 200)
    monkeypatch.setattr("monitor.store.remembered.MOST_BYTES", 4_000)

    store.journal.record(other, replace(check(), page=other.id), large, [])
    first, second = (store.journal.history(other.id, RULES) for _ in range(2))

    assert first == second == large.history
    assert first is not second
    assert store.journal.history(PAGE.id, RULES) is small


def test_a_history_written_by_another_process_is_read_anew(store: Store, another: Callable[[], Store]) -> None:
    store.journal.record(PAGE, check(), finding(), [])
    store.journal.history(PAGE.id, RULES)
    newer = finding("You cannot object.", at(1))

    another().journal.record(PAGE, check(at(1)), newer, [])

    assert store.journal.history(PAGE.id, RULES) == newer.history


def test_a_history_by_other_rules_takes_the_place_of_the_old_one(store: Store) -> None:
    store.journal.record(PAGE, check(), finding(), [])
    anew = replace(finding(at=at(1)), history=replace(finding().history, rules="rules-2"))

    store.journal.record(PAGE, check(at(1)), anew, [])

    assert store.journal.history(PAGE.id, RULES) is None
    assert store.journal.history(PAGE.id, "rules-2") == anew.history


def test_recording_the_same_check_twice_does_no_harm(store: Store) -> None:
    for _ in range(2):
        store.journal.record(PAGE, check(), finding(), [alert()])

    assert len(store.journal.versions(PAGE.id)) == 1
    assert len(store.journal.checks(PAGE.id, newest=10)) == 1
    assert [one.id for one in store.desk.alerts()] == ["a1"]


def test_a_record_that_fails_leaves_nothing(store: Store) -> None:
    unwritable = replace(alert(), title="\ud800 is half a character")

    with pytest.raises(UnicodeEncodeError):
        store.journal.record(PAGE, check(), finding(), [alert("a0"), unwritable])

    assert (store.journal.versions(), store.desk.alerts()) == ((), ())
    assert store.journal.history(PAGE.id, RULES) is None
    assert store.journal.standing(PAGE.id) == Standing(page=PAGE.id)


def test_a_page_never_checked_has_no_moments(store: Store) -> None:
    assert store.journal.standing(PAGE.id) == Standing(page=PAGE.id)
    assert store.journal.checks(PAGE.id, newest=5) == ()


def test_misses_are_counted_until_the_page_is_read_again(store: Store) -> None:
    store.journal.record(PAGE, check(at(-1), Outcome.FIRST), finding(at=at(-1)), [])
    for hour in range(3):
        store.journal.missed(replace(check(at(hour), Outcome.MISSED), detail=f"timed out {hour // 2}"))
    before = store.journal.standing(PAGE.id)
    store.journal.missed(check(at(3), Outcome.UNCHANGED))

    after = store.journal.standing(PAGE.id)

    assert (before.misses, before.read, before.checked, before.detail) == (3, at(-1), at(2), "timed out 1")
    assert (after.misses, after.read, after.checked, after.detail) == (0, at(3), at(3), "")


def test_misses_of_a_page_that_was_never_read_are_counted_too(store: Store) -> None:
    for hour in range(3):
        store.journal.missed(check(at(hour), Outcome.REFUSED))

    standing = store.journal.standing(PAGE.id)

    assert (standing.misses, standing.read, standing.checked) == (3, None, at(2))


def test_a_first_sight_and_noise_are_no_change(store: Store) -> None:
    store.journal.record(PAGE, check(), finding(), [])
    store.journal.record(PAGE, check(at(1)), finding("banner", at(1), Kind.NOISE), [])
    before = store.journal.standing(PAGE.id).changed
    store.journal.record(PAGE, check(at(2)), finding("news", at(2), Kind.OPTOUT), [])

    assert (before, store.journal.standing(PAGE.id).changed) == (None, at(2))


def test_what_is_held_is_a_change_only_when_it_is_confirmed_and_then_of_its_own_moment(store: Store) -> None:
    held = finding("a list went", at(1), Kind.OPTOUT)
    store.journal.record(PAGE, check(at(1)), replace(held, verdict=replace(held.verdict, held=True)), [])
    before = store.journal.standing(PAGE.id).changed
    seen = Sight(capture=Digest("a list went"), at=at(1), fingerprint="a list went")
    settled = Settled(sight=seen, before=seen, verdict=Verdict(kind=Kind.OPTOUT), confirmed=True)
    later = replace(finding("a list went", at(5), Kind.SAME), document=None, settled=(settled,))

    store.journal.record(PAGE, check(at(5)), later, [])

    assert (before, store.journal.standing(PAGE.id).changed) == (None, at(1))


def test_the_way_out_of_a_suspect_reading_never_takes_the_place_of_the_newest_one(store: Store) -> None:
    good = Procedure(steps=(Stated("open the form", "Open the form."),))
    store.journal.record(PAGE, check(), replace(finding(), procedure=good), [])
    suspect = finding("half of the page", at(1), Kind.CAPTURE)

    store.journal.record(PAGE, check(at(1)), replace(suspect, history=finding().history), [])

    assert store.journal.standing(PAGE.id).procedure == good
    assert [version.kind for version in store.journal.versions(PAGE.id)] == ["first", "capture"]


def test_versions_come_oldest_first_for_one_page_or_all(store: Store) -> None:
    other = replace(PAGE, id=PageId("murmel-terms"))
    store.journal.record(PAGE, check(at(2)), finding("two", at(2), Kind.OPTOUT), [])
    store.journal.record(other, check(at(1), name="murmel-terms"), finding("one", at(1)), [])
    store.journal.record(PAGE, check(at(0)), finding("zero", at(0)), [])

    assert [(one.page, one.fingerprint) for one in store.journal.versions()] == [
        ("murmel-policy", "zero"),
        ("murmel-terms", "one"),
        ("murmel-policy", "two"),
    ]
    assert store.journal.versions(other.id) == (
        Version(
            page=other.id, at=at(1), capture=Digest("one"), fingerprint="one", kind="first", level="none", summary=""
        ),
    )


def test_a_finding_without_a_reading_makes_no_version(store: Store) -> None:
    store.journal.record(PAGE, check(), replace(finding(), document=None), [])

    assert store.journal.versions() == ()


def test_what_a_version_changed_comes_back(store: Store) -> None:
    change = Change(added=(Block(kind=BlockKind.STEP, text="Send the form.", key="send the form"),))
    store.journal.record(PAGE, check(), finding(), [])
    store.journal.record(PAGE, check(at(1)), replace(finding("more", at(1), Kind.OPTOUT), change=change), [])

    first, second = store.journal.versions()

    assert (store.journal.change(first), store.journal.change(second)) == (Change(), change)


def test_a_known_alert_keeps_its_state(store: Store) -> None:
    store.journal.record(PAGE, check(), finding(), [alert()])
    store.desk.decide(review(AlertState.PENDING, AlertState.DISMISSED))

    store.journal.record(PAGE, check(at(1)), finding("x"), [replace(alert(), title="other words")])

    [now] = store.desk.alerts()
    assert (now.state, now.title) == (AlertState.DISMISSED, "Murmel: a step was added")


@pytest.mark.parametrize("after", [AlertState.PENDING, AlertState.APPROVED])
def test_a_held_alert_that_is_confirmed_moves_on_and_says_so(after: AlertState, store: Store) -> None:
    store.journal.record(PAGE, check(), finding(), [alert(state=AlertState.HELD)])
    confirmed = replace(alert(state=after), evidence=replace(alert().evidence, confirmed_at=at(1)))

    for _ in range(2):
        store.journal.record(PAGE, check(at(1)), finding(), [confirmed])

    [now] = store.desk.alerts()
    assert (now.state, now.evidence.confirmed_at, now.raised) == (after, at(1), NOON)
    [told] = store.desk.reviews("a1")
    assert (told.who, told.at, told.reason) == ("machine", at(1), "confirmed by a later fetch")


def test_a_held_alert_that_is_dropped_keeps_its_words(store: Store) -> None:
    store.journal.record(PAGE, check(), finding(), [alert(state=AlertState.HELD)])
    dropped = replace(alert(state=AlertState.DISMISSED), title="what had gone is back", quotes=())

    store.journal.record(PAGE, check(at(1)), finding(), [dropped])

    [now] = store.desk.alerts()
    assert (now.state, now.title) == (AlertState.DISMISSED, "Murmel: a step was added")
    assert [one.reason for one in store.desk.reviews()] == ["what had gone is back"]


def test_what_was_dropped_cannot_be_let_out_before_a_fetch_shows_it_again(store: Store) -> None:
    waiting = replace(alert(state=AlertState.HELD), waits_for="a maintainer: seven blocks went together")
    store.journal.record(PAGE, check(), finding(), [waiting])
    store.journal.record(PAGE, check(at(1)), finding(), [replace(waiting, state=AlertState.DISMISSED, waits_for="")])
    store.desk.decide(review(AlertState.DISMISSED, AlertState.HELD))

    [taken_back] = store.desk.alerts()
    with pytest.raises(Unconfirmed, match="was seen at one fetch alone"):
        store.desk.decide(review(AlertState.HELD, AlertState.APPROVED))
    store.journal.record(PAGE, check(at(2)), finding(), [waiting])
    store.desk.decide(review(AlertState.HELD, AlertState.APPROVED))

    assert (taken_back.unconfirmed, taken_back.waits_for) == (True, BACK_AGAIN)
    assert [one.state for one in store.desk.alerts()] == [AlertState.APPROVED]


def test_what_a_maintainer_decided_of_a_held_alert_stands(store: Store) -> None:
    store.journal.record(PAGE, check(), finding(), [alert(state=AlertState.HELD)])
    store.desk.decide(review(AlertState.HELD, AlertState.DISMISSED))

    store.journal.record(PAGE, check(at(1)), finding(), [alert(state=AlertState.APPROVED)])

    assert [one.state for one in store.desk.alerts()] == [AlertState.DISMISSED]


def test_what_was_dropped_before_it_was_held_is_not_kept(store: Store) -> None:
    store.journal.record(PAGE, check(), finding(), [alert(state=AlertState.DISMISSED)])

    assert store.desk.alerts() == ()


def test_all_standings_at_once_are_those_of_each_page(store: Store) -> None:
    other, third = PageId("other"), PageId("third")
    for number, outcome in enumerate((Outcome.FIRST, Outcome.UNCHANGED, Outcome.MISSED, Outcome.MISSED)):
        store.journal.missed(Check(page=PAGE.id, at=at(number), outcome=outcome))
        store.journal.missed(Check(page=other, at=at(number), outcome=Outcome.UNCHANGED))
    store.journal.missed(Check(page=third, at=at(0), outcome=Outcome.REFUSED))

    assert store.journal.standings() == {page: store.journal.standing(page) for page in (PAGE.id, other, third)}
    assert store.journal.standings()[PAGE.id].misses == 2


def test_pages_that_were_not_read_at_some_check_are_named(store: Store) -> None:
    for number, outcome in enumerate((Outcome.FIRST, Outcome.MISSED, Outcome.UNCHANGED)):
        store.journal.missed(Check(page=PAGE.id, at=at(number), outcome=outcome))
    store.journal.missed(Check(page=PageId("other"), at=at(0), outcome=Outcome.UNCHANGED))

    assert store.journal.unread() == {PAGE.id}


def test_pages_in_whose_place_something_else_came_lately_or_whose_host_rested_are_known(store: Store) -> None:
    store.journal.missed(check(NOON, Outcome.REFUSED, "walled"))
    store.journal.missed(
        replace(check(NOON, Outcome.MISSED, "at-rest"), detail="left-alone: a.example asked us to wait")
    )
    store.journal.missed(replace(check(NOON, Outcome.MISSED, "silent"), detail="timed-out: nothing came"))
    store.journal.missed(check(NOON - HOUR, Outcome.REFUSED, "long-ago"))

    assert store.journal.put_off(NOON - HOUR) == {"walled", "at-rest"}


def test_what_a_version_says_is_kept_once_for_each_reading(store: Store) -> None:
    for moment in (NOON, NOON + HOUR):
        store.journal.record(PAGE, check(moment), finding("You can object.", moment), ())

    versions = store.journal.versions(PAGE.id)
    assert [store.journal.said(version) for version in versions] == [("you can object.",)] * len(versions)
    assert store.journal.said(replace(versions[0], fingerprint="from before")) is None


def test_checks_are_counted_by_outcome_and_by_why_no_page_came(store: Store) -> None:
    for hours, outcome, detail in (
        (0, Outcome.UNCHANGED, ""),
        (1, Outcome.UNCHANGED, ""),
        (2, Outcome.MISSED, "timed-out: no byte in 30 s"),
        (3, Outcome.MISSED, "timed-out: no byte in 31 s"),
        (4, Outcome.REFUSED, "login-wall: a password field"),
    ):
        store.journal.missed(replace(check(NOON + hours * HOUR, outcome), detail=detail))

    assert store.journal.tally() == {
        (Outcome.UNCHANGED, ""): 2,
        (Outcome.MISSED, "timed-out"): 2,
        (Outcome.REFUSED, "login-wall"): 1,
    }
