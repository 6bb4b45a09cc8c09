"""Where errors become exit codes, and nowhere else.

`cli.main` runs every command through `guarded`. What Holdfast itself has to say is a sentence on
stderr, or one JSON object on stdout; only a defect of ours shows a traceback.
"""

import sys
from collections.abc import Callable, Sequence

import typer

from cli.exit_codes import ExitCode
from cli.output import print_json, wants_json
from continuity.errors import HeldByAnother, HoldfastError, InvalidInput, Refusal


def guarded(command: Callable[[], int | None], arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; a usage error and every error of ours has one.

    An interrupted command returns 130, as the shell has it.
    """
    try:
        code = command() or ExitCode.OK
        sys.stdout.flush()
        return code  # noqa: TRY300 - the flush belongs to what may fail
    except typer.Abort:
        return _say("Stopped before it was finished.", ExitCode.FAILED, arguments)
    except typer.TyperException as error:
        # typer's own usage errors carry exit code 2; a file that it cannot open carries 1.
        return _say(_usage(error), ExitCode(error.exit_code), arguments)
    except HoldfastError as error:
        return _say(str(error), exit_code(error), arguments, error)
    except OSError as error:
        # Only what we print can end here; a file that we read is an InvalidInput by then.
        sys.stderr.write(f"holdfast: The answer could not be written: {error.strerror}.\n")
        return ExitCode.FAILED


def exit_code(error: HoldfastError) -> ExitCode:
    """Return the exit code of an error of ours."""
    if isinstance(error, InvalidInput):
        return ExitCode.USAGE
    if isinstance(error, HeldByAnother):
        return ExitCode.HELD_BY_ANOTHER_RUN
    if isinstance(error, Refusal):
        return ExitCode.REFUSED
    return ExitCode.FAILED


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    hint = f"\nTry '{context.command_path} --help'." if context is not None else ""
    if context is not None and not error.format_message():
        return f"A command is missing.{hint}"
    return f"{error.format_message()}{hint}"


def _say(
    sentence: str,
    code: ExitCode,
    arguments: Sequence[str],
    error: HoldfastError | None = None,
) -> ExitCode:
    if wants_json(arguments):
        print_json({"error": {"exit_code": int(code), "sentence": sentence, **_details(error)}})
    else:
        sys.stderr.write(f"holdfast: {sentence}\n")
    return code


def _details(error: HoldfastError | None) -> dict[str, object]:
    if isinstance(error, InvalidInput):
        problems = [{"path": one.path, "message": one.message} for one in error.problems]
        return {"subject": error.subject, "problems": problems}
    if isinstance(error, Refusal):
        return {"reason": error.reason, "lift": error.lift}
    return {}
