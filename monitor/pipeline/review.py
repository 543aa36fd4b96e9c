"""What maintainers decide about alerts: each decision with name and reason, append-only, by the one table of states.

Comes in: the id of an alert (its beginning is enough), who decides and why, and how many reviews the alert had when it
was read (`seen`), so that whoever decided meanwhile is not overwritten. Goes out: the alert as it is now.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.model.alert import Alert, AlertState, Review, alert_id
from monitor.model.desk import Decision, Seen
from monitor.model.errors import NotAllowed, UnknownAlert
from monitor.ports import World

LEAST_ID_CHARS = 4
TITLE_CHARS = 140

# What `undo` leads back to; what was published cannot be taken back from those who read it.
_BACK = {AlertState.APPROVED: AlertState.PENDING, AlertState.DISMISSED: AlertState.PENDING}


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides, and why."""

    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class Words:
    """New words for an alert; an empty one leaves what stands. Quotes are evidence and have no new words.

    `significance` is a person's number, 1 (a detail) to 5 (whether people can opt out at all); 0 leaves what stands. It
    is no word of the alert's and readers do not see it.
    """

    title: str = ""
    meaning: str = ""
    significance: int = 0


def found(id: str, world: World) -> Alert:
    """Return the alert with this id, or the only one whose id begins so.

    Raises:
        UnknownAlert: none has this id, or several begin so.
    """
    exact = world.desk.alert(id)
    if exact is not None:
        return exact
    near = [alert for alert in world.desk.alerts() if alert.id.startswith(id)] if len(id) >= LEAST_ID_CHARS else []
    if len(near) != 1:
        raise UnknownAlert(id)
    return near[0]


def read(alert: Alert, world: World) -> Seen:
    """Return an alert as it stands now, to be handed in with the decision on it."""
    return Seen(alert.id, len(world.desk.reviews(alert.id)))


def approve(id: str, by: Decider, world: World, *, seen: int | None = None) -> Alert:
    """Let an alert out: the next publication tells it. One that is approved already stays so.

    Raises:
        UnknownAlert: there is none.
        Overtaken: somebody else decided since it was read.
        NotAllowed: it was dismissed or published before.
    """
    alert = found(id, world)
    if alert.state is AlertState.APPROVED and seen is None:
        return alert
    return _decided(alert, AlertState.APPROVED, by, world, seen)


def dismiss(id: str, by: Decider, world: World, *, seen: int | None = None) -> Alert:
    """Keep an alert from being told; it stays listed, and `undo` brings it back.

    Raises:
        UnknownAlert: there is none.
        Overtaken: somebody else decided since it was read.
        NotAllowed: it was dismissed, approved or published before.
    """
    return _decided(found(id, world), AlertState.DISMISSED, by, world, seen)


def approve_all(seen: Sequence[Seen], by: Decider, world: World) -> tuple[Alert, ...]:
    """Let the alerts of one case out, each with a review of its own: all of them, or none when one is refused.

    Raises:
        UnknownAlert, Overtaken, NotAllowed: as `approve` does.
    """
    return _all_decided(seen, [(found(one.alert, world), AlertState.APPROVED) for one in seen], by, world)


def dismiss_all(seen: Sequence[Seen], by: Decider, world: World) -> tuple[Alert, ...]:
    """Dismiss the alerts of one case, each with a review of its own: all of them, or none when one is refused.

    Raises:
        UnknownAlert, Overtaken, NotAllowed: as `dismiss` does.
    """
    return _all_decided(seen, [(found(one.alert, world), AlertState.DISMISSED) for one in seen], by, world)


def undo(id: str, by: Decider, world: World, *, seen: int | None = None) -> Alert:
    """Take the newest decision back: what was approved or dismissed waits again.

    What one fetch alone shows is held again, and let out no sooner than before.

    Raises:
        UnknownAlert: there is none.
        Overtaken: somebody else decided since it was read.
        NotAllowed: nothing was decided, it is published, or it is a correction (the other alert is corrected already).
    """
    alert = found(id, world)
    return _decided(alert, _back(alert, world), by, world, seen)


