"""What AWS Backup does by itself in a site: a point of all files every day, and test restores.

`stacks.backups` makes one per site. Both sites take points of their own copy of the files; the
serving one's are copied to the other as well. No rule lets a point expire: what is kept follows
from the retention, counted by the backup verbs, and a point that nobody counts stays.
"""

from dataclasses import dataclass
from datetime import time

import pulumi
import pulumi_aws as aws

from continuity import naming
from continuity.window import MaintenanceWindow
from stacks.place import Place

_MINUTES = 60
_SHORTEST_START_MIN = 60  # AWS Backup takes no shorter start window
_COMPLETE_MIN = 24 * 60  # the first point of a bucket is a full one
_TEST_HOURS = 24
_LONGEST_WINDOW_DAYS = 365


@dataclass(frozen=True)
class BackupPlanArgs:
    """`copy_to` is the ARN of the other site's vault, None in the standby.

    `reach_days` is how far back the retention goes: a restore test may pick any point of that time.
    """

    place: Place
    vault_name: pulumi.Input[str]
    vault_arn: pulumi.Input[str]
    copy_to: pulumi.Input[str] | None
    service_role_arn: pulumi.Input[str]
    window: MaintenanceWindow
    reach_days: int


class BackupPlan(pulumi.ComponentResource):
    """Produces the plan, what it is for (by tag), and a monthly restore of a random point."""

    def __init__(
        self, name: str, args: BackupPlanArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:BackupPlan", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        self._select(self._plan())
        self._test(self._testing_plan())
        self.register_outputs({})

    def _plan(self) -> aws.backup.Plan:
        args, place = self._args, self._args.place
        copies = [] if args.copy_to is None else [{"destination_vault_arn": args.copy_to}]
        return aws.backup.Plan(
            f"{self._name}-plan",
            region=place.region,
            name=place.name("files"),
            rules=[
                {
                    "rule_name": "daily",
                    "target_vault_name": args.vault_name,
                    "schedule": f"cron({_at(args.window.start)} ? * * *)",
                    "schedule_expression_timezone": args.window.timezone,
                    "start_window": _start_window(args.window),
                    "completion_window": _start_window(args.window) + _COMPLETE_MIN,
                    "recovery_point_tags": place.tags(),
                    "copy_actions": copies,
                }
            ],
            tags=place.tags(),
            opts=self._child,
        )

    def _select(self, plan: aws.backup.Plan) -> None:
        """Choose by tag among the zone's buckets and file systems.

        They are named besides, by pattern: what is named is backed up whether or not somebody
        switched its service off for this account and region.
        """
        place = self._args.place
        tags = {naming.TAG_ZONE: place.zone, naming.TAG_BACKUP: "daily"}
        aws.backup.Selection(
            f"{self._name}-selection",
            region=place.region,
            name="tagged-daily",
            plan_id=plan.id,
            iam_role_arn=self._args.service_role_arn,
            resources=[
                f"arn:aws:s3:::{place.bucket('*')}",
                place.arn("elasticfilesystem", "file-system/*"),
            ],
            conditions=[
                {
                    "string_equals": [
                        {"key": f"aws:ResourceTag/{key}", "value": value}
                        for key, value in tags.items()
                    ]
                }
            ],
            opts=self._child,
        )

    def _testing_plan(self) -> aws.backup.RestoreTestingPlan:
        """Pick at random over all that is kept: the newest point is not the one that rots."""
        args, place = self._args, self._args.place
        return aws.backup.RestoreTestingPlan(
            f"{self._name}-testing",
            region=place.region,
            name=place.name("files").replace("-", "_"),
            schedule_expression=f"cron({_at(args.window.end)} ? * SUN#1 *)",
            schedule_expression_timezone=args.window.timezone,
            start_window_hours=_TEST_HOURS,
            recovery_point_selection={
                "algorithm": "RANDOM_WITHIN_WINDOW",
                "include_vaults": [args.vault_arn],
                "recovery_point_types": ["SNAPSHOT"],
                "selection_window_days": min(args.reach_days, _LONGEST_WINDOW_DAYS),
            },
            tags=place.tags(),
            opts=self._child,
        )

    def _test(self, plan: aws.backup.RestoreTestingPlan) -> None:
        for kind in ("S3", "EFS"):
            aws.backup.RestoreTestingSelection(
                f"{self._name}-testing-{kind.lower()}",
                region=self._args.place.region,
                name=kind.lower(),
                restore_testing_plan_name=plan.name,
                protected_resource_type=kind,
                iam_role_arn=self._args.service_role_arn,
                protected_resource_arns=["*"],
                validation_window_hours=_TEST_HOURS,
                opts=self._child,
            )


def _at(moment: time) -> str:
    """Return minute and hour as AWS's cron has them."""
    return f"{moment.minute} {moment.hour}"


def _start_window(window: MaintenanceWindow) -> int:
    """Return the minutes in which AWS Backup may begin: inside the zone's window, if it allows."""
    return max(_SHORTEST_START_MIN, int(window.length.total_seconds()) // _MINUTES)
