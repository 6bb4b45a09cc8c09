"""The metrics about holds, by the names that `backup.vigil` writes and `stacks` watches.

Each carries the zone as its only dimension and lies in the region of the site that stands by.
"""

HOLD_AGE_HOURS = "HoldAgeHours"
"""How long the oldest hold is on; 0 without one. Written once a night."""
HELD_GIGABYTES = "HeldGigabytes"
"""What is kept only because of holds, each point counted whole."""
SNAPSHOT_ROOM_DAYS = "SnapshotRoomDays"
"""For how many days the fuller region takes a snapshot of every database while nothing goes; what
stands for no end where as much goes as comes, and a hold that begins now would find `CALM_DAYS`."""

MANY_DAYS = 1000.0
"""What stands for room without an end: a metric knows no infinity."""

FEW_DAYS = 14
"""With less room than that somebody has to ask AWS for more now."""

CALM_DAYS = 3
"""In a zone that nobody holds, room for less says that other snapshots fill the quota. Assumption:
a hold placed on a Friday night must last until somebody asks AWS for more on Monday."""
