"""One capture as a WARC 1.1 file (ISO 28500:2017): response, request and what was noted beside them."""

import io
from datetime import UTC

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from monitor.codec import CodecError, decode, encode
from monitor.model.capture import Capture
from monitor.model.errors import StoreDamaged
from monitor.store.noted import Noted

MAKER = "optout-monitor"
_HOP_BY_HOP = frozenset({"transfer-encoding", "content-encoding", "content-length"})


def warc_bytes(capture: Capture) -> bytes:
    """Return a capture as a gzipped WARC file; the body is the decoded one that its digest is made of."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    at = capture.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    uri = capture.final_url or capture.url
    writer.write_record(writer.create_warcinfo_record(None, {"software": MAKER, "format": "WARC File Format 1.1"}))
    response = writer.create_warc_record(
        uri,
        "response",
        payload=io.BytesIO(capture.body),
        http_headers=StatusAndHeaders(str(capture.status), _kept(capture), protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": at},
    )
    request = writer.create_warc_record(
        uri,
        "request",
        http_headers=StatusAndHeaders("GET / HTTP/1.1", _asked(capture), is_http_request=True),
        warc_headers_dict={"WARC-Date": at},
    )
    noted = writer.create_warc_record(
        uri,
        "metadata",
        payload=io.BytesIO(encode(Noted.of(capture))),
        warc_content_type="application/json",
        warc_headers_dict={"WARC-Date": at},
    )
    for record in (response, request, noted):
        writer.write_record(record)
    return out.getvalue()


def _kept(capture: Capture) -> list[tuple[str, str]]:
    """Return the response's headers; those of the transfer, which the kept body no longer has, under another name."""
    named = (
        (f"X-Archive-Orig-{name}" if name.lower() in _HOP_BY_HOP else name, value) for name, value in capture.headers
    )
    return [(_one_line(name), _one_line(value)) for name, value in named]


def _asked(capture: Capture) -> list[tuple[str, str]]:
    vantage = capture.vantage
    asked = [("User-Agent", vantage.user_agent), ("Accept-Language", vantage.language)]
    return [(name, _one_line(value)) for name, value in asked if value]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def capture_of(data: bytes, where: str) -> Capture:
    """Return the capture that `warc_bytes` wrote.

    Raises:
        StoreDamaged: the file is not what was written.
    """
    body, noted = None, None
    try:
        for record in ArchiveIterator(io.BytesIO(data), check_digests="raise"):
            if record.rec_type == "response":
                body = record.content_stream().read()
            elif record.rec_type == "metadata":
                noted = decode(Noted, record.content_stream().read())
    except CodecError as error:
        raise StoreDamaged(where, f"the notes beside the capture cannot be read ({error})") from error
    except Exception as error:  # warcio and zlib raise many kinds for a damaged file
        raise StoreDamaged(where, f"the file cannot be read ({type(error).__name__}: {error})") from error
    if body is None or noted is None:
        raise StoreDamaged(where, "the file holds no whole capture")
    capture = noted.capture(body)
    if capture.digest != noted.digest:
        raise StoreDamaged(where, "the body is not the one that was captured")
    return capture
