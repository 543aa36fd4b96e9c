"""No name, title or address can put a header of its own into a message, on either of the two ways out."""

import json
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from monitor.publish.letter import letter_body, letter_written
from monitor.publish.mail import Letters, Sender, SendGrid
from monitor.publish.preview import Preview
from monitor.render.mail import MailText
from monitor.render.safe import header_text
from tests.contract.sendgrid_server import sendgrid_server
from tests.contract.test_mail_sendgrid import KEY, LETTERS, POST, READER, SENDER
from tests.published import WATCHLIST, alert

BCC = "Bcc: everyone@example.org"
ATTACKS = {
    "line ends": f"Lumio\r\n{BCC}\r\n\r\nhello",
    "a bare carriage return": f"Lumio\r{BCC}",
    "unicode line ends": f"Lumio\u2028{BCC}\u2029\u0085\x0b\x0c\x1c",
    "a folded line": f"Lumio\r\n {BCC}",
    "an encoded word": "=?utf-8?q?Lumio=0D=0ABcc:_everyone=40example.org?=",
    "an encoded word in base64": "=?utf-8?b?THVtaW8NCkJjYzogZXZlcnlvbmVAZXhhbXBsZS5vcmc=?=",
    "quotes and another address": 'Lumio" <everyone@example.org>, "x',
    "letters beyond ASCII in quotes": 'Lümïo "news" \\ <everyone@example.org>',
    "a NUL": f"Lumio\x00{BCC}",
}
OF_EVERY_LETTER = ["Content-Type", "From", "MIME-Version", "Subject", "To"]
OF_AN_ALERT = [
    *("Auto-Submitted", "Content-Type", "Date", "From", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"),
    *("MIME-Version", "Message-ID", "Reply-To", "Subject", "To"),
]


@pytest.fixture(params=list(ATTACKS.values()), ids=list(ATTACKS))
def attack(request: pytest.FixtureRequest) -> str:
    """Return words that try to become a header."""
    return str(request.param)


def written(folder: Path, sender: Sender = SENDER, letters: Letters = LETTERS, title: str = "Lumio: a step") -> bytes:
    """Return the only message that a folder got."""
    Preview(folder=folder, sender=sender, letters=letters)(alert(title=title), READER, POST)
    (file,) = folder.glob("*.eml")
    return file.read_bytes()


def parsed(message: bytes) -> EmailMessage:
    """Return a message as a mail program reads it, and hold it to the headers that we write."""
    read = message_from_bytes(message, policy=default)
    assert isinstance(read, EmailMessage)
    assert sorted(read.keys()) == OF_AN_ALERT
    assert read.defects == []
    assert [header.defects for header in read.values()] == [()] * len(read)
    head = message.partition(b"\r\n\r\n")[0].decode("ascii")
    assert all(line[0] in " \t" or ":" in line for line in head.split("\r\n"))
    return read


def test_a_title_stays_in_the_subject(attack: str, tmp_path: Path) -> None:
    message = parsed(written(tmp_path, title=f"Facebook: {attack}"))

    assert message["Subject"] == f"Facebook: {header_text(attack)}"
    assert [to.addr_spec for to in message["To"].addresses] == ["reader@example.org"]


def test_the_name_of_a_service_or_page_stays_in_the_subject(attack: str, tmp_path: Path) -> None:
    services = {key: replace(service, name=attack) for key, service in WATCHLIST.services.items()}
    pages = tuple(replace(page, title=attack) for page in WATCHLIST.pages)
    letters = replace(LETTERS, watchlist=replace(WATCHLIST, services=services, pages=pages))

    message = parsed(written(tmp_path, letters=letters))

    assert message["Subject"].endswith("a step")


def test_the_senders_name_stays_beside_the_senders_address(attack: str, tmp_path: Path) -> None:
    message = parsed(written(tmp_path, sender=replace(SENDER, name=attack)))

    assert [sender.addr_spec for sender in message["From"].addresses] == ["news@monitor.example"]


def test_a_letter_about_no_alert_is_as_safe(attack: str, tmp_path: Path) -> None:
    mail = MailText(subject=attack, text="text", html="<p>text</p>", headers=())
    letter_written(mail, ["reader@example.org"], replace(SENDER, name=attack), tmp_path, "letter")

    message = message_from_bytes((tmp_path / "letter.eml").read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    assert sorted(message.keys()) == OF_EVERY_LETTER
    assert [sender.addr_spec for sender in message["From"].addresses] == ["news@monitor.example"]


def test_what_goes_to_sendgrid_holds_no_line_end_and_no_encoded_word(attack: str) -> None:
    with sendgrid_server() as server:
        send = SendGrid(KEY, server.url, replace(SENDER, name=attack), LETTERS)
        send(alert(title=f"Facebook: {attack}"), READER, POST)
    mail = MailText(subject=attack, text="text", html="<p>text</p>", headers=())
    letter = letter_body(mail, ["reader@example.org"], replace(SENDER, name=attack), "category")

    for body in map(json.loads, (json.dumps(server.received[-1].body), json.dumps(letter))):
        words = (body["subject"], body["from"]["name"])
        assert [word for word in words if not word.isprintable() or "=?" in word] == []
