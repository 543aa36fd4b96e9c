"""Which feeds there are, how entries lie in their documents, what an entry says."""

import re
from datetime import timedelta

import pytest

from monitor.model.alert import AlertId
from monitor.model.page import PageId, ServiceId
from monitor.model.procedure import Difference, DifferenceKind
from monitor.model.status import Check, Outcome, Problem, problems_of
from monitor.model.verdict import Quote
from monitor.render.entry import entry_of
from monitor.render.feeds import feeds, leaves, told, topics
from monitor.render.place import Place
from monitor.render.problems import problem_entries
from tests.published import FORM, START, WATCHLIST, alert, hostile_alert

PLACE = Place(base_url="https://watch.example/optout")


def laid_out(count: int) -> list[tuple[str, int, int, str]]:
    return [(leaf.path, leaf.first, leaf.last, leaf.previous) for leaf in leaves("feeds/all", count)]


def test_up_to_fifty_entries_stand_in_the_subscription_document_alone() -> None:
    assert laid_out(0) == [("feeds/all", 0, 0, "")]
    assert laid_out(50) == [("feeds/all", 0, 50, "")]


def test_older_entries_fill_archives_from_the_oldest() -> None:
    assert laid_out(170) == [
        ("feeds/all/1-50", 0, 50, ""),
        ("feeds/all/51-100", 50, 100, "feeds/all/1-50"),
        ("feeds/all/101-120", 100, 120, "feeds/all/51-100"),
        ("feeds/all", 120, 170, "feeds/all/101-120"),
    ]


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 99, 100, 101, 150, 1234])
def test_every_entry_stands_in_exactly_one_document(count: int) -> None:
    held = [number for leaf in leaves("feeds/all", count) for number in range(leaf.first, leaf.last)]

    assert held == list(range(count))


def test_one_more_entry_never_changes_what_an_address_holds() -> None:
    for count in range(300):
        before = {path: held for path, *held in laid_out(count) if path != "feeds/all"}
        after = {path: held for path, *held in laid_out(count + 1) if path != "feeds/all"}

        assert all(after[path] == before[path] for path in before.keys() & after.keys())


def test_only_full_archives_are_called_full() -> None:
    assert [leaf.full for leaf in leaves("feeds/all", 170)] == [True, True, False, False]
    assert [leaf.full for leaf in leaves("feeds/all", 50)] == [False]


def test_there_is_a_feed_for_everything_each_service_page_language_and_level() -> None:
    assert [feed.path for feed in feeds(WATCHLIST, [], "Watch")] == [
        "feeds/all",
        "feeds/service/facebook",
        "feeds/service/whatsapp",
        "feeds/page/facebook-policy",
        "feeds/page/facebook-form",
        "feeds/page/whatsapp-policy",
        "feeds/level/alert",
        "feeds/level/digest",
        "feeds/language/de",
        "feeds/language/en",
    ]


def test_a_page_that_is_watched_no_longer_keeps_its_feeds() -> None:
    old = alert(page=PageId("old-page"), service=ServiceId("old-service"), language="fr")

    paths = {feed.path for feed in feeds(WATCHLIST, [old], "Watch")}

    assert {"feeds/service/old-service", "feeds/page/old-page", "feeds/language/fr"} <= paths


def test_an_alert_belongs_to_five_feeds() -> None:
    assert topics(alert()) == (
        "feeds/all",
        "feeds/service/facebook",
        "feeds/page/facebook-policy",
        "feeds/language/en",
        "feeds/level/alert",
    )


def test_only_published_alerts_are_told_in_the_order_of_publication() -> None:
    late = alert(1, published=START + timedelta(days=9))

    assert told([late, alert(2), alert(3, published=None)]) == [alert(2), late]


def test_an_entry_carries_both_quotes_prefixed_and_marked() -> None:
    entry = entry_of(alert(), PLACE)

    assert (
        '<blockquote dir="auto"><p>Before: You can object to this use through this form: '
        "<del>https://example.org/help/contact/1</del></p></blockquote>" in entry.content
    )
    assert "After: You can object to this use through this form: <ins>https://example.org/support/privacy</ins>" in (
        entry.content
    )


def test_at_most_two_kilobytes_of_an_entry_are_words_of_ours() -> None:
    told = alert(1, meaning="m" * 2_000, other_lines=10**9)
    entry = entry_of(told, PLACE)
    quotes = re.compile(r"<blockquote.*?</blockquote>|<ul>.*?</ul>", re.DOTALL)

    assert len(entry.summary.encode()) <= 2_048
    assert len(quotes.sub("", entry.content).encode()) <= 2_048


