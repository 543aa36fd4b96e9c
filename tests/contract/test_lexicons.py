"""What every lexicon promises: its own sentences hold."""

from importlib.resources import files

import pytest

from monitor.model.errors import LexiconError
from monitor.optout import Lexicon, lexicon_of, parse_lexicon
from monitor.optout.lexicon import Strength
from monitor.optout.reading import Reader
from monitor.text import fold

FILES = sorted(
    (path for path in (files("monitor.optout") / "lexicons").iterdir() if path.name.endswith(".toml")),
    key=lambda path: path.name,
)
LEXICONS = [parse_lexicon(path.name, path.read_text(encoding="utf-8")) for path in FILES]
CUES = [(lexicon, cue) for lexicon in LEXICONS for cue in lexicon.cues]


@pytest.mark.parametrize(("lexicon", "cue"), CUES, ids=[f"{lex.language}-{cue.id}" for lex, cue in CUES])
def test_a_cue_matches_its_examples_and_not_its_counterexamples(lexicon: Lexicon, cue: object) -> None:
    [mine] = [one for one in lexicon.cues if one is cue]

    missed = [text for text in mine.examples if not mine.found(fold(text))]
    wrong = [text for text in mine.counterexamples if mine.found(fold(text))]

    assert mine.examples
    assert (missed, wrong) == ([], [])


@pytest.mark.parametrize("lexicon", LEXICONS, ids=[lexicon.language for lexicon in LEXICONS])
def test_the_language_of_a_cues_example_is_recognised(lexicon: Lexicon) -> None:
    reader = Reader({one.language: one for one in LEXICONS}, language=lexicon.language)

    longer = [text for cue in lexicon.cues for text in cue.examples if len(text) > 60]

    assert [reader.lexicon(fold(text)).language for text in longer] == [lexicon.language] * len(longer)


@pytest.mark.parametrize("lexicon", LEXICONS, ids=[lexicon.language for lexicon in LEXICONS])
def test_a_lexicon_has_strong_cues_for_objecting_and_for_training(lexicon: Lexicon) -> None:
    strong = {cue.aspect for cue in lexicon.cues if cue.strength is Strength.STRONG}

    assert {"right_to_object", "ai_training_use", "consent_withdrawal"} <= strong


def test_an_unknown_key_names_the_file_and_the_key() -> None:
    with pytest.raises(LexiconError, match=r"xx.toml: .*unknown field `colour`"):
        parse_lexicon("xx.toml", 'language="xx"\nname="X"\nfunction_words="a"\ncolour=1\ncue=[]')


def test_a_file_whose_name_is_of_another_language_is_named() -> None:
    with pytest.raises(LexiconError, match=r"yy.toml: it says that its language is 'xx'"):
        parse_lexicon("yy.toml", 'language="xx"\nname="X"\nfunction_words="a"\ncue=[]')


def test_a_lexicon_is_read_when_it_is_first_needed() -> None:
    lexicon = lexicon_of("xx.toml", "not TOML")

    assert (lexicon.language, len(lexicon.digest)) == ("xx", 64)
    with pytest.raises(LexiconError, match=r"xx.toml"):
        _ = lexicon.function_words


def test_a_pattern_that_is_no_expression_names_its_cue() -> None:
    toml = 'language="xx"\nname="X"\nfunction_words="a"\n[[cue]]\nid="bad"\nstrength="weak"\nall=["("]'

    with pytest.raises(LexiconError, match=r"xx.toml: cue 'bad': not a regular expression"):
        _ = parse_lexicon("xx.toml", toml).cues
