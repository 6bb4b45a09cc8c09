"""`holdfast failover status --follow`: a run as it goes, until it ends or you interrupt.

On a terminal one picture that is drawn anew; elsewhere a line for each change; with JSON one object
a line for each change. Nothing is changed by looking on.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from cli.exit_codes import ExitCode, of_outcome
from cli.failover_json import standing_json
from cli.failover_text import standing_line, standing_text
from cli.output import Format
from continuity.errors import HoldfastError

if TYPE_CHECKING:
    from cli.zone_session import ZoneSession
    from failover.standing import Standing

Show = Callable[["Standing", datetime], None]


def follow_run(session: "ZoneSession", output_format: Format) -> ExitCode:
    """Show the run until it is over; the exit code says how it ended, as that of `start`."""
    from failover.following import follow
    from failover.options import Options

    around, last = session.around, None
    with shown(output_format) as show:
        for found in follow(around, Options()):
            if isinstance(found, HoldfastError):
                sys.stderr.write(f"holdfast: {found}\n")
                continue
            show(found, around.clock.now())
            last = found
    if last is None:
        return _never(around.manifest.zone, output_format)
    return _exit_code(session, last)


@contextmanager
def shown(output_format: Format) -> Iterator[Show]:
    """Yield what shows each standing in the manner that suits stdout."""
    if output_format is Format.JSON:
        yield _Changes(lambda found, _: json.dumps(standing_json(found), ensure_ascii=False))
    elif sys.stdout.isatty():
        with _picture() as show:
            yield show
    else:
        yield _Changes(standing_line)


class _Changes:
    """One line for each change; time that passes is none."""

    def __init__(self, line: Callable[["Standing", datetime], str]) -> None:
        self._line = line
        self._last: object = None

    def __call__(self, found: "Standing", now: datetime) -> None:
        said = _timeless(found)
        if said != self._last:
            self._last = said
            sys.stdout.write(f"{self._line(found, now)}\n")
            sys.stdout.flush()


@contextmanager
def _picture() -> Iterator[Show]:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    with Live(console=Console(file=sys.stdout), auto_refresh=False) as live:

        def show(found: "Standing", now: datetime) -> None:
            told = f"{now:%Y-%m-%d %H:%M:%S} UTC   interrupt with Ctrl-C: the run goes on\n"
            live.update(Text(told + standing_text(found)), refresh=True)

        yield show


def _timeless(found: "Standing") -> object:
    """Return a standing without what only the time changes."""
    steps = tuple(replace(step, left_s=0.0) for step in found.steps)
    return replace(found, steps=steps, forecast_s=None, elapsed_s=0.0, left_s=0.0, phases=())


def _never(zone: str, output_format: Format) -> ExitCode:
    if output_format is Format.JSON:
        sys.stdout.write(json.dumps({"zone": zone, "run": None}) + "\n")
    else:
        sys.stdout.write(f"{zone} was never failed over.\n")
    return ExitCode.OK


def _exit_code(session: "ZoneSession", last: "Standing") -> ExitCode:
    """Return the run's exit code; a run that goes on was looked at and no more."""
    from failover.history import history

    newest = next((run for run in history(session.around) if run.run == last.run), None)
    return of_outcome(last.outcome, met=newest is None or newest.met)
