"""What the metered size of a restored file system says, and for how long it is waited for."""

from datetime import datetime, timedelta

import pytest

from backup.files_shared_trials import EMPTY, METERED_WITHIN, size_of
from cloud.file_systems import FileSystem

MINUTE = timedelta(minutes=1)
FULL = 5 * 1024**2


def system(size: int, metered_at: datetime | None) -> FileSystem:
    return FileSystem("fs-1", "token", "available", "key", size, metered_at)


@pytest.mark.parametrize(
    ("sizes", "metered", "waited", "met"),
    [
        ((FULL, FULL), MINUTE, MINUTE, "yes"),
        ((FULL, FULL), -MINUTE, MINUTE, "wait"),  # metered before it was whole
        ((FULL, FULL), None, MINUTE, "wait"),
        ((EMPTY, FULL), MINUTE, MINUTE, "wait"),
        ((EMPTY, EMPTY), MINUTE, MINUTE, "yes"),  # nothing is there to come back
        ((EMPTY, None), MINUTE, MINUTE, "wait"),
        ((EMPTY, FULL), MINUTE, METERED_WITHIN, "unknown"),
        ((FULL, FULL), None, METERED_WITHIN, "unknown"),
    ],
)
def test_something_metered_is_enough_and_nothing_is_waited_for_but_never_held_against_it(
    sizes: tuple[int, int | None],
    metered: timedelta | None,
    waited: timedelta,
    met: str,
    now: datetime,
) -> None:
    size, live = sizes
    came = system(size, None if metered is None else now + metered)
    beside = None if live is None else system(live, now)
    found = size_of(came, beside, since=now, now=now + waited)
    said = {True: "yes", None: "unknown"}
    assert ("wait" if found is None else said[found.met]) == met
