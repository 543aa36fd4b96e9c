"""What is remembered for speed: asked once, bounded, and gone when it is forgotten."""

from monitor.once import forget, lately, once, when_forgetting


def test_an_answer_is_remembered_by_value_until_it_is_forgotten() -> None:
    asked = list[str]()

    @lately(8)
    def double(text: str) -> str:
        asked.append(text)
        return text * 2

    assert [double("a"), double("a"), double("b")] == ["aa", "aa", "bb"]
    assert asked == ["a", "b"]
    forget()
    assert double("a") == "aa"
    assert asked == ["a", "b", "a"]


def test_an_answer_is_remembered_by_identity_until_it_is_forgotten() -> None:
    asked = list[int]()

    @once(2)
    def length(values: list[int]) -> int:
        asked.append(len(values))
        return len(values)

    one, same = [1], [1]
    assert [length(one), length(one), length(same)] == [1, 1, 1]
    assert asked == [1, 1]
    forget()
    assert length(one) == 1
    assert asked == [1, 1, 1]


def test_of_too_many_answers_by_identity_the_oldest_goes() -> None:
    asked = list[int]()

    @once(2)
    def first(values: list[int]) -> int:
        asked.append(values[0])
        return values[0]

    lists = [[1], [2], [3]]
    assert [first(each) for each in (*lists, lists[2], lists[0])] == [1, 2, 3, 3, 1]
    assert asked == [1, 2, 3, 1]


def test_what_else_is_remembered_is_emptied_too() -> None:
    held = {"page": "text"}
    when_forgetting(held.clear)

    forget()

    assert held == {}
