import json

import pytest
import typer

from cli.boundary import exit_code, guarded
from cli.exit_codes import ExitCode
from continuity.errors import (
    HeldByAnother,
    HoldfastError,
    InvalidInput,
    PermanentError,
    Problem,
    Refusal,
    TemporaryError,
)

WRONG = InvalidInput("Scenario x", [Problem("seed", "is no number"), Problem("name", "is missing")])
HELD = HeldByAnother("Somebody drives we1-0001.", "Let them.")
NO = Refusal("The zone is frozen.", "Lift it with --thaw.")
AS_JSON = ["drill", "--format", "json"]


def raising(error: Exception) -> int:
    raise error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WRONG, ExitCode.USAGE),
        (NO, ExitCode.REFUSED),
        (HELD, ExitCode.HELD_BY_ANOTHER_RUN),
        (PermanentError("gone"), ExitCode.FAILED),
        (TemporaryError("busy"), ExitCode.FAILED),
        (typer.BadParameter("wrong"), ExitCode.USAGE),
        (typer.Abort(), ExitCode.FAILED),
    ],
)
def test_every_error_of_ours_has_its_exit_code(error: Exception, code: ExitCode) -> None:
    assert guarded(lambda: raising(error), []) == code


def test_an_answer_that_cannot_be_written_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(lambda: raising(OSError(28, "No space left on device")), []) == 1
    assert "could not be written: No space left on device." in capsys.readouterr().err


def test_a_defect_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        guarded(lambda: raising(ZeroDivisionError()), [])


def test_a_command_that_says_nothing_is_ok() -> None:
    assert guarded(lambda: None, []) == ExitCode.OK


def test_a_command_says_its_own_exit_code() -> None:
    assert guarded(lambda: ExitCode.OBJECTIVE_MISSED, []) == 3


def test_people_read_every_problem_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    guarded(lambda: raising(WRONG), [])
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "holdfast: Scenario x cannot be used:\n  seed: is no number\n  name: is missing\n"
    )


def test_programs_read_every_problem_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    guarded(lambda: raising(WRONG), AS_JSON)
    said = capsys.readouterr()
    assert said.err == ""
    assert json.loads(said.out)["error"] == {
        "exit_code": 2,
        "sentence": str(WRONG),
        "subject": "Scenario x",
        "problems": [
            {"path": "seed", "message": "is no number"},
            {"path": "name", "message": "is missing"},
        ],
    }


def test_programs_read_how_a_refusal_is_lifted(capsys: pytest.CaptureFixture[str]) -> None:
    guarded(lambda: raising(NO), [*AS_JSON[:1], "--format=json"])
    assert json.loads(capsys.readouterr().out)["error"] == {
        "exit_code": 5,
        "sentence": "The zone is frozen. Lift it with --thaw.",
        "reason": "The zone is frozen.",
        "lift": "Lift it with --thaw.",
    }


def test_an_error_that_nobody_thought_of_still_has_a_code() -> None:
    assert exit_code(HoldfastError("odd")) == ExitCode.FAILED
