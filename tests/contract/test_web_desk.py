"""The review desk over HTTP: who comes in, what is shown, what a decision does, and what a hostile form cannot do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from monitor.model.alert import AlertId, AlertState
from monitor.model.maintainer import Maintainer, Role
from monitor.pipeline import review, rules
from monitor.pipeline.accounts import SESSION
from monitor.pipeline.check import check
from monitor.pipeline.review import Decider
from monitor.web.allowance import SIGN_INS_BY_ACCOUNT, SIGN_INS_IN_ALL
from monitor.web.desk.doors import LateAnswer, desk_doors
from tests.contract.web import SAME, Web, web
from tests.fakes import START, page
from tests.story.lumen import DEADLINE, policy

WORDS = "correct horse battery"
DESK = "/optout/desk/"
CLOSED = (
    ("GET", "desk/"),
    ("GET", "desk/decided/"),
    ("GET", "desk/rules/"),
    ("GET", "desk/alerts/abcd"),
    ("GET", "desk/alerts/abcd/edit"),
    ("GET", "desk/alerts/abcd/rule"),
    ("GET", f"changes/{'a' * 64}..{'b' * 64}"),
    ("GET", f"captures/{'a' * 64}"),
    ("GET", f"captures/{'a' * 64}/source"),
    ("GET", f"captures/{'a' * 64}/screenshot"),
    ("POST", "desk/sign-out"),
    ("POST", "desk/decide"),
    ("POST", "desk/undo"),
    ("POST", "desk/rules/"),
    ("POST", "desk/alerts/abcd/edit"),
    ("POST", "desk/alerts/abcd/rule"),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """A site with one alert that waits, and a browser that is signed in."""

    site: Web
    id: AlertId

    def get(self, path: str = "desk/") -> Response:
        return self.site.client.get(f"/optout/{path}")

    def post(self, path: str, **fields: str) -> Response:
        """Send a form as our own page does."""
        return self.site.client.post(f"/optout/{path}", data={"mark": self.mark, **fields}, headers=SAME)

    @property
    def mark(self) -> str:
        return str(re.findall(r'name="mark" value="([0-9a-f]{32})"', self.get().text)[0])

    @property
    def seen(self) -> str:
        return str(re.findall(r'name="seen" value="([^"]+)"', self.get(f"desk/alerts/{self.id}").text)[0])

    def state(self) -> AlertState:
        return self.site.house.store.told[self.id].state

    def decide(self, decision: str, **fields: str) -> Response:
        return self.post("desk/decide", decision=decision, seen=self.seen, to="desk/", **fields)


def sign_in(site: Web, password: str = WORDS, name: str = "ada", to: str = "desk/") -> Response:
    form = {"name": name, "password": password, "to": to}
    return site.client.post(f"{DESK}sign-in/", data=form, headers=SAME)


@contextmanager
def opened(public: Path, role: Role = Role.ADMIN) -> Iterator[Desk]:
    with web(public) as site:
        house = site.house
        house.staff.add(Maintainer(name="ada", role=role, since=START), WORDS)
        for body in (policy(), policy(DEADLINE), policy(DEADLINE)):
            house.serve(body)
            check(page(), house.world)
        (alert,) = house.store.told.values()
        assert alert.state is AlertState.PENDING
        sign_in(site)
        yield Desk(site, alert.id)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path) as made:
        yield made


def test_every_door_of_the_desk_is_closed_to_whoever_is_not_signed_in(tmp_path: Path) -> None:
    with web(tmp_path) as site:
        for method, path in CLOSED:
            answer = site.client.request(method, f"/optout/{path}", headers=SAME)

            assert answer.status_code == (303 if method == "GET" else 403), path
            if method == "GET":
                assert answer.headers["location"] == f"/optout/desk/sign-in/?to={path}"


def test_signing_in_leads_to_where_one_wanted_to_go_and_nowhere_else(desk: Desk) -> None:
    assert sign_in(desk.site, to=f"desk/alerts/{desk.id}").headers["location"] == f"/optout/desk/alerts/{desk.id}"
    for hostile in ("https://evil.example/", "//evil.example", "desk/\r\nSet-Cookie: a=b", "javascript:alert(1)"):
        assert sign_in(desk.site, to=hostile).headers["location"] == DESK


def test_the_cookie_is_for_this_site_alone_and_no_script(tmp_path: Path) -> None:
    with opened(tmp_path) as desk:
        cookie = sign_in(desk.site).headers["set-cookie"].lower()

    assert all(word in cookie for word in ("httponly", "secure", "samesite=strict", "path=/optout/", "max-age=43200"))


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong"), ("eve", WORDS), ("", ""), ("ada", "x" * 300)])
def test_a_wrong_name_and_a_wrong_password_get_one_answer(desk: Desk, name: str, password: str) -> None:
    answer = sign_in(desk.site, password, name)

    assert answer.status_code == 401
    assert "Name and password do not fit." in answer.text
    assert "set-cookie" not in answer.headers


def test_guessing_is_stopped_for_a_quarter_of_an_hour_even_for_the_right_password(desk: Desk) -> None:
    for _ in range(SIGN_INS_BY_ACCOUNT - 1):  # one was taken by signing in
        assert sign_in(desk.site, "wrong").status_code == 401

    assert sign_in(desk.site).status_code == 429
    desk.site.house.clock.turn(timedelta(minutes=15))
    assert sign_in(desk.site).status_code == 303


def attempt(desk: Desk, address: str) -> int:
    """Try a wrong password for ada's account from somewhere else; return the status."""
    where = TestClient(desk.site.client.app, base_url="https://watch.example", client=(address, 50000))
    return where.post(f"{DESK}sign-in/", data={"name": "ada", "password": "wrong"}, headers=SAME).status_code


