"""Events of the mail service: believed when signed and fresh, refused when forged, heard once when replayed."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model.subscriber import SubscriberState
from monitor.publish.mail_events import SIGNATURE_HEADER, TIMESTAMP_HEADER, Webhook
from tests.contract.test_mail_events import EVENT, PUBLIC, signed
from tests.contract.web import ADA, Web, web
from tests.fakes import START


def _tell(site: Web, body: bytes, **changes: str) -> tuple[int, str]:
    request = signed(body, START)
    headers = {SIGNATURE_HEADER: request.signature, TIMESTAMP_HEADER: request.timestamp, **changes}
    answer = site.client.post("/optout/mail/events", content=body, headers=headers)
    return answer.status_code, answer.text


def _bounce() -> bytes:
    told = {**EVENT, "email": ADA, "subscriber": "ada", "timestamp": int((START + timedelta(minutes=1)).timestamp())}
    return json.dumps([told]).encode()


def test_a_signed_bounce_suppresses_its_subscriber_and_its_replay_is_heard_no_more(tmp_path: Path) -> None:
    with web(tmp_path, believe=Webhook(PUBLIC)) as site:
        site.subscribed()

        first, replayed = _tell(site, _bounce()), _tell(site, _bounce())

        assert (first, replayed) == ((200, "1 new\n"), (200, "0 new\n"))
        assert site.state() is SubscriberState.SUPPRESSED


@pytest.mark.parametrize("changes", [{SIGNATURE_HEADER: "bm9uZQ=="}, {SIGNATURE_HEADER: ""}, {TIMESTAMP_HEADER: "1"}])
def test_a_forged_event_is_refused(tmp_path: Path, changes: dict[str, str]) -> None:
    with web(tmp_path, believe=Webhook(PUBLIC)) as site:
        site.subscribed()

        status, _ = _tell(site, _bounce(), **changes)

        assert (status, site.state()) == (403, SubscriberState.CONFIRMED)


def test_an_old_event_is_refused_although_it_is_signed(tmp_path: Path) -> None:
    with web(tmp_path, believe=Webhook(PUBLIC)) as site:
        site.house.clock.turn(timedelta(hours=1))

        assert _tell(site, _bounce()) == (403, "the signed moment is too far from now\n")


def test_a_signed_body_that_is_no_list_is_refused(tmp_path: Path) -> None:
    with web(tmp_path, believe=Webhook(PUBLIC)) as site:
        assert _tell(site, b"{}")[0] == 400


def test_without_a_key_there_is_no_route_for_events(tmp_path: Path) -> None:
    with web(tmp_path) as site:
        assert site.client.post("/optout/mail/events", content=b"[]").status_code == 405
