"""What is kept of one alert, gathered for those who publish it or check it."""

from monitor.model.alert import Alert
from monitor.model.page import Page, PageKind
from monitor.model.proof import Exhibits
from monitor.ports import World


def exhibits(alert: Alert, world: World) -> Exhibits | None:
    """Return all that is kept of an alert, or None when one of its captures has no line in the ledger.

    `checks_between` counts those between the two captures, neither of them included.

    Raises:
        StoreDamaged: a capture is missing, or not what was written.
    """
    proof = alert.evidence
    page = world.watchlist.with_feeds().page(alert.page) or Page(id=alert.page, url=proof.url, kind=PageKind.POLICY)
    checks = world.journal.checked_between(alert.page, proof.before_at, proof.after_at)
    return world.evidence.exhibits(alert, page, max(0, checks - 2))
