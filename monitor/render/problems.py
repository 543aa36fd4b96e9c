"""A page that could not be read, and its recovery, as entries of the problems feed."""

from collections.abc import Iterator
from hashlib import sha256

from monitor.model.page import Page
from monitor.model.status import Problem
from monitor.render.entry import Entry
from monitor.render.facts import shortened
from monitor.render.place import Place, page_path
from monitor.render.safe import markup, one_line
from monitor.render.tongue import ENGLISH, Tongue, stamp, utc

_DETAIL_CHARS = 300


def problem_entries(problem: Problem, page: Page | None, place: Place, tongue: Tongue = ENGLISH) -> Iterator[Entry]:
    """Yield the entry that tells of a problem and, when it is over, the one that says so."""
    name = one_line(page.title if page and page.title else problem.page)
    lines = list(_lines(problem, tongue))
    yield _entry(problem, page, place, "missed", tongue.say("%(page)s: not read", page=name), lines)
    if problem.recovered is not None:
        again = tongue.say("Read again at %(at)s.", at=utc(problem.recovered))
        yield _entry(problem, page, place, "recovered", tongue.say("%(page)s: read again", page=name), [again, *lines])


def problem_name(problem: Problem) -> str:
    """Return what names a problem for good: a digest of the page and of the first check that brought nothing."""
    return sha256(f"{problem.page}\n{stamp(problem.since)}".encode()).hexdigest()[:20]


def _lines(problem: Problem, tongue: Tongue) -> Iterator[str]:
    if problem.read is None:
        yield tongue.say("Never read so far; first tried in vain %(since)s.", since=utc(problem.since))
    else:
        read, since = utc(problem.read), utc(problem.since)
        yield tongue.say("Last read %(read)s; not since %(since)s.", read=read, since=since)
    if detail := shortened(problem.detail, _DETAIL_CHARS):
        yield tongue.say("What came instead: %(detail)s", detail=detail)
    yield tongue.say("A change made in this time is told when the page can be read again.")


def _entry(problem: Problem, page: Page | None, place: Place, what: str, title: str, lines: list[str]) -> Entry:
    at = problem.recovered if what == "recovered" and problem.recovered else problem.told
    named = (("service", page.service if page else ""), ("page", problem.page), ("kind", f"page-{what}"))
    return Entry(
        id=place.tag("problem", problem_name(problem), what),
        link=place.url(page_path(problem.page)),
        title=shortened(title, 140),
        summary="\n".join(lines),
        content="\n".join(f"<p>{markup(line)}</p>" for line in lines),
        categories=tuple((name, one_line(term)) for name, term in named if term),
        published=at,
        updated=at,
    )
