"""An installation looked over: one symptom a line, each with what to do. Nothing is changed.

Comes in: probes, each a name and a callable that touches one outside thing. Goes out: what they found. A probe that
raises is a finding, not the end.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from monitor.model.errors import MonitorError


class Health(StrEnum):
    """How one thing is: well, worth knowing, or to be mended."""

    WELL = "well"
    NOTE = "note"
    ILL = "ill"


@dataclass(frozen=True, slots=True)
class Found:
    """What a probe found; `remedy` says what to do, and is empty when all is well."""

    health: Health
    what: str
    remedy: str = ""


Probe: TypeAlias = Callable[[], Found]


@dataclass(frozen=True, slots=True)
class Symptom:
    """What was found by which probe."""

    name: str
    found: Found


def look_over(probes: Iterable[tuple[str, Probe]]) -> Iterator[Symptom]:
    """Yield what each probe found, in order; an error of ours is to be mended as its sentence says."""
    for name, probe in probes:
        try:
            yield Symptom(name, probe())
        except MonitorError as error:
            yield Symptom(name, Found(Health.ILL, str(error).partition("\n")[0], "mend what the sentence names"))
        except Exception as fault:  # noqa: BLE001 - a probe that breaks is what the doctor is asked for
            yield Symptom(
                name, Found(Health.ILL, f"{type(fault).__name__}: {fault}", "see whether it can be used at all")
            )


def well(what: str) -> Found:
    """Return that all is well."""
    return Found(Health.WELL, what)


def note(what: str, remedy: str) -> Found:
    """Return what is worth knowing."""
    return Found(Health.NOTE, what, remedy)


def ill(what: str, remedy: str) -> Found:
    """Return what is to be mended."""
    return Found(Health.ILL, what, remedy)
