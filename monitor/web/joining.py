"""Subscribing: the form, the mail that asks, the page that confirms."""

import logging

from starlette.background import BackgroundTask
from starlette.responses import Response

from monitor.model.errors import AddressError, DeliveryError
from monitor.model.subscriber import Topics
from monitor.pipeline.join import Invitation, Wish, ask, asked, confirm, not_sent
from monitor.pipeline.keys import Errand
from monitor.render.invitation import topics_line
from monitor.web.forms import (
    ADDRESS_CHARS,
    TRAP,
    Unknown,
    choices_of,
    first,
    spoken_of,
    topics_of,
    wording,
    wording_version,
)
from monitor.web.front import House, Visit
from monitor.web.shown import shown, spoken

LOG = logging.getLogger(__name__)


def subscribing(visit: Visit, house: House) -> Response:
    """Show the form, or take it: the answer is the same for every address, known or not."""
    tongue = house.printer(visit.language).edition.tongue
    if visit.method != "POST":
        return _form(visit, house)
    if first(visit.form, TRAP):
        return _sent(visit, house)
    if not house.allowances.forms.taken(visit.client):
        problem = tongue.say("Too many forms came from your network. Please try again in an hour.")
        return _form(visit, house, problem, status=429)
    try:
        invitation = _asked(visit, house)
    except AddressError:
        return _form(visit, house, tongue.say("That is not a mail address that we can write to."), status=422)
    except Unknown:
        problem = tongue.say("The form named something that is not offered (any more). Please choose again.")
        return _form(visit, house, problem, status=422)
    if invitation is None:
        return _sent(visit, house)
    if not house.allowances.letters.taken():
        not_sent(house.world, invitation.subscriber.id)
        problem = tongue.say("Many people are subscribing right now. Please try again in an hour.")
        return _form(visit, house, problem, status=503)
    return _sent(visit, house, BackgroundTask(_invite, invitation, house))


def confirming(visit: Visit, house: House) -> Response:
    """Show the button that confirms, or confirm; a key opens once, and a second time says so."""
    known = asked(house.world, visit.key)
    if known is None or known.asking is None:
        return shown(house, "spent.html", visit.language, status=404 if visit.method != "POST" else 410)
    language = known.asking.language
    if visit.method != "POST":
        line = topics_line(known.asking.topics, house.printer(language).edition.tongue)
        return shown(house, "confirm.html", language, topics=line, action=f"mail/confirm/{visit.key}")
    confirmed = confirm(house.world, visit.key)
    if confirmed is None:
        return shown(house, "spent.html", language, status=410)
    key = house.front.keys.key(confirmed.id, Errand.PREFERENCES)
    return shown(house, "confirmed.html", confirmed.language, preferences=f"mail/preferences/{key}")


def _asked(visit: Visit, house: House) -> Invitation | None:
    form, world = visit.form, house.world
    address = first(form, "address")
    if len(address) > ADDRESS_CHARS:
        raise AddressError(repr(address[:80]), "too long")
    wish = Wish(
        address=address,
        wording=wording_version(house.printer(visit.language).edition.tongue),
        topics=topics_of(form, world.watchlist),
        language=spoken_of(form, spoken(house)),
    )
    with house.asking:
        return ask(world, wish, house.front.token)


def _invite(invitation: Invitation, house: House) -> None:
    """Send the mail that asks, after the answer went out, so that its time tells nothing about the address."""
    subscriber = invitation.subscriber
    try:
        house.front.invite(subscriber, house.front.place.url(f"mail/confirm/{invitation.key}"))
    except DeliveryError as error:
        LOG.error("confirmation of subscriber %s: %s", subscriber.id, error)  # noqa: TRY400 - it says what to do
        if not error.unknown:
            not_sent(house.world, subscriber.id)


def _form(visit: Visit, house: House, problem: str = "", *, status: int = 200) -> Response:
    tongue, languages = house.printer(visit.language).edition.tongue, spoken(house)
    try:
        topics, language = topics_of(visit.form, house.world.watchlist), first(visit.form, "spoken")
    except Unknown:
        topics, language = Topics(), ""
    choices = choices_of(house.world.watchlist, topics, language or tongue.language, languages)
    return shown(
        house,
        "subscribe.html",
        visit.language,
        path="subscribe/",
        status=status,
        choices=choices,
        problem=problem,
        address=first(visit.form, "address")[:ADDRESS_CHARS],
        trap=TRAP,
        wording=wording(tongue),
        mail_is_sent=house.world.mail_is_sent,
    )


def _sent(visit: Visit, house: House, then: BackgroundTask | None = None) -> Response:
    answer = shown(house, "sent.html", visit.language, mail_is_sent=house.world.mail_is_sent)
    answer.background = then
    return answer
