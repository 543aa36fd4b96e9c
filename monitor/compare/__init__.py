"""Two documents in, what differs out; the only user of diff-match-patch."""

from monitor.compare.blocks import compare
from monitor.compare.known import Sorted, sorted_by_known
from monitor.compare.marks import mark, marks
from monitor.compare.words import word_edits

__all__ = ["Sorted", "compare", "mark", "marks", "sorted_by_known", "word_edits"]
