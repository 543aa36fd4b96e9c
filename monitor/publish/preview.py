"""Mail without an account: every message written to a folder as `.eml` and `.html`, by the same protocol.

A message's names come from its alert and subscriber, and so do its id and boundary: writing it again writes the same
bytes over the same files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path

from monitor.model.alert import Alert
from monitor.model.errors import DeliveryError
from monitor.model.subscriber import Edition, Post, Subscriber
from monitor.publish.files import replaced
from monitor.publish.mail import NOBODY, Letters, Sender
from monitor.render.mail import MailText

# An address in a header must not be folded: folded, it becomes an encoded word that no program reads as an address
# (RFC 2369, section 2). 998 characters is what a line may hold (RFC 5322, section 2.1.1).
UNFOLDED = SMTP.clone(max_line_length=998)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A `Mailer` that writes to a folder."""

    folder: Path
    sender: Sender
    letters: Letters

    def __call__(self, alert: Alert, subscriber: Subscriber, post: Post) -> str:
        """Write one alert's message; see `Mailer`."""
        return self._write(self.letters.alert(alert, subscriber), (alert,), subscriber, post)

    def digest(self, alerts: Sequence[Alert], subscriber: Subscriber, post: Post) -> str:
        """Write several alerts' message; see `Mailer`."""
        return self._write(self.letters.digest(alerts, subscriber), alerts, subscriber, post)

    def _write(self, mail: MailText, alerts: Sequence[Alert], subscriber: Subscriber, post: Post) -> str:
        name = _name(alerts, subscriber, post)
        try:
            replaced(self.folder / f"{name}.html", mail.html.encode())
            replaced(self.folder / f"{name}.eml", message(mail, alerts[-1], subscriber, self.sender, name))
        except OSError as error:
            why = error.strerror or str(error)
            raise DeliveryError(
                f"{self.folder} cannot be written ({why}): make room; it is tried again", account=True
            ) from error
        return f"outbox:{name}"


def message(mail: MailText, newest: Alert, subscriber: Subscriber, sender: Sender, name: str) -> bytes:
    """Return the message as bytes (RFC 5322, CRLF); equal mails give equal bytes."""
    address = sender.address or NOBODY
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = mail.subject
    letter["From"] = sender.written()
    letter["To"] = subscriber.address
    if sender.reply_to:
        letter["Reply-To"] = sender.reply_to
    letter["Date"] = format_datetime(newest.published or newest.raised)
    letter["Message-ID"] = f"<{name}@{address.rpartition('@')[2]}>"
    for header, value in mail.headers:
        letter[header] = value
    letter.set_content(mail.text, cte="quoted-printable")
    letter.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    letter.set_boundary(f"=_{sha256(name.encode()).hexdigest()[:32]}")
    return letter.as_bytes()


def _name(alerts: Sequence[Alert], subscriber: Subscriber, post: Post) -> str:
    """Return `<alert>-<subscriber>`; a digest has `digest` and a hash of its alerts' ids in the alert's place."""
    if len(alerts) == 1 and post.edition is Edition.ALERT:
        return f"{alerts[0].id}-{subscriber.id}"
    ids = sha256(" ".join(alert.id for alert in alerts).encode()).hexdigest()[:12]
    return f"digest-{ids}-{subscriber.id}"
