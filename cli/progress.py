"""Live progress of drills: a table that moves on a terminal, plain lines everywhere else.

`cli.drill_command` passes one of them to the drill. Progress goes to stderr: stdout carries the
answer alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from drill.progress import Moment, Watch

if TYPE_CHECKING:
    from rich.table import Table


@contextmanager
def showing(stream: TextIO) -> Iterator[Watch]:
    """Show every moment on a stream, in the manner that suits it."""
    if stream.isatty():
        with _table(stream) as watch:
            yield watch
    else:
        yield _Lines(stream)


class _Lines:
    """One line for each new sentence of a zone; repeats are silence."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._said: dict[str, str] = {}

    def __call__(self, moment: Moment) -> None:
        if self._said.get(moment.zone) == moment.sentence:
            return
        self._said[moment.zone] = moment.sentence
        line = f"{moment.at:%H:%M:%S} UTC {moment.zone} {moment.phase}: {moment.sentence}\n"
        self._stream.write(line)
        self._stream.flush()


@contextmanager
def _table(stream: TextIO) -> Iterator[Watch]:
    from rich.console import Console
    from rich.live import Live

    latest: dict[str, Moment] = {}
    with Live(console=Console(file=stream), transient=True, refresh_per_second=8) as live:

        def watch(moment: Moment) -> None:
            latest[moment.zone] = moment
            live.update(_rows(latest))

        yield watch


def _rows(latest: dict[str, Moment]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table("zone", "clock (UTC)", "phase", "what happens", box=None, pad_edge=False)
    for zone in sorted(latest):
        moment = latest[zone]
        table.add_row(zone, f"{moment.at:%H:%M:%S}", moment.phase, Text(moment.sentence))
    return table
