"""What a maintainer does: decide, edit, correct, take back; rules that dismiss and quotes that must stay."""

from collections.abc import Iterable

from starlette.responses import Response

from monitor.model.alert import Alert, AlertId
from monitor.model.desk import Rule, Seen
from monitor.model.errors import NotAllowed, RuleError
from monitor.model.maintainer import Role
from monitor.model.page import PageId, ServiceId
from monitor.model.verdict import Aspect, Kind
from monitor.pipeline import pins, review, rules
from monitor.pipeline.queue import WAITING
from monitor.pipeline.review import Decider, Words
from monitor.web.desk.drawn import drawn, told
from monitor.web.desk.gate import gone_to, local
from monitor.web.forms import first
from monitor.web.front import Fields, House, Visit

REASON_CHARS, TITLE_CHARS, MEANING_CHARS = 500, review.TITLE_CHARS, 2_000
_READ = {"publish": "read both captures", "dismiss": "not news"}


@told
def deciding(visit: Visit, house: House) -> Response:
    """Publish or dismiss a case, or one alert of it; readers are told within a minute, until then it can be undone."""
    form, world = visit.form, house.world
    decision = first(form, "decision")
    if decision not in _READ:
        raise NotAllowed("a decision", "neither `publish` nor `dismiss`", "anything")
    by, seen = _decider(visit, _READ[decision]), _seen(form)
    if decision == "dismiss":
        done = review.dismiss_all(seen, by, world)
    else:
        done = review.approve_all(seen, by, world)
        if first(form, "pin"):
            for alert in done:
                pins.pin_quotes(alert, by, world)
    return _onwards(visit, house, done[0])


@told
def undoing(visit: Visit, house: House) -> Response:
    """Take the newest decision about a case back."""
    by, seen = _decider(visit, "taken back"), _seen(visit.form)
    for one in seen:
        review.undo(one.alert, by, house.world, seen=one.reviews)
    return gone_to(house, f"desk/alerts/{seen[0].alert}")


@told
def editing(visit: Visit, house: House) -> Response:
    """Change title, meaning or significance before publication, or put a published alert right by a new one."""
    alert = review.found(visit.key, house.world)
    if visit.method != "POST":
        seen = review.read(alert, house.world).reviews
        return drawn(visit, house, "edit", alert=alert, seen=seen, most=(TITLE_CHARS, MEANING_CHARS), here="")
    form, by = visit.form, _decider(visit, "reworded")
    words = Words(
        title=first(form, "title").strip()[:TITLE_CHARS],
        meaning=first(form, "meaning").strip()[:MEANING_CHARS],
        significance=_number(first(form, "significance"), 0, 5),
    )
    act = review.correct if alert.published is not None else review.edit
    done = act(alert.id, words, by, house.world, seen=_number(first(form, "seen"), 0, 1_000_000))
    return gone_to(house, f"desk/alerts/{done.id}")


@told
def ruling(visit: Visit, house: House) -> Response:
    """Show what a rule made of one alert would have hidden; when told to, keep it and dismiss the alert by it."""
    alert = review.found(visit.key, house.world)
    matching = _matching(visit.form) if visit.method == "POST" else rules.proposed(alert)
    by = _decider(visit, "the same each time")
    rule, problem = _rule(matching, by, house)
    if visit.method == "POST" and first(visit.form, "keep") and rule is not None:
        rules.add(rule, house.world)
        if alert.state in WAITING:
            review.dismiss(alert.id, by, house.world)
        return gone_to(house, "desk/rules/")
    run = rules.dry_run(rule, house.world) if rule is not None else None
    return drawn(
        visit, house, "rule", alert=alert, matching=matching, run=run, problem=problem, reason=by.reason,
        kinds=tuple(Kind), aspects=tuple(Aspect), here="",
    )  # fmt: skip


@told
def rules_page(visit: Visit, house: House) -> Response:
    """Show the rules and pins in force; an admin ends one."""
    form, world = visit.form, house.world
    if visit.method == "POST":
        if visit.account is None or not visit.account.may(Role.ADMIN):
            raise NotAllowed("a rule or pin", "in force", "ended by a reviewer: ask an admin")
        if first(form, "rule"):
            rules.remove(first(form, "rule"), world)
        else:
            pins.unpin(first(form, "pin"), world)
        return gone_to(house, "desk/rules/")
    return drawn(visit, house, "rules", rules=rules.active(world), pins=pins.active(world), here="rules")


def _decider(visit: Visit, otherwise: str) -> Decider:
    reason = first(visit.form, "reason").strip()[:REASON_CHARS]
    return Decider(visit.account.name if visit.account else "", reason or otherwise)


def _seen(form: Fields) -> tuple[Seen, ...]:
    """Return the alerts as they were read, from what the form was given."""
    pairs = (one.rpartition(":") for one in first(form, "seen").split())
    found = tuple(Seen(AlertId(alert), _number(count, 0, 1_000_000)) for alert, _, count in pairs)
    if not found:
        raise NotAllowed("a decision", "about no alert", "made")
    return found


def _number(text: str, least: int, most: int) -> int:
    return min(max(int(text), least), most) if text.isdecimal() and len(text) < 10 else least


def _onwards(visit: Visit, house: House, done: Alert) -> Response:
    """Lead to the next alert where one was asked for, to the queue otherwise."""
    return gone_to(house, f"{local(first(visit.form, 'to'))}?done={done.id}")


def _matching(form: Fields) -> rules.Matching:
    kind = first(form, "kind")
    return rules.Matching(
        page=PageId(first(form, "page")[:80]),
        service=ServiceId(first(form, "service")[:80]),
        kind=Kind(kind) if kind in set(Kind) else None,
        aspects=tuple(_aspects(form.get("aspect", ()))),
        words=first(form, "words").strip()[:REASON_CHARS],
        trail=first(form, "trail").strip()[:REASON_CHARS],
    )


def _aspects(names: Iterable[str]) -> Iterable[Aspect]:
    return (Aspect(name) for name in names if name in set(Aspect))


def _rule(matching: rules.Matching, by: Decider, house: House) -> tuple[Rule | None, str]:
    try:
        return rules.rule_of(matching, by, house.world), ""
    except RuleError as error:
        return None, str(error)
