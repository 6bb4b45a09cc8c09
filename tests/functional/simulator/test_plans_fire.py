"""Backup plans of the simulated AWS fire on the virtual clock; what they ask in vain is told."""

from datetime import UTC, datetime

import pytest

from simulator import backstage
from simulator.plans_on_time import Plans
from simulator.world import ACCOUNT, World

REGION = "eu-west-1"
START = datetime(2026, 3, 3, 12, tzinfo=UTC)
NOWHERE = f"arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:nowhere"
BUCKET = "arn:aws:s3:::files"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/backup"
DAY_S = 86_400.0


def declare(**rule: object) -> None:
    """Declare a vault, a bucket, and a plan of one rule for it."""
    backup = backstage.client("backup", REGION)
    backup.create_backup_vault(BackupVaultName="vault")
    where = {"LocationConstraint": REGION}
    backstage.client("s3", REGION).create_bucket(Bucket="files", CreateBucketConfiguration=where)
    plan = {"BackupPlanName": "we1-home-files", "Rules": [{"RuleName": "daily", **rule}]}
    made = backup.create_backup_plan(BackupPlan=plan)
    chosen = {"SelectionName": "all", "IamRoleArn": ROLE, "Resources": [BUCKET]}
    backup.create_backup_selection(BackupPlanId=made["BackupPlanId"], BackupSelection=chosen)


@pytest.mark.parametrize(
    ("vault", "missing", "points"), [("gone", "gone", 0), ("vault", "nowhere", 1)]
)
def test_a_vault_that_is_not_there_takes_nothing_and_time_goes_on(
    vault: str, missing: str, points: int
) -> None:
    copies = [{"DestinationBackupVaultArn": NOWHERE}]
    with World(1, start=START) as world:
        with world.instantly():
            declare(
                TargetBackupVaultName=vault,
                ScheduleExpression="cron(0 1 * * ? *)",
                CopyActions=copies,
            )
        plans = Plans(world)
        plans.attend()
        world.clock.sleep(DAY_S)
        backup = backstage.client("backup", REGION)
        found = backup.list_recovery_points_by_backup_vault(BackupVaultName="vault")
        assert len(found["RecoveryPoints"]) == points
        [missed] = plans.missed
    assert (missed.plan, missed.resource) == ("we1-home-files", BUCKET)
    assert f"Backup vault {missing} does not exist" in missed.sentence


def test_a_rule_that_cannot_be_read_when_it_is_due_is_told_and_time_goes_on() -> None:
    with World(1, start=START) as world:
        with world.instantly():
            declare(TargetBackupVaultName="vault", ScheduleExpression="cron(0 1 * * ? *)")
        plans = Plans(world)
        plans.attend()
        backup = backstage.client("backup", REGION)
        [row] = backup.list_backup_plans()["BackupPlansList"]
        changed = dict(backup.get_backup_plan(BackupPlanId=row["BackupPlanId"])["BackupPlan"])
        changed["Rules"] = [
            {
                "RuleName": "daily",
                "TargetBackupVaultName": "vault",
                "ScheduleExpression": "cron(noon 1 * * ? *)",
            }
        ]
        backup.update_backup_plan(BackupPlanId=row["BackupPlanId"], BackupPlan=changed)
        world.clock.sleep(2 * DAY_S)
        [missed] = plans.missed
    assert (missed.plan, missed.resource) == ("we1-home-files", row["BackupPlanArn"])
    assert "cannot be read" in missed.sentence
