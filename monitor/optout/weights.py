"""Every number the verdict rests on, in one place.

Tuned on the development corpus (five recordings with labels, 2022-2026) with `make quality`; run it after touching one.
What varying each of them does is written down in docs/how-it-works/detection.md.
"""

# What a cue adds to the block it stands in.
STRONG = 3.0
WEAK = 1.0
# A block whose own words hold no cue, under headings that do: list entries that came or went, and other text.
LISTED_UNDER_STRONG = 3.0
UNDER_STRONG = 1.5
STEP_OF_THE_WAY = 3.0
# A link whose own words are the way out, and one that only stands in such a sentence.
LINK_IS_THE_WAY = 3.0
LINK_BESIDE_THE_WAY = 1.5
# A form's own fields, and any other change on a page that is only about the way out.
FORM_FIELD = 3.0
ON_A_PAGE_ABOUT_IT = 1.0
# Notes explain the words of the body; they are told in the digest.
NOTES_AT_MOST = 2.0

# From which weight a change is told at once, and from which in the digest.
ALERT = 3.0
DIGEST = 1.0

# At most this many quotes stand in a verdict, each at most this many characters a side.
QUOTES = 6
QUOTE_CHARS = 400
