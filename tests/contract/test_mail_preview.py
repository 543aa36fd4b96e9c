"""What the `Mailer` that writes to a folder promises: whole messages, twice the same bytes."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from monitor.model.alert import AlertState, Review
from monitor.model.errors import DeliveryError
from monitor.model.subscriber import Edition
from monitor.publish.mail import Sender, approved_by_person, leaving_by_mail
from monitor.publish.preview import Preview
from tests.contract.test_mail_sendgrid import LETTERS, POST, READER, SENDER
from tests.published import HOSTILE, alert


def preview(folder: Path) -> Preview:
    return Preview(folder=folder, sender=SENDER, letters=LETTERS)


def written(folder: Path, name: str) -> EmailMessage:
    message = message_from_bytes((folder / name).read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_message_is_an_eml_file_and_a_page(tmp_path: Path) -> None:
    message_id = preview(tmp_path / "outbox")(alert(), READER, POST)

    name = f"{alert().id}-5f2c"
    assert message_id == f"outbox:{name}"
    assert sorted(path.name for path in (tmp_path / "outbox").iterdir()) == [f"{name}.eml", f"{name}.html"]
    message = written(tmp_path / "outbox", f"{name}.eml")
    assert message["To"] == "reader@example.org"
    assert message["From"] == "Optout Monitor <news@monitor.example>"
    assert message["Reply-To"] == "team@monitor.example"
    assert message["List-Unsubscribe"] == "<https://monitor.example/leave/5f2c>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_the_page_is_the_html_part(tmp_path: Path) -> None:
    preview(tmp_path)(alert(), READER, POST)

    name = f"{alert().id}-5f2c"
    html = written(tmp_path, f"{name}.eml").get_body(("html",))
    assert html is not None
    assert html.get_content().replace("\r\n", "\n") == (tmp_path / f"{name}.html").read_text("utf-8")


def test_writing_it_again_changes_no_byte(tmp_path: Path) -> None:
    preview(tmp_path)(alert(), READER, POST)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    preview(tmp_path)(alert(), READER, POST)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_hostile_title_stays_in_the_subject(tmp_path: Path) -> None:
    preview(tmp_path)(alert(title=f"a\r\nBcc: everyone@example.org\r\n\r\n{HOSTILE}"), READER, POST)

    message = written(tmp_path, f"{alert().id}-5f2c.eml")
    assert message["Bcc"] is None
    assert "Bcc: everyone@example.org" in message["Subject"]
    assert (message.defects, message["Subject"].defects) == ([], ())


def test_a_digest_has_a_name_of_its_own(tmp_path: Path) -> None:
    digest = replace(POST, edition=Edition.DIGEST)

    message_id = preview(tmp_path).digest([alert(1), alert(2)], READER, digest)

    assert message_id == "outbox:digest-8dfca8e49e75-5f2c"


def test_without_a_sender_it_still_writes(tmp_path: Path) -> None:
    Preview(folder=tmp_path, sender=Sender(address=""), letters=LETTERS)(alert(), READER, POST)

    assert written(tmp_path, f"{alert().id}-5f2c.eml")["From"] == "monitor@localhost.invalid"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file, not a folder")

    with pytest.raises(DeliveryError, match="outbox cannot be written") as caught:
        preview(tmp_path / "outbox")(alert(), READER, POST)

    assert (caught.value.final, caught.value.unknown, caught.value.account) == (False, False, True)


def test_while_the_site_takes_no_requests_readers_leave_by_mail() -> None:
    assert leaving_by_mail(SENDER, READER).leave == "mailto:team@monitor.example?subject=unsubscribe%205f2c"
    assert leaving_by_mail(Sender(address=""), READER).leave == (
        "mailto:monitor@localhost.invalid?subject=unsubscribe%205f2c"
    )


def test_only_a_person_can_have_reviewed_an_alert() -> None:
    by_hand = Review(
        alert=alert().id,
        before=AlertState.PENDING,
        after=AlertState.APPROVED,
        who="ada",
        at=datetime(2026, 7, 24, 12, 0, tzinfo=UTC),
        reason="clear",
    )

    assert approved_by_person([by_hand], "machine") == datetime(2026, 7, 24, 12, 0, tzinfo=UTC)
    assert approved_by_person([replace(by_hand, who="machine")], "machine") is None
    assert approved_by_person([replace(by_hand, after=AlertState.DISMISSED)], "machine") is None
