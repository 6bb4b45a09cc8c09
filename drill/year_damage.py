"""Whether damage that lasts is found by the weekly trials, and told.

`drill.year_verdict` asks. Pure. A point of damaged rows is a point like any other to AWS: only a
restore and the checks of its database show it. Those run on Sundays and Mondays; what is damaged
and mended between two of them no trial needs to find. A point of that time may be drawn later, for
as long as it holds a place, and is then refuted and told.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from drill.year import Played
from drill.year_runs import TOLD_WITHIN
from drill.year_story import YearStory
from simulator.alarm_history import Told
from simulator.fault import FaultKind
from simulator.schedules import Fate

FOUND_WITHIN = timedelta(days=8)
"""A week until the next trial of every newest point, and the night of it."""

DRAWN_UNTIL = timedelta(days=130)
"""A monthly place lasts for 124 days at most."""

_TELLS = "-restore-test-failed in "


def unmet(
    story: YearStory, began: datetime, ended: datetime, told: tuple[Told, ...]
) -> Iterator[str]:
    """Yield a sentence for each damage that lasted for a week and that nobody was told of."""
    for row in story.faults:
        begins = began + row.at
        until = begins + FOUND_WITHIN
        passes = row.lasts is not None and row.lasts < FOUND_WITHIN
        if row.kind is not FaultKind.DATA_CORRUPTED or passes or until > ended:
            continue
        if not any(_TELLS in one.alarm and begins <= one.since <= until for one in told):
            yield (
                f"{row.database} was damaged at {begins:%Y-%m-%d %H:%M} UTC, and no trial told "
                "anybody: its checks do not see it"
            )


def finds(story: YearStory, began: datetime, played: Played) -> list[datetime]:
    """Return when trials refuted points of a damaged time, also long after it was mended."""
    begins = [began + row.at for row in story.faults if row.kind is FaultKind.DATA_CORRUPTED]
    return [
        run.at
        for run in played.fired
        if run.fate is Fate.FAILED
        and ": refuted (" in run.sentence
        and any(one <= run.at <= one + DRAWN_UNTIL for one in begins)
    ]


def told_late(found: list[datetime], since: datetime) -> bool:
    """Say whether what happened then, a run or an alarm, is that damage was found."""
    return any(one <= since <= one + TOLD_WITHIN for one in found)
