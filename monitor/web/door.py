"""One route: what it is called, where it stands, who may come in, what answers."""

from dataclasses import dataclass
from typing import TypeAlias

from monitor.model.maintainer import Role
from monitor.web.front import Answer

FORM_LIMIT_BYTES = 32_000  # every service and 300 pages chosen is half of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One route: its name, path below the site's prefix, methods, what answers, and how its requests are held.

    `cross` lets forms and programs from elsewhere in: only what proves itself by its address or its signature may.
    `role` is what an account must have to come in; a door without one is open only when its name is listed as public.
    """

    name: str
    path: str
    methods: tuple[str, ...]
    answer: Answer
    language: str = ""
    cross: bool = False
    limit_bytes: int = FORM_LIMIT_BYTES
    role: Role | None = None


Doors: TypeAlias = tuple[Door, ...]
