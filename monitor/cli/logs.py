"""The log, on stderr: a line for people, or a JSON object a line for programs."""

import json
import logging
import sys
from datetime import UTC, datetime

from monitor.render.safe import one_line
from monitor.settings import log_form

PEOPLE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
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


def begin(level: int) -> None:
    """Let everything from this level on be said, in the form that the settings name.

    Raises:
        SettingsError: they name no form.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Objects() if log_form() == "json" else Lines(PEOPLE))
    logging.basicConfig(level=level, handlers=[handler], force=True)
