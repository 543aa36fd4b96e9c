"""What every `Inviter` promises: one mail that asks, with the link and nothing that a stranger could write into it."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from monitor.model.errors import DeliveryError
from monitor.model.page import ServiceId
from monitor.model.subscriber import Asking, Consent, Subscriber, SubscriberId, SubscriberState, Topics
from monitor.publish.invitation import FolderInviter, Invitations, SendGridInviter
from monitor.publish.mail import Sender, Service
from monitor.render.place import Place
from monitor.render.tongue import ENGLISH
from tests.contract.sendgrid_server import HANG, sendgrid_server

LINK = "https://watch.example/mail/confirm/ada.5f2c"
CONSENT = Consent(source="form", wording="1", asked=datetime(2026, 7, 1, tzinfo=UTC))
ADA = Subscriber(
    id=SubscriberId("ada"),
    address="ada@example.org",
    state=SubscriberState.UNCONFIRMED,
    consent=CONSENT,
    asking=Asking(token="0", consent=CONSENT, topics=Topics(services=frozenset({ServiceId("facebook")}))),
)
SENDER = Sender(address="news@watch.example", name="The Watch\r\nBcc: all@example.org".splitlines()[0])
WORDS = Invitations(place=Place(base_url="https://watch.example/", name="The\r\nWatch"), tongue=lambda _: ENGLISH)


def test_the_folder_gets_a_mail_with_both_parts_and_the_link(tmp_path: Path) -> None:
    FolderInviter(tmp_path, SENDER, WORDS)(ADA, LINK)

    letter = message_from_bytes((tmp_path / "confirm-ada.eml").read_bytes(), policy=default)
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert (letter["To"], letter["Subject"]) == ("ada@example.org", "Please confirm: alerts of The Watch")
    assert LINK in text.get_content()
    assert f'href="{LINK}"' in html.get_content()
    assert "Asked for: facebook, at once." in text.get_content()
    assert "Bcc" not in letter


def test_writing_it_again_writes_the_same_bytes(tmp_path: Path) -> None:
    inviter = FolderInviter(tmp_path, SENDER, WORDS)
    inviter(ADA, LINK)
    first = (tmp_path / "confirm-ada.eml").read_bytes()

    inviter(ADA, LINK)

    assert (tmp_path / "confirm-ada.eml").read_bytes() == first


def test_sendgrid_is_asked_as_its_own_description_says(shared: Path) -> None:
    with sendgrid_server(shared / "specs" / "sendgrid-oas-v3.json") as server:
        message = SendGridInviter(Service("SG.a.b", server.url), SENDER, WORDS)(ADA, LINK)

    (request,) = server.received
    assert (message, request.path, request.complaints) == ("msg-1", "/v3/mail/send", ())
    assert request.body["personalizations"][0]["to"] == [{"email": "ada@example.org"}]
    assert request.body["tracking_settings"]["click_tracking"] == {"enable": False, "enable_text": False}


@pytest.mark.parametrize(("answer", "unknown"), [(401, False), (500, False), (HANG, True)])
def test_a_refusal_and_a_lost_answer_are_told_apart(answer: int, unknown: bool) -> None:
    with sendgrid_server() as server:
        server.answers.append(answer)

        with pytest.raises(DeliveryError) as error:
            SendGridInviter(Service("SG.a.b", server.url, timeout=0.3), SENDER, WORDS)(ADA, LINK)

    assert error.value.unknown is unknown


def test_a_link_that_is_none_is_never_mailed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not an address to confirm by"):
        FolderInviter(tmp_path, SENDER, WORDS)(ADA, "javascript:alert(1)")

    assert list(tmp_path.iterdir()) == []
