"""Letters that matches need: what may be skipped holds no cue."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.optout.letters import letters_of, words_of
from monitor.text import fold
from monitor.wiring import lexicons

LEXICONS = tuple(lexicons().values())
PATTERNS = tuple({pattern for lexicon in LEXICONS for cue in lexicon.cues for pattern in cue.all})


@pytest.mark.parametrize(
    ("pattern", "letters"),
    [
        (r"\btrain(?:s|ed)?\b", {"train", "trains", "trained"}),
        (r"\btrain\b|\bteach\w*", {"rain", "each"}),
        (r"\bright to object\b", {"object"}),
        (r"\b(?:[\w-]+ ){0,4}?train", {"train"}),
        (r"(?:\d+|[a-z]+) days", {"days"}),
        (r"opt[- ]?out", {"opt", "optout"}),
        (r"(?:not used ){2,3}", {"used"}),
        (r"(?:ai|models?)\W+(?!our)trained", {"trained"}),
        (r"(?:\d+ days|on \d+)", {"days", "on"}),
    ],
)
def test_a_match_holds_one_of_these_runs_of_letters(pattern: str, letters: set[str]) -> None:
    assert letters_of(re.compile(pattern)) == letters


@pytest.mark.parametrize(
    "pattern", [r"\d{4}", r"(?:ai)?", r"[a-z]+", r"ai|\d+", r"(?i)train", r"(?:x\d|\d)+", r"(?i:train)", ""]
)
def test_what_needs_no_letters_is_always_searched(pattern: str) -> None:
    assert letters_of(re.compile(pattern)) == frozenset()


def test_many_ways_to_write_a_word_are_told_by_the_part_that_stays() -> None:
    wide = "(?:{})".format("|".join(f"a{number}" for number in range(40)))

    assert letters_of(re.compile(f"{wide}{wide}training")) == {"training"}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.sampled_from(PATTERNS).flatmap(lambda pattern: st.tuples(st.just(pattern), st.from_regex(pattern))))
def test_whatever_matches_a_pattern_of_a_lexicon_holds_its_letters(drawn: tuple[re.Pattern[str], str]) -> None:
    pattern, text = drawn
    needed = letters_of(pattern)

    assert not needed or any(letters in word for word in words_of(text) for letters in needed)


@pytest.mark.parametrize("lexicon", LEXICONS, ids=lambda lexicon: lexicon.language)
def test_every_cue_of_a_sentence_is_among_those_it_is_searched_for(lexicon: object) -> None:
    texts = [fold(text) for each in LEXICONS for cue in each.cues for text in (*cue.examples, *cue.counterexamples)]
    mine = next(each for each in LEXICONS if each is lexicon)

    missed = [
        (cue.id, text)
        for text in texts
        for cue in mine.cues
        if cue.found(text) and cue not in tuple(mine.near(words_of(text)))
    ]

    assert missed == []


def test_a_sentence_without_such_words_is_searched_for_no_cue() -> None:
    [english] = [each for each in LEXICONS if each.language == "en"]

    assert list(english.near(words_of("cups rust"))) == []
