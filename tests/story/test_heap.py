"""The C library's memory: asked to keep little and to give back, on machines where it can be asked."""

import ctypes
import sys

import pytest

from monitor.schedule.heap import give_back, keep_little


def test_what_was_freed_is_given_back_without_harm() -> None:
    keep_little()

    give_back()


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", None)

    keep_little()
    give_back()
