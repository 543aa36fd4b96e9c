"""A published alert as an entry of a feed, before any feed format: plain summary, HTML, categories, moments."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from monitor.model.alert import Alert
from monitor.model.verdict import Quote
from monitor.render import facts
from monitor.render.cut import cut
from monitor.render.place import Place
from monitor.render.safe import clean, markup
from monitor.render.summary import summary
from monitor.render.tongue import ENGLISH, Tongue
from monitor.render.words import after_html, before_html, quote_edits

_MOST_QUOTES = 6
_QUOTE_CHARS = 900  # a side of a quote in an entry; a rule of the policies quoted so far has under 700


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What every feed format says of one thing told: texts are clean but not escaped, `content` is HTML.

    `categories` are pairs of what is named (service, page, kind, level) and its name. `related` is the permalink of
    the alert that this one corrects, or empty.
    """

    id: str
    link: str
    title: str
    summary: str
    content: str
    categories: tuple[tuple[str, str], ...]
    published: datetime
    updated: datetime
    language: str = "en"
    related: str = ""


class _Labels(NamedTuple):
    """What stands beside every quote of an alert, escaped."""

    before: str
    after: str
    absent: str


def entry_of(alert: Alert, place: Place, tongue: Tongue = ENGLISH) -> Entry:
    """Return a published alert as an entry; it depends on nothing that can change after publication but its words."""
    published = alert.published or alert.raised
    return Entry(
        id=place.tag("alert", alert.id),
        link=place.change(alert.id),
        title=facts.headline(alert, tongue),
        summary=summary(alert, place, tongue, title=False),
        content="\n".join(_content(alert, place, tongue)),
        categories=tuple((name, clean(term)) for name, term in _categories(alert) if clean(term)),
        published=published,
        updated=max(published, alert.updated or published),
        language=clean(alert.language),
        related=place.change(alert.corrects) if alert.corrects else "",
    )


def _categories(alert: Alert) -> tuple[tuple[str, str], ...]:
    return ("service", alert.service), ("page", alert.page), ("kind", alert.kind), ("level", alert.level)


def _content(alert: Alert, place: Place, tongue: Tongue) -> Iterator[str]:
    if alert.corrects:
        earlier = markup(place.change(alert.corrects))
        words = markup(tongue.say("This corrects an earlier alert."))
        yield f'<p><a href="{earlier}">{words}</a></p>'
    labels = _Labels(*map(markup, (tongue.say("Before:"), tongue.say("After:"), tongue.say("(not there)"))))
    for quote in alert.quotes[:_MOST_QUOTES]:
        yield from _quote(quote, labels, tongue)
    if alert.differences:
        sentences = (f"<li>{markup(facts.difference(each, tongue))}</li>" for each in alert.differences[:10])
        yield f"<ul>{''.join(sentences)}</ul>"
    if means := facts.meaning(alert, tongue):
        yield f"<p>{markup(tongue.say('What it means: %(meaning)s', meaning=means))}</p>"
    yield f"<p>{markup(facts.others(alert, tongue))}</p>"
    times = (facts.seen(alert, tongue), facts.confirmed(alert, tongue), facts.vantage(alert, tongue))
    yield f"<p>{markup(' '.join(filter(None, times)))}</p>"
    yield f"<p>{markup(facts.captures(alert, tongue))}</p>"
    whole = markup(tongue.say("The whole change, with its proof"))
    yield f'<p><a href="{markup(place.change(alert.id))}">{whole}</a></p>'


def _quote(quote: Quote, labels: _Labels, tongue: Tongue) -> Iterator[str]:
    if trail := facts.where(quote):
        yield f"<p><strong>{markup(trail)}</strong></p>"
    edits = cut(quote_edits(quote), _QUOTE_CHARS, tongue)
    before, after = before_html(edits) or labels.absent, after_html(edits) or labels.absent
    yield f'<blockquote dir="auto"><p>{labels.before} {before}</p></blockquote>'
    yield f'<blockquote dir="auto"><p>{labels.after} {after}</p></blockquote>'
