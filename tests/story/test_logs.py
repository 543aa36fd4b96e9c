"""The log: lines for people, objects for programs, and nothing that a watched page could forge."""

import json
import logging
import sys

import pytest

from monitor.cli.logs import LINES_KNOWN, Lines, Objects, Repeats
from monitor.model.errors import SettingsError
from monitor.settings import log_form


def record(message: str, **extra: str) -> logging.LogRecord:
    made = logging.LogRecord("monitor.pipeline.check", logging.WARNING, "check.py", 1, message, (), None)
    made.__dict__.update(extra)
    return made


def test_an_object_a_line_names_page_and_alert() -> None:
    told = json.loads(Objects().format(record("page lumen: a remark", page="lumen", alert="4f2a")))

    assert {name: told[name] for name in ("level", "logger", "message", "page", "alert")} == {
        "level": "warning",
        "logger": "monitor.pipeline.check",
        "message": "page lumen: a remark",
        "page": "lumen",
        "alert": "4f2a",
    }
    assert told["time"].endswith("+00:00")


@pytest.mark.parametrize("form", [Objects(), Lines("%(message)s")])
def test_a_page_cannot_write_lines_of_its_own(form: logging.Formatter) -> None:
    line = form.format(record("title: x\n2026-01-01 INFO all is well\x1b[2J\r"))

    assert len(line.splitlines()) == 1
    assert "\x1b" not in line


def test_an_exception_stands_in_its_object() -> None:
    failed = record("check of page lumen")
    try:
        raise ValueError("a\nb")
    except ValueError:
        failed.exc_info = sys.exc_info()

    line = Objects().format(failed)

    assert len(line.splitlines()) == 1
    assert "ValueError: a\nb" in json.loads(line)["exception"]


def at(minutes: float, message: str, level: int = logging.WARNING) -> logging.LogRecord:
    made = record(message)
    made.created, made.levelno = minutes * 60, level
    return made


def test_the_same_warning_is_written_once_an_hour() -> None:
    repeats = Repeats()

    written = [repeats.filter(at(minute, "no room")) for minute in (0, 10, 59, 60, 70)]

    assert written == [True, False, False, True, False]


def test_other_words_what_is_no_warning_and_every_traceback_are_written() -> None:
    repeats = Repeats()
    bug = at(1, "no room")
    bug.exc_info = (ValueError, ValueError("a"), None)
    repeats.filter(at(0, "no room"))

    assert repeats.filter(at(1, "no room for feeds"))
    assert repeats.filter(bug)
    assert [repeats.filter(at(1, "checked", logging.INFO)) for _ in range(2)] == [True, True]


def test_after_a_clock_was_set_back_a_warning_is_written() -> None:
    repeats = Repeats()
    repeats.filter(at(600, "no room"))

    assert repeats.filter(at(0, "no room"))


def test_only_so_many_lines_are_remembered() -> None:
    repeats = Repeats()
    for number in range(LINES_KNOWN + 1):
        repeats.filter(at(0, f"line {number}"))

    assert repeats.filter(at(1, "line 0"))
    assert not repeats.filter(at(1, f"line {LINES_KNOWN}"))


def test_another_form_is_an_error_that_names_the_two() -> None:
    assert log_form({}) == "text"
    with pytest.raises(SettingsError, match="expected text or json, not 'xml'"):
        log_form({"OPTOUT_LOG": "xml"})