def undo_all(seen: Sequence[Seen], by: Decider, world: World) -> tuple[Alert, ...]:
    """Take the newest decisions about the alerts of one case back: all of them, or none when one is refused.

    Raises:
        UnknownAlert, Overtaken, NotAllowed: as `undo` does.
    """
    alerts = [found(one.alert, world) for one in seen]
    return _all_decided(seen, [(alert, _back(alert, world)) for alert in alerts], by, world)


def edit(id: str, words: Words, by: Decider, world: World, *, seen: int | None = None) -> Alert:
    """Replace title, meaning or significance of an alert; its state and its quotes stay.

    Raises:
        UnknownAlert: there is none.
        Overtaken: somebody else decided since it was read.
        NotAllowed: it is dismissed or corrected, or another decision came first.
    """
    alert, seen = _to_reword(id, world, seen)
    if alert.state in (AlertState.DISMISSED, AlertState.CORRECTED):
        raise NotAllowed(f"alert {alert.id}", f"{alert.state}{_told(alert, world)}", "edited")
    review = _review(alert, alert.state, by, world)
    (edited,) = world.desk.decide_all([Decision(review=review, edited=_worded(alert, words), seen=seen)])
    return edited


def correct(id: str, words: Words, by: Decider, world: World, *, seen: int | None = None) -> Alert:
    """Put a published alert right by a new one; return the new one, which the next publication tells.

    The new alert links the old one, has the same quotes and captures, and is an entry of feeds and a mail of its own.
    The old one stays where it was published and says that it was corrected.

    Raises:
        UnknownAlert: there is none.
        Overtaken: somebody else decided since it was read.
        NotAllowed: it is not published, or was corrected before.
    """
    alert, seen = _to_reword(id, world, seen)
    correction = _correction(alert, words, world)
    review = _review(alert, AlertState.CORRECTED, by, world)
    world.desk.decide_all([Decision(review=review, correction=correction, seen=seen)])
    return found(correction.id, world)


def _to_reword(id: str, world: World, seen: int | None) -> tuple[Alert, int]:
    """Return an alert whose words are carried over, and how many reviews it had when it was read.

    They are counted before it is read, unless the caller counted: words that come in between are not written over.
    """
    own = found(id, world).id
    reviews = len(world.desk.reviews(own)) if seen is None else seen
    return found(own, world), reviews


def _correction(alert: Alert, words: Words, world: World) -> Alert:
    right = _worded(alert, words)
    return replace(
        right,
        id=alert_id(alert.page, f"corrects {alert.id}", f"{right.title}\n{right.meaning}"),
        state=AlertState.PENDING,
        raised=world.now(),
        published=None,
        updated=None,
        corrects=alert.id,
    )


def _worded(alert: Alert, words: Words) -> Alert:
    return replace(
        alert,
        title=words.title or alert.title,
        meaning=words.meaning or alert.meaning,
        significance=words.significance or alert.significance,
    )


def _back(alert: Alert, world: World) -> AlertState:
    """Return what undoing the newest decision leads to."""
    back = AlertState.HELD if alert.unconfirmed else _BACK.get(alert.state)
    if back is None or alert.corrects:
        raise NotAllowed(f"alert {alert.id}", f"{alert.state}{_told(alert, world)}", "undecided again")
    return back


def _all_decided(
    seen: Sequence[Seen], steps: Sequence[tuple[Alert, AlertState]], by: Decider, world: World
) -> tuple[Alert, ...]:
    decisions = [
        Decision(review=_review(alert, after, by, world), seen=one.reviews)
        for one, (alert, after) in zip(seen, steps, strict=True)
    ]
    return world.desk.decide_all(decisions)


def _decided(alert: Alert, after: AlertState, by: Decider, world: World, seen: int | None) -> Alert:
    (decided,) = world.desk.decide_all([Decision(review=_review(alert, after, by, world), seen=seen)])
    return decided


def _told(alert: Alert, world: World) -> str:
    """Return who brought an alert into its state, for whoever comes second; nothing when nobody did."""
    last = next(reversed(world.desk.reviews(alert.id)), None)
    return f" ({last.who} decided so at {last.at:%Y-%m-%d %H:%M} UTC: {last.reason})" if last else ""


def _review(alert: Alert, after: AlertState, by: Decider, world: World) -> Review:
    return Review(alert=alert.id, before=alert.state, after=after, who=by.who, at=world.now(), reason=by.reason)
