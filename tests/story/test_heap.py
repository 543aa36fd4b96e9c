"""Memory between two checks: what was remembered for speed goes, and the C library gives back where it can be asked."""

import ctypes
import sys

import pytest

from monitor.once import lately
from monitor.schedule.heap import give_back, keep_little


def test_what_was_freed_is_given_back_without_harm() -> None:
    keep_little()

    give_back()


def test_what_was_remembered_for_speed_is_forgotten() -> None:
    asked = list[str]()

    @lately(8)
    def folded(text: str) -> str:
        asked.append(text)
        return text.lower()

    folded("Object")

    give_back()
    folded("Object")

    assert asked == ["Object", "Object"]


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", None)

    keep_little()
    give_back()
