"""What `ports.Signals` promises, over SQLite and PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace

from monitor.model.alert import AlertState
from monitor.model.capture import Digest
from monitor.model.feed import Entry, FeedMark
from monitor.store import Store
from tests.contract.stored import HOUR, NOON, PAGE, alert, review

MARK = FeedMark(feed="news", etag='"7"', modified="", capture=Digest("c"), at=NOON)
ENTRIES = tuple(Entry(id=f"tag:news.example,2026:{number}", title=f"Entry {number}") for number in range(3))


def test_what_was_read_outlives_the_process(store: Store, another: Callable[[], Store]) -> None:
    store.signals.keep(MARK, ENTRIES[:2], [alert()], {PAGE.id: NOON})

    opened = another()
    assert opened.signals.mark("news") == MARK
    assert opened.signals.mark("other") is None
    assert opened.signals.unseen("news", ENTRIES) == (ENTRIES[2],)
    assert opened.signals.nudges() == {"murmel-policy": NOON}
    assert opened.desk.alerts() == (alert(),)


def test_what_a_rule_dismisses_of_a_feed_is_kept_dismissed(store: Store) -> None:
    rule = review(AlertState.PENDING, AlertState.DISMISSED, "rule r1")

    store.signals.keep(MARK, ENTRIES, [alert(), alert("a2")], {}, [rule])

    assert [(one.id, one.state) for one in store.desk.alerts()] == [
        ("a1", AlertState.DISMISSED),
        ("a2", AlertState.PENDING),
    ]
    assert store.desk.reviews() == (rule,)


def test_the_same_id_in_another_feed_is_another_entry(store: Store) -> None:
    store.signals.keep(MARK, ENTRIES, [], {})

    assert store.signals.unseen("other", ENTRIES) == ENTRIES


def test_an_id_that_a_feed_names_twice_is_one_entry(store: Store) -> None:
    twice = replace(ENTRIES[0], title="The same again")

    assert store.signals.unseen("news", (ENTRIES[1], ENTRIES[0], twice)) == (ENTRIES[1], ENTRIES[0])


def test_keeping_it_again_changes_only_what_is_newer(store: Store) -> None:
    store.signals.keep(MARK, ENTRIES, [alert()], {PAGE.id: NOON})

    store.signals.keep(replace(MARK, etag='"8"'), ENTRIES, [alert(state=AlertState.APPROVED)], {PAGE.id: NOON + HOUR})

    known = store.signals.mark("news")
    assert known is not None
    assert known.etag == '"8"'
    assert store.signals.nudges() == {"murmel-policy": NOON + HOUR}
    assert store.desk.alerts() == (alert(),)
