"""Form controls as blocks: label, name, whether they must be answered, what is filled in and what can be chosen."""

from monitor.model.document import BlockKind, Field
from tests.rooms.pages import block, read, short

FORM = """
<form action="/contact/submit/?ref=x">
  <input type="hidden" name="csrf" value="1"><input name="lsd" value="2">
  <label for="c">Country of residence *</label>
  <select id="c" name="country"><option>Choose</option><option>Ireland</option></select>
  <label>E-mail <input type="email" name="mail" value="a@b.example" required></label>
  <span id="w">How does it affect you? (required)</span>
  <textarea name="why" aria-labelledby="w"></textarea>
  <input name="code" placeholder="Code">
  <fieldset><legend>Which account?</legend>
    <label><input type="radio" name="account" value="1" required> Facebook</label>
    <label><input type="radio" name="account" value="2"> Instagram</label></fieldset>
  <label><input type="checkbox" name="ok" aria-required="true"> I read the <a href="/policy">policy</a></label>
  <button type="submit">Send</button><input type="reset" value="Clear">
</form>
"""


def fields(inside: str) -> list[Field]:
    return [block.field for block in read(inside).blocks if block.field is not None]


def test_every_control_is_a_field_with_label_name_and_what_must_be_done() -> None:
    assert fields(FORM) == [
        Field(
            name="country", label="Country of residence", type="select", required=True, options=("Choose", "Ireland")
        ),
        Field(name="mail", label="E-mail", type="email", required=True, prefilled="a@b.example"),
        Field(name="why", label="How does it affect you?", type="textarea", required=True),
        Field(name="code", label="Code", type="text"),
        Field(name="account", label="Which account?", type="radio", required=True, options=("Facebook", "Instagram")),
        Field(name="ok", label="I read the policy", type="checkbox", required=True),
    ]


def test_the_words_of_a_label_are_read_once() -> None:
    document = read(FORM)

    assert short(document) == [
        ("field", "Country of residence"),
        ("field", "E-mail"),
        ("field", "How does it affect you?"),
        ("field", "Code"),
        ("field", "Which account?"),
        ("field", "I read the policy"),
        ("button", "Send"),
    ]


def test_the_links_in_a_label_are_links_of_its_field() -> None:
    assert [link.target for link in block(read(FORM), "I read the policy").links] == ["https://service.example/policy"]


def test_a_form_is_known_by_where_it_is_sent() -> None:
    assert read(FORM).form == "https://service.example/contact/submit"


def test_a_search_form_is_not_the_form() -> None:
    document = read(
        '<form role="search" action="/s"><input name="q"></form><form action="/object"><input name="a"></form>'
    )

    assert document.form == "https://service.example/object"


def test_controls_made_of_roles_are_fields() -> None:
    document = read(
        '<div role="textbox" aria-label="Explain" aria-required="true"></div>'
        '<div role="switch" aria-label="Allow"></div>'
    )

    assert [
        (block.field.label, block.field.type, block.field.required) for block in document.blocks if block.field
    ] == [
        ("Explain", "textbox", True),
        ("Allow", "switch", False),
    ]


def test_buttons_are_read_where_they_stand() -> None:
    document = read('<p>Before.</p><div role="button">Object</div><input type="submit" value="Submit"><p>After.</p>')

    assert [(b.kind, b.text) for b in document.blocks] == [
        (BlockKind.PARAGRAPH, "Before."),
        (BlockKind.BUTTON, "Object"),
        (BlockKind.BUTTON, "Submit"),
        (BlockKind.PARAGRAPH, "After."),
    ]


def test_a_field_that_becomes_required_changes_the_fingerprint() -> None:
    before = read("<form><label>Reason <input name='r'></label></form>")
    after = read("<form><label>Reason <input name='r' required></label></form>")

    assert before.fingerprint != after.fingerprint


def test_a_token_that_no_reader_sees_does_not_change_the_fingerprint() -> None:
    before = read("<form><input type='hidden' name='t' value='1'><label>Reason <input name='r'></label></form>")
    after = read("<form><input type='hidden' name='t' value='2'><label>Reason <input name='r'></label></form>")

    assert before.fingerprint == after.fingerprint


def test_a_choice_without_a_legend_still_lists_what_can_be_chosen() -> None:
    assert fields(
        "<form><label><input type='radio' name='a'>Yes</label><label><input type='radio' name='a'>No</label></form>"
    ) == [Field(name="a", label="", type="radio", options=("Yes", "No"))]


def test_a_field_that_is_there_to_catch_machines_is_not_read() -> None:
    assert fields(
        "<form><input name='website' style='display:none'><input name='mail' aria-label='E-mail'></form>"
    ) == [Field(name="mail", label="E-mail")]


def test_two_controls_in_one_label_are_two_fields() -> None:
    assert [
        field.name for field in fields("<form><label>Date <input name='from'><input name='to'></label></form>")
    ] == [
        "from",
        "to",
    ]
