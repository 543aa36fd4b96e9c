"""A notice that a service sent to its users by mail, read from an .eml file, without whom it was sent to.

Comes in: the file. Goes out: a capture of HTML that everybody's copy would give, with sender, subject and the day
it was sent. The file itself is not kept: its other headers name its reader and the way it took.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from html import escape
from pathlib import Path

from monitor.extract import impersonal, paragraphs
from monitor.model.capture import Capture
from monitor.model.errors import NoticeError
from monitor.model.page import Page, Vantage

SOURCE = "notice"
LIMIT_BYTES = 10_000_000
MOST_PARTS = 200
_NAMED = ("to", "cc", "bcc", "delivered-to", "x-original-to", "resent-to", "envelope-to")


def read_notice(path: Path, page: Page) -> Capture:
    """Return a notice as a capture of the page that collects them.

    Raises:
        NoticeError: the file is too large, no message, undated, or has no text that can be read.
    """
    message = _message(path)
    sender = next(iter(getaddresses([str(message.get("from", ""))])), ("", ""))
    subject = " ".join(str(message.get("subject", "")).split())
    own = filter(None, (sender[1].rpartition("@")[2],))
    markup = impersonal(f"<h1>{escape(subject)}</h1>{_body(path, message)}", _names(message), own=own)
    return Capture(
        page=page.id,
        url=page.url,
        at=_sent(path, message),
        body=f"<!doctype html>{markup}".encode(),
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        final_url=page.url,
        vantage=Vantage(region=page.region, language=page.language),
        source={"archive": SOURCE, "from": sender[1].lower()[:320]},
    )


def _message(path: Path) -> EmailMessage:
    size = path.stat().st_size
    if size > LIMIT_BYTES:
        raise NoticeError(str(path), f"{size} bytes are more than a notice has ({LIMIT_BYTES})")
    try:
        message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        parts = sum(1 for _ in zip(message.walk(), range(MOST_PARTS + 1), strict=False))
    except (MessageError, RecursionError, ValueError, IndexError) as error:
        raise NoticeError(str(path), f"no message that can be read: {error}") from error
    if parts > MOST_PARTS:
        raise NoticeError(str(path), f"more than {MOST_PARTS} parts")
    if not (message.get("from") or message.get("subject")):
        raise NoticeError(str(path), "neither From nor Subject: save the message itself, with its headers, as .eml")
    return message


def _body(path: Path, message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("html", "plain"))
    if part is None:
        raise NoticeError(str(path), "no part of HTML or text")
    try:
        text = str(part.get_content())
    except (LookupError, UnicodeError, ValueError) as error:
        raise NoticeError(str(path), f"its text cannot be read: {error}") from error
    if not re.search(r"\w", text):
        raise NoticeError(str(path), "its text is empty")
    return text if part.get_content_subtype() == "html" else paragraphs(text)


def _names(message: EmailMessage) -> Iterator[str]:
    """Yield the names and addresses of whoever it was sent to."""
    values = [str(value) for name in _NAMED for value in message.get_all(name, [])]
    for name, address in getaddresses(values):
        yield from filter(None, (name.strip(" \"'"), address))


def _sent(path: Path, message: EmailMessage) -> datetime:
    """Return the day a notice was sent (UTC): to the second it would name one reader's copy."""
    try:
        sent = parsedate_to_datetime(str(message.get("date", "")))
    except (ValueError, TypeError, OverflowError) as error:
        raise NoticeError(str(path), "no Date that can be read") from error
    return sent.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
