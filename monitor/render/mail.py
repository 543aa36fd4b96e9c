"""Alerts in, the words of a mail out: subject, plain text, HTML and our own headers. Sends nothing.

Both parts are complete and say the same. What comes from a watched page is cleaned first (`safe`) and escaped last,
by the templates; every word of our own is said in the reader's tongue here and in `mail_story`.
"""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from jinja2 import DictLoader, Environment, StrictUndefined

from monitor.model.change import Edit, EditKind
from monitor.model.subscriber import Subscriber, Topics
from monitor.model.verdict import Level
from monitor.render.facts import shortened
from monitor.render.mail_story import News, Story, story
from monitor.render.mail_templates import HTML, STYLE, TEXT
from monitor.render.place import Place
from monitor.render.safe import header_text, link, one_line
from monitor.render.tongue import ENGLISH, Tongue, day

SUBJECT_CHARS = 160  # titles have at most 140 characters; the service may stand before them
WIDTH = 74  # columns of the plain text
MOST_STORIES = 50  # alerts in one digest: their ids travel in custom_args, which hold at most 10,000 bytes

_HEADER_SAFE = re.compile(r"[\x21-\x7e]+")
_LEAVING = ("https://", "http://127.0.0.1", "http://localhost", "mailto:")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailText:
    """The words of one message; `headers` are our own ones, each on one line of ASCII.

    Whatever `subject` is made of, it is fit for a header.
    """

    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "subject", header_text(self.subject))


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who writes: the published site, and its imprint as one line."""

    place: Place
    imprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads: the subscriber, and the addresses under which exactly this subscriber leaves or changes topics.

    `leave` is an https address that takes a POST without questions (RFC 8058), or a `mailto:` address as long as the
    site takes no requests.
    """

    subscriber: Subscriber
    leave: str
    preferences: str = ""


def alert_mail(news: News, head: Letterhead, reader: Reader, tongue: Tongue = ENGLISH) -> MailText:
    """Return the mail that tells of one alert at once.

    Raises:
        ValueError: the address to leave by cannot stand in a header.
    """
    told = story(news, head.place.change(news.alert.id), tongue)
    return _mail((told,), "", head, reader, tongue)


def digest_mail(every: Sequence[News], head: Letterhead, reader: Reader, tongue: Tongue = ENGLISH) -> MailText:
    """Return the mail that tells of several alerts in the given order, with a table of contents.

    Raises:
        ValueError: there are none or more than `MOST_STORIES`, or the address to leave by cannot stand in a header.
    """
    if not 0 < len(every) <= MOST_STORIES:
        raise ValueError(f"a digest tells of 1 to {MOST_STORIES} alerts, not of {len(every)}")
    stories = tuple(story(news, head.place.change(news.alert.id), tongue) for news in every)
    heading = tongue.plural(
        "%(count)s change: %(services)s",
        "%(count)s changes: %(services)s",
        len(stories),
        services=", ".join(dict.fromkeys(told.service for told in stories)),
    )
    return _mail(stories, heading, head, reader, tongue)


