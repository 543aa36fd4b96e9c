"""What tags mean to the walk over a page."""

# Plain integers, for speed. A tag that is not listed is part of the line it stands in.
INLINE, BLOCK, HEADING, LINK, BOLD, BREAK, RULE, SKIP = range(8)
LIST, ITEM, TABLE, ROW, CELL, BUTTON, TEXT, FURNITURE, PARAGRAPH = range(8, 17)

_TAGS = {
    TEXT: "-text",
    BLOCK: "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure form header hgroup legend main menu noframes pre search section summary tbody tfoot thead html optgroup "
    "option label",
    PARAGRAPH: "p",
    HEADING: "h1 h2 h3 h4 h5 h6",
    LINK: "a",
    BOLD: "b strong",
    BREAK: "br",
    RULE: "hr",
    SKIP: "-comment !doctype script style template noscript svg math head iframe frame object embed canvas audio video "
    "map datalist select textarea input progress meter title link meta img picture source",
    LIST: "ul ol",
    ITEM: "li",
    TABLE: "table",
    ROW: "tr",
    CELL: "td th",
    BUTTON: "button",
    FURNITURE: "nav footer",
}
ROLES: dict[str | None, int] = {tag: role for role, tags in _TAGS.items() for tag in tags.split()}

# Elements that can be read as a whole: those that hold one text and nothing more, as most do, and those remembered.
WHOLE = frozenset((BLOCK, PARAGRAPH, ITEM, HEADING, LIST))
REMEMBERED = frozenset((PARAGRAPH, LIST))
# Elements that open no block of their own.
WITHIN_LINES = frozenset((INLINE, BOLD, LINK, BREAK))
