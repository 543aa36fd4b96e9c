"""The log: lines for people, objects for programs, and nothing that a watched page could forge."""

import json
import logging
import sys

import pytest

from monitor.cli.logs import Lines, Objects
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


def test_another_form_is_an_error_that_names_the_two() -> None:
    assert log_form({}) == "text"
    with pytest.raises(SettingsError, match="expected text or json, not 'xml'"):
        log_form({"OPTOUT_LOG": "xml"})
