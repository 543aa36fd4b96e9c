"""What programs that watch over an installation are told, and who may read its numbers."""

from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from monitor.model.errors import StoreBusy
from monitor.model.status import Check, Outcome
from monitor.pipeline.check import check
from monitor.web import web_app
from tests.contract.web import Web, web
from tests.fakes import page
from tests.story.lumen import DEADLINE, WALL, policy

TOKEN = "0123456789abcdef"


def client(site: Web, token: str = "", host: str = "203.0.113.9") -> TestClient:
    app = web_app(site.house.world, replace(site.front, metrics=token))
    return TestClient(app, base_url="https://watch.example", client=(host, 5000))


def numbers(text: str) -> dict[tuple[str, str], float]:
    """Return each sample by its name and the value of its label."""
    families = text_string_to_metric_families(text)
    return {(one.name, "".join(one.labels.values())): one.value for family in families for one in family.samples}


def test_the_numbers_are_those_of_the_journal_desk_and_outbox(tmp_path: Path) -> None:
    with web(tmp_path) as site:
        house = site.house
        for body in (policy(), policy(DEADLINE), policy(DEADLINE), WALL):
            house.serve(body)
            check(page(), house.world)
        house.store.missed(Check(page=page().id, at=house.clock.at, outcome=Outcome.MISSED, detail="timed-out: 30 s"))

        told = numbers(client(site, host="127.0.0.1").get("/optout/metrics").text)

    assert told["optout_checks_total", "first"] == 1
    assert told["optout_checks_total", "refused"] == 1
    assert told["optout_checks_total", "unchanged"] == 0
    assert told["optout_checks_without_page_total", "timed-out"] == 1
    assert told["optout_checks_without_page_total", "login-wall"] == 1
    assert told["optout_alerts", "pending"] == 1
    assert told["optout_messages", "unknown"] == 0
    assert told["optout_page_read_seconds", "lumen-policy"] == 12 * 3600
    assert told["optout_page_unread_checks", "lumen-policy"] == 2
    assert told["optout_delivery_stopped", ""] == 0


@pytest.mark.parametrize(
    ("token", "shown", "host", "status"),
    [
        ("", "", "127.0.0.1", 200),
        ("", "", "203.0.113.9", 403),
        ("", "Bearer ", "203.0.113.9", 403),
        (TOKEN, f"Bearer {TOKEN}", "203.0.113.9", 200),
        (TOKEN, "Bearer wrong", "203.0.113.9", 403),
        (TOKEN, "", "127.0.0.1", 403),
        (TOKEN, "Basic eDp5", "203.0.113.9", 403),
    ],
)
def test_who_may_read_the_numbers(tmp_path: Path, token: str, shown: str, host: str, status: int) -> None:
    with web(tmp_path) as site:
        answer = client(site, token, host).get("/optout/metrics", headers=[("Authorization", shown)])

    assert answer.status_code == status
    assert ("optout_checks" in answer.text) == (status == 200)


def test_a_process_that_answers_is_alive_and_ready_once_its_site_is_there(tmp_path: Path) -> None:
    public = tmp_path / "public"
    with web(public) as site:
        assert site.client.get("/optout/healthz").text == "alive\n"
        waiting = site.client.get("/optout/readyz")
        public.mkdir()
        there = site.client.get("/optout/readyz")

    assert (waiting.status_code, waiting.text) == (503, "the site was not written yet\n")
    assert (there.status_code, there.text) == (200, "ready\n")


def test_a_store_that_does_not_answer_is_named_without_its_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_: object) -> frozenset[str]:
        raise StoreBusy("postgresql://user:word@host/db", "another process")

    with web(tmp_path) as site:
        monkeypatch.setattr(type(site.house.store), "unread", busy)
        answer = site.client.get("/optout/readyz")

    assert answer.status_code == 503
    assert answer.text == "the database does not answer: StoreBusy\n"
