"""The sentences of an alert: title, place, times, proof. One sentence a function, used alike by feeds, site and mail.

Everything that comes from a watched page is clean and in one line, but not yet escaped.
"""

from functools import lru_cache

from monitor.model.alert import Alert
from monitor.model.procedure import Difference, DifferenceKind
from monitor.model.verdict import Kind, Quote
from monitor.render import retold
from monitor.render.labels import ASPECTS, DIFFERENCES, KINDS
from monitor.render.safe import one_line
from monitor.render.tongue import ENGLISH, Tongue, utc

TITLE_CHARS = 140
MEANING_CHARS = 480
TRAIL_CHARS = 240
HEADING_CHARS = 90  # pages make headings of whole sentences
DIFFERENCE_CHARS = 200

_TWO_SIDED = frozenset(kind for kind in DifferenceKind if kind.value.endswith(("changed", "moved")))


def headline(alert: Alert, tongue: Tongue = ENGLISH) -> str:
    """Return the title: at most 140 characters, the page first.

    The rules and maintainers write English. In another language a title of the rules is translated; of another one it
    says what sort of change it is and what it touches, but a correction, whose words are a person's alone, keeps them.
    """
    if tongue.language == ENGLISH.language:
        return shortened(alert.title, TITLE_CHARS)
    said = retold.title(alert.title, tongue)
    if not said and alert.aspects and not alert.corrects and alert.kind is not Kind.SIGNAL:
        said = _sort(alert, tongue)
    return shortened(said or alert.title, TITLE_CHARS)


def _sort(alert: Alert, tongue: Tongue) -> str:
    """Return the page of a title, the kind of change and what it touches."""
    about, colon, _ = one_line(alert.title).partition(": ")
    touched = ", ".join(tongue.say(ASPECTS[aspect]) for aspect in alert.aspects)
    return f"{about + colon if colon else ''}{tongue.say(KINDS[alert.kind])} ({touched})"


def version(summary: str, tongue: Tongue = ENGLISH) -> str:
    """Return what is said of a version that was told to nobody, in a tongue where the rules wrote it."""
    return summary if tongue.language == ENGLISH.language else retold.title(summary, tongue) or summary


def meaning(alert: Alert, tongue: Tongue = ENGLISH) -> str:
    """Return what the change means for the reader, or an empty string; a maintainer's words stay in English."""
    said = "" if tongue.language == ENGLISH.language else retold.meaning(alert.meaning, tongue)
    return shortened(said or alert.meaning, MEANING_CHARS)


def where(quote: Quote) -> str:
    """Return the headings that a quote stands under, outermost first; the innermost ones when there are too many."""
    return _where(quote.trail)


@lru_cache(maxsize=1024)  # headings stay while the words under them change
def _where(trail: tuple[str, ...]) -> str:
    names = [shortened(name, HEADING_CHARS) for name in trail if name.strip()]
    while len(names) > 1 and len(" > ".join(names)) > TRAIL_CHARS:
        names = names[1:]
    return shortened(" > ".join(names), TRAIL_CHARS)


def difference(difference: Difference, tongue: Tongue = ENGLISH) -> str:
    """Return one difference between two ways out as a sentence: `Form moved: OLD -> NEW`."""
    name = difference_name(difference, tongue)
    before, after = (shortened(side, DIFFERENCE_CHARS) for side in (difference.before, difference.after))
    if difference.kind in _TWO_SIDED and (before or after):
        absent = tongue.say("(not there)")
        return f"{name}: {before or absent} → {after or absent}"
    return f"{name}: {' → '.join(filter(None, (before, after)))}".rstrip(": ")


def difference_name(difference: Difference, tongue: Tongue = ENGLISH) -> str:
    """Return what sort of difference this is: `Form moved`."""
    return tongue.say(DIFFERENCES[difference.kind])


def others(alert: Alert, tongue: Tongue = ENGLISH) -> str:
    """Return how much else changed in the same revision; nothing changed where a feed alone speaks of it."""
    if alert.kind is Kind.SIGNAL:
        return tongue.say("An entry of a feed says this; no watched page was seen to change.")
    if not alert.other_lines:
        return tongue.say("Nothing else changed in the same revision.")
    return tongue.plural(
        "%(count)s other line changed in the same revision.",
        "%(count)s other lines changed in the same revision.",
        alert.other_lines,
    )


def seen(alert: Alert, tongue: Tongue = ENGLISH) -> str:
    """Return between which two fetches the change lies; what a feed says came between two readings of it."""
    proof = alert.evidence
    if alert.kind is Kind.SIGNAL:
        return tongue.say(
            "The feed was read without this entry %(before)s, and with it %(after)s.",
            before=utc(proof.before_at),
            after=utc(proof.after_at),
        )
    return tongue.say(
        "Last seen unchanged %(before)s, first seen changed %(after)s.",
        before=utc(proof.before_at),
        after=utc(proof.after_at),
    )


def confirmed(alert: Alert, tongue: Tongue = ENGLISH) -> str:
    """Return whether a later fetch saw the same."""
    at = alert.evidence.confirmed_at
    if at is None:
        return tongue.say("Not confirmed by a later fetch when this was published.")
    return tongue.say("Confirmed by a later fetch %(at)s.", at=utc(at))


def vantage(alert: Alert, tongue: Tongue = ENGLISH) -> str:
    """Return from where and in which language the page was read, or an empty string when neither is known."""
    region, language = one_line(alert.evidence.region), one_line(alert.evidence.language)
    if region and language:
        return tongue.say("Read from region %(region)s in language %(language)s.", region=region, language=language)
    if region:
        return tongue.say("Read from region %(region)s.", region=region)
    return tongue.say("Read in language %(language)s.", language=language) if language else ""


def captures(alert: Alert, tongue: Tongue = ENGLISH) -> str:
    """Return the SHA-256 of both captures' bytes."""
    proof = alert.evidence
    return tongue.say(
        "Captures (SHA-256): before %(before)s, after %(after)s.",
        before=one_line(proof.before),
        after=one_line(proof.after),
    )


def shortened(text: str, limit: int) -> str:
    """Return a text in one line, cut at a word's end with an ellipsis when it has more characters than the limit."""
    line = one_line(text)
    if len(line) <= limit:
        return line
    end = line.rfind(" ", 0, limit)
    return line[: end if end > limit // 2 else limit - 1].rstrip(" ,;:") + "…"
