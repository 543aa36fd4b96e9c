"""A subscriber's own pages: leaving in one click, changing, taking everything along, being erased; all by keys."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.model.page import ServiceId
from monitor.model.subscriber import SubscriberState
from monitor.model.verdict import Level
from monitor.pipeline.keys import Errand, Keys
from tests.contract.web import ADA, SAME, Web, web

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Web]:
    """Return a running app with one subscriber."""
    with web(tmp_path) as running:
        running.subscribed()
        yield running


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}])
def test_one_click_unsubscribes_without_question_redirect_or_cookie(site: Web, headers: dict[str, str]) -> None:
    # RFC 8058, section 3.1
    path = f"/optout/mail/leave/{site.key(Errand.LEAVE)}"

    answer = site.client.post(path, data=ONE_CLICK, headers=headers)

    assert (answer.status_code, site.state()) == (200, SubscriberState.LEFT)
    assert "set-cookie" not in answer.headers


def test_one_click_may_come_as_multipart_form_data(site: Web) -> None:
    path = f"/optout/mail/leave/{site.key(Errand.LEAVE)}"

    answer = site.client.post(path, files={"List-Unsubscribe": (None, "One-Click")})

    assert (answer.status_code, site.state()) == (200, SubscriberState.LEFT)


def test_opening_the_leave_page_changes_nothing(site: Web) -> None:
    answer = site.client.get(f"/optout/mail/leave/{site.key(Errand.LEAVE)}")

    assert (answer.status_code, site.state()) == (200, SubscriberState.CONFIRMED)
    assert 'method="post"' in answer.text


def test_leaving_twice_is_as_good_as_once_also_after_everything_was_erased(site: Web) -> None:
    path = f"/optout/mail/leave/{site.key(Errand.LEAVE)}"

    first, second = site.client.post(path), site.client.post(path)
    site.house.store.erase(ADA)
    third = site.client.post(path)

    assert (first.status_code, second.status_code, third.status_code) == (200, 200, 200)


def test_a_suppressed_address_stays_suppressed_when_it_leaves(tmp_path: Path) -> None:
    with web(tmp_path) as site:
        site.subscribed(SubscriberState.SUPPRESSED)

        site.client.post(f"/optout/mail/leave/{site.key(Errand.LEAVE)}")

        assert site.state() is SubscriberState.SUPPRESSED


def test_a_key_opens_its_own_kind_of_page_and_no_other(site: Web) -> None:
    key = site.key(Errand.LEAVE)

    answers = [
        site.client.get(f"/optout/mail/preferences/{key}"),
        site.client.get(f"/optout/mail/export/{key}"),
        site.client.post(f"/optout/mail/erase/{key}", headers=SAME),
        site.client.post(f"/optout/mail/leave/{site.key(Errand.PREFERENCES)}"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
    assert site.state() is SubscriberState.CONFIRMED


def test_keys_of_another_installation_open_nothing(site: Web) -> None:
    key = Keys(b"another secret of 32 bytes......").key(next(iter(site.house.store.people)), Errand.PREFERENCES)

    assert site.client.get(f"/optout/mail/preferences/{key}").status_code == 404


def test_preferences_are_shown_and_changed(site: Web) -> None:
    path = f"/optout/mail/preferences/{site.key(Errand.PREFERENCES)}"

    shown = site.client.get(path)
    saved = site.client.post(path, data={"service": "lumen", "level": "digest", "spoken": "en"}, headers=SAME)

    subscriber = site.house.store.with_address(ADA)
    assert subscriber is not None
    assert (shown.status_code, saved.status_code) == (200, 200)
    assert subscriber.topics.services == {ServiceId("lumen")}
    assert subscriber.topics.level is Level.DIGEST


def test_preferences_that_were_not_offered_change_nothing(site: Web) -> None:
    path = f"/optout/mail/preferences/{site.key(Errand.PREFERENCES)}"
    before = site.house.store.with_address(ADA)

    answer = site.client.post(path, data={"service": "none", "level": "alert", "spoken": "en"}, headers=SAME)

    assert (answer.status_code, site.house.store.with_address(ADA)) == (422, before)


@pytest.mark.parametrize("page", ["preferences", "erase"])
def test_forms_of_other_sites_cannot_change_or_erase(site: Web, page: str) -> None:
    path = f"/optout/mail/{page}/{site.key(Errand.PREFERENCES)}"

    answer = site.client.post(
        path, data={"level": "digest", "spoken": "en"}, headers={"Origin": "https://evil.example"}
    )

    assert (answer.status_code, site.state()) == (403, SubscriberState.CONFIRMED)


def test_everything_held_comes_as_a_file(site: Web) -> None:
    answer = site.client.get(f"/optout/mail/export/{site.key(Errand.PREFERENCES)}")

    held = json.loads(answer.content)
    assert held["subscriber"]["address"] == ADA
    assert held["subscriber"]["consent"]["source"] == "a list"
    assert held["posts"] == []
    assert answer.headers["content-disposition"].startswith("attachment")


def test_erasing_leaves_nothing_of_a_subscriber(site: Web) -> None:
    key = site.key(Errand.PREFERENCES)

    erased = site.client.post(f"/optout/mail/erase/{key}", headers=SAME)
    after = site.client.get(f"/optout/mail/preferences/{key}")

    assert (erased.status_code, after.status_code) == (200, 404)
    assert site.house.store.people == {}


@pytest.mark.parametrize("page", ["preferences", "leave", "export"])
def test_pages_behind_a_key_are_stored_nowhere_and_found_by_no_search_engine(site: Web, page: str) -> None:
    errand = Errand.LEAVE if page == "leave" else Errand.PREFERENCES

    headers = site.client.get(f"/optout/mail/{page}/{site.key(errand)}").headers

    assert (headers["cache-control"], headers["x-robots-tag"]) == ("no-store", "noindex")
