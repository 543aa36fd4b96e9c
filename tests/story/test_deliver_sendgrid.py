"""From the outbox over HTTP to a service that takes, refuses, stalls and breaks off."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from monitor.model.subscriber import PostState
from monitor.pipeline.deliver import deliver
from monitor.ports import Mailer
from tests.contract.sendgrid_server import DROP, HANG, SendGridServer, sendgrid_server
from tests.contract.test_mail_sendgrid import mailer
from tests.published import alert
from tests.story.test_deliver import NOW, House, reader


@pytest.fixture
def server() -> Iterator[SendGridServer]:
    """Return a SendGrid on loopback."""
    with sendgrid_server() as state:
        yield state


@pytest.fixture
def house(server: SendGridServer) -> House:
    """Return a house with four readers whose mail goes over HTTP."""
    made = House()
    made.join(*(reader(number) for number in range(1, 5)))
    over_http: Mailer = mailer(server, timeout=0.3)
    made.postman = over_http  # type: ignore[assignment]  # the real one in the double's place
    made.publish(alert(1))
    return made


def test_every_answer_becomes_a_state(house: House, server: SendGridServer) -> None:
    server.answers = [202, 500, DROP, 400]

    deliver(house.world)

    assert [state for _, state in house.shelf.states()] == [
        PostState.ACCEPTED,
        PostState.PENDING,
        PostState.UNKNOWN,
        PostState.FAILED,
    ]


def test_a_service_that_stalls_stops_delivery(house: House, server: SendGridServer) -> None:
    server.answers = [HANG, HANG, HANG]

    run = deliver(house.world)

    assert run.stopped.startswith("3 answers in a row were lost")
    assert [state for _, state in house.shelf.states()] == [PostState.UNKNOWN] * 3 + [PostState.PENDING]


def test_after_a_rate_limit_the_rest_goes_out(house: House, server: SendGridServer) -> None:
    server.answers = [202, 429]
    server.headers = {"X-RateLimit-Reset": "1800000300"}

    deliver(house.world)
    house.now = NOW + timedelta(minutes=4)
    deliver(house.world)
    house.now = NOW + timedelta(minutes=5)
    deliver(house.world)

    assert [state for _, state in house.shelf.states()] == [PostState.ACCEPTED] * 4
    told = [request.body["personalizations"][0]["custom_args"] for request in server.received]
    assert [(args["subscriber"], args["attempt"]) for args in told] == [
        ("reader-1", "1"),
        ("reader-2", "1"),
        ("reader-3", "1"),
        ("reader-4", "1"),
        ("reader-2", "2"),
    ]