def test_a_stranger_who_guesses_locks_nobody_else_out(desk: Desk) -> None:
    guesses = [attempt(desk, "203.0.113.9") for _ in range(SIGN_INS_BY_ACCOUNT + 2)]

    assert guesses == [401] * SIGN_INS_BY_ACCOUNT + [429, 429]
    assert sign_in(desk.site).status_code == 303


def test_guesses_from_many_places_at_one_account_are_stopped_for_an_hour(desk: Desk) -> None:
    guesses = [attempt(desk, f"203.0.113.{place % 250}") for place in range(SIGN_INS_IN_ALL)]

    assert guesses == [401] * (SIGN_INS_IN_ALL - 1) + [429]  # one was taken by signing in
    desk.site.house.clock.turn(timedelta(hours=1))
    assert attempt(desk, "203.0.113.9") == 401


def test_each_sign_in_has_a_token_of_its_own_and_a_planted_one_opens_nothing(desk: Desk) -> None:
    browser = TestClient(desk.site.client.app, base_url="https://watch.example", follow_redirects=False)
    planted = {"Cookie": "desk=" + "a" * 32, **SAME}

    assert browser.get(DESK, headers=planted).status_code == 303
    answer = browser.post(f"{DESK}sign-in/", data={"name": "ada", "password": WORDS}, headers=planted)
    assert "a" * 32 not in answer.headers["set-cookie"]
    assert browser.get(DESK, headers=planted).status_code == 303


def test_a_session_ends_by_itself_by_signing_out_and_everywhere(desk: Desk) -> None:
    other = TestClient(desk.site.client.app, base_url="https://watch.example", follow_redirects=False)
    other.post(f"{DESK}sign-in/", data={"name": "ada", "password": WORDS}, headers=SAME)
    assert other.get(DESK).status_code == 200

    assert desk.post("desk/sign-out", everywhere="yes").status_code == 303

    assert (desk.get().status_code, other.get(DESK).status_code) == (303, 303)
    sign_in(desk.site)
    assert desk.get().status_code == 200
    desk.site.house.clock.turn(SESSION)
    assert desk.get().status_code == 303


@pytest.mark.parametrize("mark", ["", "0" * 32, "é"])
def test_a_form_without_the_mark_of_this_session_does_nothing(desk: Desk, mark: str) -> None:
    form = {"mark": mark, "decision": "dismiss", "seen": desk.seen}

    answer = desk.site.client.post("/optout/desk/decide", data=form, headers=SAME)

    assert answer.status_code == 403
    assert desk.state() is AlertState.PENDING


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_from_another_site_does_nothing(desk: Desk, headers: dict[str, str]) -> None:
    form = {"mark": desk.mark, "decision": "dismiss", "seen": desk.seen}

    answer = desk.site.client.post("/optout/desk/decide", data=form, headers=headers)

    assert answer.status_code == 403
    assert desk.state() is AlertState.PENDING


