"""What a change means for someone who wants out; the way out as data."""

from monitor.optout.differences import differences_of
from monitor.optout.editions import edition_gaps
from monitor.optout.items import Item, ItemKind
from monitor.optout.judge import Judged, judge
from monitor.optout.lexicon import Lexicon, Lexicons, lexicon_of, parse_lexicon
from monitor.optout.procedure import procedure_of
from monitor.optout.signals import Signal, signal_of
from monitor.optout.table import WayRow, way_table

__all__ = [
    "Item",
    "ItemKind",
    "Judged",
    "Lexicon",
    "Lexicons",
    "Signal",
    "WayRow",
    "differences_of",
    "edition_gaps",
    "judge",
    "lexicon_of",
    "parse_lexicon",
    "procedure_of",
    "signal_of",
    "way_table",
]
