"""Small real things in memory that keep the promises of `monitor.ports`, and a world made of them."""

from tests.fakes.house import AUTOMATIC, House, fake_world, lexicons, page
from tests.fakes.memory import MemoryEvidence, MemoryMaintainers, MemoryStore
from tests.fakes.outside import START, Clock, Newsstand, Siren

__all__ = [
    "AUTOMATIC",
    "START",
    "Clock",
    "House",
    "MemoryEvidence",
    "MemoryMaintainers",
    "MemoryStore",
    "Newsstand",
    "Siren",
    "fake_world",
    "lexicons",
    "page",
]
