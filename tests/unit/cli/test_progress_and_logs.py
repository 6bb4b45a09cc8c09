import io
import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.logs import JsonLines
from cli.output import wants_json
from cli.progress import showing
from cli.project import project_root
from continuity.errors import InvalidInput
from drill.progress import Moment


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def moment(zone: str, second: int, sentence: str) -> Moment:
    return Moment(zone, "running", datetime(2026, 3, 3, 9, 5, second, tzinfo=UTC), sentence)


def test_away_from_a_terminal_each_new_sentence_is_one_line() -> None:
    stream = io.StringIO()
    with showing(stream) as watch:
        watch(moment("we1", 1, "promoting"))
        watch(moment("we1", 2, "promoting"))
        watch(moment("we2", 3, "promoting"))
        watch(moment("we1", 4, "opening"))
    assert stream.getvalue().splitlines() == [
        "09:05:01 UTC we1 running: promoting",
        "09:05:03 UTC we2 running: promoting",
        "09:05:04 UTC we1 running: opening",
    ]


def test_on_a_terminal_there_is_a_row_for_each_zone() -> None:
    stream = Terminal()
    with showing(stream) as watch:
        watch(moment("we2", 3, "promoting [orders]"))
        watch(moment("we1", 4, "opening"))
    shown = stream.getvalue()
    assert "promoting [orders]" in shown
    assert "opening" in shown
    assert "clock" in shown


def test_a_log_record_is_one_line_of_json() -> None:
    record = logging.LogRecord("cloud", logging.WARNING, "", 1, "late by %s", (3,), None)
    line = JsonLines().format(record)
    found = json.loads(line)
    assert (found["level"], found["logger"], found["sentence"]) == ("warning", "cloud", "late by 3")
    assert "\n" not in line


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["drill", "--format", "json"], True),
        (["drill", "--format=json"], True),
        (["drill", "--format", "text"], False),
        (["drill", "json"], False),
        (["drill", "--format"], False),
        ([], False),
    ],
)
def test_json_is_recognised_however_wrong_the_rest_is(
    arguments: list[str], *, wanted: bool
) -> None:
    assert wants_json(arguments) is wanted


def test_the_project_lies_beside_the_package(tmp_path: Path) -> None:
    for name in ("Pulumi.yaml", "__main__.py"):
        (tmp_path / name).touch()
    (tmp_path / "stacks").mkdir()
    assert project_root(tmp_path / "cli" / "project.py") == tmp_path


def test_packages_without_their_program_say_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"lacks Pulumi\.yaml, __main__\.py, stacks; run"):
        project_root(tmp_path / "cli" / "project.py")
