"""Which runs two texts share: what difflib says, found otherwise."""

from difflib import SequenceMatcher

from hypothesis import given
from hypothesis import strategies as st

from monitor.render.shared import shared_runs

WORDS = st.lists(st.sampled_from(["a", "b", "c", " ", ".", "ab", "\ud800"]), max_size=40)


def test_the_longest_run_is_taken_before_what_stands_on_either_side() -> None:
    old, new = ["x", "you", "may", "object", "y"], ["you", "may", "y", "you", "may", "object", "x"]

    assert shared_runs(old, new) == [(1, 3, 3)]
    assert shared_runs(old[:4], ["you", "may", "object", "x", "may"]) == [(1, 0, 3)]


def test_of_equally_long_runs_the_earliest_is_taken() -> None:
    assert shared_runs(["x", "a", "y", "b"], ["b", "a"]) == [(1, 1, 1)]
    assert shared_runs(["a", "b", "x", "c"], ["c", "z", "a", "b", "w", "c"]) == [(0, 2, 2), (3, 5, 1)]


def test_texts_without_a_common_word_share_nothing() -> None:
    assert shared_runs(["a"], ["b"]) == []
    assert shared_runs([], ["b"]) == []
    assert shared_runs(["a"], []) == []


@given(WORDS, WORDS)
def test_the_runs_are_those_of_difflib(old: list[str], new: list[str]) -> None:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()

    assert shared_runs(old, new) == [tuple(block) for block in blocks[:-1]]
