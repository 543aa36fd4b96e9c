"""A mail that is about no alert, as SendGrid takes it and as a file: words and addresses in, bytes out."""

from collections.abc import Sequence
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

from monitor.model.errors import DeliveryError
from monitor.publish.files import replaced
from monitor.publish.mail import Sender
from monitor.publish.preview import UNFOLDED
from monitor.render.mail import MailText


def letter_body(mail: MailText, addresses: Sequence[str], sender: Sender, category: str) -> dict[str, object]:
    """Return the body of a mail/send request, tracking off; nobody sees the other addresses.

    Source: SendGrid's OpenAPI description; the contract tests hold it to that.
    """
    answers_to = {"email": sender.reply_to or sender.address}
    return {
        "personalizations": [{"to": [{"email": each}], "headers": dict(mail.headers)} for each in addresses],
        "from": {"email": sender.address, **({"name": sender.name} if sender.name else {})},
        "reply_to": answers_to,
        "subject": mail.subject,
        "content": [{"type": "text/plain", "value": mail.text}, {"type": "text/html", "value": mail.html}],
        "categories": [category],
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
            "ganalytics": {"enable": False},
        },
    }


def letter_written(mail: MailText, addresses: Sequence[str], sender: Sender, folder: Path, name: str) -> str:
    """Write `NAME.eml` and `NAME.html` to a folder, the newest over the older, and return `outbox:NAME`.

    Raises:
        DeliveryError: the folder cannot be written.
    """
    try:
        replaced(folder / f"{name}.html", mail.html.encode())
        replaced(folder / f"{name}.eml", _message(mail, addresses, sender, name))
    except OSError as error:
        why = error.strerror or str(error)
        raise DeliveryError(f"{folder} cannot be written ({why}): make room", account=True) from error
    return f"outbox:{name}"


def _message(mail: MailText, addresses: Sequence[str], sender: Sender, name: str) -> bytes:
    letter = EmailMessage(policy=UNFOLDED)
    letter["Subject"] = mail.subject
    letter["From"] = sender.written()
    letter["To"] = ", ".join(addresses)
    for header, value in mail.headers:
        letter[header] = value
    letter.set_content(mail.text, cte="quoted-printable")
    letter.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    letter.set_boundary(f"=_{sha256(name.encode()).hexdigest()[:32]}")
    return letter.as_bytes()
