"""The app as an installation's settings make it: a form that is filled in ends as a mail in the outbox folder."""

import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from monitor.model.errors import SettingsError
from monitor.model.subscriber import SubscriberId
from monitor.pipeline.keys import Errand
from monitor.publish.invitation import SendGridInviter
from monitor.settings import settings_from
from monitor.web import web_app
from monitor.web.opening import LateInviter, front_of
from tests.contract.web import web

SITE = {"OPTOUT_SITE_URL": "https://watch.example/", "OPTOUT_MAIL_FROM": "The Watch <news@watch.example>"}
SAME = {"Origin": "https://watch.example"}


def test_signing_up_confirming_and_leaving_without_an_account_anywhere(tmp_path: Path) -> None:
    settings = settings_from({**SITE, "OPTOUT_DATA": str(tmp_path)})
    front = front_of(settings)
    with (
        web(tmp_path) as site,
        TestClient(web_app(site.house.world, front), base_url="https://watch.example") as client,
    ):
        form = {"address": "ada@example.org", "level": "digest", "spoken": "fr"}
        sent = client.post("/subscribe/", data=form, headers=SAME)
        (letter,) = (tmp_path / "outbox").glob("confirm-*.eml")
        text = message_from_bytes(letter.read_bytes(), policy=default).get_body(("plain",))
        link = re.search(r"https://watch\.example/(mail/confirm/\S+)", text.get_content() if text else "")
        assert link is not None
        confirmed = client.post(f"/{link[1]}", headers=SAME)
        (subscriber,) = site.house.store.people.values()
        left = client.post(f"/mail/leave/{front.keys.key(subscriber.id, Errand.LEAVE)}")

        (after,) = site.house.store.people.values()

    assert (sent.status_code, confirmed.status_code, left.status_code) == (200, 200, 200)
    assert (subscriber.state, after.state) == ("confirmed", "left")
    assert subscriber.language == "fr"
    assert "Vous êtes abonné" in confirmed.text


def test_a_token_is_128_bits_of_chance(tmp_path: Path) -> None:
    front = front_of(settings_from({**SITE, "OPTOUT_DATA": str(tmp_path)}))

    tokens = {front.token() for _ in range(1_000)}

    assert len(tokens) == 1_000
    assert all(re.fullmatch("[0-9a-f]{32}", token) for token in tokens)


def test_keys_stay_the_same_over_restarts(tmp_path: Path) -> None:
    settings = settings_from({**SITE, "OPTOUT_DATA": str(tmp_path)})
    ada = SubscriberId("ada")

    first, second = front_of(settings).keys, front_of(settings).keys

    assert first.key(ada, Errand.LEAVE) == second.key(ada, Errand.LEAVE)


def test_with_a_key_the_invitation_goes_through_sendgrid(tmp_path: Path) -> None:
    settings = settings_from({**SITE, "OPTOUT_DATA": str(tmp_path), "OPTOUT_SENDGRID_KEY": "SG.a.b"})

    invite = front_of(settings).invite

    assert isinstance(invite, LateInviter)
    assert isinstance(invite.made(), SendGridInviter)


def test_a_webhook_key_that_is_none_is_an_error_that_names_its_setting(tmp_path: Path) -> None:
    settings = settings_from({**SITE, "OPTOUT_DATA": str(tmp_path), "OPTOUT_SENDGRID_WEBHOOK_KEY": "nonsense"})

    with pytest.raises(SettingsError, match="OPTOUT_SENDGRID_WEBHOOK_KEY"):
        front_of(settings)
