"""Has anybody tried? A failover that was not drilled for a year surprises on the day."""

from collections.abc import Iterator
from datetime import timedelta

from continuity.ledger import YEARLY
from continuity.significant import changed, digests
from failover.readiness.finding import Finding, degrades, note
from failover.readiness.picture import Drill, Picture

SOON = timedelta(days=30)
"""How long before the year is over it is said that a drill is due (assumption)."""


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
            _next(zone),
        )
    elif picture.now - drill.at > YEARLY:
        yield degrades(
            "drill-too-old",
            zone,
            f"the last drill on record, {drill.scenario}, was on {drill.at:%Y-%m-%d}, "
            f"{(picture.now - drill.at).days} days ago",
            _next(zone),
        )
    elif picture.now - drill.at > YEARLY - SOON:
        due = drill.at + YEARLY
        yield note("drill-due", zone, f"the yearly drill is due by {due:%Y-%m-%d}", _next(zone))
    if drill is not None:
        yield from _outdated(picture, drill)


def _outdated(picture: Picture, drill: Drill) -> Iterator[Finding]:
    """Judge whether the zone still is what was drilled."""
    subjects = changed(drill.digests, digests(picture.manifest))
    if subjects:
        zone = picture.manifest.zone
        yield degrades(
            "drill-outdated",
            zone,
            f"{' and '.join(subjects)} changed since the last drill on record, of "
            f"{drill.at:%Y-%m-%d}",
            _next(zone),
        )


def _next(zone: str) -> str:
    return f"Run `holdfast drill --zone {zone} --record` as the zone's failover role."
