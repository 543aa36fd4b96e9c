"""Findings to alerts: what is to be told, with an id made of content and the state it begins in."""

from monitor.model.alert import Alert, AlertState, Evidence, alert_id
from monitor.model.finding import Finding, Sight
from monitor.model.page import Page, Publication
from monitor.model.procedure import Difference
from monitor.model.verdict import Level, Verdict


def alerts_of(page: Page, finding: Finding) -> tuple[Alert, ...]:
    """Return the alerts that a finding settles, then its own; none when there is nothing to tell.

    A settled one is confirmed at this capture, or dismissed because what had gone is back.
    """
    alerts = [
        _alert(page, one.verdict, one.before, one.sight, one.differences, finding.sight if one.confirmed else None)
        for one in finding.settled
    ]
    if finding.verdict.relevant and finding.sight is not None and finding.before is not None:
        alerts.append(_alert(page, finding.verdict, finding.before, finding.sight, finding.differences, None))
    return tuple(alerts)


def _alert(
    page: Page,
    verdict: Verdict,
    before: Sight,
    after: Sight,
    differences: tuple[Difference, ...],
    confirmed: Sight | None,
) -> Alert:
    return Alert(
        id=alert_id(page.id, before.fingerprint, after.fingerprint),
        page=page.id,
        service=page.service,
        kind=verdict.kind,
        level=verdict.level,
        title=verdict.title,
        meaning=verdict.meaning,
        quotes=verdict.quotes,
        evidence=_evidence(page, before, after, confirmed),
        raised=after.at,
        state=_state(page, verdict),
        aspects=verdict.aspects,
        directions=verdict.directions,
        differences=differences,
        reasons=verdict.reasons,
        waits_for=verdict.waits_for,
        priority=verdict.priority,
        other_lines=verdict.other_lines,
        language=page.language or "en",
    )


def _evidence(page: Page, before: Sight, after: Sight, confirmed: Sight | None) -> Evidence:
    return Evidence(
        before=before.capture,
        before_at=before.at,
        after=after.capture,
        after_at=after.at,
        confirmed_at=confirmed.at if confirmed else None,
        url=page.url,
        region=page.region,
        language=page.language,
    )


def _state(page: Page, verdict: Verdict) -> AlertState:
    """Return where an alert begins, or where it goes when it is settled."""
    if not verdict.relevant:
        return AlertState.DISMISSED
    if verdict.held:
        return AlertState.HELD
    rule = page.publish.alert if verdict.level is Level.ALERT else page.publish.digest
    return AlertState.APPROVED if rule is Publication.AUTOMATIC else AlertState.PENDING
