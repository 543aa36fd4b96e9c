"""The words of a feed's bytes, however often they were escaped."""

import pytest

from monitor.extract import feed_words
from monitor.model.capture import Capture
from monitor.model.page import PageId
from tests.fakes import START


@pytest.mark.parametrize(
    "written",
    [
        "Rock &amp; roll can object",
        "<b>Rock</b> &amp; roll <i>can</i> object",
        "&lt;b&gt;Rock&lt;/b&gt; &amp;amp; roll can object",
        "<![CDATA[<p>Rock &amp; roll</p> can object]]>",
        "<![CDATA[Rock & roll can object]]>",
        "Rock &#38; roll\n   can object",
    ],
)
def test_words_are_found_whether_escaped_once_or_twice_or_not_at_all(written: str) -> None:
    body = f"<rss><channel><item><title>{written}</title></item></channel></rss>".encode()

    words = feed_words(Capture(page=PageId("board"), url="https://board.example/feed", at=START, body=body))

    assert "Rock & roll can object" in words


def test_a_feed_in_another_encoding_is_read_as_it_says() -> None:
    body = "<?xml version='1.0' encoding='iso-8859-1'?><rss><title>Für alle</title></rss>".encode("iso-8859-1")

    words = feed_words(Capture(page=PageId("board"), url="https://board.example/feed", at=START, body=body))

    assert "Für alle" in words
