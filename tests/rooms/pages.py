"""Captures written out in tests, and what was read of them in short."""

from datetime import UTC, datetime

from monitor.extract import extract, surface
from monitor.model.capture import Capture
from monitor.model.document import Block, Document, Part, Surface
from monitor.model.page import PageId, Presence, Recipe

URL = "https://service.example/privacy"


def capture(body: str | bytes, kind: str = "text/html; charset=utf-8", url: str = URL) -> Capture:
    data = body.encode() if isinstance(body, str) else body
    return Capture(
        page=PageId("page"),
        url=url,
        at=datetime(2026, 2, 25, 8, tzinfo=UTC),
        body=data,
        headers=(("Content-Type", kind),),
    )


def page(inside: str) -> str:
    return f'<!doctype html><html lang="en"><head><title>Privacy</title></head><body>{inside}</body></html>'


def read(inside: str, *, select: tuple[str, ...] = (), drop: tuple[str, ...] = ()) -> Document:
    return extract(capture(page(inside)), Recipe(select, drop))


def read_markdown(text: str) -> Document:
    return extract(capture(text, "text/markdown; charset=utf-8"), Recipe())


def seen(inside: str, presence: Presence = Presence()) -> Surface:  # noqa: B008  a frozen value
    return surface(capture(page(inside)), presence)


def short(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in document.blocks]


def texts(document: Document, part: Part = Part.BODY) -> list[str]:
    return [block.text for block in document.blocks if block.part is part]


def block(document: Document, text: str) -> Block:
    return next(block for block in document.blocks if block.text == text)
