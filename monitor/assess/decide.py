"""What one capture is: refused, quiet, held or news."""

from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256

from monitor import extract as reading
from monitor.assess.memory import remarks, remembered, settle, still_absent, waiting_for
from monitor.compare import Sorted, compare, mark, sorted_by_known
from monitor.extract import extract, surface
from monitor.model.capture import Capture, Refusal
from monitor.model.change import Change
from monitor.model.document import Document, Part
from monitor.model.finding import Finding, History, Sight
from monitor.model.page import Page
from monitor.model.verdict import Kind, Level, Reason, Verdict
from monitor.optout import differences_of, judge, procedure_of
from monitor.optout.lexicon import Lexicon, Lexicons
from monitor.optout.reading import Reader
from monitor.recognise import recognise

# Raised whenever the same captures may be judged otherwise than before.
EDITION = "1"

# A page of which less than this share of blocks is known is another document or a rewrite: a maintainer looks first.
# In the development corpus a policy's own revisions keep at least 41 %, two different documents share under 3 %.
OTHER_DOCUMENT = 0.1
_FEW_BLOCKS = 10


def rules(page: Page, lexicons: Lexicons) -> str:
    """Return a name for everything that decides how this page's captures are read and judged."""
    parts = [EDITION, reading.EDITION, repr(page.recipe), repr(page.present), page.kind.value, page.language]
    parts += [f"{code}={lexicons[code].digest}" for code in sorted(lexicons)]
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A capture that reads differently from the newest one, with all that is held beside it."""

    page: Page
    history: History
    before: Document
    sight: Sight
    document: Document
    reader: Reader


def assess(page: Page, history: History, capture: Capture, lexicons: Lexicons) -> Finding:
    """Return what this capture is: refused, quiet, held or news; what it settles; and what to remember of the page."""
    document = extract(capture, page.recipe)
    sight = Sight(capture=capture.digest, at=capture.at, fingerprint=document.fingerprint)
    if history.newest is not None and history.newest.fingerprint == document.fingerprint:
        return _same(history, history.newest, sight, document)
    refusal = recognise(page, capture, document, surface(capture, page.present), history.normal)
    if refusal is not None:
        return _refused(history, refusal)
    reader = _reader(page.language or document.language, tuple(lexicons.values()))
    if history.document is None:
        return _first(history, sight, document, reader)
    case = _Case(page=page, history=history, before=history.document, sight=sight, document=document, reader=reader)
    return _changed(case)


@lru_cache(maxsize=64)
def _reader(language: str, lexicons: tuple[Lexicon, ...]) -> Reader:
    return Reader({lexicon.language: lexicon for lexicon in lexicons}, language)


def _same(history: History, newest: Sight, sight: Sight, document: Document) -> Finding:
    """Return the finding on a capture that reads as the newest one: it confirms what waits."""
    settled, waiting = settle(history.waiting, document)
    return Finding(
        verdict=Verdict(kind=Kind.SAME if newest.capture == sight.capture else Kind.NOISE),
        history=history if waiting == history.waiting else replace(history, waiting=waiting),
        sight=sight,
        before=newest,
        settled=settled,
    )


def _refused(history: History, refusal: Refusal) -> Finding:
    reasons = tuple(Reason(rule=f"refused:{refusal.why}", cue=cue, where="", weight=0.0) for cue in refusal.evidence)
    verdict = Verdict(kind=Kind.CAPTURE, title=f"not the page: {refusal.why.value}", reasons=reasons)
    return Finding(verdict=verdict, history=history, refusal=refusal)


def _first(history: History, sight: Sight, document: Document, reader: Reader) -> Finding:
    """Return the finding on the first sight of a page, which is never news."""
    return Finding(
        verdict=Verdict(kind=Kind.FIRST),
        history=remembered(history, sight, document),
        sight=sight,
        document=document,
        procedure=procedure_of(document, reader),
        remarks=remarks(history.normal, document),
    )


def _changed(case: _Case) -> Finding:
    """Return the finding on a capture that reads differently: sort out what is known, then judge the rest."""
    history, document = case.history, case.document
    with_absent = replace(case.before, blocks=case.before.blocks + history.absent, fingerprint="")
    change = compare(with_absent, document)
    known = sorted_by_known(change, seen=history.seen, absent=history.absent, before=case.before)
    verdict = _verdict(case, change, known)
    settled, waiting = settle(history.waiting, document)
    old, new = procedure_of(case.before, case.reader), procedure_of(document, case.reader)
    differences = differences_of(old, new)
    if verdict.held and history.newest is not None:
        waiting += (waiting_for(history.newest, case.sight, verdict, known, differences),)
    absent = still_absent(history, change.removed, known)
    return Finding(
        verdict=verdict,
        history=remembered(history, case.sight, document, waiting=waiting, absent=absent),
        sight=case.sight,
        before=history.newest,
        document=document,
        change=change,
        procedure=new,
        differences=differences,
        settled=settled,
        remarks=remarks(history.normal, document),
    )


def _verdict(case: _Case, change: Change, known: Sorted) -> Verdict:
    """Return what a different reading is called."""
    if not change:
        return Verdict(kind=Kind.NOISE)
    if case.sight.fingerprint in case.history.fingerprints:
        return Verdict(kind=Kind.FLAP, title="the text returned to one seen before")
    verdict = judge(case.page, known.fresh, case.document, case.reader)
    if verdict.relevant:
        return _doubted(case, verdict)
    if known.group:
        return _group_verdict(case, known)
    if known.returned and not known.fresh:
        return Verdict(kind=Kind.FLAP, title="all new text was seen before")
    return verdict


def _doubted(case: _Case, verdict: Verdict) -> Verdict:
    """Return the verdict, held when the page is another document altogether: that is told by people only."""
    blocks = [block for block in case.document.blocks if block.part is not Part.FURNITURE]
    share = sum(mark(block) in case.history.seen for block in blocks) / max(1, len(blocks))
    if share >= OTHER_DOCUMENT or len(blocks) < _FEW_BLOCKS:
        return verdict
    return replace(
        verdict,
        held=True,
        confirmable=False,
        waits_for=f"a maintainer: only {share:.0%} of the page was ever seen before",
    )


def _group_verdict(case: _Case, known: Sorted) -> Verdict:
    """Return the verdict on a group of sections that went: the capture's doing until shown otherwise."""
    judged = judge(case.page, Change(removed=known.group), case.document, case.reader)
    went = f"{len(known.group)} blocks went together"
    if judged.level is not Level.ALERT:
        return Verdict(kind=Kind.CAPTURE, title=went, reasons=judged.reasons)
    waits = f"a maintainer: {went}, which is more often the capture's doing than the page's"
    return replace(judged, kind=Kind.CAPTURE, held=True, confirmable=False, waits_for=waits)
