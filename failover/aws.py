"""The failover's questions and changes, answered by AWS through `cloud`.

`surroundings` is the way in, for drills, the CLI and hosted drivers alike. No rule lives here.
Each method declares what IAM asks for it; the failover role is granted exactly their sum.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from backup import hold
from cloud import (
    addresses,
    alarms,
    databases,
    fences,
    latches,
    metrics,
    services,
    warrants,
)
from cloud.clients import Reach
from cloud.door import Cloud, Door, Outcome, OutcomeState
from cloud.failures import Ambiguous, Throttled, Unreachable
from cloud.permitted import permitted
from continuity import naming
from continuity.addresses import AddressFile
from continuity.errors import HoldfastError, PermanentError
from continuity.manifest import Database, Manifest
from continuity.outside import Outside, Written
from continuity.permissions import (
    DESCRIBE_ALARMS,
    DESCRIBE_BACKUPS,
    DESCRIBE_DATABASES,
    DESCRIBE_GROUPS,
    DESCRIBE_KEY,
    DESCRIBE_SCALING,
    DESCRIBE_SERVICES,
    DESCRIBE_SNAPSHOTS,
    GRANT_KEY,
    LIST_DEFINITIONS,
    LIST_LATCH,
    MODIFY_DATABASE,
    MOVE_LATCH,
    PASS_PLATFORM_ROLES,
    PROMOTE_REPLICA,
    READ_ADDRESSES,
    READ_LEASE,
    READ_METRICS,
    READ_WARRANT,
    READ_WITNESS,
    REBOOT_DATABASE,
    REGISTER_SCALING,
    RESTORE_SNAPSHOT,
    RESTORE_TO_TIME,
    REVOKE_AT_WITNESS,
    REVOKE_INGRESS,
    TAG_DATABASE,
    UPDATE_SERVICE,
    WRITE_ADDRESSES,
    WRITE_HOLD,
)
from continuity.restorable import RecoveryPoints
from continuity.zone import SiteName
from failover import aws_values, restoring
from failover.aws_left import AwsLeft
from failover.aws_memory import AwsMemory
from failover.aws_record import AwsRecord
from failover.barrier import Barrier
from failover.observation import Alarms, Instance, LagPoint, Service
from failover.ports import Attempt, Hands, Origin
from failover.surroundings import Surroundings

T = TypeVar("T")


def surroundings(manifest: Manifest, cloud: Cloud, outside: Outside) -> Surroundings:
    """Return a zone as it is reached through AWS; clock and workers are the cloud's."""
    aws = AwsSites(manifest, cloud, outside)
    memory, record = AwsMemory(manifest, cloud), AwsRecord(manifest, cloud)
    return Surroundings(manifest, aws, aws, memory, outside, cloud.clock, recorder=record)


