"""Words spelt one way in Britain and another in America, made one form."""

import re

# Spellings that differ by country alone; folded to the American one. Stems that are words, so that no other
# word changes: "promise", "exercise" and "advertise" are spelt the same everywhere.
_ISE = re.compile(
    r"\b((?:re|un|de|dis|non-?)?(?:access|anonym|author|capital|categor|central|character|custom|digital|emphas|"
    r"equal|external|familiar|final|formal|general|harmon|ideal|individual|initial|internal|ital|legal|local|material|"
    r"max[i]m|memor|min[i]m|mobil|modern|monet|neutral|normal|optim|organ|penal|personal|popular|prior[i]t|pseudonym|"
    r"real|recogn|sanit|scrutin|serial|social|special|stabil|standard|summar|symbol|synchron|token|util|victim|visual))"
    r"is(?=e|ing|ation|able)"
)
_ISE_ENDS = re.compile(r"is(?:e|ing|ation|able)")  # looked for first: few texts hold one, and it is found at once
_BRITISH = re.compile(
    r"\b(?:(behavi|col|fav|hon|neighb|lab|endeav)our|(cent|theat|fib)re(?=s?\b)|(anal|paral)ys(?=e|ing)|"
    r"(licen|defen|offen)ce(?=s?\b)|(program)me(?=s?\b)|(catalog|dialog)ue(?=s?\b)|"
    r"(cancel|label|model|travel|fulfil|enrol)l(?=ed\b|ing\b))"
)
# Letters of which every word above holds some: looked for first, since few texts hold any.
_BRITISH_LETTERS = (
    *("viour", "lour", "vour", "nour", "bour", "entre", "eatre", "ibre", "nalys", "ralys", "cence", "fence"),
    *("gramme", "logue", "lled", "lling"),
)
_AMERICAN = ("or", "er", "yz", "se", "", "", "")


def american(text: str) -> str:
    """Return folded text with the words that are spelt otherwise in Britain as in America."""
    if _ISE_ENDS.search(text):
        text = _ISE.sub(r"\1iz", text)
    if any(letters in text for letters in _BRITISH_LETTERS):
        text = _BRITISH.sub(_american, text)
    return text


def _american(match: re.Match[str]) -> str:
    group = match.lastindex or 1
    return match[group] + _AMERICAN[group - 1]
