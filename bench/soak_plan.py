"""What happens to twenty invented pages over some days: changes that readers must be told, noise, and faults.

Comes in: a number of days and a seed. Goes out: a plan; equal seeds give equal plans. A moment is told in seconds since
`START`, the clock's own.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 1, tzinfo=UTC)
PAGES = 20
EVERY_HOURS = 6
HOUR, DAY = 3600.0, 86_400.0
CALM = 0.9 * DAY  # at the end nothing is planted, so that all that was can be seen, confirmed and told
APART = 4 * DAY  # from one change of a page to its next one
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
ON_THE_WAY = ("time-out", "reset", "http-500", "http-429", "wall", "shell", "flap")
AT_HOME = ("killed", "locked", "full-disk")


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence that stands on a page from a moment on; readers must be told of it once."""

    page: int
    at: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong from one moment to another: with a page, or (-1) with the machine."""

    kind: str
    page: int
    at: float
    until: float


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is planted, each in the order of time; `quiet` are moments at which a page's other words change."""

    seconds: float
    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]
    quiet: tuple[tuple[float, int], ...]

    def sentence(self, page: int, now: float) -> str:
        """Return the sentence that stands on a page now, or an empty text."""
        stands = [change.sentence for change in self.changes if change.page == page and change.at <= now]
        return stands[-1] if stands else ""

    def flapping(self, sentence: str) -> bool:
        """Say whether the page flapped when this sentence came: then one fetch shows it and the next one does not."""
        change = next(each for each in self.changes if each.sentence == sentence)
        soon = change.at + EVERY_HOURS * HOUR * 1.1
        return any(
            each.page == change.page and each.kind == "flap" and each.at < soon and change.at < each.until
            for each in self.faults
        )

    def edits(self, page: int, now: float) -> int:
        """Return how often a page's other words changed so far."""
        return sum(where == page and at <= now for at, where in self.quiet)

    def fault(self, page: int, now: float) -> str:
        """Return what goes wrong with a page now, or an empty text."""
        return next((each.kind for each in self.faults if each.page == page and each.at <= now < each.until), "")


def plan(days: float, seed: int = 7) -> Plan:
    """Return what happens in so many days."""
    chance, seconds = random.Random(seed), days * DAY
    changes = sorted(_changes(chance, seconds), key=lambda each: each.at)
    faults = sorted((*_on_the_way(chance, seconds), *_at_home(chance, seconds)), key=lambda each: each.at)
    quiet = sorted((chance.uniform(0.3 * DAY, seconds - CALM), page) for page in range(PAGES) for _ in range(int(days)))
    return Plan(seconds, tuple(changes), tuple(faults), tuple(quiet))


def _changes(chance: random.Random, seconds: float) -> Iterator[Change]:
    number = 0
    for page in range(PAGES):
        at = chance.uniform(0.3 * DAY, 0.9 * DAY)
        while at < seconds - CALM:
            day = f"{number % 28 + 1} {MONTHS[number // 28 % 10]} {2027 + number // 280}"
            yield Change(page, at, f"You must send your objection to AI training before {day}.")
            number, at = number + 1, at + APART + chance.uniform(0, DAY)


def _on_the_way(chance: random.Random, seconds: float) -> Iterator[Fault]:
    """Yield about one fault for each page in two days, no two at once for one page."""
    for page in range(PAGES):
        at = chance.uniform(0.2 * DAY, DAY)
        while at < seconds - CALM:
            until = at + chance.uniform(4 * HOUR, 14 * HOUR)
            yield Fault(chance.choice(ON_THE_WAY), page, at, min(until, seconds - CALM))
            at = until + chance.uniform(0.5 * DAY, 2.5 * DAY)


def _at_home(chance: random.Random, seconds: float) -> Iterator[Fault]:
    """Yield faults of the machine; nothing is killed in the last two thirds, in which memory is measured."""
    at, turn = 0.4 * DAY, 0
    while at < seconds - CALM:
        kind = AT_HOME[turn % len(AT_HOME)]
        if kind != "killed" or at < max(seconds / 3, DAY):
            yield Fault(kind, -1, at, at + 5 * HOUR)
        at, turn = at + chance.uniform(0.2 * DAY, 0.7 * DAY), turn + 1


def body(planned: Plan, page: int, now: float, *, token: int, flapped: bool) -> bytes:
    """Return a page as it stands now; `flapped` leaves out the section that an experiment of theirs hides."""
    deadline = planned.sentence(page, now)
    edits = planned.edits(page, now)
    chapters = "".join(
        f"<h2>Chapter {number} of lamp {page}</h2><p>Lamp {page} keeps record {number} for {30 + number} days, "
        f"since rooms of kind {number * 7 % 13} are lit {number * 5 % 11} times a week by it.</p>"
        for number in range(40)
    )
    section = (
        ""
        if flapped
        else (
            "<h2>AI at Lumen</h2><p>We use the posts you share to train our AI models.</p><h2>Your right to object</h2>"
            "<p>You can object to our use of your posts for training AI at any time with the "
            '<a href="https://lumen.example/forms/object-17">objection form</a>.</p>'
        )
    )
    said = f"<p>{deadline}</p>" if deadline and not flapped else ""
    return (
        f"<!doctype html><html lang=en><head><title>Privacy of lamp {page}</title>"
        f'<meta name="csrf" content="{token:08x}"></head><body><main><h1>Privacy policy of lamp {page}</h1>'
        f"<p>Our shop number {edits} is open on weekdays.</p>{chapters}{section}{said}"
        f"</main><footer>Request {token:08x}</footer></body></html>"
    ).encode()


def moment(seconds: float) -> datetime:
    """Return a moment of the plan as a date (UTC)."""
    return START + timedelta(seconds=seconds)


def watchlist(address: str) -> str:
    """Return the watchlist of the pages."""
    entries = "".join(
        f"  - id: lamp-{page}\n    service: lumen\n    title: Privacy of lamp {page}\n"
        f"    url: {address}/lamp/{page}\n    kind: policy\n    language: en\n    every: {EVERY_HOURS}h\n"
        "    publish: {alert: automatic, digest: automatic}\n"
        for page in range(PAGES)
    )
    return f"services:\n  lumen:\n    name: Lumen\npages:\n{entries}"
