"""What the `Mailer` over SendGrid promises, held to a server on loopback and to SendGrid's own description."""

import logging
import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.model.errors import DeliveryError
from monitor.model.subscriber import Consent, Edition, Post, Subscriber, SubscriberId, SubscriberState
from monitor.publish.mail import Letters, Sender, SendGrid
from monitor.render.mail import Letterhead, Reader
from monitor.render.place import Place
from monitor.render.tongue import Tongue
from tests.contract.sendgrid_server import CUT, DROP, HANG, SendGridServer, sendgrid_server
from tests.published import HOSTILE, WATCHLIST, WAY_OUT, alert

KEY = "SG.secret-part-one.secret-part-two"
READER = Subscriber(
    id=SubscriberId("5f2c"),
    address="reader@example.org",
    state=SubscriberState.CONFIRMED,
    consent=Consent(source="web form", wording="1", asked=datetime(2026, 1, 5, tzinfo=UTC)),
)
LETTERS = Letters(
    head=Letterhead(place=Place(base_url="https://monitor.example/")),
    watchlist=WATCHLIST,
    reader=lambda subscriber: Reader(subscriber=subscriber, leave=f"https://monitor.example/leave/{subscriber.id}"),
    way_out=lambda page: WAY_OUT,
    reviewed=lambda alert: None,
    tongue=Tongue,
)
SENDER = Sender(address="news@monitor.example", name="Optout Monitor", reply_to="team@monitor.example")
POST = Post(alert=alert().id, subscriber=READER.id, edition=Edition.ALERT, attempt=2)


@pytest.fixture
def server() -> Iterator[SendGridServer]:
    """Return a server that looks at no body."""
    with sendgrid_server() as state:
        yield state


@pytest.fixture
def strict_server(shared: Path) -> Iterator[SendGridServer]:
    """Return a server that holds every body to SendGrid's own description."""
    with sendgrid_server(shared / "specs" / "sendgrid-oas-v3.json") as state:
        yield state


def mailer(server: SendGridServer, timeout: float = 5.0) -> SendGrid:
    return SendGrid(KEY, server.url, SENDER, LETTERS, timeout=timeout)


def failure(server: SendGridServer, answer: int, timeout: float = 5.0) -> DeliveryError:
    """Return the error that one answer makes."""
    server.answers = [answer]
    with pytest.raises(DeliveryError) as caught:
        mailer(server, timeout)(alert(), READER, POST)
    return caught.value


def test_an_accepted_message_returns_the_services_id(server: SendGridServer) -> None:
    assert mailer(server)(alert(), READER, POST) == "msg-1"


def test_a_request_is_what_sendgrids_description_allows(strict_server: SendGridServer) -> None:
    mailer(strict_server)(alert(), READER, POST)
    mailer(strict_server)(alert(title=HOSTILE, meaning=HOSTILE), READER, POST)
    mailer(strict_server).digest([alert(1), alert(2)], READER, replace(POST, edition=Edition.DIGEST))

    assert [request.complaints for request in strict_server.received] == [(), (), ()]


def test_the_description_would_find_a_wrong_request(strict_server: SendGridServer) -> None:
    mailer(strict_server)(alert(), replace(READER, address=None), POST)  # type: ignore[arg-type]  # wrong on purpose

    assert strict_server.received[0].complaints == ("$.personalizations[0].to[0].email: None is not of type 'string'",)