def test_reading_changes_nothing(desk: Desk) -> None:
    before = desk.site.house.store.told[desk.id]
    for path in ("desk/", f"desk/alerts/{desk.id}", f"desk/alerts/{desk.id}/edit", f"desk/alerts/{desk.id}/rule"):
        assert desk.get(path).status_code == 200

    assert desk.site.house.store.told[desk.id] == before
    assert desk.site.house.world.desk.reviews() == ()


def test_the_queue_shows_what_changed_why_and_since_when(desk: Desk) -> None:
    text = desk.get().text

    assert "1 decision to take" in text
    assert DEADLINE in text
    assert "deadline · priority" in text
    assert "cue:" in text


@pytest.mark.parametrize("view", ["changed", "beside", "way", "captures"])
def test_each_view_of_an_alert_shows_its_part_of_the_evidence(desk: Desk, view: str) -> None:
    text = desk.get(f"desk/alerts/{desk.id}?view={view}").text

    alert = desk.site.house.store.told[desk.id]
    shown = {
        "changed": ("What it quotes", DEADLINE, "Why it is here"),
        "beside": ("Side by side", "Write to Lumen Lighting", DEADLINE),
        "way": ("deadline set", DEADLINE),
        "captures": (str(alert.evidence.before), str(alert.evidence.after), "web.archive.org/web/diff/"),
    }[view]
    assert all(words in text for words in shown)


def test_a_decision_is_published_under_the_name_of_who_signed_in(desk: Desk) -> None:
    answer = desk.decide("publish", reason="read both")

    assert answer.headers["location"] == f"/optout/desk/?done={desk.id}"
    assert desk.state() is AlertState.APPROVED
    (decided,) = desk.site.house.world.desk.reviews(desk.id)
    assert (decided.who, decided.reason) == ("ada", "read both")
    assert "Undo" in desk.get(f"desk/?done={desk.id}").text


def test_what_one_fetch_alone_shows_is_not_offered_and_not_taken(tmp_path: Path) -> None:
    with web(tmp_path) as site:
        site.house.staff.add(Maintainer(name="ada", role=Role.REVIEWER, since=START), WORDS)
        for body in (policy(), policy(minors="")):
            site.house.serve(body)
            check(page(), site.house.world)
        (alert,) = site.house.store.told.values()
        sign_in(site)
        desk = Desk(site, alert.id)

        shown = desk.get(f"desk/alerts/{alert.id}").text
        queue = desk.get().text
        answer = desk.decide("publish")

        assert "Nothing is published from one fetch" in shown
        assert 'value="publish"' not in shown + queue
        assert answer.status_code == 409
        assert "was seen at one fetch alone" in answer.text
        assert desk.state() is AlertState.HELD

        desk.decide("dismiss")
        desk.post("desk/undo", seen=f"{desk.id}:1")
        assert desk.state() is AlertState.HELD
        assert desk.decide("publish").status_code == 409


def test_what_was_dismissed_stays_listed_and_comes_back(desk: Desk) -> None:
    desk.decide("dismiss")
    assert desk.state() is AlertState.DISMISSED
    assert desk.id in desk.get("desk/decided/?state=dismissed").text

    answer = desk.post("desk/undo", seen=f"{desk.id}:1")

    assert answer.headers["location"] == f"/optout/desk/alerts/{desk.id}"
    assert desk.state() is AlertState.PENDING


def test_the_second_of_two_maintainers_is_told_and_overwrites_nothing(desk: Desk) -> None:
    seen = desk.seen
    review.dismiss(desk.id, Decider("bob", "a variant"), desk.site.house.world)

    answer = desk.post("desk/decide", decision="publish", seen=seen, to="desk/")

    assert answer.status_code == 409
    assert "Somebody was first" in answer.text
    assert "bob decided so" in answer.text
    assert desk.state() is AlertState.DISMISSED


def test_words_can_be_edited_and_quotes_stay(desk: Desk) -> None:
    quotes = desk.site.house.store.told[desk.id].quotes

    desk.post(
        f"desk/alerts/{desk.id}/edit", title="Lumen: a deadline", meaning="Act by then.", significance="4", seen="0"
    )

    edited = desk.site.house.store.told[desk.id]
    assert (edited.title, edited.meaning, edited.significance) == ("Lumen: a deadline", "Act by then.", 4)
    assert edited.quotes == quotes


