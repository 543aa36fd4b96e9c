"""The newest reading for people and for git: text as Markdown, the way out as YAML, one block a line."""

import io
import re

from ruamel.yaml import YAML

from monitor.codec import plain
from monitor.model.document import Block, BlockKind, Document, Part
from monitor.model.page import Page
from monitor.model.procedure import Procedure

_SPECIAL = re.compile(r"([\\`*_\[\]<>])")


def text_markdown(page: Page, document: Document) -> str:
    """Return a document as Markdown, furniture left out; nothing of it is active."""
    lines = [f"<!-- {page.id} {_comment(page.url)} -->", ""]
    for block in document.blocks:
        if block.part is not Part.FURNITURE:
            lines += [_line(block), ""]
    return "\n".join(lines).rstrip() + "\n"


def _comment(text: str) -> str:
    return text.replace("--", "- -").replace(">", "")


def _line(block: Block) -> str:
    words = _linked(block)
    match block.kind:
        case BlockKind.HEADING:
            return "#" * min(6, len(block.trail) + 1) + " " + words
        case BlockKind.ITEM:
            return "- " + words
        case BlockKind.STEP:
            return "1. " + words
        case BlockKind.ROW:
            return "| " + words + " |"
        case BlockKind.FIELD if block.field:
            asked = "required" if block.field.required else "optional"
            return f"- [ ] {words} ({block.field.type}, {asked})"
        case _:
            return words


def _linked(block: Block) -> str:
    """Return a block's text with its links in place, each once, everything else escaped."""
    rest, out = block.text, ""
    for link in block.links:
        before, found, after = rest.partition(link.text) if link.text else (rest, "", "")
        if found and link.target:
            out += f"{_escaped(before)}[{_escaped(link.text)}](<{link.target.replace('>', '%3E')}>)"
            rest = after
    return out + _escaped(rest)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def procedure_yaml(procedure: Procedure) -> str:
    """Return a way out as YAML, in a fixed order."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 4096
    out = io.StringIO()
    yaml.dump(plain(procedure), out)
    return out.getvalue()
