"""Ways out of a page's editions in, what differs between them today out.

Words of two languages cannot be compared, so only what every language writes alike counts between them: addresses,
names of form fields and whether they are required, the date of a deadline, whether one must sign in, and how many
steps there are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from monitor.model.page import Page, PageId
from monitor.model.procedure import Difference, Entry, Procedure, Stated
from monitor.model.status import EditionGap, Standing
from monitor.optout.differences import differences_of


def edition_gaps(pages: Iterable[Page], standings: Mapping[PageId, Standing]) -> tuple[EditionGap, ...]:
    """Return what each edition has otherwise than the page it is an edition of, in the order of the pages.

    Editions that were never read, and those that say the same, are left out.
    """
    return tuple(_gaps({page.id: page for page in pages}, standings))


def differences_between(one: Procedure, other: Procedure, *, same_language: bool) -> tuple[Difference, ...]:
    """Return what differs between two ways out side by side: `before` is of the one, `after` of the other."""
    if same_language:
        return differences_of(one, other)
    return differences_of(_common(one), _common(other))


def _gaps(pages: Mapping[PageId, Page], standings: Mapping[PageId, Standing]) -> Iterator[EditionGap]:
    for edition in pages.values():
        page = pages.get(edition.edition_of)
        if page is None:
            continue
        one, other = standings.get(page.id), standings.get(edition.id)
        if one is None or other is None or one.read is None or other.read is None:
            continue
        found = differences_between(one.procedure, other.procedure, same_language=page.language == edition.language)
        if found:
            yield EditionGap(page=page.id, edition=edition.id, differences=found)


def _common(way: Procedure) -> Procedure:
    """Return what every language writes alike of a way out; each form stands for itself, whatever leads to it."""
    return Procedure(
        entries=tuple(Entry((), target, "") for target in dict.fromkeys(each.target for each in way.entries) if target),
        steps=(Stated(str(len(way.steps)), ""),),
        forms=tuple(Stated(form.value, form.value) for form in way.forms),
        fields=tuple(replace(field, label="", options=()) for field in way.fields if field.name),
        login=replace(way.login, trail=()) if way.login else None,
        deadline=Stated(way.deadline.value, way.deadline.value) if way.deadline else None,
    )
