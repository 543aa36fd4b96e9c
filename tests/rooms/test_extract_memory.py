"""What is remembered between readings is bounded and says nothing else than what would be read."""

from monitor.extract.fragments import Fragments
from monitor.extract.pieces import Piece
from monitor.model.document import BlockKind
from tests.rooms.pages import read

PIECES = (Piece(BlockKind.PARAGRAPH, "Text."),)


def test_a_fragment_is_read_once() -> None:
    fragments, readings = Fragments(10), list[int]()

    def once() -> tuple[Piece, ...]:
        readings.append(1)
        return PIECES

    assert [fragments.of("name", once) for _ in range(3)] == [PIECES] * 3
    assert len(readings) == 1


def test_when_too_many_fragments_are_held_all_are_let_go() -> None:
    fragments, readings = Fragments(2), list[str]()

    def reading(name: str) -> tuple[Piece, ...]:
        readings.append(name)
        return PIECES

    for name in ("a", "b", "c", "a"):
        fragments.of(name, lambda name=name: reading(name))  # type: ignore[misc]  # bound by its default

    assert readings == ["a", "b", "c", "a"]


def test_the_same_markup_elsewhere_is_read_as_what_it_is_there() -> None:
    inside, outside = "<p>You can object.</p>", "<div id='rights'><p>You can object.</p></div>"

    assert [block.section for block in read(inside).blocks] == [""]
    assert [block.section for block in read(outside).blocks] == ["rights"]
    assert [block.section for block in read(inside).blocks] == [""]


def test_a_page_with_a_form_is_always_read_anew() -> None:
    form = "<p id='l'>Reason</p><form><input name='r' aria-labelledby='l'></form>"

    assert read(form, select=("form",)).blocks[0].text == "Reason"
    assert read(form.replace("Reason", "Why"), select=("form",)).blocks[0].text == "Why"
