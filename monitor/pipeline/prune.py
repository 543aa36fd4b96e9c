"""The retention rule: captures older than it go, unless anything that is told or remembered refers to them."""

from datetime import timedelta

from monitor.model.proof import Pruned, References
from monitor.model.span import span_text
from monitor.ports import World


def references(world: World) -> References:
    """Return what must stay: what alerts of any state name, and what the journal remembers."""
    alerts = world.desk.alerts()
    named = {digest for alert in alerts for digest in (alert.evidence.before, alert.evidence.after)}
    seen = {
        (alert.page, at)
        for alert in alerts
        for at in (alert.evidence.before_at, alert.evidence.after_at, alert.evidence.confirmed_at)
        if at is not None
    }
    return References(captures=frozenset(named) | world.journal.referred(), moments=frozenset(seen))


def prune(world: World, keep: timedelta, *, dry_run: bool = False) -> Pruned:
    """Return what was removed because it is older than `keep`, or what would be with `dry_run`.

    Raises:
        StoreError: a line about it cannot be written; what was removed before has its line.
    """
    now = world.now()
    rule = f"older than {span_text(keep)}"
    return world.evidence.prune(lambda: references(world), before=now - keep, at=now, rule=rule, dry_run=dry_run)
