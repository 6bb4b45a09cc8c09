"""What a restore starts from: a snapshot, or one moment of automated backups. Values only.

`backup.restore_choice` picks one from the catalogue, `backup.restore` restores it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backup.points import Point, Reach, Series, taken
from continuity.restorable import BEFORE_LATEST, Storage

MOMENT = "%Y-%m-%dT%H:%M:%SZ"
"""How a tag says a moment, in UTC."""


class SourceKind(StrEnum):
    """How a restore names what it starts from."""

    SNAPSHOT = "snapshot"
    OWN_BACKUPS = "automated backups"
    RECEIVED_BACKUPS = "replicated automated backups"


@dataclass(frozen=True)
class Source:
    """One state of one database, in the region where it is restored.

    `name` is a snapshot's identifier, an instance's `DbiResourceId`, or the ARN of replicated
    backups; `moment` that of the data, in UTC. `key` encrypts it and what is restored from it.
    """

    kind: SourceKind
    series: Series
    region: str
    name: str
    moment: datetime
    key: str
    storage: Storage

    @property
    def label(self) -> str:
        """Return what a tag and a person call it: `we1-orders-2026-03-03`, or the moment."""
        if self.kind is SourceKind.SNAPSHOT:
            return self.name
        return f"{self.moment:{MOMENT}}"

    def __str__(self) -> str:
        return f"{self.label} ({self.kind}) in {self.region}"


def of_point(point: Point) -> Source:
    """Return a usable snapshot as a source."""
    return Source(
        SourceKind.SNAPSHOT,
        point.series,
        point.region,
        point.identifier,
        taken(point),
        point.key,
        point.storage,
    )


def of_reach(reach: Reach, moment: datetime) -> Source:
    """Return one moment of automated backups as a source; the newest is a second before the end."""
    kind = SourceKind.RECEIVED_BACKUPS if reach.received else SourceKind.OWN_BACKUPS
    latest = moment if reach.newest is None else min(moment, reach.newest - BEFORE_LATEST)
    return Source(
        kind,
        reach.series,
        reach.region,
        reach.arn if reach.received else reach.resource,
        latest,
        reach.key,
        reach.storage,
    )
