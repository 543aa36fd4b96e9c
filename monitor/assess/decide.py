"""What one capture is: refused, quiet, held or news."""

from dataclasses import dataclass, replace
from hashlib import sha256

from monitor import extract as reading
from monitor.assess.memory import (
    lost,
    nearest,
    remarks,
    remembered,
    settle,
    share,
    suspected,
    waiting_for,
    with_absent,
)
from monitor.compare import Sorted, compare, mark, marks, sorted_by_known
from monitor.extract import Opened, opened, surface
from monitor.model.capture import Capture, Refusal
from monitor.model.change import Change
from monitor.model.document import Document
from monitor.model.finding import Finding, History, Reading, Sight, Waiting
from monitor.model.page import Page
from monitor.model.procedure import Procedure
from monitor.model.verdict import NEXT_FETCH, Kind, Level, Reason, Verdict
from monitor.once import lately, once
from monitor.optout import ItemKind, Judged, differences_of, judge, procedure_of
from monitor.optout.lexicon import Lexicon, Lexicons
from monitor.optout.reading import Reader
from monitor.recognise import recognise

# Raised whenever the same captures may be judged otherwise than before.
EDITION = "1"

# A page of which less than this share of blocks is known is another document or a rewrite: a maintainer looks first.
# Set so that no revision of a policy in the development corpus is one, and the obsolete policy once served is.
OTHER_DOCUMENT = 0.1
_FEW_BLOCKS = 10
# An answer that shares this part of its marks with the newest reading needs no further look: a wall or an error page
# shares next to nothing with the page, and a cut load that still shares so much is a group that went.
THE_PAGE = 0.6
HTTP_ERRORS = 400
HARDLY_KNOWN = "a maintainer: hardly any of this was seen before"


def rules(page: Page, lexicons: Lexicons) -> str:
    """Return a name for everything that decides how this page's captures are read and judged."""
    parts = [EDITION, reading.EDITION, repr(page.recipe), repr(page.present), page.kind.value, page.language]
    parts += [f"{code}={lexicons[code].digest}" for code in sorted(lexicons)]
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


_way_out = once(8)(procedure_of)


