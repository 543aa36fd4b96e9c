"""Settings in, the face of one installation out: which inviter, which keys, which languages."""

from monitor import wiring
from monitor.pipeline.keys import Keys
from monitor.ports import Inviter
from monitor.publish.invitation import FolderInviter, Invitations, SendGridInviter
from monitor.publish.languages import editions, tongue
from monitor.publish.mail import Sender, Service
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
        invite=_inviter(settings, place),
        token=wiring.token,
        editions=editions(),
        believe=Webhook(mail.webhook_key) if mail.webhook_key else None,
        metrics=settings.site.metrics.reveal(),
    )


def _inviter(settings: Settings, place: Place) -> Inviter:
    """Return SendGrid where there is a key, and a folder where there is none."""
    told = settings.mail
    sender = Sender(address=told.sender, name=told.sender_name, reply_to=told.reply_to)
    words = Invitations(place=place, tongue=tongue)
    if not told.key:
        return FolderInviter(settings.places.outbox, sender, words)
    return SendGridInviter(Service(told.key.reveal(), told.api, told.timeout.total_seconds()), sender, words)
