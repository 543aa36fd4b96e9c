"""A world made of fakes, with a hold on each of them."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cache

from monitor import wiring
from monitor.model.page import (
    FeedSource,
    Page,
    PageId,
    PageKind,
    Presence,
    Publication,
    PublicationRule,
    Service,
    ServiceId,
)
from monitor.model.page import Watchlist as Watched
from monitor.model.status import Staleness
from monitor.optout.lexicon import Lexicons
from monitor.ports import Fetcher, Publisher, World
from monitor.ports.unkept import Unkept
from tests.fakes.memory import MemoryEvidence, MemoryMaintainers, MemoryStore
from tests.fakes.outside import Board, Clock, Newsstand, Postman, Siren, Site


@cache
def lexicons() -> Lexicons:
    """Return the lexicons of the package, read once for all tests."""
    return wiring.lexicons()


BY_HAND = PublicationRule()
AUTOMATIC = PublicationRule(alert=Publication.AUTOMATIC, digest=Publication.AUTOMATIC)


def page(name: str = "lumen-policy", *, publish: PublicationRule = BY_HAND) -> Page:
    """Return a page of an invented service, with a small text allowed."""
    return Page(
        id=PageId(name),
        url=f"https://lumen.example/{name}",
        kind=PageKind.POLICY,
        service=ServiceId("lumen"),
        title="Lumen privacy policy",
        language="en",
        publish=publish,
        present=Presence(least_chars=20),
    )


@dataclass(slots=True)
class House:
    """A world in memory with everything in it that a test turns or looks at."""

    pages: tuple[Page, ...]
    clock: Clock
    evidence: MemoryEvidence
    store: MemoryStore
    site: Site
    board: Board
    postman: Postman
    siren: Siren = field(default_factory=Siren)
    unkept: Unkept = field(default_factory=Unkept)
    stand: Newsstand = field(default_factory=Newsstand)
    staff: MemoryMaintainers = field(default_factory=MemoryMaintainers)
    feeds: tuple[FeedSource, ...] = ()
    staleness: Staleness = Staleness()
    writing: Callable[[], AbstractContextManager[None]] = nullcontext

    @property
    def world(self) -> World:
        services = {ServiceId("lumen"): Service(ServiceId("lumen"), "Lumen", "https://lumen.example/")}
        fetchers: Mapping[str, Fetcher] = {"plain": self.site}
        publishers: Mapping[str, Publisher] = {"board": self.board}
        return World(
            watchlist=Watched(services=services, pages=self.pages, feeds=self.feeds),
            lexicons=lexicons(),
            fetchers=fetchers,
            evidence=self.evidence,
            unkept=self.unkept,
            journal=self.store,
            desk=self.store,
            readers=self.store,
            maintainers=self.staff,
            outbox=self.store,
            publishers=publishers,
            feeds=self.stand,
            signals=self.store,
            outages=self.store,
            warner=self.siren,
            mailer=self.postman,
            mail_is_sent=True,
            staleness=self.staleness,
            now=self.clock.now,
            writing=self.writing,
        )

    def serve(self, body: bytes, name: str = "lumen-policy") -> None:
        """Put a body under the address of a page, half a day later than what stood there before."""
        self.clock.turn()
        self.site.bodies[PageId(name)] = body


def fake_world(*pages: Page) -> House:
    """Return a house that watches these pages, or one page when none is given; nothing stands at their addresses."""
    clock, evidence = Clock(), MemoryEvidence()
    return House(
        pages=pages or (page(),),
        clock=clock,
        evidence=evidence,
        store=MemoryStore(evidence=evidence),
        site=Site(clock),
        board=Board(),
        postman=Postman(),
    )
