"""Who is written to: join, change, leave, be forgotten. Addresses are checked here, and nowhere kept but by `readers`.

Nobody is subscribed without a consent record. Whoever left or was suppressed is not brought back by a maintainer or a
list: that is for the person to do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from monitor.model.errors import AddressError
from monitor.model.subscriber import Consent, Post, Subscriber, SubscriberId, SubscriberState, Topics
from monitor.ports import World

Token: TypeAlias = Callable[[], str]  # at least 128 random bits, as ASCII letters and digits

EVERYTHING = Topics()
AWAY: Mapping[SubscriberState, str] = {
    SubscriberState.LEFT: "has left: only the person can come back, by subscribing again",
    SubscriberState.SUPPRESSED: "is suppressed (bounced, complained, or by hand): only the person can come back",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Everything that is held about one address, to be handed to the person."""

    subscriber: Subscriber
    posts: tuple[Post, ...]


def address_of(text: str) -> str:
    """Return a mail address in the one form that is kept: lower case, the host in ASCII.

    The part before the @ is case-sensitive by the letter of RFC 5321 and nowhere in practice; keeping one form makes
    one person one row, and lets events of the mail service find it. No name server is asked.

    Raises:
        AddressError: it is no address, or one that SendGrid cannot deliver to (quoted or not ASCII before the @).
    """
    from email_validator import EmailNotValidError, validate_email  # loaded when the first address comes

    try:
        found = validate_email(
            text.strip(), check_deliverability=False, strict=True, allow_smtputf8=False, allow_quoted_local=True
        )
    except EmailNotValidError as error:
        raise AddressError(_shown(text), str(error)) from error
    if found.ascii_email is None or found.ascii_email.startswith('"'):
        raise AddressError(_shown(text), "an address with quotes before the @ cannot be delivered to")
    return found.ascii_email.lower()


def add(
    world: World, address: str, consent: Consent, token: Token, *, topics: Topics = EVERYTHING, language: str = "en"
) -> Subscriber:
    """Return the subscriber with this address: a new one, or the known one with these topics.

    A consent with a moment of confirmation makes a confirmed subscriber; one without an unconfirmed one, who is not
    written to. A known subscriber keeps id, state and consent record.

    Raises:
        AddressError: the address cannot be written to, or this person has left.
    """
    known = find(world, address)
    if known is None:
        return world.readers.add(subscriber_of(address, consent, token, topics=topics, language=language))
    if known.state in AWAY:
        raise AddressError(known.address, AWAY[known.state])
    changed = replace(known, topics=topics, language=language)
    if changed != known:
        world.readers.replace(changed)
    return changed


def subscriber_of(
    address: str, consent: Consent, token: Token, *, topics: Topics = EVERYTHING, language: str = "en"
) -> Subscriber:
    """Return a new subscriber with a random id.

    Raises:
        AddressError: the address cannot be written to.
    """
    return Subscriber(
        id=SubscriberId(token()),
        address=address_of(address),
        state=SubscriberState.CONFIRMED if consent.confirmed else SubscriberState.UNCONFIRMED,
        consent=consent,
        topics=topics,
        language=language,
    )


def find(world: World, address: str) -> Subscriber | None:
    """Return the subscriber with this address, or None.

    Raises:
        AddressError: it is no address.
    """
    return world.readers.with_address(address_of(address))


def suppress(world: World, address: str) -> Subscriber:
    """Return the subscriber with this address, who is not written to any more.

    Raises:
        AddressError: nobody has this address.
    """
    return _as(world, _known(world, address), SubscriberState.SUPPRESSED)


def leave(world: World, id: SubscriberId) -> Subscriber | None:
    """Return the subscriber who leaves, or None when there is none with this id; leaving twice does no harm."""
    subscriber = world.readers.subscriber(id)
    return _as(world, subscriber, SubscriberState.LEFT) if subscriber else None


def held(world: World, address: str) -> Held:
    """Return everything that is held about an address.

    Raises:
        AddressError: nobody has this address.
    """
    subscriber = _known(world, address)
    return Held(
        subscriber=subscriber,
        posts=tuple(post for post in world.outbox.posts() if post.subscriber == subscriber.id),
    )


def erase(world: World, address: str) -> bool:
    """Erase all that is held about an address, and say whether there was anything.

    Raises:
        AddressError: it is no address.
    """
    return world.readers.erase(address_of(address))


def _known(world: World, address: str) -> Subscriber:
    known = find(world, address)
    if known is None:
        raise AddressError(_shown(address), "nobody with this address is subscribed")
    return known


def _as(world: World, subscriber: Subscriber, state: SubscriberState) -> Subscriber:
    changed = replace(subscriber, state=state)
    if changed != subscriber:
        world.readers.replace(changed)
    return changed


def _shown(text: str) -> str:
    """Return what was given in a form that fits on one line of a message."""
    return repr(text[:80])
