"""Whether damage that lasts is found by the weekly trials, and told.

`drill.year_verdict` asks. Pure. A point of damaged rows is a point like any other to AWS: only a
restore and the checks of its database show it. Those run on Sundays and Mondays; what is damaged
and mended between two of them no trial needs to find.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from drill.year_story import YearStory
from simulator.alarm_history import Told
from simulator.fault import FaultKind

FOUND_WITHIN = timedelta(days=8)
"""A week until the next trial of every newest point, and the night of it."""

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
