"""What every answer of the web app promises: closed unless public, bounded, harmless, the same behind any proxy."""

import logging
import socket
from contextlib import ExitStack, closing
from pathlib import Path

import httpx2
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from monitor.model.errors import SettingsError
from monitor.publish.languages import editions
from monitor.web import serve, web_app
from monitor.web.app import PUBLIC
from monitor.web.door import Door
from monitor.web.front import House, Visit
from monitor.web.serve import served
from tests.contract.reading import Seen
from tests.contract.web import SAME, web

# These ask for an account; tests/contract/test_web_desk.py tries each without one.
DESK = {
    ("sign-out", "/desk/sign-out", ("POST",)),
    ("queue", "/desk/", ("GET",)),
    ("since", "/desk/since/", ("GET",)),
    ("decided", "/desk/decided/", ("GET",)),
    ("decide", "/desk/decide", ("POST",)),
    ("undo", "/desk/undo", ("POST",)),
    ("rules", "/desk/rules/", ("GET", "POST")),
    ("alert", "/desk/alerts/{key}", ("GET",)),
    ("edit", "/desk/alerts/{key}/edit", ("GET", "POST")),
    ("rule", "/desk/alerts/{key}/rule", ("GET", "POST")),
    ("comparison", "/changes/{key:between}", ("GET",)),
    ("capture", "/captures/{key:digest}", ("GET",)),
    ("source", "/captures/{key:digest}/source", ("GET",)),
    ("screenshot", "/captures/{key:digest}/screenshot", ("GET",)),
}
PAGES = ("/optout/", "/optout/subscribe/", "/optout/search/?q=x", "/optout/nothing", "/optout/mail/leave/no")


@pytest.fixture
def public(tmp_path: Path) -> Path:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Start</title>")
    (tmp_path / "feeds" / "all.rss").write_text("<rss/>")
    (tmp_path / "feeds" / "all.json").write_text("{}")
    (tmp_path / "404.html").write_text("<!doctype html><title>None</title>")
    (tmp_path / ".feeds.json").write_text("{}")
    return tmp_path


def test_these_routes_are_public_and_no_others(public: Path) -> None:
    with web(public) as site:
        app = web_app(site.house.world, site.front)
        routes = [route for route in app.routes if isinstance(route, Route)]
        found = {(route.name, route.path, tuple(sorted((route.methods or set()) - {"HEAD"}))) for route in routes}
        every = len(app.routes)

    assert (
        found
        == {
            ("subscribe", "/subscribe/", ("GET", "POST")),
            ("search", "/search/", ("GET",)),
            ("said", "/said/", ("GET",)),
            ("healthz", "/healthz", ("GET",)),
            ("readyz", "/readyz", ("GET",)),
            ("metrics", "/metrics", ("GET",)),
            ("confirm", "/mail/confirm/{key}", ("GET", "POST")),
            ("preferences", "/mail/preferences/{key}", ("GET", "POST")),
            ("export", "/mail/export/{key}", ("GET",)),
            ("erase", "/mail/erase/{key}", ("POST",)),
            ("leave", "/mail/leave/{key}", ("GET", "POST")),
            ("static", "/{key:path}", ("GET",)),
            ("sign-in", "/desk/sign-in/", ("GET", "POST")),
        }
        | DESK
    )
    assert every == len(routes)
    assert {name for name, _, _ in found - DESK} | {"events"} == PUBLIC


def test_a_route_that_is_not_listed_is_closed_to_everybody(public: Path) -> None:
    def secret(_: Visit, __: House) -> PlainTextResponse:
        return PlainTextResponse("what reviewers see")

    with web(public) as site:
        desk = Door(name="desk", path="/desk", methods=("GET", "POST"), answer=secret)
        app = web_app(site.house.world, site.front, (desk,))

        answer = TestClient(app, base_url="https://watch.example").get("/desk")

    assert answer.status_code == 403
    assert "reviewers" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers_that_keep_it_harmless(public: Path, path: str) -> None:
    with web(public) as site:
        headers = site.client.get(path).headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["subscribe/", "search/?q=form", "said/", "de/subscribe/", "mail/leave/nobody.0"])
def test_pages_made_for_one_reader_announce_the_feed_of_everything_too(public: Path, path: str) -> None:
    with web(public, editions=editions()) as site:
        seen = Seen(site.client.get(f"/optout/{path}").content)

    feeds = [link for link in seen.all("link") if link["rel"] == "alternate" and "type" in link]
    assert {link["type"]: link["href"].rpartition("feeds/")[2] for link in feeds} == {
        "application/rss+xml": "all.rss",
        "application/atom+xml": "all.atom",
        "application/feed+json": "all.json",
    }


@pytest.mark.parametrize("path", PAGES)
def test_no_reader_gets_a_cookie(public: Path, path: str) -> None:
    with web(public) as site:
        assert "set-cookie" not in site.client.get(path).headers


@pytest.mark.parametrize("path", ["/subscribe/", "/optout/subscribe/"])
def test_it_works_whether_or_not_the_proxy_takes_the_prefix_off(public: Path, path: str) -> None:
    with web(public) as site:
        answer = site.client.get(path)

    assert answer.status_code == 200
    assert 'action="../subscribe/"' in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://watch.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://watch.example"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_sent_from_another_site_is_refused(public: Path, headers: dict[str, str]) -> None:
    with web(public) as site:
        form = {"address": "ada@example.org", "level": "alert", "spoken": "en"}

        answer = site.client.post("/optout/subscribe/", data=form, headers=headers)

    assert answer.status_code == 403
    assert site.inviting.sent == []