def leave_headers(leave: str, place: Place) -> tuple[tuple[str, str], ...]:
    """Return the headers of a message to a list: which list it is and how to leave it, in one click where possible.

    Source: RFC 2919 (List-Id), RFC 2369 and RFC 8058, section 3.1 (List-Unsubscribe), RFC 3834, section 5.

    Raises:
        ValueError: the address is neither https (http on this machine) nor mailto, or not printable ASCII.
    """
    if not _HEADER_SAFE.fullmatch(leave) or set(leave) & set("<>,") or not leave.startswith(_LEAVING):
        raise ValueError(f"not an address to leave by: {leave!r}")
    host = urlsplit(place.base_url).hostname or "localhost"
    one_click = () if leave.startswith("mailto:") else (("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),)
    return (
        ("List-Id", f"<alerts.{host}>"),
        ("List-Unsubscribe", f"<{leave}>"),
        *one_click,
        ("Auto-Submitted", "auto-generated"),
    )


def _mail(stories: tuple[Story, ...], heading: str, head: Letterhead, reader: Reader, tongue: Tongue) -> MailText:
    """Return the mail; a heading makes it a digest."""
    name = one_line(head.place.name)
    subject = shortened(f"{name}: {heading}" if heading else stories[0].title, SUBJECT_CHARS)
    sheet = {
        "stories": stories,
        "heading": heading,
        "subject": subject,
        "name": name,
        "site": head.place.base_url,
        "imprint": one_line(head.imprint),
        "language": tongue.language,
        "reader": reader,
        "say": _sayings(reader, tongue),
        "style": STYLE,
    }
    html, text = _environments()
    return MailText(
        subject=subject,
        text=_single_blanks(text.get_template("mail").render(sheet)),
        html=_single_blanks(html.get_template("mail").render(sheet)),
        headers=leave_headers(reader.leave, head.place),
    )


def _sayings(reader: Reader, tongue: Tongue) -> dict[str, str]:
    """Return every word of our own that the templates need, by the name they know it by."""
    say = tongue.say
    return {
        "before": say("Before:"),
        "after": say("After:"),
        "not_there": say("(not there)"),
        "legend": say("Words in [-...-] are gone, words in {+...+} are new."),
        "differences": say("In the steps and the form"),
        "meaning": say("What it means for you"),
        "way": say("The way out today"),
        "start": say("Start here:"),
        "forms": say("Forms and links:"),
        "no_way": say("The page describes no steps that we could read. Read it yourself:"),
        "whole": say("The whole change, with its proof"),
        "proof": say("How we know"),
        "page": say("Watched page:"),
        "contents": say("Contents"),
        "leave": say("Unsubscribe"),
        "preferences": say("Change what you get"),
        "no_tracker": say("This mail holds no tracker and loads nothing from outside."),
        "why": _why(reader.subscriber, tongue),
    }


def _why(subscriber: Subscriber, tongue: Tongue) -> str:
    return tongue.say(
        "You get this because you asked for it on %(day)s (%(source)s): %(topics)s.",
        day=day(subscriber.consent.confirmed or subscriber.consent.asked),
        source=one_line(subscriber.consent.source),
        topics=_topics(subscriber.topics, tongue),
    )


def _topics(topics: Topics, tongue: Tongue) -> str:
    chosen = ", ".join(sorted((*topics.services, *topics.pages, *topics.languages)))
    often = tongue.say("at once") if topics.level is Level.ALERT else tongue.say("in a weekly digest")
    return f"{one_line(chosen) or tongue.say('all services')}, {often}"


def _single_blanks(text: str) -> str:
    """Return the text with at most one empty line in a row and no spaces at the ends of lines."""
    tidy = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", tidy).strip() + "\n"


@lru_cache(maxsize=1)
def _environments() -> tuple[Environment, Environment]:
    """Return the environments of the HTML part (it escapes) and of the text part (nothing to escape)."""
    html = Environment(loader=DictLoader({"mail": HTML}), autoescape=True)
    text = Environment(loader=DictLoader({"mail": TEXT}), autoescape=False)  # noqa: S701  # plain text
    for environment in (html, text):
        environment.trim_blocks = environment.lstrip_blocks = True
        environment.undefined = StrictUndefined
        environment.filters.update(wrap=_wrapped, marks=_marks, link=link)
        environment.tests["changed"] = _changed
    return html, text


def _changed(edit: Edit) -> bool:
    return edit.kind is not EditKind.KEPT


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    """Return the text in lines of `WIDTH`; addresses and hashes stay whole."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest or first,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _marks(edits: Sequence[Edit], opening: str, closing: str) -> str:
    """Return a side of a quote with its changed words between marks; spaces stay outside them."""
    return "".join(_between(edit.text, opening, closing) if _changed(edit) else edit.text for edit in edits)


def _between(text: str, opening: str, closing: str) -> str:
    core = text.strip()
    if "://" in core:
        core = f" {core} "  # so that no mail program takes a mark for a part of the address
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{lead}{opening}{core}{closing}{tail}" if core else text