def test_a_message_goes_to_one_subscriber_with_strings_that_name_it(server: SendGridServer) -> None:
    mailer(server)(alert(), READER, POST)

    request = server.received[0]
    assert (request.method, request.path) == ("POST", "/v3/mail/send")
    assert request.body["personalizations"] == [
        {
            "to": [{"email": "reader@example.org"}],
            "headers": {
                "List-Id": "<alerts.monitor.example>",
                "List-Unsubscribe": "<https://monitor.example/leave/5f2c>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
            "custom_args": {"alert": alert().id, "edition": "alert", "subscriber": "5f2c", "attempt": "2"},
        }
    ]
    assert request.body["from"] == {"email": "news@monitor.example", "name": "Optout Monitor"}
    assert request.body["reply_to"] == {"email": "team@monitor.example"}
    assert request.body["categories"] == ["alert", "service-facebook"]
    assert [part["type"] for part in request.body["content"]] == ["text/plain", "text/html"]


def test_every_message_switches_tracking_off(server: SendGridServer) -> None:
    mailer(server)(alert(), READER, POST)

    assert server.received[0].body["tracking_settings"] == {
        "click_tracking": {"enable": False, "enable_text": False},
        "open_tracking": {"enable": False},
        "subscription_tracking": {"enable": False},
        "ganalytics": {"enable": False},
    }


def test_a_digest_names_every_alert(server: SendGridServer) -> None:
    mailer(server).digest([alert(1), alert(2)], READER, replace(POST, edition=Edition.DIGEST))

    body = server.received[0].body
    assert body["personalizations"][0]["custom_args"]["alert"] == f"{alert(1).id},{alert(2).id}"
    assert body["personalizations"][0]["custom_args"]["edition"] == "digest"


@pytest.mark.parametrize(
    ("answer", "account", "said"),
    [
        (400, False, "SendGrid refused (400: The subject is required. (field subject)): the message breaks a rule"),
        (401, True, "SendGrid refused (401: The provided authorization grant is invalid): the API key is wrong"),
        (403, True, "(403: The from address does not match a verified Sender (field from)): the key may not send"),
        (404, True, "SendGrid refused (404: no reason given): no such service there"),
        (413, False, "SendGrid refused (413: <html>too large</html>): the message is too large"),
    ],
)
def test_a_refusal_is_final_and_says_what_to_do(server: SendGridServer, answer: int, account: bool, said: str) -> None:
    error = failure(server, answer)

    assert said in str(error)
    assert (error.final, error.unknown, error.account) == (True, False, account)


@pytest.mark.parametrize("answer", [500, 503])
def test_a_service_out_of_order_is_tried_again(server: SendGridServer, answer: int) -> None:
    error = failure(server, answer)

    assert (error.final, error.unknown, error.account) == (False, False, False)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-RateLimit-Reset": "1800000042"}, 42.0),
        ({"X-RateLimit-Reset": "1799999000"}, 1.0),
        ({"X-RateLimit-Reset": "1900000000"}, 3600.0),
        ({"X-RateLimit-Reset": "soon"}, 60.0),
        ({}, 60.0),
    ],
)
def test_a_rate_limit_says_how_long_to_wait(server: SendGridServer, headers: dict[str, str], seconds: float) -> None:
    server.headers = headers

    error = failure(server, 429)

    assert (error.final, error.unknown, error.account, error.retry_after) == (False, False, True, seconds)


@pytest.mark.parametrize("answer", [HANG, DROP, CUT, 200])
def test_a_lost_answer_is_unknown(server: SendGridServer, answer: int) -> None:
    error = failure(server, answer, timeout=0.3)

    assert (error.final, error.unknown) == (False, True)
    assert len(server.received) == 1


@pytest.mark.parametrize("answer", [502, 504, 520])
def test_an_answer_of_a_gateway_leaves_open_whether_the_message_was_taken(server: SendGridServer, answer: int) -> None:
    error = failure(server, answer)

    assert f"answered {answer}" in str(error)
    assert (error.final, error.unknown, error.account) == (False, True, False)


def test_a_refused_connection_is_tried_again() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but not listening
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"

        with pytest.raises(DeliveryError, match="SendGrid cannot be reached") as caught:
            SendGrid(KEY, url, SENDER, LETTERS)(alert(), READER, POST)

    assert (caught.value.final, caught.value.unknown) == (False, False)


def test_a_redirect_is_not_followed_with_the_key(server: SendGridServer) -> None:
    with sendgrid_server() as elsewhere:
        server.headers = {"Location": f"{elsewhere.url}/v3/mail/send"}

        error = failure(server, 302)

        assert (error.final, error.account) == (True, True)
        assert elsewhere.received == []


def test_the_key_is_sent_and_never_logged(server: SendGridServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    error = failure(server, 401)

    assert server.received[0].headers["Authorization"] == f"Bearer {KEY}"
    assert "secret-part" not in caplog.text + str(error) + repr(error)
    assert "reader@example.org" not in caplog.text


def test_nothing_is_taken_from_the_environment(server: SendGridServer) -> None:
    os.environ["SENDGRID_API_KEY"] = "SG.from.environment"
    try:
        mailer(server)(alert(), READER, POST)
    finally:
        del os.environ["SENDGRID_API_KEY"]

    assert server.received[0].headers["Authorization"] == f"Bearer {KEY}"