@dataclass(frozen=True)
class AwsSites:
    """Reads of both sites, and the crew that changes them."""

    manifest: Manifest
    cloud: Cloud
    outside: Outside

    @property
    def _standby(self) -> Door:
        return self.cloud.at(self.manifest.standby_site.region)

    @property
    def _serving(self) -> Door:
        return self.cloud.at(self.manifest.serving_site.region, Reach.IMPAIRED)

    @permitted(DESCRIBE_DATABASES)
    def serving_region_answers(self) -> bool:
        """Ask for one page of databases; a refusal is an answer, silence is none."""
        try:
            self._serving.read("rds", "DescribeDBInstances", MaxRecords=20)
        except (PermanentError, Throttled):
            return True
        except (Unreachable, Ambiguous):
            return False
        return True

    @permitted(DESCRIBE_DATABASES)
    def instances(self, identifiers: Sequence[str]) -> Mapping[str, Instance]:
        """Sweep the standby's instances."""
        found = databases.describe(self._standby, identifiers)
        return {identifier: aws_values.instance(state) for identifier, state in found.items()}

    @permitted(READ_METRICS)
    def lags(
        self, identifiers: Sequence[str], since: datetime
    ) -> Mapping[str, tuple[LagPoint, ...]]:
        """Read CloudWatch in the standby region, where a replica's metrics live."""
        window_s = int((self.cloud.clock.now() - since).total_seconds()) + 1
        found = metrics.replica_lag(self._standby, identifiers, window_s)
        return {
            identifier: tuple(LagPoint(point.at, point.seconds) for point in points)
            for identifier, points in found.items()
        }

    @permitted(DESCRIBE_BACKUPS, DESCRIBE_SNAPSHOTS, DESCRIBE_KEY)
    def recovery_points(self) -> RecoveryPoints:
        """Sweep what the standby's databases can be restored from."""
        return restoring.look(self._standby, self.manifest.standby_site.key_arn)

    @permitted(DESCRIBE_SERVICES, DESCRIBE_SCALING)
    def hosting(self) -> Service:
        """Read the service and its scaling limits; what does not exist runs nothing."""
        scaling = services.scaling(
            self._standby, self.manifest.standby_site.hosting.scalable_target
        )
        minimum = 0 if scaling is None else scaling.minimum
        return aws_values.service(self._standby, self.manifest.standby_site.hosting, minimum)

    @permitted(DESCRIBE_DATABASES)
    def serving_instances(self, identifiers: Sequence[str]) -> Mapping[str, Instance]:
        """Sweep the serving site's instances, with short timeouts."""
        found = databases.describe(self._serving, identifiers)
        return {identifier: aws_values.instance(state) for identifier, state in found.items()}

    @permitted(DESCRIBE_SERVICES)
    def serving_hosting(self) -> Service:
        """Read the service alone: what scales it decides nothing here."""
        return aws_values.service(self._serving, self.manifest.serving_site.hosting, 0)

    @permitted(DESCRIBE_ALARMS)
    def alarms(self) -> Mapping[SiteName, Alarms]:
        """Ask both regions for the alarms that carry the zone's and the site's name."""
        doors = {self.manifest.active: self._serving, self.manifest.standby: self._standby}
        return {site: self._alarms(site, door) for site, door in doors.items()}

    def _alarms(self, site: SiteName, door: Door) -> Alarms:
        try:
            found = alarms.gone_off(door, naming.in_site(self.manifest.zone, site, ""))
        except HoldfastError as error:
            return Alarms(error=str(error))
        return Alarms(found)

    @permitted(LIST_DEFINITIONS)
    def releases(self) -> tuple[str, ...]:
        """List the family of the task definition that the program deployed."""
        named = self.manifest.serving_site.hosting.task_definition
        return services.definitions(self._serving, aws_values.family(named))

    @permitted(LIST_LATCH)
    def latches(self) -> frozenset[str]:
        """List the latch bucket."""
        return latches.present(self._standby, self.manifest.standby_site.latch.bucket)

    @permitted(READ_ADDRESSES)
    def addresses(self) -> AddressFile:
        """Read the standby's file."""
        hosting = self.manifest.standby_site.hosting
        return addresses.read(self._standby, hosting.addresses_bucket, hosting.addresses_key)

    @permitted(DESCRIBE_GROUPS, DESCRIBE_SERVICES, DESCRIBE_SCALING)
    def fence_state(self) -> Barrier:
        """Look at the serving site's fence, with little patience."""
        found = fences.look(self.cloud, self.manifest.serving_site)
        return Barrier(found.admits_application, found.desired, found.running, found.most)

    @permitted(READ_WITNESS)
    def witness_warrants(self) -> bool:
        """Read the warrant that the witness keeps; a zone without one has none to revoke."""
        witness = self.manifest.witness
        if witness is None:
            return True
        door = self.cloud.at(witness.region, Reach.IMPAIRED)
        return warrants.valid(door, witness.bucket, naming.warrant_key(self.manifest.active))

    def each(
        self, tasks: Mapping[str, Callable[[Hands], T]], within_s: float
    ) -> Mapping[str, Attempt[T]]:
        """Run tasks side by side in the standby region, each with hands of its own."""
        bound = {name: partial(self._run, task) for name, task in tasks.items()}
        outcomes = self._standby.each(bound, within_s)
        return {name: _attempt(outcome) for name, outcome in outcomes.items()}

    def _run(self, task: Callable[[Hands], T], door: Door) -> T:
        return task(AwsHands(self.manifest, door, self.outside))


