"""Joining by the form: nobody is subscribed who did not ask and confirm, and one address makes bounded work."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest

from monitor.model.errors import DeliveryError
from monitor.model.page import PageId, ServiceId
from monitor.model.subscriber import SubscriberState, Topics
from monitor.model.verdict import Level
from monitor.pipeline.join import Wish, ask, forget_unconfirmed
from monitor.pipeline.keys import Errand
from tests.contract.web import ADA, SAME, Web, web


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Web]:
    """Return a running app with nobody subscribed."""
    with web(tmp_path) as running:
        yield running


def test_the_form_sends_one_mail_and_subscribes_nobody(site: Web) -> None:
    status = site.sign_up()

    assert status == 200
    assert [address for address, _ in site.inviting.sent] == [ADA]
    assert site.state() is SubscriberState.UNCONFIRMED


def test_opening_the_link_changes_nothing_until_the_button_is_pressed(site: Web) -> None:
    site.sign_up()

    opened = site.client.get(site.inviting.path)
    before = site.state()
    pressed = site.client.post(site.inviting.path, headers=SAME)

    assert (opened.status_code, before) == (200, SubscriberState.UNCONFIRMED)
    assert (pressed.status_code, site.state()) == (200, SubscriberState.CONFIRMED)


def test_what_was_chosen_is_what_the_subscriber_gets_with_a_record_of_consent(site: Web) -> None:
    site.sign_up(service="lumen", page="lumen-policy", language="en", level="digest")
    site.house.clock.turn(timedelta(minutes=5))
    site.client.post(site.inviting.path, headers=SAME)

    subscriber = site.house.store.with_address(ADA)

    assert subscriber is not None
    assert subscriber.topics == Topics(
        frozenset({ServiceId("lumen")}), frozenset({PageId("lumen-policy")}), frozenset({"en"}), Level.DIGEST
    )
    assert subscriber.consent.source == "the form of this site"
    assert subscriber.consent.wording.startswith("form-en-")
    assert subscriber.consent.confirmed == subscriber.consent.asked + timedelta(minutes=5)


def test_a_token_is_kept_as_its_hash_only(site: Web) -> None:
    site.sign_up()
    token = site.inviting.path.rpartition(".")[2]

    kept = repr(site.house.store.people)

    assert token not in kept
    assert sha256(token.encode()).hexdigest() in kept


def test_no_address_stands_in_any_link(site: Web) -> None:
    site.sign_up()
    confirmed = site.client.post(site.inviting.path, headers=SAME)

    assert "ada" not in site.inviting.path
    assert ADA not in confirmed.text


def test_a_used_token_opens_nothing_any_more(site: Web) -> None:
    site.sign_up()
    site.client.post(site.inviting.path, headers=SAME)

    again = site.client.post(site.inviting.path, headers=SAME)
    looked = site.client.get(site.inviting.path)

    assert (again.status_code, looked.status_code) == (410, 404)
    assert site.state() is SubscriberState.CONFIRMED


def test_a_token_is_too_old_after_seven_days_and_its_address_is_forgotten(site: Web) -> None:
    site.sign_up()
    site.house.clock.turn(timedelta(days=7, seconds=1))

    late = site.client.post(site.inviting.path, headers=SAME)
    forgotten = forget_unconfirmed(site.house.world)

    assert (late.status_code, forgotten, site.state()) == (410, 1, None)


@pytest.mark.parametrize("key", ["", "x", "x.y", "token.", "../../", "a" * 500, "%00", "é.ü"])
def test_a_forged_key_opens_nothing(site: Web, key: str) -> None:
    site.sign_up()

    answer = site.client.post(f"/optout/mail/confirm/{key}", headers=SAME)

    assert answer.status_code in (404, 405, 410)
    assert site.state() is SubscriberState.UNCONFIRMED


def test_ten_thousand_fillings_in_with_one_address_ask_for_three_mails_a_week(site: Web) -> None:
    world, numbers = site.house.world, count(1)
    letters = []
    for _ in range(10_000):
        letters.append(ask(world, Wish(address=ADA, wording="1"), lambda: f"token{next(numbers)}"))
        site.house.clock.turn(timedelta(minutes=1))

    assert sum(letter is not None for letter in letters) == 3
    assert len(site.house.store.people) == 1
    assert next(numbers) == 5  # one id and three tokens were made


def test_filling_in_again_within_the_hour_sends_no_second_mail_and_keeps_the_newest_choice(site: Web) -> None:
    site.sign_up()
    site.sign_up(level="digest")

    site.client.post(site.inviting.path, headers=SAME)

    known = site.house.store.with_address(ADA)
    assert known is not None
    assert (len(site.inviting.sent), known.topics.level) == (1, Level.DIGEST)


def test_many_forms_from_one_client_are_refused_for_an_hour(site: Web) -> None:
    first = [site.sign_up(f"reader{number}@example.org") for number in range(13)]
    site.house.clock.turn(timedelta(hours=1))

    assert first == [200] * 12 + [429]
    assert site.sign_up("later@example.org") == 200


def test_a_filled_trap_is_answered_like_any_form_and_does_nothing(site: Web) -> None:
    status = site.sign_up(website="https://spam.example")

    assert (status, site.inviting.sent, site.house.store.people) == (200, [], {})


def test_the_answer_does_not_tell_whether_an_address_is_known(site: Web) -> None:
    form = {"level": "alert", "spoken": "en"}
    site.subscribed()

    known = site.client.post("/optout/subscribe/", data={**form, "address": ADA}, headers=SAME)
    unknown = site.client.post("/optout/subscribe/", data={**form, "address": "bob@example.org"}, headers=SAME)

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "ada@",
        "ada@example.org\r\nBcc: all@example.org",
        "ada@example.org, bob@example.org",
        '"ada lovelace"@example.org',
        "ädä@example.org",
        "ada@exa mple.org",
        "Ada <ada@example.org>",
        "ada@[127.0.0.1]",
        "a" * 65 + "@example.org",
        "a@" + "b" * 400 + ".org",
        "ada@example.org\x00",
    ],
)
def test_what_is_no_address_is_refused_with_the_form_filled_in_as_it_was(site: Web, address: str) -> None:
    status = site.sign_up(address)

    assert (status, site.inviting.sent, site.house.store.people) == (422, [], {})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada@Example.ORG ", "ada@example.org"),
        ("ada+news@example.org", "ada+news@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_one_address_is_kept_in_one_form_however_it_is_typed(site: Web, typed: str, kept: str) -> None:
    site.sign_up(typed)

    assert [address for address, _ in site.inviting.sent] == [kept]


@pytest.mark.parametrize(
    "fields",
    [
        {"service": "lumen\r\nBcc: all@example.org"},
        {"page": "unwatched"},
        {"language": "xx"},
        {"level": "none"},
        {"spoken": "<b>"},
        {"spoken": ""},
    ],
)
def test_choices_that_were_not_offered_are_refused(site: Web, fields: dict[str, str]) -> None:
    assert site.sign_up(**fields) == 422
    assert site.house.store.people == {}


def test_what_was_typed_comes_back_as_text(site: Web) -> None:
    form = {"address": '"><script>alert(1)</script>', "level": "alert", "spoken": "en"}

    answer = site.client.post("/optout/subscribe/", data=form, headers=SAME)

    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("state", [SubscriberState.LEFT, SubscriberState.SUPPRESSED])
def test_who_left_is_written_to_again_only_after_confirming(site: Web, state: SubscriberState) -> None:
    site.subscribed(state)

    site.sign_up()
    asked = site.state()
    site.client.post(site.inviting.path, headers=SAME)

    assert (asked, site.state()) == (state, SubscriberState.CONFIRMED)


def test_somebody_else_cannot_change_what_a_subscriber_gets(site: Web) -> None:
    before = site.subscribed()

    site.sign_up(level="digest")

    known = site.house.store.with_address(ADA)
    assert known is not None
    assert (known.state, known.topics, known.consent) == (before.state, before.topics, before.consent)


def test_a_mail_that_did_not_go_out_can_be_asked_for_again_at_once(site: Web) -> None:
    site.inviting.fails = DeliveryError("SendGrid is out of order")
    site.sign_up()
    site.inviting.fails = None

    site.sign_up()

    assert len(site.inviting.sent) == 1


def test_a_mail_whose_answer_was_lost_is_not_sent_again_at_once(site: Web) -> None:
    site.inviting.fails = DeliveryError("the answer was lost", unknown=True)
    site.sign_up()
    site.inviting.fails = None

    site.sign_up()

    assert site.inviting.sent == []


def test_the_page_after_confirming_leads_to_the_preferences(site: Web) -> None:
    site.sign_up()

    page = site.client.post(site.inviting.path, headers=SAME).text

    (subscriber,) = site.house.store.people
    assert f"mail/preferences/{site.keys.key(subscriber, Errand.PREFERENCES)}" in page
