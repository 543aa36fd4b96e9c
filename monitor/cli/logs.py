"""The log, on stderr: a line for people, or a JSON object a line for programs."""

import json
import logging
import sys
from collections import OrderedDict
from datetime import UTC, datetime, timedelta

from monitor.render.safe import one_line
from monitor.settings import log_form

PEOPLE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
AGAIN = timedelta(hours=1)  # when a warning of the same words is written again
LINES_KNOWN = 1_000
FIELDS = ("page", "alert")  # what a message is about, as ids


class Lines(logging.Formatter):
    """A record as lines that no watched page can forge: control characters are taken out of what was said."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """Return the line of a record."""
        record.message = one_line(record.message)
        return super().formatMessage(record)


class Objects(logging.Formatter):
    """A record as one JSON object: time (UTC), level, logger, message, the ids it is about, and an exception's text."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object."""
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": one_line(record.getMessage()),
        }
        told.update({name: str(getattr(record, name)) for name in FIELDS if hasattr(record, name)})
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=True)


class Repeats(logging.Filter):
    """Lets a line that was said lately through once an hour: a full disk would fill the log with the same sentence.

    A traceback is always let through, and what is no warning too.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: OrderedDict[tuple[str, str], float] = OrderedDict()

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a record is to be written."""
        if record.levelno < logging.WARNING or record.exc_info:
            return True
        line = record.name, record.getMessage()
        said = self._said.get(line)
        if said is not None and 0 <= record.created - said < AGAIN.total_seconds():
            return False
        self._said[line] = record.created
        self._said.move_to_end(line)
        if len(self._said) > LINES_KNOWN:
            self._said.popitem(last=False)
        return True


def begin(level: int) -> None:
    """Let everything from this level on be said, in the form that the settings name.

    Raises:
        SettingsError: they name no form.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Repeats())
    handler.setFormatter(Objects() if log_form() == "json" else Lines(PEOPLE))
    logging.basicConfig(level=level, handlers=[handler], force=True)
