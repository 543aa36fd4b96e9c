"""What maintainers decide about alerts: each decision with name and reason, append-only, by the one table of states.

Comes in: the id of an alert (its beginning is enough), who decides and why. Goes out: the alert as it is now.
"""

from dataclasses import dataclass, replace

from monitor.model.alert import NEXT, Alert, AlertState, Review
from monitor.model.errors import NotAllowed, UnknownAlert
from monitor.ports import World

WAITING = (AlertState.HELD, AlertState.PENDING)
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
    """New words for an alert; an empty one leaves what stands. Quotes are evidence and have no new words."""

    title: str = ""
    meaning: str = ""


def waiting(world: World) -> tuple[Alert, ...]:
    """Return the alerts that wait for someone, the most important first, never by how much of a page changed."""
    return tuple(sorted(world.desk.alerts(*WAITING), key=lambda alert: (-alert.priority, alert.raised, alert.id)))


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


def approve(id: str, by: Decider, world: World) -> Alert:
    """Let an alert out: the next publication tells it. One that is approved already stays so.

    Raises:
        UnknownAlert: there is none.
        NotAllowed: it was dismissed or published before.
    """
    alert = found(id, world)
    return alert if alert.state is AlertState.APPROVED else _moved(alert, AlertState.APPROVED, by, world)


def dismiss(id: str, by: Decider, world: World) -> Alert:
    """Keep an alert from being told; it stays listed, and `undo` brings it back.

    Raises:
        UnknownAlert: there is none.
        NotAllowed: it was dismissed, approved or published before.
    """
    return _moved(found(id, world), AlertState.DISMISSED, by, world)


def undo(id: str, by: Decider, world: World) -> Alert:
    """Take the newest decision back: what was approved or dismissed waits again.

    Raises:
        UnknownAlert: there is none.
        NotAllowed: nothing was decided, or it is published.
    """
    alert = found(id, world)
    back = _BACK.get(alert.state)
    if back is None:
        raise NotAllowed(f"alert {alert.id}", f"{alert.state}{_decided(alert, world)}", "undecided again")
    return _moved(alert, back, by, world)


def edit(id: str, words: Words, by: Decider, world: World) -> Alert:
    """Replace title or meaning of an alert; its state and its quotes stay.

    Raises:
        UnknownAlert: there is none.
        NotAllowed: it is dismissed or corrected, or another decision came first.
    """
    alert = found(id, world)
    if alert.state in (AlertState.DISMISSED, AlertState.CORRECTED):
        raise NotAllowed(f"alert {alert.id}", f"{alert.state}{_decided(alert, world)}", "edited")
    edited = replace(alert, title=words.title or alert.title, meaning=words.meaning or alert.meaning)
    return world.desk.decide(_review(alert, alert.state, by, world), edited=edited)


def _moved(alert: Alert, after: AlertState, by: Decider, world: World) -> Alert:
    if after not in NEXT[alert.state]:
        raise NotAllowed(f"alert {alert.id}", f"{alert.state}{_decided(alert, world)}", after)
    return world.desk.decide(_review(alert, after, by, world))


def _decided(alert: Alert, world: World) -> str:
    """Return who brought an alert into its state, for whoever comes second; nothing when nobody did."""
    last = next(reversed(world.desk.reviews(alert.id)), None)
    return f" ({last.who} decided so at {last.at:%Y-%m-%d %H:%M} UTC: {last.reason})" if last else ""


def _review(alert: Alert, after: AlertState, by: Decider, world: World) -> Review:
    return Review(alert=alert.id, before=alert.state, after=after, who=by.who, at=world.now(), reason=by.reason)
