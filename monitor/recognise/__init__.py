"""Is what came the page at all? A refusal with its evidence, or nothing.

Errors are recognised by what is visible and by what is missing, never by the number of bytes: error pages reached 0.91
of the normal size, good pages fell to 0.4 (docs/how-it-works/detection.md).
"""

from monitor.model.capture import Capture, Refusal
from monitor.model.document import Document, Surface
from monitor.model.finding import Normal
from monitor.model.page import Page
from monitor.recognise.seen import Seen
from monitor.recognise.signals import SIGNALS
from monitor.text import lowered


def recognise(page: Page, capture: Capture, document: Document, surface: Surface, normal: Normal) -> Refusal | None:
    """Return why a capture is not the page, with the evidence, or None when it is.

    `normal` is what the newest good capture had; it is empty for the first one.
    """
    seen = Seen(
        page=page, capture=capture, document=document, surface=surface, normal=normal, words=lowered(surface.text)
    )
    return next((refusal for signal in SIGNALS if (refusal := signal(seen)) is not None), None)
