"""Settings in, a `World` out: the only reader of the clock, and the only place that picks edges."""

from importlib.resources import files

from monitor.optout import parse_lexicon
from monitor.optout.lexicon import Lexicons


def lexicons() -> Lexicons:
    """Return the lexicons of this package by language.

    Raises:
        LexiconError: one of the files is wrong.
    """
    folder = files("monitor.optout") / "lexicons"
    found = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    read = (parse_lexicon(each.name, each.read_text("utf-8")) for each in found)
    return {lexicon.language: lexicon for lexicon in read}
