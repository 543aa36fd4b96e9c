"""The addresses in a mail under which its one reader leaves or changes what comes."""

from collections.abc import Callable
from dataclasses import dataclass

from monitor.model.subscriber import Subscriber, SubscriberId
from monitor.render.mail import Reader
from monitor.render.place import Place


@dataclass(frozen=True, slots=True)
class ReaderOnSite:
    """Says how a subscriber leaves and changes topics on the site; `leave` and `preferences` make the keys for it."""

    place: Place
    leave: Callable[[SubscriberId], str]
    preferences: Callable[[SubscriberId], str]

    def __call__(self, subscriber: Subscriber) -> Reader:
        """Return the reader with addresses that hold a key and no address."""
        return Reader(
            subscriber=subscriber,
            leave=self.place.url(f"mail/leave/{self.leave(subscriber.id)}"),
            preferences=self.place.url(f"mail/preferences/{self.preferences(subscriber.id)}"),
        )
