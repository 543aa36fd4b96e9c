"""Verdicts in words: a title and what it means, made from the facts of the weightiest piece alone."""

from collections.abc import Iterable, Sequence

from monitor.model.document import BlockKind, Field
from monitor.model.verdict import Aspect, Direction, Quote
from monitor.optout import weights
from monitor.optout.items import Item, ItemKind
from monitor.optout.sentences import sentences
from monitor.optout.weigh import Weighed

TITLE_CHARS = 140
SECTION_CHARS = 70
_MARKS = "ⓘ•·-*▸ "

# The subject of a title, the most specific aspect first.
_SUBJECTS: tuple[tuple[Aspect, str], ...] = (
    (Aspect.RIGHT_TO_OBJECT, "the right to object"),
    (Aspect.CONSENT_WITHDRAWAL, "withdrawing consent"),
    (Aspect.AI_TRAINING_USE, "data used for AI"),
    (Aspect.EXCLUSIONS, "what is not used"),
    (Aspect.SETTINGS_PATH, "the settings for data use"),
    (Aspect.LEGAL_BASIS, "the legal basis for data use"),
    (Aspect.DATA_CATEGORIES, "the data that is used"),
)


_NO_TOPIC = "its subject"


def title(subject: str, top: Weighed) -> str:
    """Return one sentence of at most 140 characters: the page first, present tense, neutral."""
    return fitted(f"{subject}: {_happened(top)}")


def fitted(sentence: str) -> str:
    """Return a sentence cut to the length of a title."""
    return sentence if len(sentence) <= TITLE_CHARS else sentence[: TITLE_CHARS - 1].rstrip() + "…"


def topic(aspects: Iterable[Aspect]) -> str:
    """Return what the most specific of these aspects is about, or `its subject`."""
    touched = frozenset(aspects)
    return next((words for aspect, words in _SUBJECTS if aspect in touched), _NO_TOPIC)


def meaning(top: Weighed) -> str:
    """Return what a reader may conclude, and no more than the captures show."""
    item = top.item
    if item.kind is ItemKind.RELINKED:
        return (
            "A saved or shared link to the old address may no longer be the way; start from the new address. "
            "We have not opened it."
        )
    if item.kind is ItemKind.FIELD:
        return _FIELD_MEANING.get(top.direction or Direction.REWORDED, "The form asks for something else than before.")
    if Aspect.STEP in top.aspects:
        return "The steps to follow are no longer the ones described before; follow the page as it is now."
    what = _topic(top)
    if item.kind is ItemKind.REMOVED:
        return f"The page no longer says this about {what}; whether the practice changed, the page does not say."
    if item.kind is ItemKind.ADDED:
        return f"The page now says this about {what}."
    if item.kind is ItemKind.MOVED:
        return f"The same words now stand under other headings, so they may apply to other people or data ({what})."
    return f"The page words {what} differently; compare both sentences."


_FIELD_MEANING = {
    Direction.REQUIRED: "The form cannot be sent without this field any more.",
    Direction.OPTIONAL: "The form can be sent without this field now.",
    Direction.ADDED: "The form asks for something more than before.",
    Direction.REMOVED: "The form no longer asks for this.",
}


def _happened(top: Weighed) -> str:
    item = top.item
    match item.kind:
        case ItemKind.RELINKED:
            return _link_happened(item)
        case ItemKind.FIELD:
            return _field_happened(top)
        case _:
            return _with_section(item, _TEXT_HAPPENED[item.kind].format(what=_what(top)))


_TEXT_HAPPENED = {
    ItemKind.ADDED: "{what} was added",
    ItemKind.REMOVED: "{what} was removed",
    ItemKind.MOVED: "{what} now stands under another heading",
    ItemKind.REWORDED: "{what} was reworded",
}


def _what(top: Weighed) -> str:
    """Return what a piece of text is to its reader: a step, an entry of a list, or text on a subject."""
    block = top.item.block
    if Aspect.STEP in top.aspects:
        return "a step"
    if block.kind is BlockKind.HEADING:
        return f"a heading{_on(top)}"
    listed = block.kind in {BlockKind.ITEM, BlockKind.ROW}
    return f"{'an entry' if listed else 'text'}{_on(top)}"