@dataclass(frozen=True)
class AwsHands(AwsLeft):
    """Changes through one door of the standby region; only the fence goes elsewhere."""

    outside: Outside

    @permitted(WRITE_HOLD, READ_LEASE)
    def hold_recovery_points(self, run: str, reason: str) -> None:
        """Place the hold beside the lease; it lifts itself when the zone has recovered.

        Its name says in which site: releasing the hold of one run must release no other one's.
        """
        table = self.manifest.standby_site.lease_table
        name = naming.run_in(run, self.manifest.standby)
        placed = hold.Hold(name, reason, self.door.clock.now(), automatic=True)
        hold.place(self.door, table, placed)

    @permitted(MOVE_LATCH)
    def put_latch(self, key: str) -> None:
        """Put the object unless it is there."""
        latches.put(self.door, self.manifest.standby_site.latch.bucket, key)

    @permitted(DESCRIBE_GROUPS, REVOKE_INGRESS, REGISTER_SCALING, UPDATE_SERVICE)
    def fence(self) -> bool:
        """Take away the way to the databases first: it is what a writer cannot undo."""
        try:
            fences.shut(self.door.cloud, self.manifest.serving_site)
            fences.stop(self.door.cloud, self.manifest.serving_site)
        except (Unreachable, Ambiguous):
            return False
        return True

    @permitted(READ_WARRANT, READ_WITNESS, MOVE_LATCH, REVOKE_AT_WITNESS)
    def revoke_warrant(self, run: str, *, at_witness: bool) -> bool:
        """Overwrite the warrant; where it was revoked before, all is well."""
        key, why = naming.warrant_key(self.manifest.active), f"{run} moved the zone away"
        witness, standby = self.manifest.witness, self.manifest.standby_site
        if not at_witness:
            warrants.revoke(self.door, standby.latch.bucket, key, why)
        elif witness is not None:
            try:
                door = self.door.cloud.at(witness.region, Reach.IMPAIRED)
                warrants.revoke(door, witness.bucket, key, why)
            except (Unreachable, Ambiguous):
                return False
        return True

    @permitted(DESCRIBE_DATABASES, PROMOTE_REPLICA)
    def promote(self, identifier: str, retention_days: int, backup_window: str) -> None:
        """Promote; already promoted or under way is well."""
        databases.promote(self.door, identifier, retention_days, backup_window)

    @permitted(DESCRIBE_DATABASES, MODIFY_DATABASE)
    def rename(self, identifier: str, wanted: str) -> None:
        """Rename an instance; renamed already is well."""
        databases.rename(self.door, identifier, wanted)

    @permitted(RESTORE_TO_TIME, RESTORE_SNAPSHOT, TAG_DATABASE, DESCRIBE_KEY, GRANT_KEY)
    def restore(self, database: Database, identifier: str, origin: Origin) -> None:
        """Restore with everything that the manifest says of the instance, but for its name."""
        restoring.begin(self.door, self.manifest, database, identifier, origin)

    @permitted(WRITE_ADDRESSES)
    def tell_addresses(self, text: str, replaced: str) -> None:
        """Write the file unless somebody wrote meanwhile."""
        hosting = self.manifest.standby_site.hosting
        addresses.write(self.door, hosting.addresses_bucket, hosting.addresses_key, text, replaced)

    @permitted(DESCRIBE_SERVICES, UPDATE_SERVICE)
    def renew_tasks(self, since: datetime) -> None:
        """Begin a new deployment of the standby's service."""
        hosting = self.manifest.standby_site.hosting
        services.renew(self.door, hosting.cluster, hosting.service, since)

    @permitted(DESCRIBE_DATABASES, MODIFY_DATABASE)
    def protect(self, database: Database, identifier: str) -> None:
        """Set what the old primary had."""
        member = database.members[self.manifest.standby]
        wanted = databases.Settings(
            retention_days=max(1, database.backup_retention_days),
            deletion_protection=True,
            parameter_group=member.parameter_group,
        )
        databases.modify(self.door, identifier, wanted)

    @permitted(DESCRIBE_DATABASES, REBOOT_DATABASE)
    def reboot(self, identifier: str) -> None:
        """Restart one instance."""
        databases.reboot(self.door, identifier)

    @permitted(REGISTER_SCALING)
    def widen_scaling(self, minimum: int, maximum: int) -> None:
        """Set the limits of the service's scalable target."""
        target = self.manifest.standby_site.hosting.scalable_target
        services.set_scaling(self.door, target, services.Scaling(minimum, maximum))

    @permitted(UPDATE_SERVICE)
    def run_tasks(self, tasks: int) -> None:
        """Set the service's desired count."""
        hosting = self.manifest.standby_site.hosting
        services.scale(self.door, hosting.cluster, hosting.service, tasks)

    @permitted(UPDATE_SERVICE, PASS_PLATFORM_ROLES)
    def redeploy(self, task_definition: str) -> None:
        """Give the serving site's service another task definition."""
        hosting = self.manifest.serving_site.hosting
        services.deploy(self._serving, hosting.cluster, hosting.service, task_definition)

    @permitted(REGISTER_SCALING, UPDATE_SERVICE)
    def restart_serving(self, minimum: int, maximum: int, tasks: int) -> None:
        """Set the limits first, or scaling in would undo the count."""
        hosting, door = self.manifest.serving_site.hosting, self._serving
        services.set_scaling(door, hosting.scalable_target, services.Scaling(minimum, maximum))
        services.restart(door, hosting.cluster, hosting.service, tasks)

    def write(self, address: str, database: str) -> Written:
        """Write through the platform behind an address, under the zone's public name."""
        return self.outside.write(address, self.manifest.traffic.name, database)


def _attempt(outcome: Outcome[T]) -> Attempt[T]:
    started = outcome.state is not OutcomeState.NOT_STARTED
    return Attempt(outcome.value, outcome.error, started)
