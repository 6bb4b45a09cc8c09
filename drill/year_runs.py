"""Whether the runs of a year that did not go well have a fault that says why, and were told.

`drill.year_verdict` asks. Pure. A run that did not even begin is told by its night: points that did
not come are gaps, and `backup-missed` counts the hours. What failed or was given up is told itself.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from drill.year import Played
from simulator.alarm_history import Told
from simulator.schedules import Fate, Fired

TOLD_WITHIN = timedelta(hours=3)
"""Alarms on errors look at periods of an hour, and CloudWatch waits for what comes late."""

_TELLS: Mapping[Fate, tuple[str, ...]] = {
    Fate.FAILED: ("-backup-errors in ", "-backup-dead-letters in ", "-restore-test-failed in "),
    Fate.DROPPED: ("-backup-dead-letters in ",),
}
"""Which alarms of the same region tell of a run that ended so."""

Excused = Callable[[datetime], bool]


def unmet(played: Played, excused: Excused) -> Iterator[str]:
    """Yield a sentence for each run that failed without a fault, or without anybody being told."""
    for run in played.fired:
        if run.fate is Fate.RAN:
            continue
        said = f"{run.schedule} in {run.region}: {run.fate} at {run.at:%Y-%m-%d %H:%M} UTC"
        if not excused(run.at):
            yield f"{said}, and no fault says why ({run.sentence})"
        if run.fate in _TELLS and not any(_tells(one, run) for one in played.told):
            yield f"{said}, and nobody was told ({run.sentence})"


def _tells(told: Told, run: Fired) -> bool:
    ours = any(told.alarm.endswith(f"{text}{run.region}") for text in _TELLS[run.fate])
    open_then = told.until is None or told.until > run.at
    return ours and told.since <= run.at + TOLD_WITHIN and open_then
