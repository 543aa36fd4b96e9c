"""Settings in, what readers and maintainers are told by out: feeds, site, mail; each is made when it is first used."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from monitor.model.alert import Alert
from monitor.model.page import Page, Watchlist
from monitor.model.status import Problem
from monitor.model.subscriber import Post, Subscriber
from monitor.ports import Mailer, Published, Publisher, Warner
from monitor.settings import Settings
from monitor.wiring.keeping import KEYS_FILE
from monitor.wiring.values import place

if TYPE_CHECKING:
    from monitor.publish.mail import Sender
    from monitor.render.mail import Reader
    from monitor.store import Store


def late(make: Callable[[], Publisher]) -> Publisher:
    """Return a publisher that is made when it is first asked."""
    made = cache(make)

    def publisher(record: Published) -> tuple[str, ...]:
        return made()(record)

    return publisher


def feed_publisher(settings: Settings) -> Publisher:
    """Return what writes the feeds."""
    from monitor.publish.feeds import FeedPublisher
    from monitor.publish.languages import tongue
    from monitor.publish.websub import Pinged

    where = place(settings)
    return Pinged(FeedPublisher(root=settings.places.public, place=where, tongues=tongue), where)


def site_publisher(settings: Settings) -> Publisher:
    """Return what writes the site."""
    from monitor.publish.languages import editions
    from monitor.publish.site import SitePublisher

    return SitePublisher(root=settings.places.public, place=place(settings), editions=editions())


@dataclass(frozen=True, slots=True)
class LateMailer:
    """A mailer that is made when the first message is sent."""

    made: Callable[[], Mailer]

    def __call__(self, alert: Alert, subscriber: Subscriber, post: Post) -> str:
        """Send one alert; see `Mailer`."""
        return self.made()(alert, subscriber, post)

    def digest(self, alerts: Sequence[Alert], subscriber: Subscriber, post: Post) -> str:
        """Send several alerts in one message; see `Mailer`."""
        return self.made().digest(alerts, subscriber, post)


def mailer(settings: Settings, watched: Watchlist, opened: "Store") -> Mailer:
    """Return SendGrid where there is a key, and a folder where there is none."""
    from monitor.pipeline.publish import MACHINE
    from monitor.publish.languages import tongue
    from monitor.publish.mail import Letters, SendGrid, approved_by_person
    from monitor.publish.preview import Preview
    from monitor.render.mail import Letterhead

    told, sender = settings.mail, _sender(settings)
    letters = Letters(
        head=Letterhead(place=place(settings), imprint=settings.site.imprint),
        watchlist=watched.with_feeds(),
        reader=_reader(settings, sender),
        way_out=lambda page: opened.journal.standing(page).procedure,
        reviewed=lambda alert: approved_by_person(opened.desk.reviews(alert.id), MACHINE),
        tongue=tongue,
    )
    if not told.key:
        return Preview(folder=settings.places.outbox, sender=sender, letters=letters)
    return SendGrid(told.key.reveal(), told.api, sender, letters, told.timeout.total_seconds())


def _sender(settings: Settings) -> "Sender":
    from monitor.publish.mail import Sender

    told = settings.mail
    return Sender(address=told.sender, name=told.sender_name, reply_to=told.reply_to)


def warner(settings: Settings) -> Warner:
    """Return who tells maintainers: SendGrid where there is a key, a folder where there is none."""

    @cache
    def made() -> Warner:
        from monitor.publish.mail import Service
        from monitor.publish.warning import FolderWarner, SendGridWarner

        told, sender = settings.mail, _sender(settings)
        if not told.key:
            return FolderWarner(settings.places.outbox, sender, place(settings))
        service = Service(told.key.reveal(), told.api, told.timeout.total_seconds())
        return SendGridWarner(service, sender, place(settings))

    def warner(problem: Problem, page: Page, addresses: Sequence[str]) -> str:
        return made()(problem, page, addresses)

    return warner


def _reader(settings: Settings, sender: "Sender") -> "Callable[[Subscriber], Reader]":
    """Return how a mail says where its reader leaves: on the site where it is served, by mail where it is files."""
    from monitor.pipeline.keys import Errand, Keys
    from monitor.publish.mail import leaving_by_mail
    from monitor.publish.reader import ReaderOnSite
    from monitor.store.secret import secret_at

    if not settings.site.web:
        return partial(leaving_by_mail, sender)
    keys = Keys(secret_at(settings.places.state / KEYS_FILE))
    return ReaderOnSite(
        place=place(settings),
        leave=partial(keys.key, errand=Errand.LEAVE),
        preferences=partial(keys.key, errand=Errand.PREFERENCES),
    )
