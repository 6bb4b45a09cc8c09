"""AWS Backup plans on the virtual clock: points are taken when a rule says, and then copied.

`attend` begins it in a world. Sources: AWS Backup guide, "Backup plan options" (a rule's cron in
its time zone; a job begins within the start window or is EXPIRED; copy actions begin once the point
is there) and "Assigning resources" (conditions on tags narrow what is named by pattern). A rule's
own lifecycle is refused: the program declares none. Assumptions: a job asks every quarter of an
hour whether its region is there, and a point whose key is disabled is not taken at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from moto.backup.models import backup_backends
from moto.efs.models import efs_backends
from moto.s3.models import s3_backends

from simulator import backstage, inside
from simulator.attempt import NotSimulated
from simulator.corrections import backup_points
from simulator.corrections.protection_plans import selections
from simulator.fault import FaultKind
from simulator.schedule_times import next_moment
from simulator.timetable import Timetable
from simulator.world import World

_ASK_AGAIN_S = 900.0
_TAG = "aws:ResourceTag/"

Plan = Any
Rule = dict[str, Any]
"""moto's own; it is untyped here."""


@dataclass(frozen=True)
class Missed:
    """A point that a rule asked for and that was not taken, or not copied."""

    at: datetime
    region: str
    resource: str
    sentence: str


@dataclass(frozen=True)
class _Name:
    """Which rule of which plan it is."""

    region: str
    plan: str
    number: int


class Plans:
    """The backup plans of a world, from `attend` on."""

    def __init__(self, world: World) -> None:
        self.missed: list[Missed] = []
        self._world = world
        self._table: Timetable[_Name] = Timetable(world.clock)

    def attend(self) -> None:
        """Let every rule of every plan fire from now on.

        Attended again, rules that came, went or changed since then are followed, too.

        Raises:
            NotSimulated: a rule has a lifecycle of its own; it never fires.
            BadExpression: its expression cannot be read; neither does it.
        """
        there = {
            _Name(region, plan.backup_plan_id, number): rule
            for region, backend in sorted(backup_backends[inside.ACCOUNT].items())
            for plan in list(backend.plans.values())
            for number, rule in enumerate(plan.backup_plan["Rules"])
        }
        new = [one for one in there.items() if not self._table.knows(one[0], _says(one[1]))]
        self._table.looked(there)
        for name, rule in new:
            self._plan(name, rule)

    def _plan(self, name: _Name, rule: Rule) -> None:
        says, now = _says(rule), self._world.clock.now()
        self._table.plan(name, says, None, lambda: None)  # whatever cannot be read is read once
        if rule.get("Lifecycle"):
            raise NotSimulated("a backup rule with a lifecycle of its own")
        zone = rule.get("ScheduleExpressionTimezone", "UTC")
        moment = next_moment(rule["ScheduleExpression"], zone, now, now)
        self._table.plan(name, says, moment, lambda: self._due(name))

    def _due(self, name: _Name) -> None:
        plan = backup_backends[inside.ACCOUNT][name.region].plans.get(name.plan)
        rules: list[Rule] = plan.backup_plan["Rules"] if plan is not None else []
        if name.number >= len(rules):
            return
        rule, region = rules[name.number], name.region
        self._plan(name, rule)
        until = self._world.clock.monotonic() + 60.0 * float(rule.get("StartWindowMinutes", 480))
        for selection in selections(plan).values():
            asked = selection["BackupSelection"]
            for resource in chosen(region, asked):
                self._begin(region, rule, (resource, asked["IamRoleArn"]), until)

    def _begin(self, region: str, rule: Rule, whose: tuple[str, str], until: float) -> None:
        """Begin a point, as soon as the region is there."""
        clock, faults = self._world.clock, self._world.faults
        resource, role = whose
        if not faults.region_lost(region):
            if faults.active(FaultKind.KEY_MISSING, region=region) is not None:
                self._miss(region, resource, "the key of its vault is disabled")
                return
            made = backstage.client("backup", region).start_backup_job(
                BackupVaultName=rule["TargetBackupVaultName"],
                ResourceArn=resource,
                IamRoleArn=role,
            )
            self._copy_later(region, rule, made["RecoveryPointArn"])
        elif clock.monotonic() + _ASK_AGAIN_S <= until:
            clock.at(_ASK_AGAIN_S, lambda: self._begin(region, rule, whose, until))
        else:
            self._miss(region, resource, f"{region} was lost for all of the start window")

    def _copy_later(self, region: str, rule: Rule, arn: str) -> None:
        """Begin the copies of a point once it is there."""
        if not rule.get("CopyActions"):
            return
        vault = backup_backends[inside.ACCOUNT][region].vaults[rule["TargetBackupVaultName"]]

        def look() -> None:
            point = backup_points.points(vault).get(arn)
            if point is None:
                return
            if point.status != "COMPLETED":
                self._world.clock.at(_ASK_AGAIN_S, look)
                return
            for action in rule["CopyActions"]:
                self._copy(region, point, action["DestinationBackupVaultArn"])

        self._world.clock.at(_ASK_AGAIN_S, look)

    def _copy(self, region: str, point: backup_points.RecoveryPoint, vault: str) -> None:
        """AWS Backup begins a copy once, and says that it failed where it could not."""
        there = vault.split(":")[3]
        faults = self._world.faults
        if faults.region_lost(region) or faults.region_lost(there):
            self._miss(there, point.resource, "a region was lost when the copy was to begin")
        elif faults.active(FaultKind.KEY_MISSING, region=there) is not None:
            self._miss(there, point.resource, "the key of the copy's vault is disabled")
        else:
            backstage.client("backup", region).start_copy_job(
                RecoveryPointArn=point.arn,
                SourceBackupVaultName=point.vault.backup_vault_name,
                DestinationBackupVaultArn=vault,
                IamRoleArn=point.role,
            )

    def _miss(self, region: str, resource: str, sentence: str) -> None:
        self.missed.append(Missed(self._world.clock.now(), region, resource, sentence))


def _says(rule: Rule) -> tuple[object, ...]:
    """Return all of a rule that decides when it is due."""
    zone = rule.get("ScheduleExpressionTimezone")
    return rule["ScheduleExpression"], zone, bool(rule.get("Lifecycle"))


def chosen(region: str, selection: dict[str, Any]) -> Iterator[str]:
    """Yield the ARNs that a selection means in a region: named by pattern, tagged as it says."""
    wanted = {
        row["ConditionKey"].removeprefix(_TAG): row["ConditionValue"]
        for row in selection.get("Conditions", {}).get("StringEquals", ())
    }
    for arn, tags in _resources(region):
        named = any(fnmatchcase(arn, pattern) for pattern in selection.get("Resources", ()))
        if named and wanted.items() <= tags.items():
            yield arn


def _resources(region: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what AWS Backup can protect in a region, with its tags."""
    storage = s3_backends[inside.ACCOUNT]["aws"]
    for bucket in list(storage.buckets.values()):
        if bucket.region_name == region:
            yield bucket.arn, dict(storage.tagger.get_tag_dict_for_resource(bucket.arn))
    systems = efs_backends[inside.ACCOUNT][region]
    for system in list(systems.file_systems_by_id.values()):
        listed = systems.list_tags_for_resource(system.file_system_id)
        tags = {tag["Key"]: tag["Value"] for tag in listed}
        yield system.file_system_arn, tags