def test_an_entry_names_service_page_kind_and_level() -> None:
    assert entry_of(alert(), PLACE).categories == (
        ("service", "facebook"),
        ("page", "facebook-policy"),
        ("kind", "optout"),
        ("level", "alert"),
    )


def test_an_edited_alert_keeps_its_id_and_has_a_later_moment() -> None:
    entry, edited = entry_of(alert(), PLACE), entry_of(alert(updated=START + timedelta(days=30)), PLACE)

    assert edited.id == entry.id == "tag:optout-monitor,2025:alert:d3afd55730b974e815f5"
    assert edited.published == entry.published
    assert edited.updated == START + timedelta(days=30)


def test_a_correction_is_an_entry_of_its_own_that_links_the_old_one() -> None:
    entry = entry_of(alert(2, corrects=AlertId("0badcafe")), PLACE)

    assert entry.related == "https://watch.example/optout/changes/0badcafe/"
    assert '<a href="https://watch.example/optout/changes/0badcafe/">' in entry.content


def test_an_entry_of_a_bare_alert_says_what_is_there() -> None:
    bare = alert(quotes=(Quote("", "New words"),), meaning="", differences=(), service=ServiceId(""))

    content = entry_of(bare, PLACE).content

    assert "Before: (not there)" in content
    assert "What it means" not in content
    assert "<ul>" not in content


def test_hostile_words_are_text_in_an_entry() -> None:
    content = entry_of(hostile_alert(), PLACE).content

    assert "<script" not in content
    assert "<img" not in content
    assert 'href="javascript' not in content
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;" in content


def test_only_so_many_quotes_and_differences_stand_in_an_entry() -> None:
    difference = Difference(DifferenceKind.STEP_ADDED, "", "Log in")
    many = alert(quotes=tuple(Quote("", f"New {n}") for n in range(30)), differences=(difference,) * 30)

    content = entry_of(many, PLACE).content

    assert content.count("<blockquote") == 12
    assert content.count("<li>") == 10


def checks(*outcomes: Outcome) -> list[Check]:
    return [
        Check(page=FORM.id, at=START + timedelta(hours=number), outcome=outcome, detail=f"check {number}")
        for number, outcome in enumerate(outcomes)
    ]


GOOD, MISSED, REFUSED = Outcome.UNCHANGED, Outcome.MISSED, Outcome.REFUSED


def test_three_checks_in_a_row_without_a_page_are_a_problem() -> None:
    problem = Problem(
        page=FORM.id,
        since=START + timedelta(hours=1),
        told=START + timedelta(hours=3),
        read=START,
        detail="check 3",
    )

    assert problems_of(checks(GOOD, MISSED, REFUSED)) == ()
    assert problems_of(checks(GOOD, MISSED, REFUSED, MISSED)) == (problem,)
    assert problems_of(checks(GOOD, MISSED, REFUSED, MISSED, MISSED)) == (problem,)


def test_the_next_reading_ends_a_problem_and_another_may_begin() -> None:
    found = problems_of(checks(MISSED, MISSED, MISSED, GOOD, MISSED, GOOD, MISSED, MISSED, MISSED))

    assert [problem.recovered for problem in found] == [START + timedelta(hours=3), None]
    assert [problem.read for problem in found] == [None, START + timedelta(hours=5)]


def test_a_problem_is_one_entry_and_its_recovery_another() -> None:
    problem = problems_of(checks(GOOD, MISSED, MISSED, MISSED, GOOD))[0]

    lost, again = problem_entries(problem, FORM, PLACE)

    assert lost.title == "Objection form: not read"
    assert lost.published == START + timedelta(hours=3)
    assert again.title == "Objection form: read again"
    assert again.published == START + timedelta(hours=4)
    assert lost.id != again.id


def test_what_was_told_of_a_problem_does_not_change_when_it_ends() -> None:
    lasting = problems_of(checks(GOOD, MISSED, MISSED, MISSED))[0]
    ended = problems_of(checks(GOOD, MISSED, MISSED, MISSED, MISSED, GOOD))[0]

    assert next(problem_entries(lasting, FORM, PLACE)) == next(problem_entries(ended, FORM, PLACE))


def test_a_page_that_was_never_read_and_is_declared_no_longer_is_told_by_its_id() -> None:
    problem = Problem(page=PageId("old-page"), since=START, told=START)

    (entry,) = problem_entries(problem, None, PLACE)

    assert entry.title == "old-page: not read"
    assert entry.summary.startswith("Never read so far; first tried in vain 2026-07-21 22:33 UTC.")
    assert entry.categories == (("page", "old-page"), ("kind", "page-missed"))
