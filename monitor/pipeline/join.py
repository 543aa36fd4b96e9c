"""Double opt-in: what the form was filled in with, and the owner of the address who confirms it.

Nobody is written to because of the form but with the one mail that asks; what was asked for holds from the confirmation
on, whoever the address belonged to before. A mailed token is kept as its SHA-256, opens once, and for a week.
"""

import hmac
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from monitor.model.subscriber import Asking, Consent, Subscriber, SubscriberId, SubscriberState, Topics
from monitor.pipeline.subscribe import Token, address_of
from monitor.ports import World

SOURCE = "the form of this site"
LIFE = timedelta(days=7)  # Source: the mail checklist; a person who wants it looks into the mailbox within a week
PAUSE = timedelta(hours=1)  # between two mails that ask one address
MOST_LETTERS = 3  # mails that ask one address within one life, however often the form is filled in
_LINK = re.compile(r"([\w-]{1,80})\.([\w-]{1,80})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the form was filled in with: an address as typed, topics, the language of mails, version of the words."""

    address: str
    wording: str
    topics: Topics = Topics()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A mail that is to go out: to whom, and the key that confirms."""

    subscriber: Subscriber
    key: str


def ask(world: World, wish: Wish, token: Token) -> Invitation | None:
    """Keep what was asked for, and return the mail that asks the owner of the address, or None when it was asked.

    Within the pause, and after `MOST_LETTERS` mails, the newest wish is kept under the token that was mailed already,
    so that the work for one address stays bounded however often somebody types it.

    Raises:
        AddressError: it is no address, or one that cannot be delivered to.
    """
    now, address = world.now(), address_of(wish.address)
    known = world.readers.with_address(address) or _newcomer(world, address, wish, token)
    before = known.asking if known.asking and not _over(known.asking.consent.asked, now) else None
    if before and before.sent and (now < before.sent + PAUSE or before.letters >= MOST_LETTERS):
        world.readers.replace(replace(known, asking=_again(before, wish)))
        return None
    secret = token()
    asking = Asking(
        token=_hash(secret),
        consent=Consent(source=SOURCE, wording=wish.wording, asked=now),
        topics=wish.topics,
        language=wish.language,
        letters=(before.letters if before else 0) + 1,
        sent=now,
    )
    consent = asking.consent if known.state is SubscriberState.UNCONFIRMED else known.consent
    asked = replace(known, asking=asking, consent=consent)
    world.readers.replace(asked)
    return Invitation(asked, f"{asked.id}.{secret}")


def not_sent(world: World, id: SubscriberId) -> None:
    """Note that the mail that asks did not go out, so that the next filling in sends one."""
    known = world.readers.subscriber(id)
    if known and known.asking:
        letters = max(0, known.asking.letters - 1)
        world.readers.replace(replace(known, asking=replace(known.asking, sent=None, letters=letters)))


def asked(world: World, key: str) -> Subscriber | None:
    """Return who may confirm with a mailed key, or None when it was used, is too old, or is none of ours."""
    read = _LINK.fullmatch(key)
    known = world.readers.subscriber(SubscriberId(read[1])) if read else None
    if read is None or known is None or known.asking is None:
        return None
    if not hmac.compare_digest(known.asking.token, _hash(read[2])) or _over(known.asking.consent.asked, world.now()):
        return None
    return known


def confirm(world: World, key: str) -> Subscriber | None:
    """Make what was asked for hold, and return the subscriber, or None when the key opens nothing (any more)."""
    known = asked(world, key)
    if known is None or known.asking is None:
        return None
    asking = known.asking
    confirmed = replace(
        known,
        state=SubscriberState.CONFIRMED,
        consent=replace(asking.consent, confirmed=world.now()),
        topics=asking.topics,
        language=asking.language,
        asking=None,
    )
    world.readers.replace(confirmed)
    return confirmed


def forget_unconfirmed(world: World) -> int:
    """Erase who never confirmed, and what others asked for and never confirmed; return how many that were."""
    now, count = world.now(), 0
    for each in world.readers.subscribers():
        if each.state is SubscriberState.UNCONFIRMED and _over(each.consent.asked, now):
            count += world.readers.erase(each.address)
        elif each.asking and _over(each.asking.consent.asked, now):
            world.readers.replace(replace(each, asking=None))
            count += 1
    return count


def _newcomer(world: World, address: str, wish: Wish, token: Token) -> Subscriber:
    return world.readers.add(
        Subscriber(
            id=SubscriberId(token()),
            address=address,
            state=SubscriberState.UNCONFIRMED,
            consent=Consent(source=SOURCE, wording=wish.wording, asked=world.now()),
            topics=wish.topics,
            language=wish.language,
        )
    )


def _again(before: Asking, wish: Wish) -> Asking:
    """Return what was asked for with the newest topics; its moment stays, so that nobody keeps it alive."""
    consent = replace(before.consent, wording=wish.wording)
    return replace(before, consent=consent, topics=wish.topics, language=wish.language)


def _over(asked: datetime, now: datetime) -> bool:
    return asked + LIFE < now


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
