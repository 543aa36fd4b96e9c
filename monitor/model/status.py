"""How the watching itself goes: every check, and where each page stands."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model.capture import Digest, MissReason
from monitor.model.page import PageId
from monitor.model.procedure import Difference, Effort, Procedure


class Outcome(StrEnum):
    """How one check ended."""

    FIRST = "first"
    UNCHANGED = "unchanged"
    QUIET = "quiet"
    NEWS = "news"
    HELD = "held"
    REFUSED = "refused"
    MISSED = "missed"


# How a miss is told when nobody was asked, since the host had wanted to be left alone for a while.
LEFT_ALONE = f"{MissReason.LEFT_ALONE}:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of one page: when (UTC), how it ended, the capture's digest if bytes came, and a sentence."""

    page: PageId
    at: datetime
    outcome: Outcome
    capture: Digest | None = None
    detail: str = ""

    @property
    def put_off(self) -> bool:
        """Say whether something else came in the page's place, or nobody was asked for it."""
        return self.outcome is Outcome.REFUSED or self.left_alone

    @property
    def left_alone(self) -> bool:
        """Say whether nobody was asked, since the host had wanted to be left alone for a while."""
        return self.outcome is Outcome.MISSED and self.detail.startswith(LEFT_ALONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One reading of a page that differs from the one before, with the capture it first came in.

    `effort` is how deep the way out lay in it, or None where it described none.
    """

    page: PageId
    at: datetime
    capture: Digest
    fingerprint: str
    kind: str
    level: str
    summary: str = ""
    effort: Effort | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a page stands: last asked, last read, last changed (UTC), checks since it was last read, its way out."""

    page: PageId
    checked: datetime | None = None
    read: datetime | None = None
    changed: datetime | None = None
    misses: int = 0
    detail: str = ""
    procedure: Procedure = Procedure()


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionGap:
    """What an edition of a page has otherwise than the page itself, as both were last read.

    `before` of a difference is the page's, `after` the edition's.
    """

    page: PageId
    edition: PageId
    differences: tuple[Difference, ...]


# Checks in a row without a reading after which a page is a problem that readers are told of.
PROBLEM_AFTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Staleness:
    """Who is told when of a page that cannot be read.

    Readers after `checks` in a row, by the problems feed and the site; `maintainers` (mail addresses) when it has
    lasted for `mail_after`.
    """

    checks: int = PROBLEM_AFTER
    mail_after: timedelta = timedelta(days=2)
    maintainers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A page that could not be read for several checks in a row; page and `since` name it for good.

    `read` is the last reading before, `since` the first check that brought none, `told` the check with which it became
    a problem, `recovered` the next reading, if there was one (UTC).
    """

    page: PageId
    since: datetime
    told: datetime
    read: datetime | None = None
    recovered: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A problem that maintainers had a mail about; page and `since` name it as they name the problem.

    `warned` and `relieved` are when they were told that it lasts and that it is over (UTC).
    """

    page: PageId
    since: datetime
    warned: datetime
    relieved: datetime | None = None


def problems_of(checks: Iterable[Check], *, after: int = PROBLEM_AFTER) -> tuple[Problem, ...]:
    """Return the problems in one page's checks (oldest first), oldest first; what is told of one never changes."""
    problems: list[Problem] = []
    missed: list[Check] = []
    read: datetime | None = None
    for check in checks:
        if check.outcome in (Outcome.MISSED, Outcome.REFUSED):
            missed.append(check)
            if len(missed) == after:
                problems.append(_problem(missed, read))
            continue
        if len(missed) >= after:
            problems[-1] = replace(problems[-1], recovered=check.at)
        missed, read = [], check.at
    return tuple(problems)


def _problem(missed: list[Check], read: datetime | None) -> Problem:
    first, last = missed[0], missed[-1]
    return Problem(page=first.page, since=first.at, told=last.at, read=read, detail=last.detail)
