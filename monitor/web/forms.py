"""The fields of our forms to a wish, and a wish to what the form shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from monitor.model.page import PageId, ServiceId, Watchlist
from monitor.model.subscriber import Subscriber, Topics
from monitor.model.verdict import Level
from monitor.render.labels import language_name
from monitor.render.safe import one_line
from monitor.render.tongue import Tongue
from monitor.web.front import Fields

TRAP = "website"  # people do not see this field, programs fill it in
ADDRESS_CHARS = 320  # 64 before the @ and 255 after it (RFC 5321, section 4.5.3.1)


class Unknown(ValueError):
    """A form names what it did not offer: it is not ours, or the watchlist changed while it was filled in."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to tick: its value, its name, whether it is chosen; `group` is whose it is."""

    value: str
    name: str
    chosen: bool
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """All that a form offers, with what is chosen."""

    services: tuple[Choice, ...]
    pages: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    spoken: tuple[Choice, ...]
    weekly: bool


def first(fields: Fields, name: str) -> str:
    """Return the first value of a field, or an empty string."""
    return fields.get(name, ("",))[0]


def wording(tongue: Tongue) -> str:
    """Return the words that a person agrees to by filling in the form."""
    return tongue.say(
        "I want to get mail at this address about the changes chosen above. I can change this or leave at any time,"
        " by a link in every mail."
    )


def wording_version(tongue: Tongue) -> str:
    """Return what names exactly these words in a consent record: their language and a digest."""
    return f"form-{tongue.language}-{sha256(wording(tongue).encode()).hexdigest()[:12]}"


def topics_of(form: Fields, watchlist: Watchlist) -> Topics:
    """Return the topics that were chosen.

    Raises:
        Unknown: one of them is not offered.
    """
    services, pages = form.get("service", ()), form.get("page", ())
    languages, level = form.get("language", ()), first(form, "level") or Level.ALERT
    offered = (
        (services, watchlist.services),
        (pages, {page.id for page in watchlist.pages}),
        (languages, page_languages(watchlist)),
        ((level,), (Level.ALERT, Level.DIGEST)),
    )
    for values, known in offered:
        _only(values, known)
    return Topics(
        services=frozenset(map(ServiceId, services)),
        pages=frozenset(map(PageId, pages)),
        languages=frozenset(languages),
        level=Level(level),
    )


def spoken_of(form: Fields, languages: Mapping[str, str]) -> str:
    """Return the language that mails were asked for in.

    Raises:
        Unknown: the site does not speak it.
    """
    chosen = first(form, "spoken")
    _only((chosen,), languages)
    return chosen


def choices_of(watchlist: Watchlist, topics: Topics, spoken: str, languages: Mapping[str, str]) -> Choices:
    """Return what a form offers; `languages` are the site's own, with their names."""
    return Choices(
        services=tuple(
            Choice(each.id, one_line(each.name), each.id in topics.services) for each in watchlist.services.values()
        ),
        pages=tuple(_pages(watchlist, topics)),
        languages=tuple(
            Choice(each, language_name(each), each in topics.languages) for each in page_languages(watchlist)
        ),
        spoken=tuple(Choice(code, name, code == spoken) for code, name in languages.items()),
        weekly=topics.level is Level.DIGEST,
    )


def page_languages(watchlist: Watchlist) -> tuple[str, ...]:
    """Return the languages of the watched pages."""
    return tuple(sorted({page.language for page in watchlist.pages if page.language}))


def still_offered(subscriber: Subscriber, watchlist: Watchlist) -> Topics:
    """Return a subscriber's topics without those that are watched no longer."""
    pages = {page.id for page in watchlist.pages}
    topics = subscriber.topics
    return Topics(
        services=topics.services & watchlist.services.keys(),
        pages=topics.pages & pages,
        languages=topics.languages & set(page_languages(watchlist)),
        level=topics.level,
    )


def _pages(watchlist: Watchlist, topics: Topics) -> Iterable[Choice]:
    for page in watchlist.pages:
        owner = watchlist.services.get(page.service)
        where = " · ".join(filter(None, (page.region, page.language)))
        name = one_line(page.title or page.id) + (f" ({where})" if where else "")
        yield Choice(page.id, name, page.id in topics.pages, one_line(owner.name) if owner else "")


def _only(values: Iterable[str], known: Iterable[str]) -> None:
    offered = set(known)
    for value in values:
        if value not in offered:
            raise Unknown(value[:80])
