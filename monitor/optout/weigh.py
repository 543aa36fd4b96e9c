"""How much each piece of a change matters to someone who wants out, and why: items in, weighed items out."""

import re
from dataclasses import dataclass

from monitor.model.document import Block, BlockKind, Link
from monitor.model.page import PageKind
from monitor.model.verdict import Aspect, Direction, Reason
from monitor.optout import weights
from monitor.optout.items import Item, ItemKind
from monitor.optout.lexicon import Strength
from monitor.optout.meaning import same_meaning
from monitor.optout.reading import Hit, Reader
from monitor.optout.sentences import sentences

# Addresses that lead to a form or a request: what a way out ends in.
_FORM = re.compile(r"/contact/|/forms?/|/request|objection|opt-?out|dsar|privacy-?rights", re.IGNORECASE)
_NUMBER = re.compile(r"\d{6,}")
_ENUMERATED = frozenset({BlockKind.ITEM, BlockKind.STEP, BlockKind.ROW, BlockKind.FIELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A piece of a change with its weight, what it touches, which way it went, and why."""

    item: Item
    weight: float
    aspects: frozenset[Aspect] = frozenset()
    direction: Direction | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Scales:
    """Weighs items with a reader, for a page of a kind that is, or is not, about the way out as a whole."""

    reader: Reader
    kind: PageKind
    about: bool

    def weighed(self, item: Item) -> Weighed:
        """Return the item with its weight; 0 says that it means nothing for the way out."""
        match item.kind:
            case ItemKind.RELINKED:
                return self._link(item)
            case ItemKind.FIELD:
                return self._field(item)
            case ItemKind.MOVED:
                return self._move(item)
            case _:
                return self._text(item)

    def _text(self, item: Item) -> Weighed:
        if item.kind is ItemKind.REWORDED:
            lexicon = self.reader.lexicon(item.after)
            if same_meaning(item.before, item.after, lexicon):
                return Weighed(item=item, weight=0.0, reasons=(self._reason("same-meaning", "", item, 0.0),))
        hits = self._hits(item)
        reasons = [self._reason(f"cue:{hit.cue.id}", hit.words, item, _of(hit)) for hit in hits if _of(hit)]
        reasons += self._by_place(item, hits)
        if not reasons:
            return Weighed(item=item, weight=0.0)
        return self._result(item, max(reason.weight for reason in reasons), hits, reasons)

    def _hits(self, item: Item) -> tuple[Hit, ...]:
        """Return the cues of both wordings; an announcement counts only where it is new."""
        before = tuple(hit for hit in self.reader.hits(item.before) if hit.cue.id != "announced") if item.before else ()
        after = self.reader.hits(item.after) if item.after else ()
        known = {hit.cue.id for hit in after}
        return after + tuple(hit for hit in before if hit.cue.id not in known)

    def _by_place(self, item: Item, hits: tuple[Hit, ...]) -> list[Reason]:
        """Return reasons that lie in where the words stand, not in the words alone."""
        reasons = []
        over = self.strong_heading(item.trail)
        if over and item.block.kind is not BlockKind.HEADING:
            listed = item.whole and item.block.kind in _ENUMERATED
            weight = weights.LISTED_UNDER_STRONG if listed else weights.UNDER_STRONG
            if item.block.kind is BlockKind.STEP or _is_step(hits, over):
                weight = weights.STEP_OF_THE_WAY
            reasons.append(self._reason(f"under:{over.cue.id}", over.words, item, weight))
        if self.about:
            reasons.append(self._reason("page-about-it", self.kind.value, item, weights.ON_A_PAGE_ABOUT_IT))
        return reasons

    def strong_heading(self, trail: tuple[str, ...]) -> Hit | None:
        """Return the cue in the nearest headings that makes everything under them matter."""
        return self.reader.strong_heading(trail)

    def _link(self, item: Item) -> Weighed:
        relinked = item.relinked
        if relinked is None or _equivalent(relinked.before, relinked.after):
            return Weighed(item=item, weight=0.0)
        link = relinked.after or relinked.before
        words = link.text if link else ""
        sentence = _around(item.block, words)
        own, around = self.reader.hits(words), self.reader.hits(sentence)
        weight, rule = self._link_weight(item, words, sentence)
        hits = own + tuple(hit for hit in around if hit.cue.id not in {h.cue.id for h in own})
        aspects = frozenset({Aspect.FORM_LINK}) if _form(relinked.before, relinked.after) else frozenset()
        reasons = [self._reason(rule, words or sentence[:80], item, weight)] if weight else []
        result = self._result(item, weight, hits, reasons)
        return _with(result, aspects=result.aspects | aspects, direction=Direction.MOVED)

    def _link_weight(self, item: Item, words: str, sentence: str) -> tuple[float, str]:
        form = item.relinked is not None and _form(item.relinked.before, item.relinked.after)
        in_sentence = self.reader.strong(sentence)
        if self.reader.strong(words) or (form and in_sentence):
            return weights.LINK_IS_THE_WAY, "link:the-way-out"
        if in_sentence or self.strong_heading(item.trail):
            return weights.LINK_BESIDE_THE_WAY, "link:beside-the-way-out"
        weak = any(hit.cue.strength is Strength.WEAK for hit in self.reader.hits(sentence))
        if weak or form or self.about:
            return weights.WEAK, "link:near"
        return 0.0, ""

    def _field(self, item: Item) -> Weighed:
        weight = weights.FORM_FIELD if self.kind is PageKind.FORM else weights.WEAK if self.about else 0.0
        label = item.after or item.before
        result = self._result(item, weight, self.reader.hits(label), [self._reason("form-field", label, item, weight)])
        return _with(result, aspects=result.aspects | {Aspect.FORM_FIELD}, direction=_field_direction(item))

    def _move(self, item: Item) -> Weighed:
        moved = item.moved
        if moved is None:
            return Weighed(item=item, weight=0.0)
        here, there = self.strong_heading(moved.before.trail), self.strong_heading(moved.after.trail)
        over = here or there
        if over is None or item.block.kind is BlockKind.HEADING:
            return Weighed(item=item, weight=0.0)
        weight = weights.LISTED_UNDER_STRONG if item.block.kind in _ENUMERATED else weights.UNDER_STRONG
        reasons = [self._reason(f"moved-under:{over.cue.id}", over.words, item, weight)]
        return self._result(item, weight, (over,), reasons)

    def _result(self, item: Item, weight: float, hits: tuple[Hit, ...], reasons: list[Reason]) -> Weighed:
        if item.notes:
            weight = min(weight, weights.NOTES_AT_MOST)
        aspects = {hit.cue.aspect for hit in hits if hit.cue.aspect}
        if weight:
            over = self.strong_heading(item.trail)
            aspects |= {over.cue.aspect} if over and over.cue.aspect else set()
            over_all = {hit.cue.aspect for heading in item.trail for hit in self.reader.hits(heading)}
            aspects |= _FOR_WHOM & over_all
            aspects |= {Aspect.STEP} if item.block.kind is BlockKind.STEP else set()
        return Weighed(
            item=item,
            weight=weight,
            aspects=frozenset(aspects),
            direction=_direction(item, hits, self.strong_heading(item.trail)),
            reasons=tuple(reasons),
        )

    def _reason(self, rule: str, cue: str, item: Item, weight: float) -> Reason:
        return Reason(rule=rule, cue=cue, where=" > ".join(item.trail[-3:]), weight=weight)


def _is_step(hits: tuple[Hit, ...], over: Hit) -> bool:
    """Say whether a sentence under such a heading tells what to do, by when, or what one gets for it."""
    found = {hit.cue.id for hit in hits}
    return "instruction" in found or (over.cue.aspect in _WAYS and bool(found & _OF_THE_WAY))


def _direction(item: Item, hits: tuple[Hit, ...], over: Hit | None) -> Direction | None:
    """Return which way a piece went; what is used for training narrows or widens with its list and its exceptions."""
    plain = _DIRECTIONS.get(item.kind)
    if plain not in _SCOPE:
        return plain
    narrowed, widened = _SCOPE[plain]
    if any(hit.cue.id in _EXCEPTIONS for hit in hits):
        return narrowed
    listed = item.whole and item.block.kind in _ENUMERATED
    return widened if listed and over and over.cue.aspect is Aspect.AI_TRAINING_USE else plain


# What the way out is called by, and what is said of it under such a heading.
_WAYS = frozenset({Aspect.RIGHT_TO_OBJECT, Aspect.CONSENT_WITHDRAWAL, Aspect.SETTINGS_PATH})
_OF_THE_WAY = frozenset({"deadline", "confirmation", "login", "form"})
# Headings that name this say it of everything under them: "For registered users under 18".
_FOR_WHOM = frozenset({Aspect.EXCLUSIONS})
# Cues of what is not used; with one more of them less is used.
_EXCEPTIONS = frozenset({"excluded", "not-used-to-improve"})
# What one more, or one less, exception and entry mean for how much is used.
_SCOPE = {
    Direction.ADDED: (Direction.NARROWED, Direction.WIDENED),
    Direction.REMOVED: (Direction.WIDENED, Direction.NARROWED),
}
_STRENGTHS = {Strength.STRONG: weights.STRONG, Strength.WEAK: weights.WEAK, Strength.ASPECT: 0.0}
_DIRECTIONS = {
    ItemKind.ADDED: Direction.ADDED,
    ItemKind.REMOVED: Direction.REMOVED,
    ItemKind.REWORDED: Direction.REWORDED,
    ItemKind.MOVED: Direction.MOVED,
    ItemKind.RELINKED: Direction.MOVED,
}


def _of(hit: Hit) -> float:
    return _STRENGTHS[hit.cue.strength]


def _with(weighed: Weighed, *, aspects: frozenset[Aspect], direction: Direction | None) -> Weighed:
    return Weighed(
        item=weighed.item, weight=weighed.weight, aspects=aspects, direction=direction, reasons=weighed.reasons
    )


def _around(block: Block, words: str) -> str:
    """Return the sentence of a block that holds a link's words; the whole block when none does."""
    return next((sentence for sentence in sentences(block.text) if words and words in sentence), block.text)


def _form(*links: Link | None) -> bool:
    return any(link is not None and _FORM.search(link.target) for link in links)


def _equivalent(before: Link | None, after: Link | None) -> bool:
    """Say whether two addresses name the same section, article or form, by its anchor or by the same long number."""
    if before is None or after is None:
        return False
    anchor = before.target.partition("#")[2]
    if anchor and anchor == after.target.partition("#")[2]:
        return True
    old, new = _NUMBER.findall(before.target), _NUMBER.findall(after.target)
    return bool(old) and old == new


def _field_direction(item: Item) -> Direction:
    refielded = item.refielded
    if refielded is None or refielded.after is None:
        return Direction.REMOVED
    if refielded.before is None:
        return Direction.ADDED
    if refielded.before.required != refielded.after.required:
        return Direction.REQUIRED if refielded.after.required else Direction.OPTIONAL
    return Direction.REWORDED
