"""Two ways out in, one table out: every step, form, way in, field and condition, as it was and as it is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from monitor.model.document import Field
from monitor.model.procedure import Difference, DifferenceKind, Entry, Procedure, Stated
from monitor.text import fold

_D = DifferenceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class WayRow:
    """One line of the table: what it is about, as it was and as it is (an empty side was not there), how it differs.

    `what` is `step`, `form`, `entry`, `field`, `login`, `deadline`, `eligibility`, `covered`, `excluded` or
    `confirmation`; `kinds` is empty where both sides ask the same of a reader.
    """

    what: str
    before: str
    after: str
    kinds: tuple[DifferenceKind, ...] = ()


class _Fact(NamedTuple):
    """One fact: what it is known by, and how it is shown."""

    key: str
    shown: str


class _Part(NamedTuple):
    """One sort of facts: where they stand, and what it is called when one came, went or became another."""

    facts: Callable[[Procedure], Sequence[_Fact]]
    come: DifferenceKind
    gone: DifferenceKind
    changed: DifferenceKind


def way_table(before: Procedure, after: Procedure, differences: Sequence[Difference]) -> tuple[WayRow, ...]:
    """Return both ways out beside each other; `differences` are those between them (`differences_of`)."""
    rows: list[WayRow] = []
    for what, part in _PARTS.items():
        olds, news = list(part.facts(before)), list(part.facts(after))
        rows += _rows(what, part, _beside(olds, news, _became(differences)))
        rows += _field_rows(before.fields, after.fields) if what == "entry" else ()
    return tuple(rows)


def _became(differences: Sequence[Difference]) -> Mapping[str, str]:
    """Return which value of before became which of after."""
    return {fold(each.before): fold(each.after) for each in differences if each.before and each.after}


def _beside(
    olds: Sequence[_Fact], news: list[_Fact], became: Mapping[str, str]
) -> Iterator[tuple[_Fact | None, _Fact | None]]:
    """Yield facts in pairs, in the order of before; those that came stand last."""
    for old in olds:
        new = next((fact for fact in news if fact.key in (old.key, became.get(old.key))), None)
        if new is not None:
            news.remove(new)
        yield old, new
    yield from ((None, new) for new in news)


def _rows(what: str, part: _Part, pairs: Iterator[tuple[_Fact | None, _Fact | None]]) -> Iterator[WayRow]:
    for old, new in pairs:
        same = old is not None and new is not None and old.key == new.key
        kind = part.come if old is None else part.gone if new is None else part.changed
        yield WayRow(
            what=what,
            before=old.shown if old else "",
            after=new.shown if new else "",
            kinds=() if same else (kind,),
        )


def _field_rows(before: Sequence[Field], after: Sequence[Field]) -> Iterator[WayRow]:
    """Yield form fields, known by their name or else by their label."""
    news = list(after)
    for old in before:
        new = next((one for one in news if one.name == old.name or _label(one) == _label(old)), None)
        if new is not None:
            news.remove(new)
        yield WayRow(what="field", before=_asked(old), after=_asked(new) if new else "", kinds=_kinds(old, new))
    yield from (WayRow(what="field", before="", after=_asked(new), kinds=(_D.FIELD_ADDED,)) for new in news)


def _kinds(old: Field, new: Field | None) -> tuple[DifferenceKind, ...]:
    if new is None:
        return (_D.FIELD_REMOVED,)
    kinds = []
    if old.required != new.required:
        kinds.append(_D.FIELD_REQUIRED if new.required else _D.FIELD_OPTIONAL)
    if set(old.options) != set(new.options):
        kinds.append(_D.OPTIONS_CHANGED)
    return tuple(kinds)


def _label(field: Field) -> str:
    return fold(field.label or field.name)


def _asked(field: Field) -> str:
    """Return a field as a reader meets it: label, sort, whether it must be filled in, what can be chosen."""
    must = "required" if field.required else "optional"
    options = f": {', '.join(field.options)}" if field.options else ""
    return f"{field.label or field.name} ({field.type}, {must}){options}"


def _stated(facts: Sequence[Stated]) -> list[_Fact]:
    return [_Fact(fold(each.value), each.value) for each in facts]


def _some(fact: Stated | None) -> list[_Fact]:
    return [_Fact(fold(fact.value), f"{fact.value}: {fact.quote}")] if fact else []


def _entry(entry: Entry) -> _Fact:
    path = " > ".join(entry.path)
    return _Fact(f"{fold(path)} {entry.target}", " ".join(filter(None, (path, entry.target))))


def _same(kind: DifferenceKind, facts: Callable[[Procedure], Sequence[_Fact]]) -> _Part:
    return _Part(facts, kind, kind, kind)


_PARTS: Mapping[str, _Part] = {
    "step": _Part(lambda way: _stated(way.steps), _D.STEP_ADDED, _D.STEP_REMOVED, _D.STEP_REWORDED),
    "form": _Part(lambda way: _stated(way.forms), _D.FORM_ADDED, _D.FORM_REMOVED, _D.FORM_MOVED),
    "entry": _same(_D.ENTRY_CHANGED, lambda way: [_entry(each) for each in way.entries]),
    "login": _same(_D.LOGIN_CHANGED, lambda way: _some(way.login)),
    "deadline": _Part(lambda way: _some(way.deadline), _D.DEADLINE_SET, _D.DEADLINE_LIFTED, _D.DEADLINE_MOVED),
    "eligibility": _same(_D.ELIGIBILITY_CHANGED, lambda way: _stated(way.eligibility)),
    "covered": _same(_D.SCOPE_CHANGED, lambda way: _stated(way.covered)),
    "excluded": _same(_D.SCOPE_CHANGED, lambda way: _stated(way.excluded)),
    "confirmation": _same(_D.CONFIRMATION_CHANGED, lambda way: _stated(way.confirmation)),
}
