"""What was told over a year: the zone's alarms that went off, and for how long.

`drill.year` looks once a day, so that CloudWatch makes up for a day at a time.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from continuity import backup_metrics
from continuity.manifest import Manifest
from simulator import alarms, inside, service_counts
from simulator.alarms import State
from simulator.world import World

WATCHED = frozenset({backup_metrics.NAMESPACE, "AWS/Lambda", "AWS/SQS", "AWS/Scheduler"})
"""The namespaces of what concerns backups."""


@dataclass(frozen=True)
class Told:
    """One alarm that went off. `until` is None while it has not ended."""

    alarm: str
    since: datetime
    until: datetime | None


class Alarms:
    """The zone's alarms on backups, in both regions."""

    def __init__(self, world: World, manifest: Manifest) -> None:
        self._world = world
        self._regions = sorted({site.region for site in manifest.sites.values()})
        self._zone = manifest.zone

    def look(self) -> None:
        """Let every alarm be evaluated up to now."""
        for region in self._regions:
            for alarm in self._mine(region):
                alarms.refresh(self._world, region, alarm)
            service_counts.forget(self._world, region)

    def told(self) -> tuple[Told, ...]:
        """Return every time that an alarm went off, in order."""
        found = [
            one
            for region in self._regions
            for alarm in self._mine(region)
            for one in _told(alarm, region)
        ]
        return tuple(sorted(found, key=lambda one: (one.since, one.alarm)))

    def _mine(self, region: str) -> list[Any]:
        known = cloudwatch_backends[inside.ACCOUNT][region].alarms.values()
        return [
            alarm
            for alarm in known
            if alarm.namespace in WATCHED and alarm.name.startswith(f"{self._zone}-")
        ]


def _told(alarm: Any, region: str) -> list[Told]:  # noqa: ANN401 - a moto Alarm
    states = [(row[3], row[4]) for row in alarm.history if row[0] == "StateUpdate"]
    states.append((alarm.state_value, alarm.state_updated_timestamp))
    ends = [since.replace(tzinfo=UTC) for _, since in states[1:]]
    return [
        Told(f"{alarm.name} in {region}", since.replace(tzinfo=UTC), until)
        for (state, since), until in zip(states, [*ends, None], strict=True)
        if state == State.ALARM
    ]
