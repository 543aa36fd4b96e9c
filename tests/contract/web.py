"""A web app over a world in memory, and what its tests want to say to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from starlette.testclient import TestClient

from monitor.model.errors import DeliveryError
from monitor.model.subscriber import Consent, Subscriber, SubscriberId, SubscriberState
from monitor.pipeline.keys import Errand, Keys
from monitor.publish.mail_events import Webhook
from monitor.publish.pages import Edition
from monitor.publish.site import ENGLISH_EDITION
from monitor.render.place import Place
from monitor.web import Front, web_app
from tests.fakes import START, House, fake_world

BASE = "https://watch.example/optout/"
SAME = {"Origin": "https://watch.example", "Sec-Fetch-Site": "same-origin"}
ADA = "ada@example.org"


@dataclass(slots=True)
class Inviting:
    """An inviter that notes what it was given; `fails` is raised instead, each time."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    fails: DeliveryError | None = None

    def __call__(self, subscriber: Subscriber, link: str) -> str:
        if self.fails is not None:
            raise self.fails
        self.sent.append((subscriber.address, link))
        return f"msg-{len(self.sent)}"

    @property
    def path(self) -> str:
        """Return the path of the newest link."""
        return self.sent[-1][1].removeprefix("https://watch.example")


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """One running app with everything round it."""

    client: TestClient
    house: House
    inviting: Inviting
    keys: Keys
    public: Path
    front: Front

    def sign_up(self, address: str = ADA, **fields: str) -> int:
        """Fill in the form as a browser does; return the status."""
        form = {"address": address, "level": "alert", "spoken": "en", "website": "", **fields}
        return self.client.post("/optout/subscribe/", data=form, headers=SAME).status_code

    def key(self, errand: Errand, name: str = "ada") -> str:
        return self.keys.key(SubscriberId(name), errand)

    def subscribed(self, state: SubscriberState = SubscriberState.CONFIRMED) -> Subscriber:
        """Return a subscriber who is in the store already."""
        consent = Consent(source="a list", wording="1", asked=START, confirmed=START)
        return self.house.store.add(Subscriber(id=SubscriberId("ada"), address=ADA, state=state, consent=consent))

    def state(self, address: str = ADA) -> SubscriberState | None:
        known = self.house.store.with_address(address)
        return known.state if known else None


@contextmanager
def web(
    public: Path,
    *,
    base: str = BASE,
    editions: tuple[Edition, ...] = (ENGLISH_EDITION,),
    believe: Webhook | None = None,
) -> Iterator[Web]:
    """Give an app whose tokens are numbered, so that tests can name them."""
    house, inviting, keys, numbers = fake_world(), Inviting(), Keys(b"0123456789abcdef"), count(1)
    front = Front(
        public=public,
        place=Place(base_url=base, subscribe=f"{base}subscribe/"),
        keys=keys,
        invite=inviting,
        token=lambda: f"token{next(numbers):027d}",
        editions=editions,
        believe=believe,
    )
    with TestClient(web_app(house.world, front), base_url="https://watch.example", follow_redirects=False) as client:
        yield Web(client=client, house=house, inviting=inviting, keys=keys, public=public, front=front)
