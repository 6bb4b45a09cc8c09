"""Has anybody tried? A failover that was not drilled for a year surprises on the day."""

from collections.abc import Iterator
from datetime import timedelta

from failover.readiness.finding import Finding, degrades
from failover.readiness.picture import Picture

LONGEST = timedelta(days=365)
"""Assumption: plans are exercised at least once a year; auditors ask for as much."""


def drills(picture: Picture) -> Iterator[Finding]:
    """Judge when the zone was last drilled; a drill that cannot be read is judged elsewhere."""
    reading, zone = picture.target.drill, picture.manifest.zone
    if reading.error is not None:
        return
    drill = reading.value
    if drill is None:
        yield degrades(
            "drill-missing",
            zone,
            f"no drill towards {picture.standby_site.region} is on record",
            f"Run `holdfast drill --zone {zone} --record` as the zone's failover role.",
        )
    elif picture.now - drill.at > LONGEST:
        yield degrades(
            "drill-too-old",
            zone,
            f"the last drill on record, {drill.scenario}, was on {drill.at:%Y-%m-%d}, "
            f"{(picture.now - drill.at).days} days ago",
            f"Run `holdfast drill --zone {zone} --record` as the zone's failover role.",
        )
