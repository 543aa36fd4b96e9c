"""The mail that asks an address to confirm: through SendGrid or to a folder; both keep the promise of `Inviter`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from monitor.model.subscriber import Asking, Subscriber
from monitor.publish.letter import letter_body, letter_written
from monitor.publish.mail import Sender, Service
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
        return self.service(letter_body(self.words(subscriber, link), (subscriber.address,), self.sender, CATEGORY))


@dataclass(frozen=True, slots=True)
class FolderInviter:
    """An `Inviter` that writes `confirm-SUBSCRIBER.eml` and `.html` to a folder, the newest over the older."""

    folder: Path
    sender: Sender
    words: Invitations

    def __call__(self, subscriber: Subscriber, link: str) -> str:
        """Write it; see `Inviter`."""
        mail, name = self.words(subscriber, link), f"confirm-{subscriber.id}"
        return letter_written(mail, (subscriber.address,), self.sender, self.folder, name)
