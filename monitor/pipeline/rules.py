"""Dismissals as rules: what a maintainer would dismiss every time is dismissed when it is recorded, and stays listed.

Comes in: what a rule is to match, or alerts that are about to be recorded. Goes out: rules, what a rule would have
hidden, and the reviews by which rules dismiss. A rule speaks of an alert only when its every quote matches.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import NamedTuple

from monitor.model.alert import Alert, AlertState, Review
from monitor.model.desk import Rule, RuleId, content_id
from monitor.model.errors import RuleError
from monitor.model.page import PageId, ServiceId
from monitor.model.verdict import Aspect, Kind
from monitor.pipeline.pins import is_about_pin
from monitor.pipeline.review import Decider
from monitor.ports import World
from monitor.text import fold

JOINED = " > "
TOLD = (AlertState.APPROVED, AlertState.PUBLISHED, AlertState.CORRECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """What a rule is to match; what is empty or None says nothing, but a page or service and one more must be there."""

    page: PageId = PageId("")
    service: ServiceId = ServiceId("")
    kind: Kind | None = None
    aspects: tuple[Aspect, ...] = ()
    words: str = ""
    trail: str = ""


@dataclass(frozen=True, slots=True)
class DryRun:
    """Which alerts of history a rule would have hidden, oldest first, and which of them readers were told of."""

    hidden: tuple[Alert, ...]
    told: tuple[Alert, ...]

    @property
    def warning(self) -> str:
        """Return what speaks against the rule in a sentence, or an empty text."""
        if not self.told:
            return ""
        count = len(self.told)
        were = "alert that was" if count == 1 else "alerts that were"
        return f"this rule would have hidden {count} {were} told to readers: {self.told[-1].title}"


class Ruled(NamedTuple):
    """Alerts to be recorded, and the decisions of rules about some of them."""

    alerts: tuple[Alert, ...]
    dismissals: tuple[Review, ...]


def rule_of(matching: Matching, by: Decider, world: World) -> Rule:
    """Return a rule that is not kept yet, for a dry run; its id comes from what it matches.

    Raises:
        RuleError: it names no page or service, one that is not watched, or nothing to match there.
    """
    _refuse(matching, world)
    says = (matching.kind or "", *sorted(matching.aspects), fold(matching.words), fold(matching.trail))
    return Rule(
        id=RuleId(content_id(matching.page, matching.service, *says)),
        page=matching.page,
        service=matching.service,
        kind=matching.kind,
        aspects=matching.aspects,
        words=matching.words,
        trail=matching.trail,
        who=by.who,
        at=world.now(),
        reason=by.reason,
    )


def proposed(alert: Alert) -> Matching:
    """Return what a rule made of one dismissal matches: page, kind, aspects, and the headings over all its quotes.

    Where the quotes share no heading, `trail` is empty: whoever takes that as it is hides every such alert of the page.
    """
    levels = zip(*(quote.trail for quote in alert.quotes), strict=False)
    shared = [level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels)]
    return Matching(page=alert.page, kind=alert.kind, aspects=alert.aspects, trail=JOINED.join(shared))


def dry_run(rule: Rule, world: World) -> DryRun:
    """Return what a rule would have hidden of all that was ever raised; nothing is changed."""
    hidden = tuple(alert for alert in world.desk.alerts() if matches(rule, alert))
    return DryRun(hidden=hidden, told=tuple(alert for alert in hidden if alert.state in TOLD))


def add(rule: Rule, world: World) -> Rule:
    """Keep a rule: it dismisses what is recorded from now on; what waits already is left to people."""
    world.desk.write_rule(rule)
    return rule


def remove(id: str, world: World) -> Rule:
    """End a rule (the beginning of its id is enough); what it dismissed stays so until somebody takes it back.

    Raises:
        RuleError: no rule in force has this id, or several begin so.
    """
    near = [rule for rule in active(world) if id and rule.id.startswith(id)]
    if len(near) != 1:
        raise RuleError(f"rule {id}", "no such rule is in force: `optout-monitor review rules list` shows them")
    ended = replace(near[0], ended=world.now())
    world.desk.write_rule(ended)
    return ended


def active(world: World) -> tuple[Rule, ...]:
    """Return the rules in force, oldest first."""
    return tuple(rule for rule in world.desk.rules() if rule.ended is None)


def ruled(alerts: Iterable[Alert], world: World) -> Ruled:
    """Return alerts that are about to be recorded as rules leave them, with the reviews by which they dismiss.

    The oldest rule speaks. What would go out by itself waits instead: it is dismissed from there, and an `undo` leads
    back to a maintainer.
    """
    given = tuple(alerts)
    rules = active(world) if given else ()
    kept: list[Alert] = []
    dismissals: list[Review] = []
    for alert in given:
        rule = next((rule for rule in rules if matches(rule, alert)), None)
        by_itself = alert.state is AlertState.APPROVED
        obeys = replace(alert, state=AlertState.PENDING) if rule and by_itself else alert
        kept.append(obeys)
        if rule is not None:
            dismissals.append(_review(obeys, rule, world))
    return Ruled(tuple(kept), tuple(dismissals))


def matches(rule: Rule, alert: Alert) -> bool:
    """Say whether a rule speaks of an alert; never of a correction, nor of a pinned quote that went."""
    if alert.corrects or is_about_pin(alert):
        return False
    return _of_place(rule, alert) and _of_kind(rule, alert) and _of_words(rule, alert)


def _of_place(rule: Rule, alert: Alert) -> bool:
    return rule.page in ("", alert.page) and rule.service in ("", alert.service)


def _of_kind(rule: Rule, alert: Alert) -> bool:
    if rule.kind not in (None, alert.kind):
        return False
    return not rule.aspects or (bool(alert.aspects) and set(alert.aspects) <= set(rule.aspects))


def _of_words(rule: Rule, alert: Alert) -> bool:
    words, trail = fold(rule.words), fold(rule.trail)
    if not (words or trail):
        return True
    sides = [(fold(quote.before), fold(quote.after), fold(JOINED.join(quote.trail))) for quote in alert.quotes]
    return bool(sides) and all((words in old or words in new) and trail in over for old, new, over in sides)


def _refuse(matching: Matching, world: World) -> None:
    watched = world.watchlist.with_feeds()
    if not (matching.page or matching.service):
        raise RuleError("rule", "name the page or the service that it is about")
    if matching.page and watched.page(matching.page) is None:
        raise RuleError("rule: page", f"{matching.page!r} is not watched")
    if matching.service and matching.service not in watched.services:
        raise RuleError("rule: service", f"{matching.service!r} is not watched")
    if not (matching.kind or matching.aspects or fold(matching.words) or fold(matching.trail)):
        raise RuleError("rule", "say what it matches: a kind, aspects, words of the quote or of the headings over it")


def _review(alert: Alert, rule: Rule, world: World) -> Review:
    return Review(
        alert=alert.id,
        before=alert.state,
        after=AlertState.DISMISSED,
        who=f"rule {rule.id}",
        at=world.now(),
        reason=f"{rule.reason} (rule of {rule.who})",
    )
