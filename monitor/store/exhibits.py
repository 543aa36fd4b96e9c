"""All that is kept of one alert, gathered: both captures, the lines of the ledger about them, the stamp over those."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice, takewhile

from monitor.extract import extract
from monitor.model.alert import Alert
from monitor.model.capture import Capture, Digest
from monitor.model.page import Page
from monitor.model.proof import Anchor, Exhibits, Kept, Token
from monitor.store.anchors import anchors_of
from monitor.store.entry import Entry
from monitor.store.ledger import Ledger, Line
from monitor.store.readable import text_markdown
from monitor.store.shelf import Shelf
from monitor.store.warc import opened
from monitor.store.whereabouts import Place, Whereabouts
from monitor.timestamp import stamp_of

MOST_LINES = 5_000  # of a ledger in one pack: about 3 MB, three weeks of sixty pages asked for four times a day


class Gathering:
    """Gathers from one shelf; `read` gives the capture in a file."""

    def __init__(
        self, shelf: Shelf, ledger: Ledger, whereabouts: Whereabouts, read: Callable[[Entry], Capture]
    ) -> None:
        self._shelf = shelf
        self._ledger = ledger
        self._whereabouts = whereabouts
        self._read = read

    def exhibits(self, alert: Alert, page: Page, checks_between: int) -> Exhibits | None:
        """Return what is kept of an alert, or None when one of its captures has no line in the ledger.

        Raises:
            StoreDamaged: a file is missing, or not what was written.
        """
        proof = alert.evidence
        before = self._place(alert, proof.before, proof.before_at)
        after = self._place(alert, proof.after, proof.after_at)
        if before is None or after is None:
            return None
        first, last = sorted((_order(before), _order(after)))
        anchor = self._anchor(last)
        lines = self._chain(first, (anchor.month, anchor.offset)) if anchor else ()
        token = self._token(anchor, lines) if anchor and lines else None
        lines = lines or self._chain(first, last)
        whole = bool(lines)
        lines = lines or self._ends(first, last)
        captures = [self._read(self._ledger.entry(place.month, place.offset)) for place in (before, after)]
        kept = [
            self._kept(place, capture, seen, lines)
            for place, capture, seen in zip((before, after), captures, (proof.before_at, proof.after_at), strict=True)
        ]
        texts = [text_markdown(page, extract(capture, page.recipe)) for capture in captures]
        names = sorted({name for each in kept for name in (each.file, each.body_in) if name})
        return Exhibits(
            before=kept[0],
            after=kept[1],
            lines=tuple(line.data.removesuffix(b"\n") for line in lines),
            whole=whole,
            token=token,
            files={name: self._shelf.read(name) for name in names},
            bytes_before=captures[0].body,
            bytes_after=captures[1].body,
            text_before=texts[0],
            text_after=texts[1],
            checks_between=checks_between,
        )

    def _place(self, alert: Alert, digest: Digest, at: datetime) -> Place | None:
        """Return the newest line about these bytes up to a moment: a server that says "unchanged" makes no line."""
        for place in reversed(self._whereabouts.places(alert.page)):
            if place.at <= at and self._ledger.entry(place.month, place.offset).body == digest:
                return place
        return None

    def _anchor(self, last: tuple[str, int]) -> Anchor | None:
        """Return the first stamp over a line that does not stand before the last one that matters."""
        anchors = anchors_of(self._whereabouts, self._ledger)
        return next((each for each in anchors if (each.month, each.offset) >= last), None)

    def _chain(self, first: tuple[str, int], last: tuple[str, int]) -> tuple[Line, ...]:
        """Return all lines from one to another, both included, or none when they are too many for a pack."""
        following = takewhile(lambda line: (line.month, line.offset) <= last, self._ledger.lines(*first))
        lines = tuple(islice(following, MOST_LINES + 1))
        return lines if len(lines) <= MOST_LINES else ()

    def _ends(self, first: tuple[str, int], last: tuple[str, int]) -> tuple[Line, ...]:
        found = (self._ledger.line(*place) for place in dict.fromkeys((first, last)))
        return tuple(line for line in found if line is not None)

    def _kept(self, place: Place, capture: Capture, seen: datetime, lines: Sequence[Line]) -> Kept:
        entry = self._ledger.entry(place.month, place.offset)
        number = next(number for number, line in enumerate(lines, 1) if (line.month, line.offset) == _order(place))
        noted = opened(self._shelf.read(entry.file), entry.file).noted
        return Kept(
            sha256=capture.digest,
            seen=seen,
            captured=entry.time,
            url=capture.url,
            final_url=capture.final_url or capture.url,
            status=capture.status,
            hops=capture.hops,
            region=capture.vantage.region,
            language=capture.vantage.language,
            user_agent=capture.vantage.user_agent,
            file=entry.file,
            body_in=noted.body_in,
            line=number,
            ledger=lines[number - 1].data.decode().removesuffix("\n"),
        )

    def _token(self, anchor: Anchor, lines: Sequence[Line]) -> Token:
        reply = self._shelf.read(anchor.file)
        stamp = stamp_of(reply)
        return Token(
            authority=stamp.authority,
            at=stamp.at,
            head=anchor.head,
            line=len(lines),
            ledger=lines[-1].data.decode().removesuffix("\n"),
            reply=reply,
        )


def _order(place: Place) -> tuple[str, int]:
    """Return where a line stands in the ledger, for comparing."""
    return place.month, place.offset
