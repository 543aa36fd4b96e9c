"""How markup becomes blocks: kinds, headings and labels over them, tables, and text that only looks like structure."""

from monitor.model.document import BlockKind, Part
from tests.rooms.pages import block, read, read_markdown, short, texts


def test_headings_give_every_block_its_trail() -> None:
    document = read(
        "<h1>Policy</h1><p>Intro.</p><h2>Rights</h2><h3>Object</h3><p>You can object.</p><h2>Contact</h2><p>Write.</p>"
    )

    assert block(document, "Intro.").trail == ("Policy",)
    assert block(document, "You can object.").trail == ("Policy", "Rights", "Object")
    assert block(document, "Write.").trail == ("Policy", "Contact")


def test_a_heading_by_role_counts_as_one() -> None:
    document = read('<div role="heading" aria-level="2">Your rights</div><p>You can object.</p>')

    assert block(document, "Your rights").kind is BlockKind.HEADING
    assert block(document, "You can object.").trail == ("Your rights",)


def test_ordered_lists_are_steps_and_unordered_ones_items() -> None:
    document = read(
        "<ol><li>Open settings.</li><li><p>Choose privacy.</p><p>It is at the top.</p></li></ol><ul><li>Posts</li></ul>"
    )

    assert short(document) == [
        ("step", "Open settings."),
        ("step", "Choose privacy."),
        ("paragraph", "It is at the top."),
        ("item", "Posts"),
    ]


def test_an_item_ending_in_a_colon_stands_over_its_own_list() -> None:
    document = read("<ul><li>Apps, which are:<ul><li>Mail</li><li>Maps</li></ul></li><li>Devices</li></ul>")

    assert block(document, "Mail").trail == ("Apps, which are:",)
    assert block(document, "Devices").trail == ()


def test_the_lead_in_of_a_list_stands_over_it_and_no_further() -> None:
    document = read("<h2>Use</h2><p>We use it to:</p><ul><li>Train AI</li></ul><p>After the list.</p>")

    assert block(document, "Train AI").trail == ("Use", "We use it to:")
    assert block(document, "After the list.").trail == ("Use",)


def test_a_card_gives_its_title_audience_and_side_headings_to_the_trail() -> None:
    document = read(
        "<style>.line{display:block;margin:0}</style><h2>Legitimate interests</h2>"
        "<div><p>Improving AI</p><div><span class='line'> ⓘ For all users</span>"
        "<span class='line'> ⓘ For all users, including those under age</span></div>"
        "<div><p><b>Why we process:</b></p><p>To improve AI.</p></div>"
        "<div><p><b>What we use:</b></p><p><a href='#1'>Your activity</a>:</p>"
        "<ul><li>Public content</li></ul></div></div>"
        "<div><p>Another purpose</p><p>To measure.</p></div>"
    )

    assert block(document, "Public content").trail == (
        "Legitimate interests",
        "Improving AI",
        "ⓘ For all users",
        "ⓘ For all users, including those under age",
        "What we use:",
        "Your activity:",
    )
    assert block(document, "To measure.").trail == ("Legitimate interests", "Another purpose")


def test_the_same_card_in_markdown_gives_the_same_trail_to_its_items() -> None:
    document = read_markdown(
        "Improving AI\n\n* * *\n\nFor all users, including those under age\n\n* * *\n\nWhy we process:\n\n"
        "To improve AI.\n\n"
        "* * *\n\n[Your activity](https://service.example/#1):\n\n*   Public content\n"
    )

    assert block(document, "Public content").trail[:2] == ("Improving AI", "For all users, including those under age")
    assert block(document, "Public content").trail[-1] == "Your activity:"


def test_a_row_of_short_cells_is_one_block() -> None:
    document = read("<table><tr><th>Entity<th>Country</tr><tr><td>First Inc.<td>Ireland</tr></table>")

    assert short(document) == [("row", "Entity | Country"), ("row", "First Inc. | Ireland")]


def test_long_cells_are_read_apart_under_the_titles_of_row_and_column() -> None:
    why = "Improving AI: we use what you share publicly. " + "We do this with care. " * 30
    document = read(
        f"<h2>Basis</h2><table><tr><th>Why<th>What</tr><tr><td>{why}"
        "<td>Activity:<br><br>* Posts<br>* Comments</tr></table>"
        "<p>After the table.</p>"
    )

    assert block(document, "Posts").trail == ("Basis", "Improving AI", "What", "Activity:")
    assert block(document, "Comments").kind is BlockKind.ITEM
    assert block(document, "After the table.").trail == ("Basis",)


def test_a_row_that_holds_only_a_heading_stands_over_the_rows_below_it() -> None:
    document = read_markdown(
        "| Why | What |\n| --- | --- |\n| ### For minors |     |\n| Short | Cells |\n\nAfter the table.\n"
    )

    assert block(document, "Short | Cells").trail == ("For minors",)
    assert block(document, "After the table.").trail == ()


def test_spans_that_only_a_style_sheet_keeps_apart_do_not_glue_together() -> None:
    document = read("<div><span>Learn about your rights</span><span>Privacy Centre</span></div>")

    assert texts(document) == ["Learn about your rights", "Privacy Centre"]


def test_words_marked_within_a_line_stay_in_it() -> None:
    document = read("<p>You <b>can</b> <i>always</i> <a href='/o'>object</a>, dear r<span>e</span>ader.</p>")

    assert texts(document) == ["You can always object, dear reader."]


