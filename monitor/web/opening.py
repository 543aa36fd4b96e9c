"""Settings in, the face of one installation out: which inviter, which keys, which languages."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from monitor import wiring
from monitor.model.subscriber import Subscriber
from monitor.pipeline.keys import Keys
from monitor.ports import Inviter
from monitor.publish.languages import editions, tongue
from monitor.publish.mail_events import Webhook
from monitor.render.place import Place
from monitor.settings import Settings
from monitor.store.secret import secret_at
from monitor.web.front import Front


def front_of(settings: Settings) -> Front:
    """Return the public face that these settings make.

    Raises:
        SettingsError: the key of the mail service's events is none.
        StoreError: the secret of the installation cannot be read or made.
    """
    place, mail = wiring.place(settings), settings.mail
    return Front(
        public=settings.places.public,
        place=place,
        keys=Keys(secret_at(settings.places.state / wiring.KEYS_FILE)),
        invite=LateInviter(cache(lambda: _inviter(settings, place))),
        token=wiring.token,
        editions=editions(),
        believe=Webhook(mail.webhook_key) if mail.webhook_key else None,
        metrics=settings.site.metrics.reveal(),
    )


@dataclass(frozen=True, slots=True)
class LateInviter:
    """An inviter that is made when the first reader asks: what writes mail takes a megabyte."""

    made: Callable[[], Inviter]

    def __call__(self, subscriber: Subscriber, link: str) -> str:
        """Ask an address to confirm; see `Inviter`."""
        return self.made()(subscriber, link)


def _inviter(settings: Settings, place: Place) -> Inviter:
    """Return SendGrid where there is a key, and a folder where there is none."""
    from monitor.publish.invitation import FolderInviter, Invitations, SendGridInviter
    from monitor.publish.mail import Sender, Service

    told = settings.mail
    sender = Sender(address=told.sender, name=told.sender_name, reply_to=told.reply_to)
    words = Invitations(place=place, tongue=tongue)
    if not told.key:
        return FolderInviter(settings.places.outbox, sender, words)
    return SendGridInviter(Service(told.key.reveal(), told.api, told.timeout.total_seconds()), sender, words)
