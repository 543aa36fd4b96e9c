"""What `assess` found in one capture, and what it remembers of a page between captures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.model.capture import Capture, Digest, Refusal, Validators, validators_of
from monitor.model.change import Change
from monitor.model.document import Block, Document
from monitor.model.procedure import Difference, Procedure
from monitor.model.status import Check
from monitor.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One capture that was accepted: its bytes' digest, moment (UTC) and the fingerprint of its reading."""

    capture: Digest
    at: datetime
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Reading:
    """An accepted capture with what it says."""

    sight: Sight
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """What is normal for a page: characters, language, title, headings and dropped characters of its newest reading."""

    chars: int = 0
    language: str = ""
    title: str = ""
    dropped_chars: int = 0
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A verdict that later captures will confirm or drop.

    `sight` is the capture that raised it, `before` the one it was compared with; `gone` and `come` are the marks whose
    absence and presence must hold (`compare.marks`).
    """

    sight: Sight
    before: Sight
    verdict: Verdict
    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is remembered of one page from one vantage: enough to judge the next capture, and no more.

    `rules` names the recipe and rules it was made by: a history of other rules is made anew from the captures.
    `seen` maps the mark of every block, link and field ever accepted (`compare.marks`) to the first moment it was seen,
    `fingerprints` that of every reading; `gone` are marks whose going was judged. `suspect` is a reading in which a
    group of sections went or came, or which is another document: it takes the newest one's place when the next capture
    is nearer to it. `absent` are blocks that went as a group at `absent_since`, for the case that the group comes back
    without some of them.
    """

    rules: str
    newest: Sight | None = None
    document: Document | None = None
    normal: Normal = Normal()
    seen: Mapping[str, datetime] = field(default_factory=dict)
    fingerprints: Mapping[str, datetime] = field(default_factory=dict)
    waiting: tuple[Waiting, ...] = ()
    gone: frozenset[str] = frozenset()
    suspect: Reading | None = None
    absent: tuple[Block, ...] = ()
    absent_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """What a page of which nothing is undecided showed last: enough to ask for it again, and to know it again.

    `sight` is that of the newest reading and `source` names what it was read from (`Document.source`); `validators` are
    those of the newest capture that read so.
    """

    sight: Sight
    source: str
    validators: Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a page before it is asked for.

    `last` is its newest check and None before the first one, `newest` what it showed last by the rules that were asked
    for, and `held` says whether any alert of it is held. `left_over` says whether captures of it were kept after its
    newest check: a run that ended between the two did not come to read them.
    """

    last: Check | None = None
    newest: Newest | None = None
    held: bool = False
    left_over: bool = False


def newest_of(history: History, capture: Capture) -> Newest | None:
    """Return what a page showed last by this history and the capture that it came to; None while it is undecided."""
    if history.newest is None or history.document is None or history.waiting or history.suspect is not None:
        return None
    return Newest(sight=history.newest, source=history.document.source, validators=validators_of(capture))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An earlier verdict that this capture confirmed, dropped, or left to a maintainer (then it is still held).

    `sight` names the capture that had raised it.
    """

    sight: Sight
    before: Sight
    verdict: Verdict
    confirmed: bool
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer of `assess`: what this capture is, what it settles, and what to remember.

    `remarks` are for maintainers: a recipe that took more than it used to, a selector that found nothing. `before` is
    the sight it was compared with (None for the first or a refused capture). When nothing worth
    remembering changed, `history` is the very object that came in.
    """

    verdict: Verdict
    history: History
    sight: Sight | None = None
    before: Sight | None = None
    refusal: Refusal | None = None
    document: Document | None = None
    change: Change = Change()
    procedure: Procedure = Procedure()
    differences: tuple[Difference, ...] = ()
    settled: tuple[Settled, ...] = ()
    remarks: tuple[str, ...] = ()
