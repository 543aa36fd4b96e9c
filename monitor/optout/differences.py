"""Procedure x Procedure -> typed differences: a step added, a form moved, a field now required, a deadline set."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from monitor.model.document import Field
from monitor.model.procedure import Difference, DifferenceKind, Entry, Procedure, Stated
from monitor.text import fold

# Two steps that share this part of their letters are one step reworded (difflib ratio).
_REWORDED = 0.6


def differences_of(before: Procedure, after: Procedure) -> tuple[Difference, ...]:
    """Return what differs between two ways out: steps, forms, fields, then deadline, login and scope.

    Facts are compared by their values: a sentence reworded round the same regions, dates or data is no difference.
    """
    found = [
        *_steps(before.steps, after.steps),
        *_forms(before.forms, after.forms),
        *_fields(before.fields, after.fields),
        *_deadline(before.deadline, after.deadline),
        *_stated(DifferenceKind.LOGIN_CHANGED, _some(before.login), _some(after.login)),
        *_eligibility(before.eligibility, after.eligibility),
        *_stated(DifferenceKind.SCOPE_CHANGED, before.covered, after.covered),
        *_stated(DifferenceKind.SCOPE_CHANGED, before.excluded, after.excluded),
        *_stated(DifferenceKind.CONFIRMATION_CHANGED, before.confirmation, after.confirmation),
        *_entries(before.entries, after.entries),
    ]
    return tuple(found)


def _some(stated: Stated | None) -> tuple[Stated, ...]:
    return (stated,) if stated else ()


def _steps(before: Sequence[Stated], after: Sequence[Stated]) -> Iterator[Difference]:
    """Yield steps that changed places, went, came or were reworded."""
    olds, news = [fold(step.value) for step in before], [fold(step.value) for step in after]
    if [key for key in olds if key in news] != [key for key in news if key in olds]:
        yield Difference(DifferenceKind.STEPS_REORDERED, _listed(before), _listed(after))
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
    olds, news = _led_to(before), _led_to(after)
    moved = [(address, news[words]) for words, address in olds.items() if words in news]
    moved = [(old, new) for old, new in dict.fromkeys(moved) if old != new]
    left, arrived = {old for old, _ in moved}, {new for _, new in moved}
    yield from (Difference(DifferenceKind.FORM_MOVED, old, new) for old, new in moved)
    gone = dict.fromkeys(form.value for form in before if form.value not in {other.value for other in after})
    come = dict.fromkeys(form.value for form in after if form.value not in {other.value for other in before})
    yield from (Difference(DifferenceKind.FORM_REMOVED, old, "") for old in gone if old not in left)
    yield from (Difference(DifferenceKind.FORM_ADDED, "", new) for new in come if new not in arrived)


def _led_to(forms: Sequence[Stated]) -> dict[str, str]:
    """Return the address that each wording leads to; the first one where several stand under the same words."""
    return {fold(form.quote): form.value for form in reversed(forms)}


def _fields(before: Sequence[Field], after: Sequence[Field]) -> Iterator[Difference]:
    """Yield fields that went, came, or ask for something else; the same label under another name is the same field."""
    olds, news = list(before), list(after)
    pairs = [*_paired(olds, news, lambda field: field.name), *_paired(olds, news, lambda field: fold(field.label))]
    for old, new in sorted(pairs, key=lambda pair: before.index(pair[0])):
        label = _shown(new)
        if old.required != new.required:
            kind = DifferenceKind.FIELD_REQUIRED if new.required else DifferenceKind.FIELD_OPTIONAL
            yield Difference(kind, label, label)
        if old.options != new.options:
            yield from _options(label, old.options, new.options)
    yield from (Difference(DifferenceKind.FIELD_REMOVED, _shown(old), "") for old in olds)
    yield from (Difference(DifferenceKind.FIELD_ADDED, "", _shown(new)) for new in news)


def _paired(olds: list[Field], news: list[Field], known_by: Callable[[Field], str]) -> list[tuple[Field, Field]]:
    """Take fields that are known by the same out of both lists, and return them as pairs."""
    pairs = []
    for old in tuple(olds):
        new = next((field for field in news if known_by(old) and known_by(field) == known_by(old)), None)
        if new is not None:
            olds.remove(old)
            news.remove(new)
            pairs.append((old, new))
    return pairs


def _shown(field: Field) -> str:
    return field.label or field.name


def _options(label: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
    """Yield what can be chosen that could not, and the other way round; another order of the same is nothing."""
    gone = [option for option in before if option not in after]
    come = [option for option in after if option not in before]
    if gone or come:
        sides = (f"{label}: {', '.join(side)}" if side else "" for side in (gone, come))
        yield Difference(DifferenceKind.OPTIONS_CHANGED, *sides)


def _deadline(before: Stated | None, after: Stated | None) -> Iterator[Difference]:
    old, new = (before.value if before else ""), (after.value if after else "")
    if fold(old) == fold(new):
        return
    kind = (
        DifferenceKind.DEADLINE_MOVED
        if old and new
        else DifferenceKind.DEADLINE_SET
        if new
        else DifferenceKind.DEADLINE_LIFTED
    )
    yield Difference(kind, before.quote if before else "", after.quote if after else "")


def _eligibility(before: Sequence[Stated], after: Sequence[Stated]) -> Iterator[Difference]:
    """Yield the regions and people that fewer, or more, are named of.

    A page that names nobody any more may offer the way out to all: that is a change, and no narrowing.
    """
    olds, news = _named(before), _named(after)
    gone = [name for key, name in olds.items() if key not in news]
    come = [name for key, name in news.items() if key not in olds]
    if gone and not come and news:
        yield Difference(DifferenceKind.NO_LONGER_OFFERED, ", ".join(gone), "")
    elif come and not gone and olds:
        yield Difference(DifferenceKind.NOW_OFFERED, "", ", ".join(come))
    elif gone or come:
        yield from _stated(DifferenceKind.ELIGIBILITY_CHANGED, before, after)


def _named(stated: Sequence[Stated]) -> dict[str, str]:
    """Return the names of all statements, each once, by their folded form."""
    return {fold(name): name for one in stated for name in one.value.split(", ")}


def _stated(kind: DifferenceKind, before: Sequence[Stated], after: Sequence[Stated]) -> Iterator[Difference]:
    """Yield the facts that only one side states; a fact stated for several groups and then for fewer has gone."""
    gone, come = _only(before, after), _only(after, before)
    if gone or come:
        yield Difference(kind, " / ".join(gone), " / ".join(come))


def _only(these: Sequence[Stated], those: Sequence[Stated]) -> list[str]:
    """Return what these state more often than those do; under which headings, where those state it elsewhere."""
    counts = Counter(fold(one.value) for one in these)
    counts.subtract(fold(one.value) for one in those)
    places = {(fold(one.value), one.trail) for one in those}
    found: list[str] = []
    for one in sorted(these, key=lambda one: (fold(one.value), one.trail) in places):
        key = fold(one.value)
        if counts[key] > 0:
            counts[key] -= 1
            found.append(_placed(one, [other for other in those if fold(other.value) == key]))
    return found


def _placed(one: Stated, others: Sequence[Stated]) -> str:
    """Return a value with the innermost heading that the same value elsewhere does not stand under."""
    known = {heading for other in others for heading in other.trail}
    heading = next((heading for heading in reversed(one.trail) if heading not in known), "")
    return f"{one.value} ({heading})" if others and heading else one.value


def _entries(before: Sequence[Entry], after: Sequence[Entry]) -> Iterator[Difference]:
    """Yield ways in that only one side names; the same path to another address counts."""
    olds, news = {_way_in(entry): entry for entry in before}, {_way_in(entry): entry for entry in after}
    gone = [entry for key, entry in olds.items() if key not in news]
    come = [entry for key, entry in news.items() if key not in olds]
    if gone or come:
        sides = ("; ".join(dict.fromkeys(_path(entry) for entry in side)) for side in (gone, come))
        yield Difference(DifferenceKind.ENTRY_CHANGED, *sides)


def _way_in(entry: Entry) -> tuple[str, str]:
    return fold(" > ".join(entry.path)), entry.target


def _path(entry: Entry) -> str:
    path = " > ".join(entry.path)
    return f"{path} ({entry.target})" if entry.target else path
