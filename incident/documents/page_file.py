"""A report's file: judged before the work that it will tell of, written whole or not at all.

`cli.report_file` asks `at` first and calls `write` last.
"""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from continuity.errors import InvalidInput, PermanentError, Problem
from incident.documents.pages import Pageable, html, markdown

_FORMS: dict[str, Callable[[Pageable], str]] = {".html": html, ".md": markdown}


@dataclass(frozen=True)
class PageFile:
    """A place where a report can be written, in the form that its name's ending asks for."""

    path: Path

    def write(self, report: Pageable) -> None:
        """Write the report; whoever reads the file meanwhile sees the old one or the new one.

        Raises:
            PermanentError: it cannot be written any more.
        """
        text = _FORMS[self.path.suffix](report)
        try:
            _replace(self.path, text)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise PermanentError(
                f"The report could not be written to {self.path}: {reason}. "
                "Everything else was done; make room or name another file."
            ) from error


def at(path: Path, option: str = "--report") -> PageFile:
    """Return the file at a path, once it is sure that a report can be written there.

    Raises:
        InvalidInput: its ending is unknown, its folder is missing or cannot be written to, or
            something other than a file lies there. `option` names it in the error.
    """
    problem = _problem(path)
    if problem is not None:
        raise InvalidInput("The command", [Problem(option, problem)])
    return PageFile(path)


def _problem(path: Path) -> str | None:
    if path.suffix not in _FORMS:
        return f"{path} must end in {' or '.join(_FORMS)}, which says what the report will be"
    if not path.parent.is_dir():
        return f"there is no folder {path.parent}; make it first"
    if path.exists() and not path.is_file():
        return f"{path} is there already and is no file"
    try:
        _try(path)
    except OSError as error:
        return f"{path.parent} cannot be written to: {error.strerror or type(error).__name__}"
    return None


def _try(path: Path) -> None:
    """Write beside the path what is gone at once."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}."):
        pass


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as made:
            made.write(text)
            made.flush()
            os.fsync(made.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
