"""One alert with what stands beside it in, every line of it that a mail shows out: clean, on one line, not escaped."""

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from monitor.model.alert import Alert
from monitor.model.change import Edit, EditKind
from monitor.model.procedure import Entry, Procedure, Stated
from monitor.model.verdict import Quote
from monitor.render import facts
from monitor.render.cut import cut
from monitor.render.safe import language_tag, one_line
from monitor.render.tongue import Tongue, utc
from monitor.render.words import quote_edits

MOST_QUOTES = 8  # passages in one mail; the rest stands on the page of the change, and the mail says how many
MOST_DIFFERENCES = 12
QUOTE_CHARS = 1500  # a side of a quote; beyond it only words that did not change are left out
FACT_CHARS = 240
FORM_CHARS = 80  # of the words that lead to a form
MOST_FACTS = 2  # of one kind, such as what is not covered

_ADDRESS = re.compile(r"[a-z]{2,12}://[^\s<>\"]*[^\s<>\".,;:!?)\]]")


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """An alert with what a reader needs beside it: names, the page's address, and the way out as it is today.

    `reviewed` is when a maintainer approved it (UTC); None says that a rule of the watchlist published it.
    """

    alert: Alert
    service: str
    page: str
    page_url: str
    way_out: Procedure = Procedure()
    reviewed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One quote: its headings and the word edits that lead from one side to the other."""

    trail: str
    edits: tuple[Edit, ...]

    @property
    def before(self) -> tuple[Edit, ...]:
        """Return the runs of the text before; empty when it was not there."""
        return whole_addresses(tuple(edit for edit in self.edits if edit.kind is not EditKind.COME))

    @property
    def after(self) -> tuple[Edit, ...]:
        """Return the runs of the text after; empty when it is gone."""
        return whole_addresses(tuple(edit for edit in self.edits if edit.kind is not EditKind.GONE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The way out: where it starts (path and address, either may be empty), steps, forms, and what it asks for.

    A form is the words that lead to it on the page, which may be empty, and its address.
    """

    starts: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    forms: tuple[tuple[str, str], ...]
    demands: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.starts or self.steps or self.forms or self.demands)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One alert as a mail tells it."""

    title: str
    service: str
    region: str
    language: str
    passages: tuple[Passage, ...]
    more: str
    differences: tuple[str, ...]
    meaning: str
    way: Way
    permalink: str
    page: str
    page_url: str
    proof: tuple[str, ...]


def story(news: News, permalink: str, tongue: Tongue) -> Story:
    """Return what a mail says of an alert, in the reader's tongue; quotes stay in the page's language."""
    alert, quotes = news.alert, tuple(dict.fromkeys(news.alert.quotes))
    return Story(
        title=title(news, tongue),
        service=one_line(news.service),
        region=one_line(alert.evidence.region).upper(),
        language=language_tag(alert.evidence.language or alert.language),
        passages=tuple(_passage(quote, tongue) for quote in quotes[:MOST_QUOTES]),
        more=_more(len(quotes) - MOST_QUOTES, tongue),
        differences=tuple(facts.difference(each, tongue) for each in alert.differences[:MOST_DIFFERENCES]),
        meaning=facts.meaning(alert, tongue),
        way=_way(news.way_out, tongue),
        permalink=permalink,
        page=one_line(news.page),
        page_url=one_line(alert.evidence.url or news.page_url),
        proof=tuple(filter(None, _proof(news, tongue))),
    )


def title(news: News, tongue: Tongue) -> str:
    """Return the service first, then what changed; most titles name their service already."""
    headline, service = facts.headline(news.alert, tongue), one_line(news.service)
    line = headline if headline.casefold().startswith(service.casefold()) else f"{service}: {headline}"
    return tongue.say("Correction: %(title)s", title=line) if news.alert.corrects else line


def whole_addresses(side: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Return the runs of one side with every address that changed in part marked as a whole.

    A reader compares addresses as one, and a mark inside an address would break the link that mail programs make.
    """
    changed = next((edit.kind for edit in side if edit.kind is not EditKind.KEPT), None)
    if changed is None:
        return side
    text = "".join(edit.text for edit in side)
    kinds = [edit.kind for edit in side for _ in edit.text]
    for found in _ADDRESS.finditer(text):
        if changed in kinds[found.start() : found.end()]:
            kinds[found.start() : found.end()] = [changed] * len(found.group())
    runs = groupby(range(len(text)), key=kinds.__getitem__)
    return tuple(Edit(kind, "".join(text[place] for place in places)) for kind, places in runs)


