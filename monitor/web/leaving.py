"""A subscriber's own pages, behind a key from a mail: change, leave, take everything along, be erased."""

from dataclasses import replace

from starlette.responses import Response

from monitor.codec import encode
from monitor.model.subscriber import Subscriber, SubscriberState
from monitor.pipeline.keys import Errand
from monitor.pipeline.subscribe import erase, held, leave
from monitor.web.forms import Unknown, choices_of, spoken_of, still_offered, topics_of
from monitor.web.front import House, Visit
from monitor.web.shown import PRIVATE, shown, spoken


def preferences(visit: Visit, house: House) -> Response:
    """Show what a subscriber gets, or change it."""
    subscriber = _holder(visit, house, Errand.PREFERENCES)
    if subscriber is None:
        return shown(house, "spent.html", visit.language, status=404)
    if visit.method != "POST":
        return _preferences(subscriber, visit, house)
    try:
        topics = topics_of(visit.form, house.world.watchlist)
        changed = replace(subscriber, topics=topics, language=spoken_of(visit.form, spoken(house)))
    except Unknown:
        tongue = house.printer(subscriber.language).edition.tongue
        problem = tongue.say("The form named something that is not offered (any more). Please choose again.")
        return _preferences(subscriber, visit, house, problem=problem, status=422)
    if changed != subscriber:
        house.world.readers.replace(changed)
    return _preferences(changed, visit, house, saved=True)


def leaving(visit: Visit, house: House) -> Response:
    """Show the button that ends the mails, or end them, whoever sends the form (RFC 8058, section 3.2).

    The second time is as good as the first. A key whose subscriber was erased answers alike: no mail comes any more.
    """
    keys, subscriber = house.front.keys, _holder(visit, house, Errand.LEAVE)
    if keys.holder(visit.key, Errand.LEAVE) is None:
        return shown(house, "spent.html", visit.language, status=404)
    language = subscriber.language if subscriber else visit.language
    if visit.method != "POST":
        return shown(house, "leave.html", language, action=f"mail/leave/{visit.key}")
    if subscriber is not None and subscriber.state is not SubscriberState.SUPPRESSED:
        leave(house.world, subscriber.id)
    return shown(house, "left.html", language)


def export(visit: Visit, house: House) -> Response:
    """Return everything that is held about a subscriber, as JSON."""
    subscriber = _holder(visit, house, Errand.PREFERENCES)
    if subscriber is None:
        return shown(house, "spent.html", visit.language, status=404)
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="what-is-held-about-me.json"'}
    return Response(encode(held(house.world, subscriber.address)), media_type="application/json", headers=headers)


def erasing(visit: Visit, house: House) -> Response:
    """Erase everything that is held about a subscriber."""
    subscriber = _holder(visit, house, Errand.PREFERENCES)
    if subscriber is None:
        return shown(house, "spent.html", visit.language, status=404)
    erase(house.world, subscriber.address)
    return shown(house, "erased.html", subscriber.language)


def _holder(visit: Visit, house: House, errand: Errand) -> Subscriber | None:
    owner = house.front.keys.holder(visit.key, errand)
    return house.world.readers.subscriber(owner) if owner else None


def _preferences(
    subscriber: Subscriber, visit: Visit, house: House, *, problem: str = "", saved: bool = False, status: int = 200
) -> Response:
    topics = still_offered(subscriber, house.world.watchlist)
    return shown(
        house,
        "preferences.html",
        subscriber.language,
        status=status,
        subscriber=subscriber,
        choices=choices_of(house.world.watchlist, topics, subscriber.language, spoken(house)),
        problem=problem,
        saved=saved,
        key=visit.key,
        leave=house.front.keys.key(subscriber.id, Errand.LEAVE),
    )
