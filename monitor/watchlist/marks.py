"""A YAML text in, its values and the line of each of them out."""

import re
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


class NotYaml(ValueError):
    """The text is not YAML; `line` counts from one and is 0 when it cannot be told."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(line, problem)
        self.line = line
        self.problem = problem


def values_of(text: str) -> object:
    """Return what a YAML text says, as dicts, lists, texts and numbers; None when it says nothing.

    Raises:
        NotYaml: it is not YAML, or gives a key twice.
    """
    try:
        loaded: object = YAML(typ="safe").load(StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        sentence = str(error.problem or error.context or "not YAML").split("\n")[0]
        raise NotYaml(mark.line + 1 if mark else 0, sentence) from error
    except YAMLError as error:
        raise NotYaml(0, str(error).split("\n")[0]) from error
    return loaded


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
