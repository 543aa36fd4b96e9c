"""A YAML text in, its values and the line of each of them out."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, SequenceEndEvent, SequenceStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_LONG = "pages"  # the key of the list that may have a hundred thousand entries
_WORDS = 512  # that are remembered; an address comes once
_DEEPEST = 50  # tables and lists in each other; a watchlist has 7


class NotYaml(ValueError):
    """The text is not YAML; `line` counts from one and is 0 when it cannot be told."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(line, problem)
        self.line = line
        self.problem = problem


def values_of(text: str) -> object:
    """Return what a YAML text says, as dicts, lists, texts and numbers; None when it says nothing.

    Raises:
        NotYaml: it is not YAML, gives a key twice, or is nested too deep.
    """
    try:
        return _Composer(text).values()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        sentence = str(error.problem or error.context or "not YAML").split("\n")[0]
        raise NotYaml(mark.line + 1 if mark else 0, sentence) from error
    except YAMLError as error:
        raise NotYaml(0, str(error).split("\n")[0]) from error


class _Composer(Composer):
    """Makes nodes of what the parser in C reads, and values of the nodes: of the long list entry by entry.

    The nodes of a page take five times as much memory as the page, so those of one page at a time are enough.
    """

    def __init__(self, text: str) -> None:
        loader, _ = YAML(typ="safe").get_constructor_parser(text)
        loader.max_depth = 0  # `_refuse` tells of it in words of ours
        super().__init__(loader)
        self._entries: list[object] = []

    @cached_property
    def parser(self) -> Any:
        """The parser in C; the library looks it up six times for each word of the file."""
        return super().parser

    @cached_property
    def resolver(self) -> Any:
        """What tells numbers and texts apart, which remembers the words that come in every entry."""
        found = super().resolver
        found.resolve = lru_cache(_WORDS)(found.resolve)
        return found

    def values(self) -> object:
        """Return what the text says."""
        root = self.get_single_node()
        said: object = self.loader.construct_document(root) if root is not None else None
        if self._entries and isinstance(said, dict):
            said[_LONG] = self._entries
        return said

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Return the next node; that of the long list is empty, its entries are values already."""
        event = self.parser.peek_event()
        self._refuse(event)
        if self.depth == 1 and isinstance(index, ScalarNode) and index.value == _LONG and _plain_list(event):
            return self._taken()
        return super().compose_node(parent, index)

    def _refuse(self, event: Any) -> None:
        if self.depth >= _DEEPEST:
            raise NotYaml(event.start_mark.line + 1, f"nested more than {_DEEPEST} deep")
        if event.anchor in self.anchors and not isinstance(event, AliasEvent):
            raise NotYaml(event.start_mark.line + 1, f"the anchor {event.anchor!r} is given twice")

    def _taken(self) -> SequenceNode:
        start = self.parser.get_event()
        while not self.parser.check_event(SequenceEndEvent):
            self._entries.append(self.loader.construct_document(self.compose_node(None, None)))
        end = self.parser.get_event()
        tag = self.resolver.resolve(SequenceNode, None, start.implicit)
        return SequenceNode(tag, [], start.start_mark, end.end_mark)


def _plain_list(event: Any) -> bool:
    """Say whether a list begins that nothing else refers to."""
    return isinstance(event, SequenceStartEvent) and event.anchor is None and event.ctag is None


def lines_of(text: str, paths: Iterable[str]) -> list[int]:
    """Return the line, from one, of each path such as `pages[3].recipe.select`, or of the nearest thing round it."""
    root: Node | None = YAML(typ="safe", pure=True).compose(StringIO(text))
    return [_line(root, path) for path in paths]


def _line(node: Node | None, path: str) -> int:
    line = 1
    for step in _steps(path):
        found = _below(node, step)
        if found is None:
            break
        line, node = found
    return line


def _steps(path: str) -> Iterator[str | int]:
    for match in _STEP.finditer(path):
        yield match[1] if match[1] is not None else int(match[2])


def _below(node: Node | None, step: str | int) -> tuple[int, Node] | None:
    if isinstance(node, MappingNode):
        pairs: Any = node.value
        return next(((key.start_mark.line + 1, value) for key, value in pairs if key.value == step), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    return None