def test_lines_with_list_marks_after_breaks_are_items() -> None:
    document = read("<p>We use:<br>- posts<br>- comments</p>")

    assert short(document) == [("paragraph", "We use:"), ("item", "posts"), ("item", "comments")]


def test_a_break_alone_makes_no_new_block() -> None:
    assert texts(read("<p>4 Grand Canal<br>Dublin<br><br>Second part</p>")) == ["4 Grand Canal Dublin", "Second part"]


def test_links_keep_their_words_and_canonical_target() -> None:
    document = read(
        '<p>You can <a href="https://l.facebook.com/l.php?u=https%3A%2F%2Fx.example%2Fobject&h=AT0">object here</a>'
        ".</p>"
    )

    assert [(link.text, link.target) for link in block(document, "You can object here.").links] == [
        ("object here", "https://x.example/object")
    ]


def test_a_link_around_a_block_is_a_link_of_that_block() -> None:
    document = read('<a href="/contact/5"><div><p>Object to use</p></div></a>')

    assert [link.target for link in block(document, "Object to use").links] == ["https://service.example/contact/5"]


def test_collapsed_answers_are_read_under_their_titles() -> None:
    document = read(
        '<a class="zippy" id="object">How can I object?</a><div><p>Use the form.</p></div>'
        "<details><summary>Who can object?</summary><p>Everybody.</p></details>"
        '<button aria-expanded="false">When?</button><div aria-hidden="true"><p>Any time.</p></div>'
    )

    assert block(document, "Use the form.").trail == ("How can I object?",)
    assert block(document, "How can I object?").section == "object"
    assert block(document, "Everybody.").text == "Everybody."
    assert block(document, "Any time.").trail == ("When?",)


def test_what_stands_under_aria_hidden_is_read() -> None:
    assert texts(read('<div aria-hidden="true"><p>The whole policy.</p></div>')) == ["The whole policy."]


def test_what_no_reader_sees_is_not_read() -> None:
    document = read(
        "<p>Seen.</p><p hidden>a</p><p style='display: none'>b</p><p style='color:red;visibility:hidden'>c</p>"
        "<script>d</script><style>e{}</style><template><p>f</p></template><noscript>g</noscript><!-- h -->"
    )

    assert texts(document) == ["Seen."]


def test_a_panel_hidden_until_found_is_read() -> None:
    assert texts(read('<div hidden="until-found"><p>An answer.</p></div>')) == ["An answer."]


def test_a_section_is_named_by_the_nearest_id_that_no_program_made() -> None:
    document = read('<div id="7.subpage.11-Object"><div id=":r1:"><p>You can object.</p></div></div>')

    assert block(document, "You can object.").section == "7.subpage.11-Object"


def test_a_block_of_thousands_of_characters_is_cut_into_sentences_with_their_own_links() -> None:
    long = "We use data to improve what we do. " * 60 + "You can <a href='/o'>object</a>. The end follows."
    document = read(f"<p>{long}</p>")

    assert len(document.blocks) == 62
    assert [link.target for link in block(document, "You can object.").links] == ["https://service.example/o"]


def test_setext_headings_of_an_archive_are_headings() -> None:
    document = read_markdown("Rights\n======\n\nObject\n------\n\nYou can object.\n")

    assert block(document, "You can object.").trail == ("Rights", "Object")


def test_a_link_over_several_paragraphs_of_an_archive_is_a_link() -> None:
    document = read_markdown(
        "[\n\nCookie settings\n\n](https://lm.facebook.com/l.php?u=https%3A%2F%2Fx.example%2Fc&h=AT0)\n"
    )

    assert [(link.text, link.target) for link in block(document, "Cookie settings").links] == [
        ("Cookie settings", "https://x.example/c")
    ]


def test_an_archived_copy_takes_links_to_its_own_sections_as_local() -> None:
    local = read_markdown(" ".join(f"[s{i}](#{i}-Section)" for i in range(6)))
    full = read_markdown(" ".join(f"[s{i}](https://m.facebook.com/policy/?ref=x#{i}-Section)" for i in range(6)))

    assert local.fingerprint == full.fingerprint


def test_a_recipe_selects_in_document_order_without_overlap() -> None:
    document = read(
        '<div id="b"><p>First.</p><p class="in">Within.</p></div><p>Not.</p>'
        '<section role="note"><p>Last.</p></section>',
        select=('[role="note"]', "#b", "#b .in"),
    )

    assert texts(document) == ["First.", "Within.", "Last."]
    assert document.missing == ()


def test_a_selector_that_matches_nothing_is_named() -> None:
    document = read('<div id="a"><p>Text.</p></div>', select=("#a", "#gone", "p[["))

    assert document.missing == ("#gone", "p[[")
    assert texts(document) == ["Text."]


def test_when_no_selector_matches_there_is_no_text() -> None:
    document = read("<p>Text.</p>", select=("#gone",))

    assert document.blocks == ()
    assert document.missing == ("#gone",)


def test_what_a_recipe_drops_is_counted() -> None:
    document = read("<p>Text.</p><div class='d'>12345<p class='d'>678</p></div>", drop=(".d", "p.d"))

    assert texts(document) == ["Text."]
    assert document.dropped_chars == 9


def test_title_and_language_come_from_the_head() -> None:
    document = read("<p>Text.</p>")

    assert (document.title, document.language) == ("Privacy", "en")


def test_part_of_the_length_is_no_furniture() -> None:
    document = read("<nav><p>Menu entry</p></nav><p>Text.</p>")

    assert block(document, "Menu entry").part is Part.FURNITURE
    assert document.chars == 5
