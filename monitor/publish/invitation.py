"""The mail that asks an address to confirm: through SendGrid or to a folder; both keep the promise of `Inviter`."""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr
from hashlib import sha256
from pathlib import Path

from monitor.model.errors import DeliveryError
from monitor.model.subscriber import Asking, Subscriber
from monitor.publish.files import replaced
from monitor.publish.mail import NOBODY, Sender, Service
from monitor.publish.preview import UNFOLDED
from monitor.render.invitation import invitation_mail
from monitor.render.mail import MailText
from monitor.render.place import Place
from monitor.render.tongue import Tongue

CATEGORY = "confirmation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitations:
    """Writes the words: knows the site and the catalogues."""

    place: Place
    tongue: Callable[[str], Tongue]

    def __call__(self, subscriber: Subscriber, link: str) -> MailText:
        """Return the mail in the language that was asked for."""
        asking = subscriber.asking or Asking(token="", consent=subscriber.consent, topics=subscriber.topics)
        return invitation_mail(asking, link, self.place, self.tongue(asking.language))


@dataclass(frozen=True, slots=True)
class SendGridInviter:
    """An `Inviter` over SendGrid."""

    service: Service
    sender: Sender
    words: Invitations

    def __call__(self, subscriber: Subscriber, link: str) -> str:
        """Send it; see `Inviter`."""
        return self.service(invitation_body(self.words(subscriber, link), subscriber, self.sender))


@dataclass(frozen=True, slots=True)
class FolderInviter:
    """An `Inviter` that writes `confirm-SUBSCRIBER.eml` and `.html` to a folder, the newest over the older."""

    folder: Path
    sender: Sender
    words: Invitations

    def __call__(self, subscriber: Subscriber, link: str) -> str:
        """Write it; see `Inviter`."""
        mail, name = self.words(subscriber, link), f"confirm-{subscriber.id}"
        try:
            replaced(self.folder / f"{name}.html", mail.html.encode())
            replaced(self.folder / f"{name}.eml", _message(mail, subscriber, self.sender, name))
        except OSError as error:
            why = error.strerror or str(error)
            raise DeliveryError(f"{self.folder} cannot be written ({why}): make room", account=True) from error
        return f"outbox:{name}"


def invitation_body(mail: MailText, subscriber: Subscriber, sender: Sender) -> dict[str, object]:
    """Return the body of a mail/send request, tracking off.

    Source: SendGrid's OpenAPI description; the contract test holds it to that.
    """
    answers_to = {"email": sender.reply_to or sender.address}
    return {
        "personalizations": [{"to": [{"email": subscriber.address}], "headers": dict(mail.headers)}],
        "from": {"email": sender.address, **({"name": sender.name} if sender.name else {})},
        "reply_to": answers_to,
        "subject": mail.subject,
        "content": [{"type": "text/plain", "value": mail.text}, {"type": "text/html", "value": mail.html}],
        "categories": [CATEGORY],
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
            "ganalytics": {"enable": False},
        },
    }


def _message(mail: MailText, subscriber: Subscriber, sender: Sender, name: str) -> bytes:
    letter = EmailMessage(policy=UNFOLDED)
    letter["Subject"] = mail.subject
    letter["From"] = formataddr((sender.name, sender.address or NOBODY))
    letter["To"] = subscriber.address
    for header, value in mail.headers:
        letter[header] = value
    letter.set_content(mail.text, cte="quoted-printable")
    letter.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    letter.set_boundary(f"=_{sha256(name.encode()).hexdigest()[:32]}")
    return letter.as_bytes()
