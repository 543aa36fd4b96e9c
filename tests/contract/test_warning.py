"""What every `Warner` promises: one mail to each maintainer, hostile words as text, the same bytes again."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from monitor.model.errors import DeliveryError
from monitor.model.page import Page, PageId, PageKind
from monitor.model.status import Problem
from monitor.publish.mail import Sender, Service
from monitor.publish.warning import FolderWarner, SendGridWarner
from monitor.render.place import Place
from tests.contract.sendgrid_server import sendgrid_server

AT = datetime(2026, 7, 1, 8, tzinfo=UTC)
PROBLEM = Problem(
    page=PageId("lumen-policy"),
    since=AT,
    told=AT,
    read=datetime(2026, 6, 30, 20, tzinfo=UTC),
    detail="login-wall: <script>alert(1)</script>\r\nBcc: all@example.org",
)
PAGE = Page(
    id=PROBLEM.page,
    url="https://lumen.example/policy",
    kind=PageKind.POLICY,
    title="Lumen policy\r\nBcc: x@example.org",
)
ADDRESSES = ("ada@example.org", "bob@example.org")
SENDER = Sender(address="news@watch.example", name="The Watch")
PLACE = Place(base_url="https://watch.example/", name="The Watch")


def written(folder: Path, name: str) -> tuple[str, str, str]:
    """Return subject, text and HTML of the message with this name."""
    letter = message_from_bytes((folder / f"{name}.eml").read_bytes(), policy=default)
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert letter["To"] == "ada@example.org, bob@example.org"
    assert "Bcc" not in letter
    return letter["Subject"], text.get_content(), html.get_content()


def test_the_mail_says_since_when_what_came_instead_and_what_to_do(tmp_path: Path) -> None:
    message = FolderWarner(tmp_path, SENDER, PLACE)(PROBLEM, PAGE, ADDRESSES)

    subject, text, html = written(tmp_path, message.removeprefix("outbox:"))
    assert subject == "Not read: Lumen policy Bcc: x@example.org"
    assert "could not be read since 2026-07-01 08:00 UTC. It was last read at 2026-06-30 20:00 UTC." in text
    assert "optout-monitor check lumen-policy" in text
    assert "What came instead: login-wall: <script>alert(1)</script> Bcc: all@example.org" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>" not in html


def test_recovery_is_a_mail_of_its_own(tmp_path: Path) -> None:
    warner = FolderWarner(tmp_path, SENDER, PLACE)
    lasting = warner(PROBLEM, PAGE, ADDRESSES)

    over = warner(replace(PROBLEM, recovered=datetime(2026, 7, 3, 9, tzinfo=UTC)), PAGE, ADDRESSES)

    assert over == f"{lasting}-over"
    subject, text, _ = written(tmp_path, over.removeprefix("outbox:"))
    assert subject == "Read again: Lumen policy Bcc: x@example.org"
    assert "was read again at 2026-07-03 09:00 UTC. It could not be read since 2026-07-01 08:00 UTC." in text
    assert "What you can do" not in text


def test_sendgrid_is_asked_for_one_message_to_each_maintainer(shared: Path) -> None:
    with sendgrid_server(shared / "specs" / "sendgrid-oas-v3.json") as server:
        message = SendGridWarner(Service("SG.a.b", server.url), SENDER, PLACE)(PROBLEM, PAGE, ADDRESSES)

    (request,) = server.received
    assert (message, request.path, request.complaints) == ("msg-1", "/v3/mail/send", ())
    assert [each["to"] for each in request.body["personalizations"]] == [
        [{"email": "ada@example.org"}],
        [{"email": "bob@example.org"}],
    ]
    assert request.body["categories"] == ["outage"]


def test_a_folder_that_cannot_be_written_is_a_delivery_error(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file stands where the folder should")

    with pytest.raises(DeliveryError, match="cannot be written"):
        FolderWarner(tmp_path / "outbox", SENDER, PLACE)(PROBLEM, PAGE, ADDRESSES)
