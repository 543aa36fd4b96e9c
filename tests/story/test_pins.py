"""Pinned quotes: words that a maintainer approved, and what happens when a good reading lacks them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from monitor.model.alert import AlertState
from monitor.model.capture import Unchanged
from monitor.model.errors import PinError
from monitor.model.page import PageId
from monitor.model.status import Outcome
from monitor.model.verdict import Aspect, Direction, Kind, Level
from monitor.pipeline.check import check
from monitor.pipeline.pins import pin, pin_quotes, unpin
from monitor.pipeline.review import Decider
from monitor.pipeline.rules import Matching, add, rule_of
from tests.fakes import AUTOMATIC, START, House, fake_world, page
from tests.story.lumen import DEADLINE, MINORS, STEPS, WALL, policy

ADA = Decider("ada", "the sentence that matters")
LAMPS = "Installers see the address of your house for as long as they work on your lamps."
GONE = policy().replace(LAMPS.encode(), b"Nobody sees your lamps.")


def read_house(*bodies: bytes, automatic: bool = False) -> House:
    house = fake_world(page(publish=AUTOMATIC) if automatic else page())
    for body in bodies or (policy(),):
        sees(house, body)
    return house


def sees(house: House, body: bytes) -> None:
    """Let the page be as this and be checked, half a day later."""
    house.serve(body)
    check(house.pages[0], house.world)


def pinned(words: str = LAMPS, *, automatic: bool = False) -> House:
    house = read_house(automatic=automatic)
    pin("lumen-policy", words, ADA, house.world)
    return house


def states(house: House) -> list[AlertState]:
    return [alert.state for alert in house.store.alerts()]


def test_a_pin_keeps_words_headings_name_and_moment() -> None:
    house = read_house()

    made = pin("lumen-policy", f"  {LAMPS} ", ADA, house.world)

    assert house.store.pins() == (made,)
    assert (made.words, made.trail, made.listed) == (LAMPS, ("Privacy policy", "Who else sees it"), False)
    assert (made.who, made.at, made.ended) == ("ada", START + timedelta(hours=12), None)


def test_the_same_words_are_pinned_once() -> None:
    house = pinned()

    pin("lumen-policy", LAMPS.upper(), ADA, house.world)

    assert len(house.store.pins()) == 1


@pytest.mark.parametrize(
    ("id", "words", "problem"),
    [
        ("lumn", LAMPS, "page lumn: is not watched"),
        ("lumen-policy", "your lamps", "page lumen-policy: pin at least 3 words"),
        ("lumen-policy", "You must pay us first.", "page lumen-policy: does not say these words now"),
    ],
)
def test_what_cannot_be_pinned_is_told(id: str, words: str, problem: str) -> None:
    house = read_house()

    with pytest.raises(PinError) as refused:
        pin(id, words, ADA, house.world)

    assert str(refused.value).startswith(problem)


def test_a_page_that_was_never_read_has_nothing_to_pin() -> None:
    with pytest.raises(PinError, match="was not read by today's rules: `optout-monitor check lumen-policy`"):
        pin("lumen-policy", LAMPS, ADA, fake_world().world)


def test_pinned_words_that_go_are_an_alert_by_themselves_though_no_rule_speaks_of_them() -> None:
    unpinned, house = read_house(policy(), GONE, GONE), pinned()

    sees(house, GONE)

    assert states(unpinned) == []
    (one,) = house.store.alerts()
    assert (one.state, one.waits_for) == (AlertState.HELD, "the next fetch, to confirm it")
    assert (one.kind, one.level, one.directions) == (Kind.OPTOUT, Level.ALERT, (Direction.REMOVED,))
    assert one.title == "Lumen privacy policy: a sentence on opting out that maintainers pinned is gone"
    assert (one.quotes[0].before, one.quotes[0].after) == (LAMPS, "")
    assert one.evidence.before_at == START + timedelta(hours=12)
    assert one.evidence.after_at == START + timedelta(hours=24)


def test_a_second_fetch_confirms_that_pinned_words_went() -> None:
    house = pinned()
    sees(house, GONE)

    sees(house, GONE)

    (one,) = house.store.alerts()
    assert (one.state, one.waits_for) == (AlertState.PENDING, "")
    assert one.evidence.confirmed_at == START + timedelta(hours=36)


def test_on_a_page_that_publishes_by_itself_a_confirmed_loss_goes_out() -> None:
    house = pinned(automatic=True)
    sees(house, GONE)
    sees(house, GONE)

    assert states(house) == [AlertState.APPROVED]


def test_pinned_words_that_are_back_at_the_next_fetch_were_never_news() -> None:
    house = pinned()
    sees(house, GONE)

    sees(house, policy())

    assert states(house) == [AlertState.DISMISSED]


def test_words_that_go_again_after_they_were_back_are_a_new_loss() -> None:
    house = pinned()
    for body in (GONE, policy(), GONE.replace(b"Nobody sees", b"Nobody ever sees")):
        sees(house, body)

    assert states(house) == [AlertState.DISMISSED, AlertState.HELD]


def test_a_loss_is_told_once_however_long_it_lasts() -> None:
    house = pinned()
    for number in range(4):
        sees(house, GONE.replace(b"weekdays", f"weekday {number}".encode()))

    assert states(house) == [AlertState.PENDING]


def test_while_a_loss_is_undecided_the_page_is_asked_for_whole() -> None:
    house = pinned()
    sees(house, GONE)
    house.serve(GONE)

    check(house.pages[0], house.world)

    assert house.site.asked[-1] == ("lumen-policy", None)


def test_a_server_that_says_nothing_changed_says_nothing_about_pins() -> None:
    house = pinned()
    sees(house, GONE)
    (held,) = house.store.alerts()
    house.site.answers[PageId("lumen-policy")] = Unchanged(
        page=PageId("lumen-policy"), at=house.clock.now(), since=held.evidence.after
    )

    check(house.pages[0], house.world)

    assert states(house) == [AlertState.HELD]


@pytest.mark.parametrize("body", [WALL, policy()[:400]], ids=["a login wall", "a cut load"])
def test_a_capture_that_is_not_the_page_says_nothing_about_pins(body: bytes) -> None:
    house = pinned()

    sees(house, body)

    assert states(house) == []


def test_a_removal_that_an_alert_tells_of_is_not_told_twice() -> None:
    house = pinned(MINORS)
    sees(house, policy(minors=""))
    sees(house, policy(minors=""))

    (one,) = house.store.alerts()
    assert one.quotes[0].before == MINORS
    assert not any(reason.rule == "pinned-quote" for reason in one.reasons)


def test_words_that_became_others_are_quoted_beside_them() -> None:
    house = pinned()

    sees(house, policy().replace(b"for as long as they work on your lamps", b"while they work on your many lamps"))

    (one,) = house.store.alerts()
    assert one.title == "Lumen privacy policy: a sentence on opting out that maintainers pinned reads differently"
    assert one.quotes[0].after == "Installers see the address of your house while they work on your many lamps."


def test_the_alert_quotes_the_page_letter_for_letter_however_the_words_were_typed() -> None:
    long = policy().replace(LAMPS.encode(), f"Nobody else does. {LAMPS} We never sell it.".encode())
    house = read_house(long)
    pin("lumen-policy", "installers see the ADDRESS of your house, for as long as they work", ADA, house.world)

    sees(house, GONE)

    (one,) = house.store.alerts()
    assert (one.quotes[0].before, one.quotes[0].after) == (LAMPS, "")


@pytest.mark.parametrize(
    "dressed",
    [
        lambda body: body.replace(b"Installers see", b"<b>Installers</b>   see"),
        lambda body: body.replace(b"of your house", b"of your house,"),
        lambda body: body.replace(b"Who else sees it", b"Who sees it"),
    ],
    ids=["markup and spaces", "a comma", "another heading"],
)
def test_dress_that_says_the_same_is_no_loss(dressed: Callable[[bytes], bytes]) -> None:
    house = pinned()

    sees(house, dressed(policy()))

    assert states(house) == []


def test_an_entry_of_a_list_must_stay_under_its_headings() -> None:
    old = b"<h2>Old lamps</h2><ol><li>Select Privacy.</li><li>Select the privacy of my posts.</li></ol>"
    new = b"<h2>New lamps</h2><ul><li>Select the privacy of my posts.</li></ul></main>"
    both = policy().replace(b"</main>", old + new)
    house = read_house(both)
    made = pin("lumen-policy", "Select the privacy of my posts.", ADA, house.world)

    sees(house, both.replace(b"<li>Select the privacy of my posts.</li></ol>", b"</ol>"))

    (one,) = house.store.alerts()
    assert made.listed
    assert one.title == "Lumen privacy policy: a sentence on opting out that maintainers pinned is gone"
    assert (one.quotes[0].after, one.quotes[0].trail) == ("", ("Privacy policy", "Old lamps"))


def test_the_place_of_an_entry_is_named_by_the_headings_over_it() -> None:
    entry = b"<ul><li>We keep your posts.</li></ul>"
    both = b"<h2>Old lamps</h2>" + entry + b"<h2>New lamps</h2>" + entry
    house = read_house(policy().replace(b"</main>", both + b"</main>"))

    first = pin("lumen-policy", "We keep your posts.", ADA, house.world)
    second = pin("lumen-policy", "We keep your posts.", ADA, house.world, under="NEW lamps")

    assert (first.trail[-1], second.trail[-1]) == ("Old lamps", "New lamps")
    assert len(house.store.pins()) == 2
    with pytest.raises(PinError, match="does not say these words under 'no lamps' now"):
        pin("lumen-policy", "We keep your posts.", ADA, house.world, under="no lamps")


def test_an_unpinned_sentence_may_go() -> None:
    house = pinned()
    unpin(house.store.pins()[0].id[:4], house.world)

    sees(house, GONE)

    assert states(house) == []
    with pytest.raises(PinError, match="there is none: `optout-monitor review pins`"):
        unpin(house.store.pins()[0].id, house.world)


def test_no_rule_hides_a_pinned_sentence_that_went() -> None:
    house = pinned()
    add(rule_of(Matching(page=PageId("lumen-policy"), kind=Kind.OPTOUT), ADA, house.world), house.world)

    sees(house, GONE)

    assert states(house) == [AlertState.HELD]


def test_a_rule_that_hides_the_alert_about_a_removal_does_not_hide_the_pin() -> None:
    house = pinned(MINORS)
    add(rule_of(Matching(page=PageId("lumen-policy"), words="private messages"), ADA, house.world), house.world)

    sees(house, policy(minors=""))

    by_rule, by_pin = sorted(house.store.alerts(), key=lambda one: one.state)
    assert (by_rule.state, by_pin.state) == (AlertState.DISMISSED, AlertState.HELD)
    assert by_pin.reasons[0].rule == "pinned-quote"


def test_a_loss_that_waits_is_dropped_when_the_words_need_not_stay_any_more() -> None:
    house = pinned()
    sees(house, GONE)
    unpin(house.store.pins()[0].id, house.world)

    sees(house, GONE)

    assert states(house) == [AlertState.DISMISSED]


def test_a_check_that_misses_pinned_words_says_so() -> None:
    house = pinned()
    for body in (GONE, GONE, policy()):
        sees(house, body)

    title = "Lumen privacy policy: a sentence on opting out that maintainers pinned is gone"
    assert [(told.outcome, title in told.detail) for told in house.store.written] == [
        (Outcome.FIRST, False),
        (Outcome.HELD, True),
        (Outcome.NEWS, True),
        (Outcome.QUIET, False),
    ]


def test_the_evidence_begins_with_the_last_check_that_still_read_as_before() -> None:
    house = pinned()
    sees(house, policy())

    sees(house, GONE)

    (one,) = house.store.alerts()
    assert one.evidence.before_at == START + timedelta(hours=24)


def test_approving_can_pin_what_an_alert_quotes_as_said_now() -> None:
    house = read_house(policy(), policy(DEADLINE), policy(DEADLINE))
    (one,) = house.store.alerts()

    made = pin_quotes(one, ADA, house.world)

    assert [(each.words, each.aspects) for each in made] == [(DEADLINE, one.aspects)]
    assert Aspect.DEADLINE in one.aspects
    assert house.store.pins() == made


def test_quotes_that_the_page_no_longer_says_are_not_pinned() -> None:
    house = read_house(policy(), policy(DEADLINE), policy(DEADLINE), policy())
    (one, *_) = house.store.alerts()

    assert pin_quotes(one, ADA, house.world) == ()


def test_a_pinned_step_that_an_alert_says_was_removed_is_not_told_twice() -> None:
    house = pinned("Select Object to AI training.")

    sees(house, policy().replace(STEPS.encode(), b""))

    assert [alert.title for alert in house.store.alerts()] == [
        "Lumen privacy policy: a step was removed in “Your right to object”"
    ]
