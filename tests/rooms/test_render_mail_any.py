"""Whatever a page says, a mail stays one mail: one line of subject, plain headers, no markup of the page's own."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.model.procedure import Procedure, Stated
from monitor.model.verdict import Quote
from monitor.render.mail import alert_mail
from monitor.render.mail_story import whole_addresses
from monitor.render.words import word_edits
from tests.rooms.test_render_mail import ALERT, HEAD, NEWS, READER

TEXTS = st.text(max_size=200) | st.sampled_from(
    [
        "<script>x</script>",
        "a\r\nBcc: b@example.org",
        "\u202eabc",
        "{{ 1 }}",
        "https://a.example/x?y=<z>",
        "]]>",
        "\x00",
    ]
)
OURS = {"html", "head", "meta", "title", "style", "body", "div", "p", "h1", "h2", "h3", "ul", "ol", "li", "a", "span"}
MARKS = {"ins", "del", "em", "bdi", "br"}


@settings(max_examples=60, deadline=None)
@given(title=TEXTS, before=TEXTS, after=TEXTS, heading=TEXTS, step=TEXTS)
def test_no_text_of_a_page_gets_out_of_its_place(title: str, before: str, after: str, heading: str, step: str) -> None:
    alert = replace(ALERT, title=title, meaning=step, quotes=(Quote(before, after, (heading,)),))
    way_out = Procedure(steps=(Stated(step, step),), forms=(Stated(before, after),))

    mail = alert_mail(replace(NEWS, alert=alert, way_out=way_out), HEAD, READER)

    assert len(mail.subject.splitlines()) <= 1
    assert all(value.isascii() and value.isprintable() for _, value in mail.headers)
    tags = {node.tag for node in LexborHTMLParser(mail.html).css("*")}
    assert tags <= OURS | MARKS
    mail.html.encode()
    mail.text.encode()


@settings(max_examples=100, deadline=None)
@given(before=TEXTS, after=TEXTS)
def test_marking_addresses_whole_changes_no_letter(before: str, after: str) -> None:
    side = word_edits(before, after)

    assert "".join(edit.text for edit in whole_addresses(side)) == "".join(edit.text for edit in side)