def test_a_large_body_is_refused_before_it_is_read_whole(public: Path) -> None:
    with web(public) as site:
        promised = site.client.post("/optout/subscribe/", content=b"a=" + b"x" * 40_000, headers=SAME)
        unannounced = site.client.post("/optout/subscribe/", content=iter([b"x" * 10_000] * 5), headers=SAME)

    assert (promised.status_code, unannounced.status_code) == (413, 413)


@pytest.mark.parametrize("body", [b"address=%ff%fe", b"&".join(b"a=%d" % number for number in range(2_000))])
def test_a_form_that_cannot_be_read_is_refused(public: Path, body: bytes) -> None:
    with web(public) as site:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}

        answer = site.client.post("/optout/subscribe/", content=body, headers=SAME | kind)

    assert answer.status_code == 400


def test_files_come_with_their_type_and_a_reader_who_has_them_gets_304(public: Path) -> None:
    with web(public) as site:
        first = site.client.get("/optout/feeds/all.rss")
        by_tag = site.client.get("/optout/feeds/all.rss", headers={"If-None-Match": first.headers["etag"]})
        by_time = site.client.get(
            "/optout/feeds/all.rss", headers={"If-Modified-Since": first.headers["last-modified"]}
        )
        changed = site.client.get(
            "/optout/feeds/all.rss",
            headers={"If-None-Match": '"older"', "If-Modified-Since": first.headers["last-modified"]},
        )

    assert first.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert (first.status_code, by_tag.status_code, by_time.status_code, changed.status_code) == (200, 304, 304, 200)
    assert by_tag.content == b""


def test_the_evidence_of_a_change_is_handed_out_as_a_zip_file(public: Path) -> None:
    (public / "changes" / "4f2a").mkdir(parents=True)
    (public / "changes" / "4f2a" / "evidence.zip").write_bytes(b"PK\x05\x06")

    with web(public) as site:
        answer = site.client.get("/optout/changes/4f2a/evidence.zip")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.content == b"PK\x05\x06"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("", "text/html; charset=utf-8"),
        ("index.html", "text/html; charset=utf-8"),
        ("feeds/all.json", "application/feed+json"),
    ],
)
def test_each_kind_of_file_has_its_media_type(public: Path, path: str, kind: str) -> None:
    with web(public) as site:
        assert site.client.get(f"/optout/{path}").headers["content-type"] == kind


@pytest.mark.parametrize(
    "path", [".feeds.json", "feeds/../.feeds.json", "%2e%2e/secret", "..%2f..%2fetc/passwd", "feeds//all.rss", "a%00b"]
)
def test_nothing_hidden_and_nothing_outside_the_folder_is_served(public: Path, path: str) -> None:
    (public.parent / "secret").write_text("key")
    with web(public) as site:
        answer = site.client.get(f"/optout/{path}")

    assert answer.status_code == 404


def test_a_link_out_of_the_folder_is_not_followed(public: Path) -> None:
    (public.parent / "secret.txt").write_text("key")
    (public / "out.txt").symlink_to(public.parent / "secret.txt")
    with web(public) as site:
        assert site.client.get("/optout/out.txt").status_code == 404


def test_a_folder_without_its_slash_leads_to_the_one_with_it(public: Path) -> None:
    with web(public) as site:
        answer = site.client.get("/optout/feeds")

    assert (answer.status_code, answer.headers["location"]) == (308, "/optout/feeds/")


def test_an_unknown_address_shows_the_page_for_those(public: Path) -> None:
    with web(public) as site:
        answer = site.client.get("/optout/nowhere/")

    assert (answer.status_code, answer.text) == (404, "<!doctype html><title>None</title>")


def test_before_the_first_publication_the_site_says_so_and_when_to_come_back(public: Path) -> None:
    for file in (path for path in public.rglob("*") if path.is_file()):
        file.unlink()
    with web(public) as site:
        answer = site.client.get("/optout/")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "not written yet" in answer.text


def test_a_running_server_says_nothing_of_itself_and_ends_with_the_block(public: Path) -> None:
    with web(public) as site, served(web_app(site.house.world, site.front), host="127.0.0.1", port=0) as address:
        answer = httpx2.get(f"{address}optout/feeds/all.rss")

    assert (answer.status_code, answer.text) == (200, "<rss/>")
    assert "server" not in answer.headers
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(address)


def half_a_form(address: str) -> socket.socket:
    """Return a connection whose form is taken up and never ends."""
    client = socket.create_connection(("127.0.0.1", int(address.rstrip("/").rpartition(":")[2])))
    client.sendall(b"POST /optout/subscribe/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nmail=")
    httpx2.get(address)  # it was taken up before this answer
    return client


def warned(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_form_that_never_ends_is_let_go_at_a_stop_with_one_line(
    public: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "STOP_SECONDS", 0.2)
    with (
        web(public) as site,
        ExitStack() as clients,
        served(web_app(site.house.world, site.front), host="127.0.0.1", port=0) as address,
    ):
        clients.enter_context(closing(half_a_form(address)))

    assert [record.getMessage() for record in warned(caplog)] == [
        "Cancel 1 running task(s), timeout graceful shutdown exceeded"
    ]
    assert not any(record.exc_info for record in caplog.records)


def test_a_client_that_leaves_within_its_form_leaves_nothing_in_the_log(
    public: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with web(public) as site, served(web_app(site.house.world, site.front), host="127.0.0.1", port=0) as address:
        half_a_form(address).close()
        httpx2.get(address)

    assert warned(caplog) == []


def test_a_port_that_is_taken_is_an_error_that_names_the_setting(public: Path) -> None:
    with web(public) as site:
        app = web_app(site.house.world, site.front)
        with served(app, host="127.0.0.1", port=0) as address:
            port = int(address.rstrip("/").rpartition(":")[2])

            with pytest.raises(SettingsError, match="OPTOUT_PORT"), served(app, host="127.0.0.1", port=port):
                pass
