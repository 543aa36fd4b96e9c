"""Document -> Procedure: where the way out starts, its steps, forms and fields, who may take it until when.

A fact counts where the page speaks of the way out or of AI training: in such a sentence, under such a heading, or in
the same paragraph as the way out itself. Every fact keeps the sentence that states it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from monitor.model.document import Block, BlockKind, Document, Field, Link, Part
from monitor.model.procedure import Effort, Entry, Procedure, Stated
from monitor.model.verdict import Aspect
from monitor.optout import stated
from monitor.optout.lexicon import Strength
from monitor.optout.menus import menu_paths
from monitor.optout.reading import Hit, Reader
from monitor.optout.sentences import sentences
from monitor.text import fold

_FORM = re.compile(r"/contact/|/forms?/|objection|opt-?out|/privacy/?$|/request|dsar", re.IGNORECASE)
_ANCHOR = re.compile(r"#(?![/!])[^=]*$")  # a place in a text; an application's own routes begin with #/ or hold a =
_MOST = 12  # facts of one sort; a page that states more is listing something else
_STEP_CHARS = 400
_ITEM_CHARS = 120
_READ = frozenset({Part.BODY, Part.NOTICE})
_STEP = BlockKind.STEP
_UNSPOKEN = frozenset({BlockKind.HEADING, BlockKind.FIELD, BlockKind.BUTTON})
_LISTED = frozenset({BlockKind.ITEM, BlockKind.ROW, BlockKind.STEP})
_WAYS = frozenset({Aspect.RIGHT_TO_OBJECT, Aspect.CONSENT_WITHDRAWAL, Aspect.SETTINGS_PATH})
_EXCLUDING = frozenset({"not-used-to-improve", "excluded"})
_ASKING = frozenset({"instruction", "form", "confirmation"})


@dataclass(slots=True)
class _Facts:
    """What was read so far, each fact once, and where the way out first stands."""

    entries: list[Entry] = field(default_factory=list)
    steps: list[Stated] = field(default_factory=list)
    forms: list[Stated] = field(default_factory=list)
    by_sort: dict[str, list[Stated]] = field(default_factory=dict)
    deadlines: list[tuple[int, Stated]] = field(default_factory=list)
    spoken: int | None = None
    led: int | None = None

    def say(self, sort: str, fact: Stated) -> None:
        """Keep a fact; the same words under other headings are another fact."""
        known = self.by_sort.setdefault(sort, [])
        mine = (fold(fact.value), fact.trail)
        if len(known) < _MOST and all((fold(one.value), one.trail) != mine for one in known):
            known.append(fact)

    def enter(self, place: int, entry: Entry) -> None:
        """Keep where a way in starts, once."""
        known = {(one.path, one.target) for one in self.entries}
        if (entry.path, entry.target) not in known and len(self.entries) < _MOST:
            self.entries.append(entry)
            self.lead(place)

    def lead(self, place: int) -> None:
        """Note that the way out can be taken from this block on."""
        self.led = place if self.led is None else self.led


@dataclass(frozen=True, slots=True)
class _Said:
    """One sentence in its place: its cues, the strong heading over it, and whether its paragraph names the way out."""

    place: int
    block: Block
    words: str
    hits: tuple[Hit, ...]
    over: Hit | None
    beside: bool

    def __contains__(self, cue: str) -> bool:
        return any(hit.cue.id == cue for hit in self.hits)

    @property
    def way(self) -> bool:
        """Say whether it names the way out itself."""
        return _is_way(self.hits)

    @property
    def strong(self) -> bool:
        """Say whether it speaks of the way out or of AI training by itself."""
        return any(hit.cue.strength is Strength.STRONG for hit in self.hits)

    @property
    def counts(self) -> bool:
        """Say whether it is about the way out at all."""
        return self.strong or self.beside or self.over is not None

    def fact(self, value: str) -> Stated:
        """Return a fact that it states."""
        return Stated(value, self.words, self.block.trail)


def procedure_of(document: Document, reader: Reader) -> Procedure:
    """Return the way out that a document describes; an empty one when it describes none."""
    blocks = [block for block in document.blocks if block.part in _READ]
    fields = tuple(block.field for block in blocks if block.field and block.field.type != "search")
    title = reader.strong(document.title) if fields and document.title else None
    instructed = _instructed(blocks, reader)
    facts = _Facts()
    trail, over = None, None
    for place, block in enumerate(blocks):
        if block.trail is not trail:  # blocks of one section share it
            trail, over = block.trail, reader.strong_heading(block.trail) or title
        spoken = reader.spoken(block.text)
        if (over is not None or spoken.strong) and block.kind not in _UNSPOKEN:
            _read_block(facts, place, block, reader, over=over)
        if over is not None and id(block) in instructed:
            _read_step(facts, place, block)
    asked = fields if title or facts.spoken is not None or any(facts.by_sort.values()) or _asks(blocks, reader) else ()
    if document.form and asked:
        facts.forms.insert(0, _own_form(document, blocks))
    return _procedure(facts, blocks, asked)


def _asks(blocks: Iterable[Block], reader: Reader) -> bool:
    """Say whether a form stands under a heading about the way out, or offers it as a question or choice."""
    for block in blocks:
        words = (block.field.label, *block.field.options) if block.field else ()
        if words and (reader.strong_heading(block.trail) or any(reader.strong(one) for one in words)):
            return True
    return False


def _instructed(blocks: Sequence[Block], reader: Reader) -> set[int]:
    """Return the numbered entries of lists that tell the reader to do something; others count rights or reasons."""
    found: set[int] = set()
    numbered = [(place, block) for place, block in enumerate(blocks) if block.kind is _STEP]
    for _, run in groupby(enumerate(numbered), lambda each: (each[1][0] - each[0], each[1][1].trail)):
        entries = [block for _, (_, block) in run]
        if any(hit.cue.id == "instruction" for entry in entries for hit in reader.hits(_first_sentence(entry))):
            found |= {id(entry) for entry in entries}
    return found


def _first_sentence(block: Block) -> str:
    return next(iter(sentences(block.text)), "")


def _read_block(facts: _Facts, place: int, block: Block, reader: Reader, *, over: Hit | None) -> None:
    texts = reader.spoken(block.text).sentences
    ways = [number for number, (_, hits) in enumerate(texts) if _is_way(hits)]
    if ways and facts.spoken is None:
        facts.spoken = place
    for number, (words, hits) in enumerate(texts):
        said = _Said(place, block, words, hits, over, bool(ways))
        if said.counts:
            follows = bool(ways) and number >= ways[0]
            _read_sentence(facts, said, reader, follows=follows)
    for link in block.links:
        _read_link(facts, place, block, link, reader)
        if link.text == block.text and over is not None and over.cue.aspect in _WAYS:
            _read_button(facts, place, link)


def _is_way(hits: Iterable[Hit]) -> bool:
    return any(hit.cue.aspect in _WAYS and hit.cue.strength is Strength.STRONG for hit in hits)


def _read_sentence(facts: _Facts, said: _Said, reader: Reader, *, follows: bool) -> None:
    instruction = "instruction" in said
    _read_entries(facts, said, reader, linked=instruction or said.way)
    if instruction and said.block.kind is not BlockKind.STEP and (said.over or said.strong or follows):
        _keep_step(facts, said.place, said.fact(said.words))
    _read_scope(facts, said)
    _read_people(facts, said, reader)
    for hit in said.hits:
        if hit.cue.id == "deadline":
            _read_deadline(facts, said, hit)
        elif hit.cue.id in {"login", "confirmation"}:
            facts.say(hit.cue.id, said.fact(stated.phrase(hit, said.words)))


def _read_entries(facts: _Facts, said: _Said, reader: Reader, *, linked: bool) -> None:
    """Keep the menu paths of a sentence, and where its links lead when none of them is the form itself."""
    links = [link for link in said.block.links if link.text and link.text in said.words]
    paths = list(menu_paths(said.words, reader))
    for path in paths:
        target = next((link.target for link in reversed(links) if path[-1] in link.text or link.text in path), "")
        facts.enter(said.place, Entry(path, target, said.words))
    if paths or not linked or any(_leads_out(said.block, link, reader) for link in links):
        return
    for link in links:
        if link.target and not _ANCHOR.search(link.target):
            facts.enter(said.place, Entry((link.text,), link.target, said.words))


def _read_button(facts: _Facts, place: int, link: Link) -> None:
    """Keep a link that is a paragraph of its own under a heading about the way out: pages draw it as a button."""
    known = {form.value for form in facts.forms}
    if link.target and link.target not in known and not _ANCHOR.search(link.target):
        facts.enter(place, Entry((link.text,), link.target, link.text))


def _read_step(facts: _Facts, place: int, block: Block) -> None:
    words = block.text if len(block.text) <= _STEP_CHARS else _first_sentence(block)
    _keep_step(facts, place, Stated(words, words, block.trail))


def _keep_step(facts: _Facts, place: int, step: Stated) -> None:
    if len(facts.steps) < 2 * _MOST and all(one.value != step.value for one in facts.steps):
        facts.steps.append(step)
        facts.lead(place)


def _read_scope(facts: _Facts, said: _Said) -> None:
    """Keep which data is used for AI training, and which is said not to be."""
    hits = {hit.cue.id: hit for hit in said.hits}
    named, entry = hits.get("data-named"), said.block.kind in _LISTED
    denied = hits.get("not-used-to-improve") or (hits.get("excluded") if named or "minors" in hits else None)
    over_denies = entry and said.over is not None and said.over.cue.id in _EXCLUDING
    if denied or over_denies:
        facts.say("excluded", said.fact(stated.whole(denied, said.words) if denied else _item(said)))
    elif named and "instruction" not in said and (_trains(said) or (entry and said.over)):
        value = _item(said) if entry else stated.listed(stated.names(named, said.words))
        facts.say("covered", said.fact(value or stated.phrase(named, said.words)))
    elif "accounts" in said and said.way and stated.proper(stated.names(hits["accounts"], said.words), said.words):
        facts.say("covered", said.fact(stated.whole(hits["accounts"], said.words)))


def _trains(said: _Said) -> bool:
    return any(h.cue.aspect is Aspect.AI_TRAINING_USE and h.cue.strength is Strength.STRONG for h in said.hits)


def _item(said: _Said) -> str:
    """Return a whole list entry as a value, or its first words."""
    whole = said.words.strip(" .;,")
    return whole if len(whole) <= _ITEM_CHARS else stated.clause(whole[:20], whole)


def _read_people(facts: _Facts, said: _Said, reader: Reader) -> None:
    """Keep who may take the way out: regions, ages, accounts."""
    for hit in said.hits:
        if hit.cue.id == "eligibility":
            found = stated.proper(stated.names(hit, said.words), said.words)
            if found:
                facts.say("eligibility", said.fact(stated.listed(found)))
            elif said.way and not said.words.endswith(":"):
                facts.say("eligibility", said.fact(stated.phrase(hit, said.words)))
        if hit.cue.id == "minors" and not any(cue in said for cue in _EXCLUDING):
            value = stated.age(hit, said.words, reader.lexicon(said.words))
            if any(map(str.isdigit, value)):
                facts.say("eligibility", said.fact(value))


def _read_deadline(facts: _Facts, said: _Said, hit: Hit) -> None:
    """Keep a date to act by: one in a sentence about the way out before one that only stands near it."""
    near = said.strong or said.beside or any(cue in said for cue in _ASKING)
    date = stated.date_of(said.words)
    if near and (date or "confirmation" not in said):
        rank = 2 if said.way else 1 if date else 0
        facts.deadlines.append((rank, said.fact(date or stated.span_of(hit, said.words))))


def _read_link(facts: _Facts, place: int, block: Block, link: Link, reader: Reader) -> None:
    if not _leads_out(block, link, reader):
        return
    facts.lead(place)
    if len(facts.forms) < _MOST and all((one.value, one.quote) != (link.target, link.text) for one in facts.forms):
        facts.forms.append(Stated(link.target, link.text, block.trail))


def _leads_out(block: Block, link: Link, reader: Reader) -> bool:
    """Say whether a link is the way out: named so, or to a form from a sentence or heading about it."""
    if not link.target or _ANCHOR.search(link.target):
        return False
    if _is_way(reader.hits(link.text)):
        return True
    around = next((words for words in sentences(block.text) if link.text and link.text in words), "")
    near = reader.strong_heading(block.trail) or (around and reader.strong(around))
    return bool(_FORM.search(link.target) and near)


def _own_form(document: Document, blocks: list[Block]) -> Stated:
    """Return the page's own form, in the words of its button, its heading or the page's title."""
    button = next((block for block in reversed(blocks) if block.kind is BlockKind.BUTTON), None)
    first = next(block for block in blocks if block.field)
    place = button or first
    quote = button.text if button else first.trail[-1] if first.trail else document.title or first.text
    return Stated(document.form, quote, place.trail)


def _procedure(facts: _Facts, blocks: list[Block], fields: tuple[Field, ...]) -> Procedure:
    said = facts.by_sort
    return Procedure(
        entries=tuple(facts.entries),
        steps=tuple(facts.steps),
        forms=tuple(facts.forms[:_MOST]),
        fields=fields,
        login=next(iter(said.get("login", ())), None),
        deadline=_deadline(facts),
        eligibility=tuple(said.get("eligibility", ())),
        covered=tuple(said.get("covered", ())),
        excluded=tuple(said.get("excluded", ())),
        confirmation=tuple(said.get("confirmation", ())),
        effort=_effort(facts, blocks, fields),
    )


def _deadline(facts: _Facts) -> Stated | None:
    """Return the date to act by; of several the latest, since a notice also names the day it was written."""
    ranked = sorted(facts.deadlines, key=lambda one: (-one[0], one[0] == 0))
    if not ranked:
        return None
    best = [fact for rank, fact in ranked if rank == ranked[0][0]]
    return max(best, key=lambda fact: fact.value) if ranked[0][0] else best[0]


def _effort(facts: _Facts, blocks: list[Block], fields: tuple[Field, ...]) -> Effort | None:
    """Return how deep the way out lies: what stands before its first link, step or field; None when there is none."""
    asked = (place for place, block in enumerate(blocks) if fields and block.field in fields)
    led = min((place for place in (facts.led, next(asked, None)) if place is not None), default=None)
    first = facts.spoken if led is None else led
    if first is None:
        return None
    chars = sum(len(block.text) for block in blocks)
    before = sum(len(block.text) for block in blocks[:first])
    return Effort(
        paragraph=1 + sum(1 for _ in _paragraphs(blocks[:first])),
        share=round(before / chars, 4) if chars else 0.0,
        steps=len(facts.steps),
        required_fields=sum(field.required for field in fields),
    )


def _paragraphs(blocks: Iterable[Block]) -> Iterator[Block]:
    return (block for block in blocks if block.kind is not BlockKind.HEADING)