def _passage(quote: Quote, tongue: Tongue) -> Passage:
    return Passage(trail=facts.where(quote), edits=cut(quote_edits(_single_spaced(quote)), QUOTE_CHARS, tongue))


def _single_spaced(quote: Quote) -> Quote:
    return Quote(one_line(quote.before), one_line(quote.after), quote.trail)


def _more(count: int, tongue: Tongue) -> str:
    if count <= 0:
        return ""
    return tongue.plural(
        "%(count)s more passage is quoted on the page of this change.",
        "%(count)s more passages are quoted on the page of this change.",
        count,
    )


def _proof(news: News, tongue: Tongue) -> tuple[str, ...]:
    return (
        facts.seen(news.alert, tongue),
        facts.confirmed(news.alert, tongue),
        facts.vantage(news.alert, tongue),
        facts.captures(news.alert, tongue),
        _review(news.reviewed, tongue),
        facts.others(news.alert, tongue),
    )


def _review(at: datetime | None, tongue: Tongue) -> str:
    if at is None:
        return tongue.say("Published by a rule of the watchlist; no person has reviewed it.")
    return tongue.say("Reviewed and approved by a maintainer %(at)s.", at=utc(at))


def _way(procedure: Procedure, tongue: Tongue) -> Way:
    return Way(
        starts=tuple(dict.fromkeys(_start(entry) for entry in procedure.entries)),
        steps=tuple(_said(step) for step in procedure.steps),
        forms=tuple(_form(form) for form in _each_address_once(procedure.forms)),
        demands=_demands(procedure, tongue),
    )


def _start(entry: Entry) -> tuple[str, str]:
    return " > ".join(one_line(name) for name in entry.path), one_line(entry.target)


def _each_address_once(forms: tuple[Stated, ...]) -> tuple[Stated, ...]:
    first: dict[str, Stated] = {}
    for form in forms:
        first.setdefault(form.value, form)
    return tuple(first.values())


def _form(form: Stated) -> tuple[str, str]:
    address, words = one_line(form.value), facts.shortened(form.quote, FORM_CHARS)
    return ("" if words == address else words), address


def _demands(procedure: Procedure, tongue: Tongue) -> tuple[str, ...]:
    """Return what the way out asks for, of whom and by when: one line for each thing that the page states."""
    required = ", ".join(one_line(field.label or field.name) for field in procedure.fields if field.required)
    stated = (
        (tongue.say("You must fill in"), required),
        (tongue.say("Signing in"), _said(procedure.login)),
        (tongue.say("Deadline"), _said(procedure.deadline)),
        (tongue.say("Who may"), _some(procedure.eligibility, tongue)),
        (tongue.say("Not covered"), _some(procedure.excluded, tongue)),
        (tongue.say("Afterwards"), _some(procedure.confirmation, tongue)),
    )
    return tuple(f"{name}: {said}" for name, said in stated if said)


def _some(stated: tuple[Stated, ...], tongue: Tongue) -> str:
    """Return the first facts of a kind and how many more there are: policies repeat themselves at length."""
    said = tuple(dict.fromkeys(_said(fact) for fact in stated))
    more = len(said) - MOST_FACTS
    rest = (tongue.plural("%(count)s more on the page", "%(count)s more on the page", more),) if more > 0 else ()
    return " · ".join((*said[:MOST_FACTS], *rest))


def _said(fact: Stated | None) -> str:
    return facts.shortened(fact.quote or fact.value, FACT_CHARS) if fact else ""
