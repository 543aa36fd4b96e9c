"""What is furniture, note or notice, and that none of it makes a page look changed when it comes, goes or moves."""

import pytest

from monitor.model.document import Part
from tests.rooms.pages import block, read, read_markdown, texts

TEXT = "<h1>Policy</h1><p>You can object to our use of your data.</p>"


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav><a href='/a'>Menu entry</a></nav>",
        "<footer><p>Company, address and links</p></footer>",
        "<div role='navigation'><p>Menu entry</p></div>",
        "<div role='dialog'><h2>Allow cookies?</h2><p>We use cookies.</p><button>Allow all</button></div>",
        "<h2>Allow the use of cookies from us on this browser?</h2><p>We use cookies.</p><p>Allow all</p>",
        "<form id='login_form'><label>E-mail <input name='e'></label><button>Log in</button></form>",
        "<p>Last updated: March 27, 2026</p>",
        "<p>© 2026 Service</p>",
        "<p>Was this helpful?</p>",
        "<p><a href='#'>Return to top</a></p>",
        "<p>Zuletzt aktualisiert: 27. März 2026</p>",
        "<ul><li><a href='#a'>One</a><li><a href='#b'>Two</a><li><a href='#c'>Three</a></ul>",
        "<ul><li><a href='/de'>Deutsch</a><li><a href='/fr'>Français</a><li><a href='/pl'>Polski</a></ul>",
        "<label>Select language <select><option>Deutsch<option>Français<option>Polski</select></label>",
        "<a href='#1'><h2>Your rights</h2></a>",
        "<h2>Related articles</h2><ul><li><a href='/a'>Another article</a></li></ul>",
    ],
)
def test_furniture_is_kept_apart_and_changes_nothing(furniture: str) -> None:
    document = read(furniture + TEXT)
    main = [block for block in document.blocks if block.part is not Part.FURNITURE]

    assert [block.text for block in main if block.text != "Related articles"] == texts(read(TEXT))


def test_links_to_related_pages_that_lead_to_a_right_are_text() -> None:
    document = read("<h2>Related articles</h2><ul><li><a href='/o'>Object to the use of your data</a></li></ul>")

    assert block(document, "Object to the use of your data").part is Part.BODY


def test_a_list_of_links_elsewhere_is_text() -> None:
    document = read(
        "<ul><li><a href='/a'>First form</a><li><a href='/b'>Second form</a><li><a href='/c'>Third form</a></ul>"
    )

    assert {block.part for block in document.blocks} == {Part.BODY}


@pytest.mark.parametrize(
    "notice",
    [
        "We updated our Privacy Policy on December 16, 2025. View our previous policy.",
        "We’re updating our Privacy Policy. The updates go into effect on April 7, 2025.",
        "Recent update We last updated our Privacy Policy on May 27, 2025.",
        "Policy updated on Jul 23, 2026.",
        "Effective July 23, 2026",
        "Nous mettons à jour notre politique de confidentialité le 1er mai.",
    ],
)
def test_what_announces_a_version_is_a_notice_wherever_it_stands(notice: str) -> None:
    document = read(f"<h1>Policy</h1><p>Text.</p><p>{notice}</p>")

    assert block(document, notice).part is Part.NOTICE


def test_notes_stand_apart_without_their_numbers() -> None:
    document = read(
        "<h1>Policy</h1><h2>Use</h2><p>We use <a href='#annotation-1'>Products<sup>[1]</sup></a> daily.</p>"
        "<div><div id='annotation-1'>1</div><h2>What Products are</h2><p>Our apps.</p></div><p>More text.</p>"
    )

    assert block(document, "We use Products daily.").links == ()
    assert texts(document, Part.NOTES) == ["What Products are", "Our apps."]
    assert block(document, "Our apps.").trail == ("Policy", "What Products are")
    assert block(document, "More text.").trail == ("Policy", "Use")


def test_renumbered_notes_change_nothing() -> None:
    def policy(number: int) -> str:
        return (
            f"<p>We use <a href='#annotation-{number}'>Products [{number}]</a>.</p>"
            f"<div><div id='annotation-{number}'>{number}</div><p>Our apps.</p></div>"
        )

    assert read(policy(12)).fingerprint == read(policy(13)).fingerprint


def test_a_note_that_is_repeated_counts_once() -> None:
    note = "<div><div id='annotation-{0}'>{0}</div><p>Our apps.</p></div>"

    assert texts(read(note.format(1) + note.format(2)), Part.NOTES) == ["Our apps."]


def test_notes_of_an_archive_begin_with_a_number_alone_and_end_at_the_top() -> None:
    document = read_markdown("Use\n===\n\nText.\n\n5\n\nA note.\n\nReturn to top\n\nNext\n====\n\nMore text.\n")

    assert texts(document, Part.NOTES) == ["A note."]
    assert texts(document) == ["Use", "Text.", "Next", "More text."]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>One.</p><p>Two.</p>", "<p>Two.</p><p>One.</p>"),
        ("<ul><li>One.</li></ul>", "<p>One.</p>"),
        ("<p class='a'>One.</p>", "<p class='b'>One.</p>"),
        ("<p>It’s “one”.</p>", '<p>It\'s "one".</p>'),
        ("<a href='/o?fbclid=1'>Object</a>", "<a href='/o?fbclid=2'>Object</a>"),
        ("<p>On May 3, 2025.</p>", "<p>On 3 May 2025.</p>"),
        ("<img src='/a.png'><p>One.</p>", "<img src='/b.png'><p>One.</p>"),
    ],
)
def test_what_no_reader_would_call_a_change_keeps_the_fingerprint(before: str, after: str) -> None:
    assert read(before).fingerprint == read(after).fingerprint


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>You can object.</p>", "<p>You cannot object.</p>"),
        ("<a href='/contact/1'>object</a>", "<a href='/contact/2'>object</a>"),
        ("<ul><li>Posts</li><li>Posts</li></ul>", "<ul><li>Posts</li></ul>"),
        ("<p>Before 27 May 2025.</p>", "<p>Before 28 May 2025.</p>"),
    ],
)
def test_what_a_reader_or_a_form_would_notice_changes_the_fingerprint(before: str, after: str) -> None:
    assert read(before).fingerprint != read(after).fingerprint
