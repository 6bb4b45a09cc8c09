"""Every metric about recovery points and holds, by the names that lie in CloudWatch.

`backup.measures`, `backup.verify` and `backup.vigil` write them, `stacks` declares the alarms that
watch them. Numbers of a series lie in the region of its points, those of a zone in the region of
the site that stands by; both carry their dimensions.
"""

NAMESPACE = "Holdfast"

ZONE, SERIES = "Zone", "Series"
"""The dimensions."""

AGE = "NewestPointAge"
"""Seconds since the moment that the newest usable point of a series in a region brings back."""
POINTS = "UsablePoints"
COPYING = "CopiesInFlight"
GIVEN_UP = "PointsGivenUp"
FAILED = "FailedDuties"
REFUTED = "RestoreTestFailed"
"""1 for a recovery point that was tried and is not proven, 0 for one that is."""

HOLD_AGE_HOURS = "HoldAgeHours"
"""How long the oldest hold is on; 0 without one. Written once a night."""
HELD_GIGABYTES = "HeldGigabytes"
"""What is kept only because of holds, each point counted whole."""
SNAPSHOT_ROOM_DAYS = "SnapshotRoomDays"
"""For how many days the fuller region takes a snapshot of every database while nothing goes; what
stands for no end where as much goes as comes."""

MANY_DAYS = 1000.0
"""What stands for room without an end: a metric knows no infinity."""

FEW_DAYS = 14
"""With less room than that somebody has to ask AWS for more now."""

CALM_DAYS = 3
"""In a zone that nobody holds, room for less says that other snapshots fill the quota. Assumption:
a hold placed on a Friday night must last until somebody asks AWS for more on Monday."""
