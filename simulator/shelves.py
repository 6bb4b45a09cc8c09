"""What truly lies on every shelf, looked at behind AWS's back: each series in each region.

`drill.year` looks once a day. A point is known from the first look that finds it usable on; which
of them should be left follows from all that ever were, by the rule alone: counting, without what
was taken under a hold and never proven, and without what was refuted. While the zone is held more
may lie there, and for some nights after: a prune deletes a part of a shelf at most.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.backup.models import backup_backends
from moto.rds.models import rds_backends

from backup.incident_points import UNREADABLE
from backup.points import Kind, Series
from backup.rotation import kept
from backup.vault_points import resources
from continuity import naming
from continuity.manifest import Manifest
from simulator import hold_book, inside, snapshot_faults
from simulator.corrections import backup_points
from simulator.operations import Change, Stage
from simulator.timings import Takes
from simulator.world import World

_LANDING = frozenset({Takes.SNAPSHOT, Takes.COPY_SNAPSHOT, Takes.COPY_CHANGES})

CATCHING_UP = timedelta(days=14)
"""For how long after a zone was held more may lie there: a prune deletes a quarter of a shelf at
most, and what five weeks of a hold left goes in so many nights."""

Shelf = tuple[str, str]
"""A series by name, and a region."""


@dataclass(frozen=True)
class Found:
    """A point as a look finds it: of which moment, since when it is there.

    `usable`: it could be restored now. `counts`: it may take a place. `unread`: it was taken while
    nobody could read the holds, and has not proven itself. `refuted`: a trial found it wrong,
    `proven`: it found it right.
    """

    taken: datetime
    came: datetime
    usable: bool = True
    counts: bool = True
    unread: bool = False
    refuted: bool = False
    proven: bool = False


@dataclass(frozen=True)
class Ruled:
    """What the rule kept of the points that were seen, while `uncounted` took no place."""

    uncounted: frozenset[datetime] = frozenset()
    seen: frozenset[datetime] = frozenset()
    kept: frozenset[datetime] = frozenset()


@dataclass
class Record:
    """One shelf over the year: which points ever came, when, and what is there now.

    `uncounted` are those that take no place, `unread` those of which only the holds can say it.
    `refuted` lie there, but for nobody; `proven` are known to be good. `given_up` went rightly, by
    what was known then: a trial that refutes newer points later does not bring them back.
    """

    came: dict[datetime, datetime] = field(default_factory=dict)
    there: set[datetime] = field(default_factory=set)
    uncounted: set[datetime] = field(default_factory=set)
    unread: set[datetime] = field(default_factory=set)
    refuted: set[datetime] = field(default_factory=set)
    proven: set[datetime] = field(default_factory=set)
    given_up: set[datetime] = field(default_factory=set)
    ruled: Ruled = Ruled()

    def note(self, found: list[Found]) -> None:
        """Take in what a look has found on the shelf."""
        for one in found:
            if one.usable:
                self.came.setdefault(one.taken, one.came)
        seen = {one.taken for one in found}
        self.there = seen & self.came.keys()
        self.uncounted = (self.uncounted | self.there) - {one.taken for one in found if one.counts}
        self.unread = (self.unread - seen) | {one.taken for one in found if one.unread}
        self.refuted = {one.taken for one in found if one.refuted}
        self.proven = {one.taken for one in found if one.proven}

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
    """All shelves of a zone, and the moments of looks at which one was not as ruled.

    `extra` held what the rule gives up, `lost` lacked what it keeps. `held` are the looks at which
    more lay there than by the rule because the zone was held, or had been until lately.
    """

    def __init__(self, world: World, manifest: Manifest) -> None:
        self.records: dict[Shelf, Record] = {}
        self.extra: dict[Shelf, list[datetime]] = {}
        self.lost: dict[Shelf, list[datetime]] = {}
        self.held: dict[Shelf, list[datetime]] = {}
        self._world = world
        self._manifest = manifest
        self._landed: dict[str, datetime] = {}
        self._good: set[str] = set()
        self._unusable: set[str] = set()
        self._files = resources(manifest)
        self._held_until: datetime | None = None
        world.on_change(self._changed)

    def look(self) -> None:
        """Look at everything once, and compare it with the rule."""
        seen: dict[Shelf, list[Found]] = {}
        for shelf, found in (*self._snapshots(), *self._vaults()):
            seen.setdefault(shelf, []).append(found)
        for shelf in {*seen, *self.records}:
            self.records.setdefault(shelf, Record()).note(seen.get(shelf, []))
        differing = []
        for shelf, record in self.records.items():
            if record.there == self._should(record):
                record.given_up |= record.came.keys() - record.there
            else:
                differing.append(shelf)
        if differing:
            said = hold_book.read(self._manifest)
            for shelf in differing:
                self._compare(shelf, self.records[shelf], said)

    def odd(self) -> dict[Shelf, tuple[int, int]]:
        """Return what is too much and too little on each shelf now, where anything is."""
        said, found = hold_book.read(self._manifest), {}
        for shelf, record in self.records.items():
            should = self._should(record)
            more, less = self._more(record, should, said), should - record.there
            if more and self._lately_held(said):
                more = set()
            if more or less:
                found[shelf] = (len(more), len(less))
        return found

    def _compare(self, shelf: Shelf, record: Record, said: hold_book.Said) -> None:
        """Note what is not as ruled on a shelf, once its holds are known."""
        now = self._world.clock.now()
        if shelf[0] in self._files.values():
            series = Series(self._manifest.zone, shelf[0], Kind.FILES)
            record.uncounted = said.uncounted(series, set(record.came))
            record.refuted = said.wrong(series, record.there)
            record.proven = record.there & said.proven.get(shelf[0], frozenset())
        else:
            record.uncounted |= said.under_holds(record.unread)
        should = self._should(record)
        lately = self._lately_held(said)
        if record.there - should:
            if lately or not self._more(record, should, said):
                self.held.setdefault(shelf, []).append(now)
            else:
                self.extra.setdefault(shelf, []).append(now)
        if should - record.there:
            self.lost.setdefault(shelf, []).append(now)
        record.given_up |= record.came.keys() - record.there - self._ruled(record)

    def _more(self, record: Record, should: set[datetime], said: hold_book.Said) -> set[datetime]:
        """Return what lies there beyond the rule, and beyond what is pinned or refuted."""
        pinned = said.pinned(record.there - record.uncounted, record.proven)
        return record.there - should - pinned - record.refuted

    def _lately_held(self, said: hold_book.Said) -> bool:
        now = self._world.clock.now()
        if said.holds(now):
            self._held_until = now
        return self._held_until is not None and now - self._held_until <= CATCHING_UP

    def _should(self, record: Record) -> set[datetime]:
        """Return what the rule keeps, but for what went when it did not."""
        return self._ruled(record) - (record.given_up - record.there)

    def _ruled(self, record: Record) -> set[datetime]:
        """Return what the rule keeps of all that ever came.

        What it gave up of those it never takes back for newer ones (a law of it that is tested):
        while the same points count, only what it kept and what came since is asked about.
        """
        if record.ruled.uncounted != record.uncounted:
            record.ruled = Ruled(frozenset(record.uncounted))
        new = record.came.keys() - record.ruled.seen
        if new:
            rule = self._manifest.retention
            found = kept(
                [one for one in new | record.ruled.kept if one not in record.uncounted],
                daily=rule.daily,
                weekly=rule.weekly,
                monthly=rule.monthly,
                tz=self._manifest.window.timezone,
            )
            record.ruled = Ruled(record.ruled.uncounted, frozenset(record.came), frozenset(found))
        return set(record.ruled.kept)

    def _changed(self, change: Change) -> None:
        """Note when a snapshot or a copy is there."""
        if change.stage is Stage.ENDED and change.kind in _LANDING:
            arn = str(getattr(change.target, "db_snapshot_arn", ""))
            self._landed[arn] = self._world.clock.now()
            good = snapshot_faults.status(change.target) == snapshot_faults.AVAILABLE
            (self._good if good else self._unusable).add(arn)

    def _snapshots(self) -> Iterator[tuple[Shelf, Found]]:
        for site in self._manifest.sites.values():
            backend = rds_backends[inside.ACCOUNT][site.region]
            for one in list(backend.database_snapshots.values()):
                tags = {tag["Key"]: tag["Value"] for tag in one.tags}
                if naming.TAG_POINT in tags and one._holdfast_status == "available":
                    yield (tags[naming.TAG_DATABASE], site.region), self._found(one, tags)

    def _found(self, snapshot: Any, tags: Mapping[str, str]) -> Found:  # noqa: ANN401 - a moto DBSnapshot
        """Return a snapshot as found; one that was of no use came when it is first seen to be."""
        moment = snapshot.original_snapshot_create_time.replace(tzinfo=UTC)
        arn = snapshot.db_snapshot_arn
        came = self._landed.get(arn, moment)
        shown = snapshot_faults.status(snapshot)
        usable = shown == snapshot_faults.AVAILABLE or arn in self._good
        if not usable:
            self._unusable.add(arn)
        elif arn in self._unusable:
            came = self._world.clock.now()
        proven = naming.TAG_VERIFIED in tags
        incident = tags.get(naming.TAG_INCIDENT, "") if not proven else ""
        waits = incident not in {"", UNREADABLE}
        refuted = naming.TAG_REFUTED in tags
        counts = not waits and not refuted
        return Found(moment, came, usable, counts, incident == UNREADABLE, refuted, proven)

    def _vaults(self) -> Iterator[tuple[Shelf, Found]]:
        for site in self._manifest.sites.values():
            backend = backup_backends[inside.ACCOUNT][site.region]
            vault = backend.vaults.get(site.safekeeping.vault)
            for one in backup_points.points(vault).values() if vault is not None else ():
                if one.completed is not None and one.resource in self._files:
                    shelf = (self._files[one.resource], site.region)
                    yield shelf, Found(one.created, one.completed)
