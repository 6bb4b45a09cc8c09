"""What truly lies on every shelf, looked at behind AWS's back: each series in each region.

`drill.year` looks once a day. A point is known from the first look that finds it usable on; which
of them should be left follows from all that ever were, by the rule alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from moto.backup.models import backup_backends
from moto.rds.models import rds_backends

from backup.rotation import kept
from backup.vault_points import resources
from continuity import naming
from continuity.manifest import Manifest
from simulator import inside
from simulator.corrections import backup_points
from simulator.operations import Change, Stage
from simulator.timings import Takes
from simulator.world import World

_LANDING = frozenset({Takes.SNAPSHOT, Takes.COPY_SNAPSHOT, Takes.COPY_CHANGES})

Shelf = tuple[str, str]
"""A series by name, and a region."""


@dataclass
class Record:
    """One shelf over the year: which points ever came, when, and what is there now."""

    came: dict[datetime, datetime] = field(default_factory=dict)
    there: set[datetime] = field(default_factory=set)

    def gaps(self, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield from each point's moment to the next one's, and from the last to the end."""
        moments = sorted(self.came)
        yield from zip(moments, [*moments[1:], end], strict=True)

    def waits(self, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield from the newest point's moment to when a newer one came, and to the end."""
        newest: datetime | None = None
        in_order = sorted(self.came.items(), key=lambda one: one[0], reverse=True)
        for taken, came in sorted(in_order, key=lambda one: one[1]):
            if newest is None or taken > newest:
                if newest is not None:
                    yield newest, came
                newest = taken
        if newest is not None:
            yield newest, end

    def oldest(self, since: datetime, end: datetime) -> timedelta:
        """Return how old the newest point ever was from `since` on: what a disaster would lose."""
        waits = (came - taken for taken, came in self.waits(end) if came > since)
        return max(waits, default=end - since)


class Shelves:
    """All shelves of a zone. `extra` and `lost` count the days on which one was not as ruled."""

    def __init__(self, world: World, manifest: Manifest) -> None:
        self.records: dict[Shelf, Record] = {}
        self.extra: dict[Shelf, int] = {}
        self.lost: dict[Shelf, int] = {}
        self._world = world
        self._manifest = manifest
        self._landed: dict[str, datetime] = {}
        self._files = resources(manifest)
        world.on_change(self._changed)

    def look(self) -> None:
        """Look at everything once, and compare it with the rule."""
        seen: dict[Shelf, dict[datetime, datetime]] = {}
        for shelf, taken, came in (*self._snapshots(), *self._vaults()):
            seen.setdefault(shelf, {})[taken] = came
        for shelf in {*seen, *self.records}:
            record = self.records.setdefault(shelf, Record())
            found = seen.get(shelf, {})
            record.came = {**found, **record.came}
            record.there = set(found)
            should = self._ruled(record)
            self.extra[shelf] = self.extra.get(shelf, 0) + bool(record.there - should)
            self.lost[shelf] = self.lost.get(shelf, 0) + bool(should - record.there)

    def odd(self) -> dict[Shelf, tuple[int, int]]:
        """Return what is too much and too little on each shelf now, where anything is."""
        found = {}
        for shelf, record in self.records.items():
            should = self._ruled(record)
            if record.there != should:
                found[shelf] = (len(record.there - should), len(should - record.there))
        return found

    def _ruled(self, record: Record) -> set[datetime]:
        rule = self._manifest.retention
        return kept(
            list(record.came),
            daily=rule.daily,
            weekly=rule.weekly,
            monthly=rule.monthly,
            tz=self._manifest.window.timezone,
        )

    def _changed(self, change: Change) -> None:
        """Note when a snapshot or a copy is there."""
        if change.stage is Stage.ENDED and change.kind in _LANDING:
            arn = str(getattr(change.target, "db_snapshot_arn", ""))
            self._landed[arn] = self._world.clock.now()

    def _snapshots(self) -> Iterator[tuple[Shelf, datetime, datetime]]:
        for site in self._manifest.sites.values():
            backend = rds_backends[inside.ACCOUNT][site.region]
            for one in list(backend.database_snapshots.values()):
                tags = {tag["Key"]: tag["Value"] for tag in one.tags}
                if naming.TAG_POINT in tags and one._holdfast_status == "available":
                    moment = one.original_snapshot_create_time.replace(tzinfo=UTC)
                    came = self._landed.get(one.db_snapshot_arn, moment)
                    yield (tags[naming.TAG_DATABASE], site.region), moment, came

    def _vaults(self) -> Iterator[tuple[Shelf, datetime, datetime]]:
        for site in self._manifest.sites.values():
            backend = backup_backends[inside.ACCOUNT][site.region]
            vault = backend.vaults.get(site.safekeeping.vault)
            for one in backup_points.points(vault).values() if vault is not None else ():
                if one.completed is not None and one.resource in self._files:
                    shelf = (self._files[one.resource], site.region)
                    yield shelf, one.created, one.completed
