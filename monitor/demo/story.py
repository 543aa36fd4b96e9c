"""The bundled story as data: pages of an invented service, and what is done to them day by day."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

import msgspec

_FOLDER = files("monitor.demo") / "story"


class StoryPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One page of the service: where it stands and how it is watched."""

    id: str
    file: str
    path: str
    kind: str
    title: str
    select: str
    publish: str


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of a page's source and what stands in their place from now on."""

    page: str
    find: str
    put: str


class Serve(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that is sent for a page once."""

    page: str
    file: str


class Day(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One day of the story: its moment (UTC), what happens in a sentence, and how."""

    at: datetime
    what: str
    edit: tuple[Edit, ...] = ()
    serve: tuple[Serve, ...] = ()


class _Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    page: tuple[StoryPage, ...]
    day: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A day with the source of every page by path, as it is served at its moment, and later that day."""

    day: Day
    sources: Mapping[str, str]
    later: Mapping[str, str]


def pages() -> tuple[StoryPage, ...]:
    """Return the pages of the story."""
    return _read().page


def scenes() -> Iterator[Scene]:
    """Yield the days of the story in order, each with what is served.

    Raises:
        ValueError: an edit names words that its page does not hold.
    """
    story = _read()
    standing = {page.id: _file(page.file) for page in story.page}
    for day in story.day:
        for edit in day.edit:
            if edit.find not in standing[edit.page]:
                raise ValueError(f"story.toml, {day.at:%Y-%m-%d}: {edit.page} does not hold {edit.find!r}")
            standing[edit.page] = standing[edit.page].replace(edit.find, edit.put)
        once = {serve.page: _file(serve.file) for serve in day.serve}
        now = {page.path: once.get(page.id, standing[page.id]) for page in story.page}
        yield Scene(day, now, {page.path: standing[page.id] for page in story.page})


def _read() -> _Story:
    return msgspec.convert(tomllib.loads(_file("story.toml")), _Story)


def _file(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
