"""What `holdfast` tells the shell. Stable: scripts and pipelines branch on these numbers.

`cli.boundary` maps errors to them, commands return them; a test pins every value.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command."""

    OK = 0
    FAILED = 1
    USAGE = 2
    OBJECTIVE_MISSED = 3
    HELD_BY_ANOTHER_RUN = 4
    REFUSED = 5


def of_outcome(outcome: str | None, *, met: bool) -> ExitCode:
    """Return what a run's end tells the shell; `met` says whether both objectives were."""
    if outcome == "recovered":
        return ExitCode.OK if met else ExitCode.OBJECTIVE_MISSED
    codes = {"refused": ExitCode.REFUSED, "blocked": ExitCode.FAILED, "aborted": ExitCode.FAILED}
    return codes.get(str(outcome), ExitCode.OK)
