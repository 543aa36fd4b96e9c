"""One page through the house: asked for, kept, assessed, written down; and what a crash between two steps leaves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model.alert import AlertState
from monitor.model.capture import Miss, MissReason, Unchanged
from monitor.model.errors import StoreFull
from monitor.model.page import PageId, Recipe
from monitor.model.status import Outcome
from monitor.model.verdict import Kind
from monitor.pipeline.check import FAULT, check, check_all
from tests.fakes import AUTOMATIC, START, House, fake_world, page
from tests.story.lumen import DEADLINE, LOGIN, MINORS, WALL, policy


def outcomes(house: House) -> list[Outcome]:
    return [told.outcome for told in house.store.written]


def test_first_sight_of_a_page_is_never_news() -> None:
    house = fake_world()
    house.serve(policy())

    told = check(page(), house.world)

    assert told.outcome is Outcome.FIRST
    assert house.store.told == {}
    assert house.evidence.readings[PageId("lumen-policy")].sight is not None


def test_the_same_bytes_again_are_unchanged_and_only_noted() -> None:
    house = fake_world()
    house.serve(policy())
    check(page(), house.world)
    before = house.store.histories[PageId("lumen-policy")]
    house.serve(policy())

    told = check(page(), house.world)

    assert told.outcome is Outcome.UNCHANGED
    assert house.store.histories[PageId("lumen-policy")] is before


def test_a_first_sight_that_was_kept_and_never_written_down_is_written_by_the_next_check() -> None:
    house = fake_world()
    house.serve(policy())
    house.store.fails = StoreFull("monitor.db", "disk full")
    with pytest.raises(StoreFull):
        check(page(), house.world)
    house.evidence.readings.clear()
    house.serve(policy())

    told = check(page(), house.world)

    assert told.outcome is Outcome.FIRST
    assert [version.kind for version in house.store.known_versions] == [Kind.FIRST]
    assert house.evidence.readings[PageId("lumen-policy")].document is not None
    assert house.store.told == {}


def test_markup_that_no_reader_sees_is_quiet() -> None:
    house = fake_world()
    house.serve(policy())
    check(page(), house.world)
    house.serve(policy().replace(b"<main>", b'<main class="q7 r3" data-session="8812">'))

    told = check(page(), house.world)

    assert told.outcome is Outcome.QUIET
    assert house.store.told == {}


def test_a_page_that_only_moved_its_tracking_is_known_without_its_history() -> None:
    house = fake_world()
    linked = b'<a href="https://lumen.example/help?fbclid=%s">Help</a></main>'
    house.serve(policy().replace(b"</main>", linked % b"1"))
    check(page(), house.world)
    house.store.histories.clear()
    house.serve(policy().replace(b"</main>", linked % b"2"))

    told = check(page(), house.world)

    assert (told.outcome, told.detail) == (Outcome.QUIET, "nothing that a reader would notice")
    assert house.store.histories == {}


def test_a_page_is_read_whole_while_a_change_of_it_is_undecided() -> None:
    house = fake_world()
    for body in (policy(), policy(DEADLINE)):
        house.serve(body)
        check(page(), house.world)
    house.serve(policy())

    told = check(page(), house.world)

    assert told.outcome is Outcome.QUIET
    assert told.detail.endswith("; the text returned to one seen before")
    assert [capture for _, capture in house.site.asked] == [None, house.store.written[0].capture, None]


def test_pages_with_the_same_bytes_each_ask_their_own_server_on_condition() -> None:
    house, other = fake_world(), replace(page(), id=PageId("lumen-copy"), url="https://copy.example/policy")
    house.serve(policy())
    house.site.bodies[other.id] = policy()

    shown = [(check(each, house.world), house.store.shown[each.id][1]) for each in (page(), other)]

    assert [known.validators.url for _, known in shown if known] == [page().url, "https://copy.example/policy"]


def test_a_new_deadline_waits_for_the_next_fetch_and_then_for_a_maintainer() -> None:
    house = fake_world()
    house.serve(policy())
    check(page(), house.world)
    house.serve(policy(DEADLINE))
    held = check(page(), house.world)
    house.serve(policy(DEADLINE))

    told = check(page(), house.world)

    (alert,) = house.store.told.values()
    assert (held.outcome, told.outcome) == (Outcome.HELD, Outcome.NEWS)
    assert alert.state is AlertState.PENDING
    assert alert.evidence.before_at == START + timedelta(hours=12)
    assert alert.evidence.after_at == START + timedelta(hours=24)


def test_an_alert_of_a_page_that_publishes_by_itself_is_approved_when_it_is_confirmed() -> None:
    watched = page(publish=AUTOMATIC)
    house = fake_world(watched)
    for notices in ((), (DEADLINE,), (DEADLINE,)):
        house.serve(policy(*notices))
        check(watched, house.world)

    assert [alert.state for alert in house.store.told.values()] == [AlertState.APPROVED]


def test_a_removal_is_held_until_the_next_capture_and_the_page_is_then_asked_for_whole() -> None:
    house = fake_world()
    house.serve(policy())
    check(page(), house.world)
    house.serve(policy(minors=""))
    held = check(page(), house.world)
    house.serve(policy(minors=""))

    told = check(page(), house.world)

    assert (held.outcome, told.outcome) == (Outcome.HELD, Outcome.NEWS)
    assert house.site.asked[-1] == ("lumen-policy", None)
    (alert,) = house.store.told.values()
    assert alert.state is AlertState.PENDING
    assert alert.evidence.confirmed_at == house.clock.now()


def test_what_had_gone_and_is_back_dismisses_what_was_held() -> None:
    house = fake_world()
    house.serve(policy())
    check(page(), house.world)
    house.serve(policy(minors=""))
    check(page(), house.world)
    house.serve(policy())

    told = check(page(), house.world)

    assert told.outcome is Outcome.QUIET
    assert [alert.state for alert in house.store.told.values()] == [AlertState.DISMISSED]


def test_a_login_wall_is_kept_as_evidence_and_never_a_change() -> None:
    house = fake_world()
    house.serve(policy())
    check(page(), house.world)
    house.serve(WALL)

    told = check(page(), house.world)

    assert told.outcome is Outcome.REFUSED
    assert told.detail.startswith("login-wall")
    assert [capture.body for capture in house.evidence.kept] == [policy(), WALL]
    assert house.store.told == {}


def test_no_answer_is_a_miss_with_its_reason() -> None:
    house = fake_world()

    told = check(page(), house.world)

    assert told.outcome is Outcome.MISSED
    assert told.detail == "no-answer: connection refused"
    assert house.store.standing(PageId("lumen-policy")).misses == 1


def test_what_came_with_a_miss_is_kept_and_never_read() -> None:
    house = fake_world()
    house.serve(policy())
    check(page(), house.world)
    came = replace(house.evidence.kept[0], at=START + timedelta(hours=13), body=b"%PDF-1.7 not text", status=200)
    house.site.answers[PageId("lumen-policy")] = Miss(
        page=PageId("lumen-policy"), at=came.at, why=MissReason.NOT_TEXT, detail="came as application/pdf", capture=came
    )
    check(page(), house.world)
    house.site.answers.clear()
    house.serve(policy(minors=""))

    told = check(replace(page(), recipe=Recipe(select=("main",))), house.world)

    assert len(house.evidence.kept) == 3
    assert told.outcome is Outcome.HELD


def test_the_server_is_asked_whether_anything_changed_since_the_newest_good_capture() -> None:
    house = fake_world()
    house.serve(policy())
    first = check(page(), house.world)
    house.serve(WALL)
    check(page(), house.world)
    assert first.capture is not None
    house.site.answers[PageId("lumen-policy")] = Unchanged(
        page=PageId("lumen-policy"), at=START + timedelta(days=2), since=first.capture
    )

    told = check(page(), house.world)

    assert house.site.asked[-1] == ("lumen-policy", first.capture)
    assert told.outcome is Outcome.UNCHANGED


def test_another_recipe_reads_all_captures_anew_and_tells_nothing_of_it() -> None:
    house = fake_world()
    for notices in ((), (DEADLINE,), (DEADLINE,), (DEADLINE, LOGIN), (DEADLINE, LOGIN)):
        house.serve(policy(*notices))
        check(page(), house.world)
    told_before = dict(house.store.told)
    house.serve(policy(DEADLINE, LOGIN))

    told = check(replace(page(), recipe=Recipe(drop=("footer",))), house.world)

    assert told.outcome in (Outcome.UNCHANGED, Outcome.QUIET)
    assert house.store.told == told_before


def test_news_confirmed_after_other_rules_came_keeps_its_id() -> None:
    house = fake_world()
    house.serve(policy(footer="Lumen 2026"))
    check(page(), house.world)
    house.serve(policy(minors="", footer="Lumen 2026"))
    check(page(), house.world)
    (held,) = house.store.told
    house.serve(policy(minors="", footer="Lumen 2026"))

    check(replace(page(), recipe=Recipe(select=("main",))), house.world)

    assert {alert.id: alert.state for alert in house.store.told.values()} == {held: AlertState.PENDING}


def test_a_capture_kept_before_a_crash_is_read_with_the_next_one() -> None:
    house = fake_world()
    house.serve(policy())
    check(page(), house.world)
    house.serve(policy(DEADLINE))
    house.store.fails = StoreFull("monitor.db", "disk full")
    with pytest.raises(StoreFull):
        check(page(), house.world)
    house.serve(policy())

    check(page(), house.world)

    assert outcomes(house) == [Outcome.FIRST, Outcome.HELD, Outcome.QUIET]
    assert [alert.state for alert in house.store.told.values()] == [AlertState.HELD]


def test_a_full_disk_stops_before_anything_is_made_of_the_bytes() -> None:
    house = fake_world(page(), page("lumen-form"))
    house.serve(policy())
    house.evidence.fails = StoreFull("snapshots", "no space left")

    with pytest.raises(StoreFull):
        list(check_all(house.pages, house.world))

    assert house.store.written == []
    assert [asked for asked, _ in house.site.asked] == ["lumen-policy"]


def test_a_fault_at_one_page_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    house = fake_world(page("broken"), page())
    house.serve(policy())
    house.site.faults[PageId("broken")] = ZeroDivisionError("a fault of ours")

    told = list(check_all(house.pages, house.world))

    assert [each.outcome for each in told] == [Outcome.MISSED, Outcome.FIRST]
    assert told[0].detail == f"{FAULT} (ZeroDivisionError)"
    assert "check of page broken" in caplog.text


def test_a_database_made_anew_beside_old_captures_tells_nothing_of_old_times() -> None:
    house = fake_world(page(publish=AUTOMATIC))
    for notices in ((), (DEADLINE,)):
        house.serve(policy(*notices))
        check(house.pages[0], house.world)
    house.store.histories.clear()
    house.store.written.clear()
    house.store.told.clear()
    house.serve(policy(DEADLINE))

    check(house.pages[0], house.world)

    assert house.store.told == {}


def test_a_removal_in_a_past_that_was_never_told_does_not_become_news_when_it_is_confirmed() -> None:
    house = fake_world(page(publish=AUTOMATIC))
    for minors in (MINORS, ""):
        house.serve(policy(minors=minors))
        check(house.pages[0], house.world)
    house.store.histories.clear()
    house.store.written.clear()
    house.store.told.clear()
    house.serve(policy(minors=""))

    told = check(house.pages[0], house.world)

    assert told.outcome in (Outcome.UNCHANGED, Outcome.QUIET)
    assert house.store.told == {}
