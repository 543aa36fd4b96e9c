"""What one line of the ledger says: a capture, the same bytes again, or the text that was read from one."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line, as it is written; digests are SHA-256 in hexadecimal digits.

    `warc` is that of the whole file, `frame` names all that came round the bytes, `prev` is the line before.
    """

    kind: LineKind
    time: datetime
    page: PageId
    body: Digest
    prev: str
    file: str = ""
    warc: str = ""
    frame: str = ""
    text: str = ""


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


def reading_line(page: PageId, at: datetime, body: Digest, text: bytes) -> Mapping[str, object]:
    """Return a line about the text that was read from a capture, but for the hash of the line before."""
    return {
        "kind": LineKind.READING.value,
        "time": moment(at),
        "page": page,
        "body": body,
        "text": sha256(text).hexdigest(),
    }


def headers_digest(capture: Capture) -> str:
    """Return the SHA-256 of all headers, each as `name: value` with CR and LF, in the order they came, in UTF-8."""
    lines = (f"{name}: {value}\r\n" for name, value in capture.headers)
    return sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
