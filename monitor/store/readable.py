"""The newest reading for people and for git: text as Markdown, the way out as YAML.

A sentence is a line of its own, so that a diff shows the sentence that changed. Nothing of the text is active: what
looks like markup in it is escaped.
"""

import io
import re
from collections.abc import Iterator

from ruamel.yaml import YAML

from monitor.codec import plain
from monitor.model.document import Block, BlockKind, Document, Part
from monitor.model.page import Page
from monitor.model.procedure import Procedure

TEXT, PROCEDURE = "text.md", "procedure.yaml"

# What means something anywhere in a line of Markdown, and what only at its start. Source: CommonMark 0.31, section 2.4
_SPECIAL = re.compile(r"[\\`*_\[\]<>~]|&(?=#?\w+;)")
_AT_START = re.compile(r"(?P<number>\d+)(?=[.)](\s|$))|(?=(#{1,6}|[-+]|=+|-+)(\s|$))")
_SENTENCE_END = re.compile(r"[.!?…][\"”“»’)]*\s+(?=\\?[\"“„«‘(\[]*(?P<next>\w))")


def text_markdown(page: Page, document: Document) -> str:
    """Return a document as Markdown, furniture left out; every line but an empty one ends a sentence or a block."""
    lines = [f"<!-- {page.id} {_comment(page.url)} -->"]
    for block in document.blocks:
        if block.part is not Part.FURNITURE:
            lines += ["", *_lines(block)]
    return "\n".join(lines) + "\n"


def _comment(text: str) -> str:
    return text.replace("--", "- -").replace(">", "")


def _lines(block: Block) -> Iterator[str]:
    """Yield the lines of a block; those after the first are indented so far that they belong to it."""
    words = _linked(block)
    match block.kind:
        case BlockKind.HEADING:
            yield "#" * min(6, len(block.trail) + 1) + " " + words
        case BlockKind.ITEM:
            yield from _sentences("- ", words)
        case BlockKind.STEP:
            yield from _sentences("1. ", words)
        case BlockKind.ROW:
            yield f"| {words} |"
        case BlockKind.FIELD if block.field:
            asked = "required" if block.field.required else "optional"
            yield f"- [ ] {words} ({block.field.type}, {asked})"
        case BlockKind.BUTTON:
            yield f"\\[{words}\\]"
        case _:
            yield from _sentences("", words)


def _sentences(mark: str, words: str) -> Iterator[str]:
    """Yield a text with each sentence on a line, the first one after a mark."""
    start, lead = 0, mark
    for end in _SENTENCE_END.finditer(words):
        if end["next"].isupper():
            yield lead + _no_mark(words[start : end.end()].rstrip())
            start, lead = end.end(), " " * len(mark)
    yield lead + _no_mark(words[start:])


def _no_mark(line: str) -> str:
    """Return a line that does not begin with what Markdown takes for a mark."""
    found = _AT_START.match(line)
    if found is None:
        return line
    return f"{found['number']}\\{line[found.end() :]}" if found["number"] else f"\\{line}"


def _linked(block: Block) -> str:
    """Return a block's text with its links in place, each once, everything else escaped."""
    rest, out = block.text, ""
    for link in block.links:
        before, found, after = rest.partition(link.text) if link.text else (rest, "", "")
        if found and link.target:
            out += f"{_escaped(before)}[{_escaped(link.text)}](<{_target(link.target)}>)"
            rest = after
    return out + _escaped(rest)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _target(address: str) -> str:
    return address.replace("<", "%3C").replace(">", "%3E").replace("\n", "")


def procedure_yaml(procedure: Procedure) -> str:
    """Return a way out as YAML, in the order of its parts; what it does not say is left out."""
    parts = {name: getattr(procedure, name) for name in Procedure.__dataclass_fields__}
    said = {name: plain(part) for name, part in parts.items() if part}
    yaml = YAML()
    yaml.allow_unicode = True
    yaml.width = 4096  # characters: a quote is a line
    out = io.StringIO()
    yaml.dump(said, out)
    return out.getvalue()
