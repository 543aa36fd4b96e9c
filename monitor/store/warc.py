"""One capture as a WARC 1.1 file: request, response, what was noted beside them, and the screenshot if there is one.

The same capture always gives the same bytes. Source: ISO 28500:2017.
"""

import io
import zlib
from base64 import b32encode
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import responses
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from monitor.codec import CodecError, decode, encode
from monitor.model.capture import Capture
from monitor.model.errors import StoreDamaged
from monitor.store.noted import Noted, noted

MAKER = b"software: optout-monitor\r\nformat: WARC File Format 1.1\r\n"
# Of 380 KB of a policy, level 9 leaves 66 KB in 7.9 ms, level 5 leaves 69 KB in 4.5 ms.
LEVEL = 5
_GZIP = zlib.MAX_WBITS | 16

SCREENSHOT = "urn:view:"  # what names the screenshot of an address, as other browser archivers do

# The body is kept unpacked, so these no longer describe it; they stay readable under another name.
_OF_TRANSFER = frozenset({"transfer-encoding", "content-encoding", "content-length"})
_RENAMED = "X-Archive-Orig-"


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file holds; `body` is None when another file holds it (`noted.body_in`)."""

    noted: Noted
    body: bytes | None
    screenshot: bytes


@dataclass(frozen=True, slots=True)
class Held:
    """Where equal bytes are held already: file, and the address and moment they came from then."""

    file: str
    url: str
    at: datetime


class _Writer(WARCWriter):  # type: ignore[misc]  # warcio has no types
    """A writer that names contents by SHA-256."""

    @staticmethod
    def _create_digester() -> Any:
        return Digester("sha256")


def warc_bytes(capture: Capture, held: Held | None = None) -> bytes:
    """Return a capture as a gzipped WARC file; with `held` the body is left out and that place is named."""
    writer = _Writer(io.BytesIO(), warc_version="1.1")
    records = [_about_the_file(writer, capture), _response(writer, capture, held)]
    if capture.vantage.user_agent:  # without it, the bytes were not asked for by us
        records.append(_request(writer, capture))
    notes = encode(noted(capture, held.file if held else ""))
    records.append(_record(writer, capture, "metadata", _uri(capture), notes, "application/json"))
    if capture.screenshot:
        uri = SCREENSHOT + _uri(capture)
        records.append(_record(writer, capture, "resource", uri, capture.screenshot, "image/png"))
    return b"".join(map(_packed, records))


def _packed(record: Any) -> bytes:
    """Return a record as one member of a gzip file (ISO 28500:2017, annex D)."""
    out = io.BytesIO()
    _Writer(out, gzip=False, warc_version="1.1").write_record(record)
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, _GZIP)
    return packer.compress(out.getbuffer()) + packer.flush()


def _about_the_file(writer: Any, capture: Capture) -> Any:
    return _record(writer, capture, "warcinfo", "", MAKER, "application/warc-fields")


def _record(writer: Any, capture: Capture, kind: str, uri: str, payload: bytes, content_type: str) -> Any:
    return writer.create_warc_record(
        uri,
        kind,
        payload=io.BytesIO(payload),
        length=len(payload),
        warc_content_type=content_type,
        warc_headers_dict=_named(capture, kind),
    )


def _response(writer: Any, capture: Capture, held: Held | None) -> Any:
    said = f"{capture.status} {responses.get(capture.status, '')}".rstrip()
    headers = StatusAndHeaders(said, _kept_headers(capture), protocol="HTTP/1.1")
    if held is None:
        return writer.create_warc_record(
            _uri(capture),
            "response",
            payload=io.BytesIO(capture.body),
            length=len(capture.body),
            http_headers=headers,
            warc_headers_dict=_named(capture, "response"),
        )
    return writer.create_revisit_record(
        _uri(capture),
        f"sha256:{b32encode(bytes.fromhex(capture.digest)).decode()}",
        held.url,
        _date(held.at),
        http_headers=headers,
        warc_headers_dict=_named(capture, "revisit"),
    )


def _request(writer: Any, capture: Capture) -> Any:
    parts = urlsplit(_uri(capture))
    target = _one_line(parts.path or "/") + (f"?{_one_line(parts.query)}" if parts.query else "")
    vantage = capture.vantage
    asked = [("Host", parts.netloc), ("User-Agent", vantage.user_agent), ("Accept-Language", vantage.language)]
    headers = [(name, _one_line(value)) for name, value in asked if value]
    return writer.create_warc_record(
        _uri(capture),
        "request",
        http_headers=StatusAndHeaders(f"GET {target} HTTP/1.1", headers, is_http_request=True),
        warc_headers_dict=_named(capture, "request"),
    )


def _uri(capture: Capture) -> str:
    return _one_line(capture.final_url or capture.url)


def _named(capture: Capture, kind: str) -> dict[str, str]:
    """Return the moment of a record and its id, which is made of what it is and not of chance."""
    id_ = uuid5(NAMESPACE_URL, f"{kind}\n{capture.page}\n{capture.digest}\n{_date(capture.at)}")
    return {"WARC-Record-ID": f"<urn:uuid:{id_}>", "WARC-Date": _date(capture.at)}


def _date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _kept_headers(capture: Capture) -> list[tuple[str, str]]:
    named = ((f"{_RENAMED}{name}" if name.lower() in _OF_TRANSFER else name, value) for name, value in capture.headers)
    return [(_one_line(name), _one_line(value)) for name, value in named]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def opened(data: bytes, where: str) -> Opened:
    """Return what a file holds that `warc_bytes` made; `where` names it in errors.

    Raises:
        StoreDamaged: the file is not what was written.
    """
    try:
        found = {record.rec_type: record.content_stream().read() for record in _records(data)}
        notes = decode(Noted, found["metadata"])
    except (CodecError, KeyError) as error:
        raise StoreDamaged(where, f"the notes beside the capture cannot be read ({error})") from error
    except Exception as error:  # warcio and zlib raise many kinds for a damaged file
        raise StoreDamaged(where, f"the file cannot be read ({type(error).__name__}: {error})") from error
    body = None if notes.body_in else found.get("response", b"")
    return Opened(notes, body, found.get("resource", b""))


def _records(data: bytes) -> Any:
    return ArchiveIterator(io.BytesIO(data), check_digests="raise")
