"""Events of the mail service in, posts and subscribers moved; hearing an event twice changes nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from monitor.model.errors import NotAllowed
from monitor.model.subscriber import EventKind, MailEvent, Post, PostState, Subscriber, SubscriberState
from monitor.ports import World

# What an event says of its message. `deferred` says nothing yet: the service keeps trying.
_MESSAGE: Mapping[EventKind, PostState] = {
    EventKind.PROCESSED: PostState.ACCEPTED,
    EventKind.DELIVERED: PostState.ACCEPTED,
    EventKind.BLOCKED: PostState.FAILED,
    EventKind.BOUNCE: PostState.FAILED,
    EventKind.DROPPED: PostState.FAILED,
}
# After these nobody writes to the address again. Source: the mail checklist; a block is the receiver's passing mood.
_SUPPRESSING = frozenset(
    {
        EventKind.BOUNCE,
        EventKind.DROPPED,
        EventKind.SPAM_REPORT,
        EventKind.UNSUBSCRIBE,
        EventKind.GROUP_UNSUBSCRIBE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a batch of events changed: how many were new, and what is now otherwise."""

    new: int = 0
    posts: tuple[Post, ...] = ()
    suppressed: tuple[Subscriber, ...] = ()


def hear(world: World, events: Iterable[MailEvent]) -> Heard:
    """Write what events say of our messages and subscribers, in the order of their moments.

    They count as heard only after that, so that a crash in between makes the service's next delivery count.
    """
    new = tuple(sorted(world.outbox.unheard(events), key=lambda event: event.at))
    posts = tuple(post for event in new for post in _moved_by(world, event))
    suppressed = tuple(gone for event in new if (gone := _suppressed_by(world, event)) is not None)
    world.outbox.hear(new)
    return Heard(new=len(new), posts=posts, suppressed=suppressed)


def _moved_by(world: World, event: MailEvent) -> Iterator[Post]:
    """Move the posts that an event is about, and yield those that changed; an event may come too late for one."""
    for alert in event.alerts:
        post = world.outbox.post(alert, event.subscriber, event.edition)
        changed = _settled(post, event) if post else None
        if changed is not None and _moved(world, changed):
            yield changed


def _suppressed_by(world: World, event: MailEvent) -> Subscriber | None:
    """Suppress the subscriber when the event is a reason to, and return it as it is now.

    An event from before the person's newest consent says nothing of it.
    """
    subscriber = world.readers.subscriber(event.subscriber)
    if event.kind not in _SUPPRESSING or subscriber is None or subscriber.state is not SubscriberState.CONFIRMED:
        return None
    if subscriber.address != event.address or event.at < (subscriber.consent.confirmed or event.at):
        return None
    gone = replace(subscriber, state=SubscriberState.SUPPRESSED)
    world.readers.replace(gone)
    return gone


def _moved(world: World, post: Post) -> bool:
    """Write a post's new state, and say whether that could be done."""
    try:
        world.outbox.move(post)
    except NotAllowed:
        return False
    return True


def _settled(post: Post, event: MailEvent) -> Post | None:
    """Return the post as the event leaves it, or None when it says nothing new of it.

    A message that was to be tried again and turns out to have gone out is not sent a second time.
    """
    state = _MESSAGE.get(event.kind)
    if state is None or state is post.state:
        return None
    if state is PostState.FAILED:
        return replace(post, state=state, detail=f"{event.kind}: {event.reason}".rstrip(": "))
    match post.state:
        case PostState.PENDING if post.attempt > 0:
            return replace(post, state=PostState.SUPPRESSED, detail=f"went out after all: {event.message_id}")
        case PostState.SENDING | PostState.UNKNOWN:
            return replace(post, state=PostState.ACCEPTED, detail=event.message_id)
        case _:
            return None