def way_out(page: Page, document: Document, lexicons: Lexicons) -> Procedure:
    """Return the way out that a document of a page describes, as it is read for a verdict."""
    return _way_out(document, _reader(page.language or document.language, tuple(lexicons.values())))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A capture that reads differently from the newest one, with all that is held beside it."""

    page: Page
    history: History
    before: Reading
    sight: Sight
    document: Document
    reader: Reader


def assess(
    page: Page, history: History, capture: Capture, lexicons: Lexicons, opening: Opened | None = None
) -> Finding:
    """Return what this capture is: refused, quiet, held or news; what it settles; and what to remember of the page.

    `opening` is the capture as opened by the page's recipe, where that was done already.
    """
    document = _document(history, opening or opened(capture, page.recipe))
    sight = Sight(capture=capture.digest, at=capture.at, fingerprint=document.fingerprint)
    if history.newest is not None and history.newest.fingerprint == document.fingerprint:
        return _same(history, history.newest, sight, document)
    refusal = None if _is_known(history, capture, document) else _refusal(page, history, capture, document)
    if refusal is not None:
        return _refused(history, refusal)
    reader = _reader(page.language or document.language, tuple(lexicons.values()))
    before = nearest(history, marks(document))
    if before is None:
        return _first(history, sight, document, reader)
    return _changed(_Case(page=page, history=history, before=before, sight=sight, document=document, reader=reader))


def _document(history: History, opening: Opened) -> Document:
    """Return what a capture says: what is remembered where it is read from the same, or read now."""
    known = (history.document, history.suspect.document if history.suspect else None)
    return next((one for one in known if one is not None and one.source == opening.name), None) or opening.read()


def _is_known(history: History, capture: Capture, document: Document) -> bool:
    """Say whether an answer shares so much with the newest reading that it is the page, whatever else stands on it."""
    known = history.document is not None and share(history.document, marks(document)) >= THE_PAGE
    return known and capture.status < HTTP_ERRORS


def _refusal(page: Page, history: History, capture: Capture, document: Document) -> Refusal | None:
    return recognise(page, capture, document, surface(capture, page.present), history.normal)


@lately(8)
def _reader(language: str, lexicons: tuple[Lexicon, ...]) -> Reader:
    return Reader({lexicon.language: lexicon for lexicon in lexicons}, language)


def _same(history: History, newest: Sight, sight: Sight, document: Document) -> Finding:
    """Return the finding on a capture that reads as the newest one: it settles what waits and what is suspect."""
    settled, waiting = settle(history.waiting, document)
    kind = Kind.FLAP if history.suspect else Kind.SAME if newest.capture == sight.capture else Kind.NOISE
    quiet = not history.suspect and waiting == history.waiting
    return Finding(
        verdict=Verdict(kind=kind),
        history=history if quiet else with_absent(replace(history, waiting=waiting, suspect=None), (), sight, document),
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
        history=remembered(history, Reading(sight, document), waiting=(), gone=()),
        sight=sight,
        document=document,
        procedure=_way_out(document, reader),
        remarks=remarks(history.normal, document),
    )


def _changed(case: _Case) -> Finding:
    """Return the finding on a capture that reads differently: sort out what is known, then judge the rest."""
    history, document, before = case.history, case.document, case.before
    change = compare(before.document, document)
    change = replace(change, removed=change.removed + lost(history, document))
    known = sorted_by_known(change, before.document, seen=history.seen, gone=history.gone)
    judged = _judged(case, change, known)
    verdict = judged.verdict
    old, new = _way_out(before.document, case.reader), _way_out(document, case.reader)
    differences = differences_of(old, new)
    settled, waiting = settle(history.waiting, document)
    if verdict.held:
        waiting += (waiting_for(before.sight, case.sight, judged, differences),)
    return Finding(
        verdict=verdict,
        history=_next_history(case, known, waiting),
        sight=case.sight,
        before=before.sight,
        document=document,
        change=change,
        procedure=new,
        differences=differences,
        settled=settled,
        remarks=remarks(history.normal, document),
    )


def _next_history(case: _Case, known: Sorted, waiting: tuple[Waiting, ...]) -> History:
    """Return the history after this capture; a suspect one stands beside the reading it was compared with."""
    reading = Reading(case.sight, case.document)
    gone = marks(case.before.document) - {mark(block) for block in known.group_gone}
    returned = case.sight.fingerprint in case.history.fingerprints
    if not returned and (known.variant or _other_document(case)):
        after = suspected(case.history, case.before, reading, waiting=waiting, gone=gone)
    else:
        after = remembered(case.history, reading, waiting=waiting, gone=gone)
    return with_absent(after, known.group_gone, case.sight, case.document)


def _judged(case: _Case, change: Change, known: Sorted) -> Judged:
    """Return what a different reading is called."""
    if not change:
        return Judged(Verdict(kind=Kind.NOISE))
    if case.sight.fingerprint in case.history.fingerprints:
        return Judged(Verdict(kind=Kind.FLAP, title="the text returned to one seen before"))
    judged = judge(case.page, known.fresh, case.document, case.reader)
    if judged.verdict.relevant and not (known.variant and _stray(judged)):
        return replace(judged, verdict=_held(case, judged.verdict))
    if known.variant:
        return _group_judged(case, known)
    if known.returned and not known.fresh:
        return Judged(Verdict(kind=Kind.FLAP, title="all new text was seen before"))
    return judged


def _stray(judged: Judged) -> bool:
    """Say whether a verdict rests on lesser words that only went: beside a group that went they went with it."""
    gone = all(item.kind is ItemKind.REMOVED for item in judged.rests_on)
    return gone and judged.verdict.level is not Level.ALERT


def _held(case: _Case, verdict: Verdict) -> Verdict:
    """Return the verdict, held when readers would be woken: that takes two fetches which agree.

    Pages show variants to one fetch in many, and a second look an hour later costs nobody a day. Another document
    altogether is told by people only.
    """
    if _other_document(case):
        return replace(verdict, held=True, confirmable=False, waits_for=HARDLY_KNOWN)
    if verdict.held or verdict.level is not Level.ALERT:
        return verdict
    return replace(verdict, held=True, confirmable=True, waits_for=f"{NEXT_FETCH}, to confirm it")


def _other_document(case: _Case) -> bool:
    """Say whether hardly anything of a page of some length was ever seen on it."""
    found = marks(case.document)
    known = len(found & case.history.seen.keys())
    return len(case.document.blocks) >= _FEW_BLOCKS and known < OTHER_DOCUMENT * len(found)


def _group_judged(case: _Case, known: Sorted) -> Judged:
    """Return the verdict on a group of sections that went or came: the capture's doing until shown otherwise."""
    group = Change(removed=known.group_gone, added=known.group_come)
    judged = judge(case.page, group, case.document, case.reader)
    happened = f"{group.lines} blocks {'came' if known.group_come else 'went'} together"
    if judged.verdict.level is not Level.ALERT:
        return Judged(Verdict(kind=Kind.CAPTURE, title=happened, reasons=judged.verdict.reasons))
    waits = f"a maintainer: {happened}, which is more often the capture's doing than the page's"
    verdict = replace(judged.verdict, kind=Kind.CAPTURE, held=True, confirmable=False, waits_for=waits)
    return replace(judged, verdict=verdict)
