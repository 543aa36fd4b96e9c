"""Procedure x Procedure -> typed differences: a step added, a form moved, a field now required, a deadline set."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from monitor.model.document import Field
from monitor.model.procedure import Difference, DifferenceKind, Procedure, Stated
from monitor.text import fold

# Two steps that share this part of their letters are one step reworded (difflib ratio).
_REWORDED = 0.6


def differences_of(before: Procedure, after: Procedure) -> tuple[Difference, ...]:
    """Return what differs between two ways out: steps, forms, fields, then deadline, login and scope."""
    found = [
        *_steps(before.steps, after.steps),
        *_forms(before.forms, after.forms),
        *_fields(before.fields, after.fields),
        *_deadline(before.deadline, after.deadline),
        *_stated(DifferenceKind.LOGIN_CHANGED, _some(before.login), _some(after.login)),
        *_stated(DifferenceKind.ELIGIBILITY_CHANGED, before.eligibility, after.eligibility),
        *_stated(DifferenceKind.SCOPE_CHANGED, before.covered + before.excluded, after.covered + after.excluded),
        *_stated(DifferenceKind.CONFIRMATION_CHANGED, before.confirmation, after.confirmation),
        *_entries(before, after),
    ]
    return tuple(found)


def _some(stated: Stated | None) -> tuple[Stated, ...]:
    return (stated,) if stated else ()


def _steps(before: Sequence[Stated], after: Sequence[Stated]) -> Iterator[Difference]:
    olds, news = [fold(step.value) for step in before], [fold(step.value) for step in after]
    if olds != news and sorted(olds) == sorted(news):
        yield Difference(DifferenceKind.STEPS_REORDERED, _listed(before), _listed(after))
        return
    gone = [step for step, key in zip(before, olds, strict=True) if key not in news]
    come = [step for step, key in zip(after, news, strict=True) if key not in olds]
    for old in gone:
        twin = max(come, key=lambda new: _alike(old.value, new.value), default=None)
        if twin is not None and _alike(old.value, twin.value) >= _REWORDED:
            come.remove(twin)
            yield Difference(DifferenceKind.STEP_REWORDED, old.value, twin.value)
        else:
            yield Difference(DifferenceKind.STEP_REMOVED, old.value, "")
    yield from (Difference(DifferenceKind.STEP_ADDED, "", new.value) for new in come)


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, fold(one), fold(other), autojunk=False).ratio()


def _listed(steps: Sequence[Stated]) -> str:
    return "; ".join(step.value for step in steps)


def _forms(before: Sequence[Stated], after: Sequence[Stated]) -> Iterator[Difference]:
    """Yield forms by the words that lead to them: the same words to another address is a form that moved."""
    olds = [form for form in before if form.value not in {other.value for other in after}]
    news = [form for form in after if form.value not in {other.value for other in before}]
    seen: set[tuple[str, str]] = set()
    for old in olds:
        twin = next((new for new in news if fold(new.quote) == fold(old.quote)), None)
        if twin is None:
            yield Difference(DifferenceKind.FORM_REMOVED, old.value, "")
            continue
        if (old.value, twin.value) not in seen:
            yield Difference(DifferenceKind.FORM_MOVED, old.value, twin.value)
        seen.add((old.value, twin.value))
    moved_to = {new for _, new in seen}
    yield from (Difference(DifferenceKind.FORM_ADDED, "", new.value) for new in news if new.value not in moved_to)


def _fields(before: Sequence[Field], after: Sequence[Field]) -> Iterator[Difference]:
    olds, news = {_named(field): field for field in before}, {_named(field): field for field in after}
    for name, old in olds.items():
        new = news.get(name)
        if new is None:
            yield Difference(DifferenceKind.FIELD_REMOVED, old.label or old.name, "")
            continue
        label = new.label or new.name
        if old.required != new.required:
            kind = DifferenceKind.FIELD_REQUIRED if new.required else DifferenceKind.FIELD_OPTIONAL
            yield Difference(kind, label, label)
        if old.options != new.options:
            yield Difference(DifferenceKind.OPTIONS_CHANGED, ", ".join(old.options), ", ".join(new.options))
    for name, new in news.items():
        if name not in olds:
            yield Difference(DifferenceKind.FIELD_ADDED, "", new.label or new.name)


def _named(field: Field) -> str:
    return field.name or fold(field.label)


def _deadline(before: Stated | None, after: Stated | None) -> Iterator[Difference]:
    old, new = (before.quote if before else ""), (after.quote if after else "")
    if fold(old) == fold(new):
        return
    kind = (
        DifferenceKind.DEADLINE_MOVED
        if old and new
        else DifferenceKind.DEADLINE_SET
        if new
        else DifferenceKind.DEADLINE_LIFTED
    )
    yield Difference(kind, old, new)


def _stated(kind: DifferenceKind, before: Sequence[Stated], after: Sequence[Stated]) -> Iterator[Difference]:
    olds, news = {fold(one.quote): one.quote for one in before}, {fold(one.quote): one.quote for one in after}
    gone = [quote for key, quote in olds.items() if key not in news]
    come = [quote for key, quote in news.items() if key not in olds]
    if gone or come:
        yield Difference(kind, " / ".join(gone), " / ".join(come))


def _entries(before: Procedure, after: Procedure) -> Iterator[Difference]:
    olds, news = [" > ".join(e.path) for e in before.entries], [" > ".join(e.path) for e in after.entries]
    gone = [path for path in olds if path not in news]
    come = [path for path in news if path not in olds]
    if gone or come:
        yield Difference(DifferenceKind.ENTRY_CHANGED, "; ".join(gone), "; ".join(come))
