"""What is noted beside a capture's bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.model.capture import Capture, Digest
from monitor.model.page import PageId, Vantage


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Everything of a capture but its body; `body_in` is the file that holds the body when this one does not."""

    page: PageId
    url: str
    at: datetime
    digest: Digest
    status: int
    headers: tuple[tuple[str, str], ...]
    final_url: str
    hops: tuple[str, ...]
    vantage: Vantage
    source: Mapping[str, str]
    body_in: str = ""

    def capture(self, body: bytes, screenshot: bytes = b"") -> Capture:
        """Return the capture with its body."""
        return Capture(
            page=self.page,
            url=self.url,
            at=self.at,
            body=body,
            status=self.status,
            headers=self.headers,
            final_url=self.final_url,
            hops=self.hops,
            vantage=self.vantage,
            source=self.source,
            screenshot=screenshot,
        )


def noted(capture: Capture, body_in: str = "") -> Noted:
    """Return the notes of a capture."""
    return Noted(
        page=capture.page,
        url=capture.url,
        at=capture.at,
        digest=capture.digest,
        status=capture.status,
        headers=capture.headers,
        final_url=capture.final_url,
        hops=capture.hops,
        vantage=capture.vantage,
        source=dict(capture.source),
        body_in=body_in,
    )
