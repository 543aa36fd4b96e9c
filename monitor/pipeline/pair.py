"""Two captures of one document compared as a live check would, and what every rule said of it."""

from dataclasses import dataclass

from monitor.assess import assess, rules
from monitor.model.capture import Capture
from monitor.model.finding import Finding, History
from monitor.model.page import Page
from monitor.optout.lexicon import Lexicons


@dataclass(frozen=True, slots=True)
class Pair:
    """What was found in the first capture, and in the second after it."""

    old: Finding
    new: Finding


def pair(page: Page, old: Capture, new: Capture, lexicons: Lexicons) -> Pair:
    """Return what two captures of a page are, the first one seen for the first time."""
    first = assess(page, History(rules=rules(page, lexicons)), old, lexicons)
    return Pair(old=first, new=assess(page, first.history, new, lexicons))
