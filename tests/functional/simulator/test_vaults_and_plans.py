"""AWS Backup's settings: what moto does not have, and that the simulated world does."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.attempt import NotSimulated
from simulator.backstage import client
from simulator.world import World

REGION = "eu-west-1"
RULE = {
    "RuleName": "daily",
    "TargetBackupVaultName": "vault",
    "ScheduleExpression": "cron(0 0 ? * * *)",
}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})


@pytest.fixture
def backup() -> Iterator[Any]:
    with World(1) as world, world.instantly():
        yield client("backup", REGION)


def vault(backup: Any) -> None:  # noqa: ANN401 - a boto3 client
    backup.create_backup_vault(BackupVaultName="vault")


def plan(backup: Any) -> str:  # noqa: ANN401 - a boto3 client
    wanted = {"BackupPlanName": "files", "Rules": [RULE]}
    made = backup.create_backup_plan(BackupPlan=wanted)
    return str(made["BackupPlanId"])


def select(backup: Any, identity: str) -> str:  # noqa: ANN401 - a boto3 client
    wanted = {"SelectionName": "daily", "IamRoleArn": "arn:aws:iam::123456789012:role/r"}
    made = backup.create_backup_selection(BackupPlanId=identity, BackupSelection=wanted)
    return str(made["SelectionId"])


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("put_backup_vault_access_policy", {"BackupVaultName": "vault", "Policy": POLICY}),
        ("list_backup_selections", {"BackupPlanId": "plan"}),
        ("list_restore_jobs", {}),
        ("get_restore_testing_plan", {"RestoreTestingPlanName": "plan"}),
    ],
)
def test_plain_moto_has_none_of_it(operation: str, arguments: dict[str, str]) -> None:
    with World(1, corrected=False) as world, world.instantly():
        backup = client("backup", REGION)
        vault(backup)
        with pytest.raises(NotSimulated):
            getattr(backup, operation)(**arguments)


def test_the_policy_of_a_vault_is_kept_until_it_is_taken_away(backup: Any) -> None:  # noqa: ANN401
    vault(backup)
    backup.put_backup_vault_access_policy(BackupVaultName="vault", Policy=POLICY)
    assert backup.get_backup_vault_access_policy(BackupVaultName="vault")["Policy"] == POLICY
    backup.delete_backup_vault_access_policy(BackupVaultName="vault")
    with pytest.raises(ClientError, match="has no access policy"):
        backup.get_backup_vault_access_policy(BackupVaultName="vault")


@pytest.mark.parametrize(("name", "policy"), [("other", POLICY), ("vault", "nonsense")])
def test_a_policy_needs_a_vault_and_sense(backup: Any, name: str, policy: str) -> None:  # noqa: ANN401
    vault(backup)
    with pytest.raises(ClientError):
        backup.put_backup_vault_access_policy(BackupVaultName=name, Policy=policy)


def test_a_plan_knows_what_it_is_for_and_stays_while_it_is_for_something(backup: Any) -> None:  # noqa: ANN401
    identity = plan(backup)
    chosen = select(backup, identity)
    listed = backup.list_backup_selections(BackupPlanId=identity)["BackupSelectionsList"]
    assert [row["SelectionName"] for row in listed] == ["daily"]
    found = backup.get_backup_selection(BackupPlanId=identity, SelectionId=chosen)
    assert found["BackupSelection"]["IamRoleArn"].endswith("role/r")
    with pytest.raises(ClientError, match="must be deleted prior"):
        backup.delete_backup_plan(BackupPlanId=identity)
    backup.delete_backup_selection(BackupPlanId=identity, SelectionId=chosen)
    backup.delete_backup_plan(BackupPlanId=identity)


def test_two_selections_of_a_name_are_refused(backup: Any) -> None:  # noqa: ANN401
    identity = plan(backup)
    select(backup, identity)
    with pytest.raises(ClientError, match="already exists"):
        select(backup, identity)


def test_a_changed_plan_keeps_its_identity_and_gets_a_version(backup: Any) -> None:  # noqa: ANN401
    identity = plan(backup)
    before = backup.get_backup_plan(BackupPlanId=identity)["VersionId"]
    wanted = {"BackupPlanName": "files", "Rules": [{**RULE, "RuleName": "nightly"}]}
    backup.update_backup_plan(BackupPlanId=identity, BackupPlan=wanted)
    after = backup.get_backup_plan(BackupPlanId=identity)
    assert after["BackupPlan"]["Rules"][0]["RuleName"] == "nightly"
    assert after["VersionId"] != before


def test_restore_tests_are_planned_changed_and_taken_away(backup: Any) -> None:  # noqa: ANN401
    chosen = {
        "Algorithm": "RANDOM_WITHIN_WINDOW",
        "IncludeVaults": ["*"],
        "RecoveryPointTypes": ["SNAPSHOT"],
    }
    wanted = {"ScheduleExpression": "cron(0 6 ? * SUN#1 *)", "RecoveryPointSelection": chosen}
    about = {"RestoreTestingPlanName": "files"}
    kind = {
        "RestoreTestingSelectionName": "s3",
        "ProtectedResourceType": "S3",
        "IamRoleArn": "arn:aws:iam::123456789012:role/r",
    }
    backup.create_restore_testing_plan(RestoreTestingPlan={**about, **wanted})
    backup.create_restore_testing_selection(**about, RestoreTestingSelection=kind)
    backup.update_restore_testing_plan(**about, RestoreTestingPlan={"StartWindowHours": 5})
    shown = backup.get_restore_testing_plan(**about)["RestoreTestingPlan"]
    assert (shown["StartWindowHours"], shown["ScheduleExpression"]) == (5, "cron(0 6 ? * SUN#1 *)")
    picked = backup.get_restore_testing_selection(**about, RestoreTestingSelectionName="s3")
    assert picked["RestoreTestingSelection"]["ProtectedResourceType"] == "S3"
    backup.delete_restore_testing_selection(**about, RestoreTestingSelectionName="s3")
    backup.delete_restore_testing_plan(**about)
    with pytest.raises(ClientError, match="does not exist"):
        backup.get_restore_testing_plan(**about)
