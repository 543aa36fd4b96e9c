"""A feed's bytes as words, to look up whether a quote stands in them: no entries, no order, only what is written."""

import html
import re

from monitor.extract.charset import text_of
from monitor.model.capture import Capture
from monitor.text import clean

_TAG = re.compile(r"<!\[CDATA\[|\]\]>|<[^<>]*>")


def feed_words(capture: Capture) -> str:
    """Return the words of a feed, as they stand, and with what is escaped once and twice resolved.

    A title is escaped once by XML, and once more where it holds HTML; feeds do not always say which (RSS Advisory
    Board, RSS Best Practices Profile, section 5.1).
    """
    readings = [text_of(capture.body, capture.header("content-type"))]
    for _ in range(2):
        readings.append(html.unescape(_TAG.sub(" ", readings[-1])))
    return " ".join(clean(_TAG.sub(" ", reading)) for reading in readings)
