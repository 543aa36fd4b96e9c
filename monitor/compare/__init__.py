"""Two documents in, what differs out; the only user of diff-match-patch."""

from monitor.compare.aligned import CONTEXT, Row, RowKind, aligned, passages
from monitor.compare.blocks import compare
from monitor.compare.known import Sorted, sorted_by_known
from monitor.compare.marks import NEAR_HEADINGS, field_mark, link_mark, mark, marks
from monitor.compare.said import blocks_saying, spoken
from monitor.compare.words import word_edits

__all__ = [
    "CONTEXT",
    "NEAR_HEADINGS",
    "Row",
    "RowKind",
    "Sorted",
    "aligned",
    "blocks_saying",
    "compare",
    "field_mark",
    "link_mark",
    "mark",
    "marks",
    "passages",
    "sorted_by_known",
    "spoken",
    "word_edits",
]
