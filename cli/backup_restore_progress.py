"""Live progress of one restore, on stderr: a bar on a terminal, a line for each change elsewhere.

`cli.backup_restore` shows with it; stdout carries the answer alone. With `--format json` each
change is one JSON object on a line.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from cli.output import Format

if TYPE_CHECKING:
    from backup.restore_run import Progress

Show = Callable[["Progress"], None]


@contextmanager
def showing(stream: TextIO, total_s: float, output_format: Format) -> Iterator[Show]:
    """Yield what shows each progress in the manner that suits the stream."""
    if output_format is Format.JSON:
        yield _Changes(stream, _json_line)
    elif stream.isatty():
        with _bar(stream, total_s) as show:
            yield show
    else:
        yield _Changes(stream, _line)


class _Changes:
    """One line for each new sentence; time that passes is none."""

    def __init__(self, stream: TextIO, line: Callable[["Progress"], str]) -> None:
        self._stream = stream
        self._line = line
        self._last = ""

    def __call__(self, progress: "Progress") -> None:
        if progress.sentence != self._last:
            self._last = progress.sentence
            self._stream.write(f"{self._line(progress)}\n")
            self._stream.flush()


def _line(progress: "Progress") -> str:
    return f"{progress.at:%H:%M:%S} {progress.phase}: {progress.sentence}{_left(progress)}"


def _json_line(progress: "Progress") -> str:
    return json.dumps(
        {
            "at": progress.at.isoformat(),
            "phase": str(progress.phase),
            "sentence": progress.sentence,
            "elapsed_s": progress.elapsed_s,
            "left_s": progress.left_s,
        }
    )


def _left(progress: "Progress") -> str:
    return f" (about {progress.left_s / 60:.0f} min left)" if progress.left_s else ""


@contextmanager
def _bar(stream: TextIO, total_s: float) -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    told = TextColumn("{task.description}", markup=False)
    left = TextColumn("{task.fields[left]}", markup=False)
    with Bar(told, BarColumn(), left, TimeElapsedColumn(), console=Console(file=stream)) as bar:
        task = bar.add_task("", total=total_s, left="")

        def show(progress: "Progress") -> None:
            bar.update(
                task,
                completed=min(progress.elapsed_s, total_s),
                description=f"{progress.phase}: {progress.sentence}",
                left=_left(progress).strip(" ()"),
            )

        yield show