def _on(top: Weighed) -> str:
    about = _topic(top)
    return "" if about == _NO_TOPIC else f" on {about}"


def _link_happened(item: Item) -> str:
    relinked = item.relinked
    if relinked is None or relinked.after is None:
        return f"the link “{relinked.before.text if relinked and relinked.before else ''}” was removed"
    if relinked.before is None:
        return f"a new link “{relinked.after.text}”"
    return f"the link “{relinked.after.text}” now leads to another address"


def _field_happened(top: Weighed) -> str:
    label = top.item.after or top.item.before
    match top.direction:
        case Direction.REQUIRED:
            return f"the form field “{label}” is now required"
        case Direction.OPTIONAL:
            return f"the form field “{label}” is now optional"
        case Direction.ADDED:
            return f"the form has a new field “{label}”"
        case Direction.REMOVED:
            return f"the form field “{label}” is gone"
        case _:
            return f"the form field “{label}” changed"


def _with_section(item: Item, what: str) -> str:
    """Add the nearest heading; a line that only leads a list in says little by itself."""
    section = next((name for name in reversed(item.trail) if not name.endswith(":")), "")
    return f"{what} in “{_shortened(section.lstrip(_MARKS), SECTION_CHARS)}”" if section else what


def _topic(top: Weighed) -> str:
    return topic(top.aspects)


def quotes(ranked: Sequence[Weighed]) -> tuple[Quote, ...]:
    """Return the words before and after of the weightiest pieces, each once, cut around what changed."""
    found: list[Quote] = []
    for weighed in ranked:
        quote = _quote(weighed.item)
        if quote not in found:
            found.append(quote)
        if len(found) == weights.QUOTES:
            break
    return tuple(found)


def _quote(item: Item) -> Quote:
    if item.kind is ItemKind.RELINKED and item.relinked is not None:
        return _link_quote(item)
    if item.kind is ItemKind.FIELD and item.refielded is not None:
        return Quote(_field_words(item.refielded.before), _field_words(item.refielded.after), item.trail)
    if item.kind is ItemKind.MOVED and item.moved is not None:
        old, new = item.moved.before, item.moved.after
        before, after = (" > ".join((*block.trail, _shortened(block.text, 200))) for block in (old, new))
        return Quote(before, after, new.trail)
    before, after = cut(item.before, item.after)
    return Quote(before, after, item.trail)


def _link_quote(item: Item) -> Quote:
    relinked = item.relinked
    assert relinked is not None
    sides = (
        f"{_shortened(link.text, 120)} → {_shortened(link.target, 250)}" if link else ""
        for link in (relinked.before, relinked.after)
    )
    before, after = sides
    return Quote(before, after, item.trail)


def _field_words(field: Field | None) -> str:
    if field is None:
        return ""
    parts = [field.label or field.name, field.type, "required" if field.required else "optional"]
    if field.options:
        parts.append("options: " + _shortened(", ".join(field.options), 200))
    return ", ".join(parts)


def cut(before: str, after: str) -> tuple[str, str]:
    """Return both sides cut to `QUOTE_CHARS` around the first difference, never inside a word."""
    limit = weights.QUOTE_CHARS
    if len(before) <= limit and len(after) <= limit:
        return before, after
    same = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    start = max(0, same - limit // 3) if before and after else 0
    return _window(before, start, limit), _window(after, start, limit)


def _window(text: str, start: int, limit: int) -> str:
    if start:
        start = text.find(" ", start) + 1
    piece = text[start : start + limit]
    if start + limit < len(text):
        piece = piece.rsplit(" ", 1)[0] + " …"
    return ("… " if start else "") + piece


def _shortened(text: str, limit: int) -> str:
    first = sentences(text)[0] if text else ""
    return first if len(first) <= limit else first[: limit - 1].rstrip() + "…"
