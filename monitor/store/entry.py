"""What one line of the ledger says.

It tells of a capture, of the same bytes again, of the text that was read from one, of a time stamp over an earlier
line, or of a file that was removed by rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from monitor.codec import decode, encode
from monitor.model.capture import Capture, Digest
from monitor.model.page import PageId
from monitor.store.moments import moment

# Headers that say how the bytes are to be read, or are asked with again. Another value of one of these is another
# answer and is kept as such; `Date` and the like differ with every answer and are kept with the first one only.
TELLING = frozenset(
    {
        "content-type",
        "content-language",
        "content-encoding",
        "content-location",
        "etag",
        "last-modified",
        "link",
        "location",
        "refresh",
        "retry-after",
    }
)


class LineKind(StrEnum):
    """What a line is about."""

    CAPTURE = "capture"  # bytes never seen before: `file` was written for them
    REVISIT = "revisit"  # bytes seen before, but not so: `file` was written for all but the bytes
    AGAIN = "again"  # as one before in all but the moment: `file` is that one's
    READING = "reading"  # `text` was read from the capture `body`
    ANCHOR = "anchor"  # `file` attests the line that begins at `month` and `offset`, whose digest is `head`
    PRUNED = "pruned"  # `file`, kept by an earlier line, was removed because of `rule`


# Lines that tell when something was: they are found again by page and moment. Those of the ledger itself have no page.
SIGHTED = frozenset({LineKind.CAPTURE, LineKind.REVISIT, LineKind.AGAIN, LineKind.ANCHOR})
LEDGER = PageId("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line, as it is written; digests are SHA-256 in hexadecimal digits.

    `warc` and `stamp` are that of the whole file, `frame` names all that came round the bytes, `prev` is the line
    before.
    """

    kind: LineKind
    time: datetime
    prev: str
    page: PageId = LEDGER
    body: Digest = Digest("")
    file: str = ""
    warc: str = ""
    frame: str = ""
    text: str = ""
    procedure: str = ""
    stamp: str = ""
    head: str = ""
    month: str = ""
    offset: int = 0
    rule: str = ""


def entry_of(line: bytes) -> Entry:
    """Return what a line says.

    Raises:
        CodecError: it is no line of a ledger.
    """
    return decode(Entry, line)


def frame(capture: Capture) -> str:
    """Return a name for all that came round a capture's bytes and tells it from another: 16 hexadecimal digits."""
    headers = sorted((name.lower(), value) for name, value in capture.headers if name.lower() in TELLING)
    round_it = (
        capture.page,
        capture.url,
        capture.final_url,
        capture.status,
        capture.hops,
        capture.vantage,
        dict(capture.source),
        headers,
    )
    return sha256(encode(round_it)).hexdigest()[:16]


def capture_line(capture: Capture, kind: LineKind, file: str, **more: str) -> Mapping[str, object]:
    """Return a line about a capture, but for the hash of the line before."""
    screenshot = {"screenshot": sha256(capture.screenshot).hexdigest()} if capture.screenshot else {}
    return {
        "kind": kind.value,
        "time": moment(capture.at),
        "page": capture.page,
        "url": capture.url,
        "final_url": capture.final_url or capture.url,
        "status": capture.status,
        "body": capture.digest,
        "headers": headers_digest(capture),
        "file": file,
        **screenshot,
        **more,
    }


def reading_line(page: PageId, at: datetime, body: Digest, text: bytes, procedure: bytes) -> Mapping[str, object]:
    """Return a line about the text and the way out read from a capture, but for the hash of the line before."""
    return {
        "kind": LineKind.READING.value,
        "time": moment(at),
        "page": page,
        "body": body,
        "text": sha256(text).hexdigest(),
        "procedure": sha256(procedure).hexdigest(),
    }


def anchor_line(at: datetime, head: str, place: tuple[str, int], file: str, reply: bytes) -> Mapping[str, object]:
    """Return a line about a time stamp over the line `head` at a place, but for the hash of the line before."""
    return {
        "kind": LineKind.ANCHOR.value,
        "time": moment(at),
        "head": head,
        "month": place[0],
        "offset": place[1],
        "file": file,
        "stamp": sha256(reply).hexdigest(),
    }


def pruned_line(at: datetime, gone: Entry, rule: str) -> Mapping[str, object]:
    """Return a line about a file that was removed by rule, but for the hash of the line before."""
    return {
        "kind": LineKind.PRUNED.value,
        "time": moment(at),
        "page": gone.page,
        "body": gone.body,
        "file": gone.file,
        "warc": gone.warc,
        "rule": rule,
    }


def headers_digest(capture: Capture) -> str:
    """Return the SHA-256 of all headers, each as `name: value` with CR and LF, in the order they came, in UTF-8."""
    lines = (f"{name}: {value}\r\n" for name, value in capture.headers)
    return sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
