"""Trials of databases: a snapshot restored into the scratch place, asked its checks, thrown away.

`backup.verify` drives it. The instance has the class and the parameters of the site's own, so that
what is measured is what a recovery would take; nothing reaches it but the prober, and it carries no
database's tag. What does not carry our own is never deleted.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from backup import answers, restore, verify_checks
from backup.points import Point
from backup.restore import Place, Restoration
from backup.restore_source import Source, SourceKind
from backup.restore_times import RestoreTimes
from backup.verify_subject import Answers, Presence, Sight, Trial
from cloud import probers, restored, scratches
from cloud.databases import BROKEN
from cloud.door import Cloud, Door
from cloud.permitted import permissions_of, permitted
from continuity import naming
from continuity.errors import PermanentError
from continuity.manifest import Database, Manifest
from continuity.permissions import (
    ASK_PROBER,
    DELETE_SCRATCH,
    DESCRIBE_DATABASES,
    DESCRIBE_KEY,
    GRANT_KEY,
    RESTORE_SNAPSHOT,
    TAG_SCRATCH,
)
from continuity.restorable import Storage
from continuity.zone import SiteName

BY = "verify"

EXPIRES_AFTER = timedelta(days=1)
"""Assumption: longer than any trial. The tag tells people who find the instance on their bill."""

_GOING = "deleting"


class Databases:
    """The databases of a zone that can be tried in one site."""

    def __init__(
        self, cloud: Cloud, manifest: Manifest, site: SiteName, times: RestoreTimes
    ) -> None:
        self._cloud, self._manifest, self._site, self._times = cloud, manifest, site, times
        self._place = manifest.sites[site]

    @property
    def _door(self) -> Door:
        return self._cloud.at(self._place.region)

    def seconds(self, point: Point) -> float:
        """Return what was measured for this database, or what is assumed."""
        return self._times.snapshot(point.series.resource, point.size_gb).seconds

    @permitted(DESCRIBE_DATABASES, RESTORE_SNAPSHOT, TAG_SCRATCH, DESCRIBE_KEY, GRANT_KEY)
    def begin(self, trial: Trial) -> None:
        """Ask RDS for the restore.

        Raises:
            PermanentError: the manifest names no scratch place, or no such database any more.
        """
        if not self._place.scratch.security_group or not self._place.scratch.prober:
            raise PermanentError(
                f"The manifest of {self._manifest.zone} names no place in {self._place.region} "
                "where recovery points can be tried: deploy the zone again."
            )
        restore.begin(self._cloud, self._restoration(trial))

    @permitted(DESCRIBE_DATABASES)
    def look(self, trial: Trial) -> Sight:
        """Return how far RDS is."""
        state = restore.look(self._cloud, self._restoration(trial))
        if state is None:
            return Sight(Presence.MISSING)
        if state.status in BROKEN:
            return Sight(Presence.BROKEN, f"{trial.scratch} is {state.status}")
        if state.status == _GOING:
            return Sight(Presence.GOING, f"somebody deleted {trial.scratch}")
        there = state.status in restore.WRITABLE and state.address
        return Sight(Presence.READY if there else Presence.COMING)

    @permitted(DESCRIBE_DATABASES, ASK_PROBER, *permissions_of(answers.read))
    def check(self, trial: Trial) -> Answers:
        """Send the prober once, then look for what it left."""
        found = answers.read(self._door, self._place.lease_table, trial.scratch)
        if found is not None:
            return verify_checks.judged(self._database(trial).checks, found, trial.taken_at)
        if trial.asked is not None:
            return Answers()
        probers.ask(self._door, self._place.scratch.prober, self._event(trial))
        return Answers(asked=True)

    @permitted(DESCRIBE_DATABASES, DELETE_SCRATCH, *permissions_of(answers.drop))
    def clear(self, trial: Trial) -> bool:
        """Delete the instance without a final snapshot, if it is this trial's."""
        answers.drop(self._door, self._place.lease_table, trial.scratch)
        state = restore.look(self._cloud, self._restoration(trial))
        if state is None or state.status == _GOING:
            return True
        restored.delete(self._door, trial.scratch)
        return True  # RDS goes on by itself, and a trial's place is free

    @permitted(DESCRIBE_DATABASES, DELETE_SCRATCH)
    def strays(self, known: Sequence[str]) -> tuple[str, ...]:
        """Delete what bears a trial's name and our tag, and belongs to no trial that is known."""
        found = [
            one.identifier
            for one in scratches.sweep(self._door, self._manifest.zone)
            if one.identifier not in known and one.status != _GOING
        ]
        for identifier in found:
            restored.delete(self._door, identifier)
        return tuple(found)

    def _event(self, trial: Trial) -> dict[str, object]:
        """Return what the prober must know: how to get in, what to ask, where to answer."""
        there = scratches.look(self._door, trial.scratch)
        if there is None:
            raise PermanentError(f"{trial.scratch} went away before it could be asked.")
        database = self._database(trial)
        return {
            "scratch": trial.scratch,
            "table": self._place.lease_table,
            "secret": database.members[self._site].secret_arn,
            "host": there.address,
            "port": there.port,
            "user": there.user,
            "database": there.database,
            "checks": [{"name": one.name, "sql": one.sql} for one in database.checks],
        }

    def _restoration(self, trial: Trial) -> Restoration:
        self._database(trial)
        source = Source(
            SourceKind.SNAPSHOT,
            trial.series,
            trial.region,
            trial.point,
            trial.taken_at,
            "",
            Storage(trial.size_gb),
        )
        place = Place(self._place.subnet_group, (self._place.scratch.security_group,))
        made = restore.scratch(self._manifest, source, place, trial.scratch, BY)
        ours = {
            naming.TAG_SCRATCH: self._manifest.zone,
            naming.TAG_EXPIRES: (trial.began + EXPIRES_AFTER).isoformat(timespec="seconds"),
        }
        return replace(made, wanted=replace(made.wanted, tags={**made.wanted.tags, **ours}))

    def _database(self, trial: Trial) -> Database:
        for one in self._manifest.databases:
            if one.name == trial.series.resource:
                return one
        raise PermanentError(
            f"{self._manifest.zone} declares no database {trial.series.resource} any more: its "
            "points cannot be tried."
        )
