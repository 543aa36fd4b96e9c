"""Sentences that the rules wrote, said again in another tongue.

The rules write English (`optout/phrases.py`, `optout/judge.py`, `optout/signals.py`, `assess/decide.py`,
`pipeline/missed.py`), and a maintainer may write
anew what they wrote. What is exactly a sentence of theirs is translated whole; of any other nothing is guessed.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from monitor.render.labels import msg
from monitor.render.safe import one_line
from monitor.render.tongue import Tongue

# What a sentence is built of: a `%(name)s` that is a part of this table is told in the other tongue too, any other
# (a heading, a field's label, a page's name) stays as it is. tests/rooms/test_render_retold.py holds the table to what
# the rules write.
_PARTS: Mapping[str, tuple[str, ...]] = {
    "title": (msg("%(happened)s in “%(section)s”"), "%(happened)s"),
    "happened": (
        msg("%(piece)s was added"),
        msg("%(piece)s was removed"),
        msg("%(piece)s now stands under another heading"),
        msg("%(piece)s was reworded"),
        msg("the link “%(words)s” was removed"),
        msg("a new link “%(words)s”"),
        msg("the link “%(words)s” now leads to another address"),
        msg("the form field “%(label)s” is now required"),
        msg("the form field “%(label)s” is now optional"),
        msg("the form has a new field “%(label)s”"),
        msg("the form field “%(label)s” is gone"),
        msg("the form field “%(label)s” changed"),
        msg("an entry speaks of %(topic)s"),
        msg("an entry links to %(pages)s"),
        msg("a sentence on opting out that maintainers pinned is gone"),
        msg("a sentence on opting out that maintainers pinned reads differently"),
    ),
    "piece": (
        msg("a step"),
        msg("a heading"),
        msg("an entry"),
        msg("text"),
        msg("a heading on %(topic)s"),
        msg("an entry on %(topic)s"),
        msg("text on %(topic)s"),
    ),
    "topic": (
        msg("the right to object"),
        msg("withdrawing consent"),
        msg("data used for AI"),
        msg("what is not used"),
        msg("the settings for data use"),
        msg("the legal basis for data use"),
        msg("the data that is used"),
        msg("its subject"),
    ),
    "quiet": (
        msg("changed, but nothing about the way out"),
        msg("written otherwise, with the same meaning"),
        msg("the text returned to one seen before"),
        msg("all new text was seen before"),
    ),
    "meaning": (
        msg(
            "A saved or shared link to the old address may no longer be the way; start from the new address. "
            "We have not opened it."
        ),
        msg("The form cannot be sent without this field any more."),
        msg("The form can be sent without this field now."),
        msg("The form asks for something more than before."),
        msg("The form no longer asks for this."),
        msg("The form asks for something else than before."),
        msg("The steps to follow are no longer the ones described before; follow the page as it is now."),
        msg("The page no longer says this about %(topic)s; whether the practice changed, the page does not say."),
        msg("The page now says this about %(topic)s."),
        msg("The same words now stand under other headings, so they may apply to other people or data (%(topic)s)."),
        msg("The page words %(topic)s differently; compare both sentences."),
        msg("Read the page before you rely on what it said: these words no longer stand on it."),
        msg(
            "An early signal from a news feed: somebody writes about it. No watched page was seen to change; those "
            "that it may be about are checked before their turn."
        ),
    ),
}
_CUT = "…"
_FACT = re.compile(r"%\((\w+)\)s")


def title(words: str, tongue: Tongue) -> str:
    """Return a title of the rules in a tongue, what it is about first and as it is; empty when it is not theirs.

    The titles of versions that were told to nobody are about nothing but themselves.
    """
    about, colon, happened = one_line(words).partition(": ")
    if not colon:
        return _said("quiet", about, tongue)
    cut = happened + "”" if happened.endswith(_CUT) else happened  # a long title loses the end of its last quote
    said = _said("title", happened, tongue) or _said("title", cut, tongue)
    return f"{about}: {said}" if said else ""


def meaning(words: str, tongue: Tongue) -> str:
    """Return what the rules say that a change means in a tongue; empty when the words are not theirs."""
    return _said("meaning", one_line(words), tongue)


def _said(part: str, words: str, tongue: Tongue) -> str:
    """Return one part of a sentence in a tongue: the first form that fits it whole."""
    for form, pattern in _patterns(part):
        if (fits := pattern.fullmatch(words)) and (facts := _facts(fits.groupdict(), tongue)) is not None:
            return tongue.say(form) % facts
    return ""


def _facts(found: Mapping[str, str], tongue: Tongue) -> dict[str, str] | None:
    """Return what fills a form, or None when a part of it is none that the rules write."""
    facts = {name: _said(name, words, tongue) if name in _PARTS else words for name, words in found.items()}
    return facts if all(facts.values()) else None


@lru_cache(maxsize=len(_PARTS))
def _patterns(part: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((form, re.compile("".join(_pattern(form)))) for form in _PARTS[part])


def _pattern(form: str) -> Iterator[str]:
    pieces = _FACT.split(form)
    for literal, name in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        yield re.escape(literal)
        if name:
            yield f"(?P<{name}>.+)"
