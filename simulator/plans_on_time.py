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

from botocore.exceptions import ClientError
from moto.backup.models import backup_backends
from moto.efs.models import efs_backends
from moto.s3.models import s3_backends

from simulator import backstage, inside
from simulator.attempt import NotSimulated
from simulator.corrections import backup_points
from simulator.corrections.protection_plans import selections
from simulator.fault import FaultKind
from simulator.schedule_times import BadExpression, next_moment
from simulator.timetable import Timetable
from simulator.world import World

_ASK_AGAIN_S = 900.0
_TAG = "aws:ResourceTag/"

Plan = Any
Rule = dict[str, Any]
"""moto's own; it is untyped here."""


@dataclass(frozen=True)
class Missed:
    """A point that a rule of a plan asked for and that was not taken, or not copied.

    `resource` is the plan itself where its rule could not be read any more.
    """

    at: datetime
    region: str
    plan: str
    resource: str
    sentence: str


@dataclass(frozen=True)
class _Name:
    """Which rule of which plan it is."""

    region: str
    plan: str
    number: int


@dataclass(frozen=True)
class _Asked:
    """What a rule asks for: a point of one resource; `plan` is the plan's name."""

    region: str
    plan: str
    rule: Rule
    resource: str
    role: str


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
        called = str(plan.backup_plan["BackupPlanName"])
        try:
            self._plan(name, rule)
        except (BadExpression, NotSimulated) as error:
            self._miss(region, called, plan.backup_plan_arn, str(error))
            return
        until = self._world.clock.monotonic() + 60.0 * float(rule.get("StartWindowMinutes", 480))
        for selection in selections(plan).values():
            chosen_by = selection["BackupSelection"]
            for resource in chosen(region, chosen_by):
                self._begin(_Asked(region, called, rule, resource, chosen_by["IamRoleArn"]), until)

    def _begin(self, asked: _Asked, until: float) -> None:
        """Begin a point, as soon as the region is there."""
        clock, faults = self._world.clock, self._world.faults
        if not faults.region_lost(asked.region):
            self._take(asked)
        elif clock.monotonic() + _ASK_AGAIN_S <= until:
            clock.at(_ASK_AGAIN_S, lambda: self._begin(asked, until))
        else:
            lost = f"{asked.region} was lost for all of the start window"
            self._miss(asked.region, asked.plan, asked.resource, lost)

    def _take(self, asked: _Asked) -> None:
        """Begin a point, and later its copies."""
        region = asked.region
        if self._world.faults.active(FaultKind.KEY_MISSING, region=region) is not None:
            self._miss(region, asked.plan, asked.resource, "the key of its vault is disabled")
            return
        try:
            made = backstage.client("backup", region).start_backup_job(
                BackupVaultName=asked.rule["TargetBackupVaultName"],
                ResourceArn=asked.resource,
                IamRoleArn=asked.role,
            )
        except ClientError as error:
            self._miss(region, asked.plan, asked.resource, str(error))
        else:
            self._copy_later(asked, made["RecoveryPointArn"])

    def _copy_later(self, asked: _Asked, arn: str) -> None:
        """Begin the copies of a point once it is there."""
        rule = asked.rule
        if not rule.get("CopyActions"):
            return
        vault = backup_backends[inside.ACCOUNT][asked.region].vaults[rule["TargetBackupVaultName"]]

        def look() -> None:
            point = backup_points.points(vault).get(arn)
            if point is None:
                return
            if point.status != "COMPLETED":
                self._world.clock.at(_ASK_AGAIN_S, look)
                return
            for action in rule["CopyActions"]:
                self._copy(asked, point, action["DestinationBackupVaultArn"])

        self._world.clock.at(_ASK_AGAIN_S, look)

    def _copy(self, asked: _Asked, point: backup_points.RecoveryPoint, vault: str) -> None:
        """AWS Backup begins a copy once, and says that it failed where it could not."""
        there = vault.split(":")[3]
        faults = self._world.faults
        if faults.region_lost(asked.region) or faults.region_lost(there):
            lost = "a region was lost when the copy was to begin"
            self._miss(there, asked.plan, asked.resource, lost)
        elif faults.active(FaultKind.KEY_MISSING, region=there) is not None:
            disabled = "the key of the copy's vault is disabled"
            self._miss(there, asked.plan, asked.resource, disabled)
        else:
            try:
                backstage.client("backup", asked.region).start_copy_job(
                    RecoveryPointArn=point.arn,
                    SourceBackupVaultName=point.vault.backup_vault_name,
                    DestinationBackupVaultArn=vault,
                    IamRoleArn=point.role,
                )
            except ClientError as error:
                self._miss(there, asked.plan, asked.resource, str(error))

    def _miss(self, region: str, plan: str, resource: str, sentence: str) -> None:
        self.missed.append(Missed(self._world.clock.now(), region, plan, resource, sentence))


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
