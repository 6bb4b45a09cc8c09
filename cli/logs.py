"""Logs for machines: one JSON object a line on stderr, warnings and above, ours only by choice.

`cli.main` sets them up before anything else; `HOLDFAST_LOG=info` shows more. What a person should
read is no log: it is the progress and the answer of a command.
"""

import json
import logging
import os
import sys
from datetime import UTC, datetime

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}


class JsonLines(logging.Formatter):
    """A record as one line of JSON: moment, level, logger, sentence."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        fields = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "sentence": record.getMessage(),
        }
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return json.dumps(fields)


def set_up() -> None:
    """Send everything that is logged to stderr, as lines of JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    level = _LEVELS.get(os.environ.get("HOLDFAST_LOG", ""), logging.WARNING)
    logging.basicConfig(handlers=[handler], level=level, force=True)
