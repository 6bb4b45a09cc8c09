"""What functions log stays off the terminal, unless whoever serves a world asked for every line."""

import logging
from collections.abc import Iterator

import pytest

from simulator.serving.function_logs import Unprinted

LINE = logging.makeLogRecord({"msg": "A point was taken.", "levelno": logging.ERROR})


@pytest.fixture
def level() -> Iterator[logging.Logger]:
    """The root logger, put back to its level afterwards."""
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.WARNING)
    yield root
    root.setLevel(before)


def test_a_line_is_printed_but_in_a_run(level: logging.Logger) -> None:
    logs = Unprinted()
    assert logs.filter(LINE)
    with logs.while_it_runs():
        assert not logs.filter(LINE)
        level.setLevel(logging.INFO)
        assert logs.filter(LINE)
        level.setLevel(logging.WARNING)
    assert logs.filter(LINE)
