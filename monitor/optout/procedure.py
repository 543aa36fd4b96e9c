"""Document -> Procedure: where the way out starts, its steps, forms and fields, who may take it until when."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.model.document import Block, BlockKind, Document, Field, Link, Part
from monitor.model.procedure import Effort, Entry, Procedure, Stated
from monitor.model.verdict import Aspect
from monitor.optout.reading import Hit, Reader
from monitor.optout.sentences import sentences
from monitor.text import fold

# "Settings & privacy > Privacy Centre > Object": names of at most six words between separators.
_MENU = re.compile(
    r"(?:[\w&'’.()-]+(?: [\w&'’.()-]+){0,5}) ?(?:(?:>|›|→|»|➔) ?(?:[\w&'’.()-]+(?: [\w&'’.()-]+){0,5}) ?)+"
)
_SEPARATOR = re.compile(r" ?[>›→»➔] ?")
_FORM = re.compile(r"/contact/|/forms?/|objection|opt-?out|/privacy/?$|/request", re.IGNORECASE)
_MOST = 12  # facts of one sort; a page that states more is listing something else


@dataclass(slots=True)
class _Facts:
    """What was read so far, each fact once."""

    entries: list[Entry] = field(default_factory=list)
    steps: list[Stated] = field(default_factory=list)
    forms: list[Stated] = field(default_factory=list)
    by_cue: dict[str, list[Stated]] = field(default_factory=dict)
    first: int | None = None

    def say(self, sort: str, stated: Stated) -> None:
        known = self.by_cue.setdefault(sort, [])
        if len(known) < _MOST and all(fold(one.quote) != fold(stated.quote) for one in known):
            known.append(stated)


def procedure_of(document: Document, reader: Reader) -> Procedure:
    """Return the way out that a document describes; an empty one when it describes none."""
    blocks = [block for block in document.blocks if block.part in {Part.BODY, Part.NOTICE}]
    facts = _Facts()
    for place, block in enumerate(blocks):
        _read_block(facts, place, block, reader)
    fields = tuple(block.field for block in blocks if block.field)
    about = facts.first is not None or any(facts.by_cue.values())
    if document.form and (about or fields):
        facts.forms.append(Stated(document.form, "the address the form on this page is sent to"))
    return _procedure(facts, blocks, fields if about or document.form else ())


def _read_block(facts: _Facts, place: int, block: Block, reader: Reader) -> None:
    over = reader.strong_heading(block.trail)
    for sentence in _sentences(block):
        hits = reader.hits(sentence)
        way = over or next((hit for hit in hits if _is_way(hit)), None)
        if way is None:
            continue
        if facts.first is None and any(_is_way(hit) for hit in hits):
            facts.first = place
        _read_sentence(facts, block, sentence, hits)
    for link in block.links:
        _read_link(facts, block, link, reader, under=over is not None)


def _sentences(block: Block) -> tuple[str, ...]:
    if block.kind in {BlockKind.HEADING, BlockKind.FIELD, BlockKind.BUTTON}:
        return ()
    return sentences(block.text)


def _is_way(hit: Hit) -> bool:
    return hit.cue.strength.value == "strong"


_SORTS = {
    Aspect.DEADLINE: "deadline",
    Aspect.ELIGIBILITY: "eligibility",
    Aspect.DATA_CATEGORIES: "covered",
    Aspect.EXCLUSIONS: "excluded",
    Aspect.CONFIRMATION: "confirmation",
}


def _read_sentence(facts: _Facts, block: Block, sentence: str, hits: tuple[Hit, ...]) -> None:
    for path in _MENU.findall(sentence):
        names = tuple(name.strip(" .,") for name in _SEPARATOR.split(path) if name.strip(" .,"))
        if len(names) > 1 and all(entry.path != names for entry in facts.entries):
            facts.entries.append(Entry(names, "", sentence))
    ids = {hit.cue.id for hit in hits}
    if (block.kind is BlockKind.STEP or "instruction" in ids) and len(facts.steps) < 2 * _MOST:
        stated = Stated(sentence, sentence, block.trail)
        if all(step.value != sentence for step in facts.steps):
            facts.steps.append(stated)
    for hit in hits:
        sort = "login" if hit.cue.id == "login" else _SORTS.get(hit.cue.aspect) if hit.cue.aspect else None
        if sort:
            facts.say(sort, Stated(hit.words, sentence, block.trail))


def _read_link(facts: _Facts, block: Block, link: Link, reader: Reader, *, under: bool) -> None:
    """Keep a link that is the way out: named so, or to a form from a sentence about it."""
    named = any(hit.cue.aspect in _WAYS and _is_way(hit) for hit in reader.hits(link.text))
    if not named and not (_FORM.search(link.target) and (under or _said_around(block, link, reader))):
        return
    if link.target and all((one.value, one.quote) != (link.target, link.text) for one in facts.forms):
        facts.forms.append(Stated(link.target, link.text, block.trail))


_WAYS = frozenset({Aspect.RIGHT_TO_OBJECT, Aspect.CONSENT_WITHDRAWAL, Aspect.SETTINGS_PATH})


def _said_around(block: Block, link: Link, reader: Reader) -> bool:
    around = next((sentence for sentence in sentences(block.text) if link.text and link.text in sentence), "")
    return bool(around and reader.strong(around))


def _procedure(facts: _Facts, blocks: list[Block], fields: tuple[Field, ...]) -> Procedure:
    said = facts.by_cue
    return Procedure(
        entries=tuple(facts.entries[:_MOST]),
        steps=tuple(facts.steps),
        forms=tuple(facts.forms[:_MOST]),
        fields=fields,
        login=_one(said.get("login")),
        deadline=_one(said.get("deadline")),
        eligibility=tuple(said.get("eligibility", ())),
        covered=tuple(said.get("covered", ())),
        excluded=tuple(said.get("excluded", ())),
        confirmation=tuple(said.get("confirmation", ())),
        effort=_effort(facts, blocks, fields),
    )


def _one(stated: list[Stated] | None) -> Stated | None:
    return stated[0] if stated else None


def _effort(facts: _Facts, blocks: list[Block], fields: tuple[Field, ...]) -> Effort | None:
    """Return how deep the way out lies; None when the page describes none."""
    if facts.first is None and not fields:
        return None
    first = facts.first or 0
    chars = sum(len(block.text) for block in blocks)
    before = sum(len(block.text) for block in blocks[:first])
    return Effort(
        paragraph=1 + sum(1 for _ in _paragraphs(blocks[:first])),
        share=round(before / chars, 4) if chars else 0.0,
        steps=len(facts.steps),
        required_fields=sum(field.required for field in fields),
    )


def _paragraphs(blocks: list[Block]) -> Iterator[Block]:
    return (block for block in blocks if block.kind is not BlockKind.HEADING)