def test_a_published_alert_is_put_right_by_a_new_one(desk: Desk) -> None:
    from monitor.pipeline.publish import publish

    desk.decide("publish")
    publish(desk.site.house.world)
    seen = str(len(desk.site.house.world.desk.reviews(desk.id)))

    answer = desk.post(f"desk/alerts/{desk.id}/edit", title="Lumen: the deadline is 30 September", seen=seen)

    corrected = AlertId(answer.headers["location"].rpartition("/")[2])
    assert corrected != desk.id
    assert desk.site.house.store.told[corrected].corrects == desk.id
    assert desk.state() is AlertState.CORRECTED
    assert "Corrected by" in desk.get(f"desk/alerts/{desk.id}").text


def test_a_rule_is_tried_on_history_before_it_is_kept(desk: Desk) -> None:
    tried = desk.post(f"desk/alerts/{desk.id}/rule", page="lumen-policy", kind="optout", **{"try": "yes"})
    assert "It would have hidden 1 alert" in tried.text
    assert rules.active(desk.site.house.world) == ()

    empty = desk.post(f"desk/alerts/{desk.id}/rule", page="nobody", keep="yes")
    assert "is not watched" in empty.text
    assert rules.active(desk.site.house.world) == ()

    desk.post(f"desk/alerts/{desk.id}/rule", page="lumen-policy", kind="optout", keep="yes", reason="weekly")

    (rule,) = rules.active(desk.site.house.world)
    assert (rule.who, rule.reason, desk.state()) == ("ada", "weekly", AlertState.DISMISSED)


def test_only_an_admin_ends_a_rule(tmp_path: Path) -> None:
    with opened(tmp_path, Role.REVIEWER) as desk:
        desk.post(f"desk/alerts/{desk.id}/rule", page="lumen-policy", kind="optout", keep="yes")
        (rule,) = rules.active(desk.site.house.world)

        answer = desk.post("desk/rules/", rule=rule.id)

        assert answer.status_code == 409
        assert rules.active(desk.site.house.world) == (rule,)
        desk.site.house.staff.known["ada"] = Maintainer(name="ada", role=Role.ADMIN, since=START)
        desk.post("desk/rules/", rule=rule.id)
        assert rules.active(desk.site.house.world) == ()


def test_pinning_while_publishing_keeps_the_words_that_stand_there(desk: Desk) -> None:
    desk.decide("publish", pin="yes")

    assert [pin.words for pin in desk.site.house.world.desk.pins()] == [DEADLINE]


def test_any_two_captures_have_an_address_and_their_markup_is_text(desk: Desk) -> None:
    proof = desk.site.house.store.told[desk.id].evidence

    compared = desk.get(f"changes/{proof.before}..{proof.after}")
    capture = desk.get(f"captures/{proof.after}")
    source = desk.get(f"captures/{proof.after}/source")

    assert DEADLINE in compared.text
    assert DEADLINE in capture.text
    assert source.headers["content-type"] == "text/plain; charset=utf-8"
    assert source.content == policy(DEADLINE)
    assert desk.get(f"captures/{'0' * 64}").status_code == 404
    assert desk.get(f"captures/{proof.after}/screenshot").status_code == 404


def test_a_capture_that_was_imported_says_where_it_came_from(desk: Desk) -> None:
    newest = desk.site.house.evidence.kept[-1]
    imported = replace(newest, body=b"<p>Of old.</p>", source={"archive": "wayback", "timestamp": "20240101080000"})
    desk.site.house.evidence.keep(imported)

    text = desk.get(f"captures/{imported.digest}").text

    assert "This capture was imported, not fetched by us." in text
    assert "20240101080000" in text
    assert "This capture was imported" not in desk.get(f"captures/{newest.digest}").text


@pytest.mark.parametrize(
    "fields",
    [{}, {"seen": "nobody:0"}, {"seen": "x:y", "decision": "publish"}, {"seen": ":", "decision": "erase"}],
)
def test_a_form_that_is_none_of_ours_is_refused_in_words(desk: Desk, fields: dict[str, str]) -> None:
    answer = desk.post("desk/decide", **fields)

    assert answer.status_code in (404, 409)
    assert "Nothing was changed" in answer.text
    assert desk.state() is AlertState.PENDING


def test_every_answer_of_the_desk_is_where_its_route_says() -> None:
    late = [door.answer for door in desk_doors() if isinstance(door.answer, LateAnswer)]

    assert len(late) == len(desk_doors())
    assert all(callable(answer.found()) for answer in late)
