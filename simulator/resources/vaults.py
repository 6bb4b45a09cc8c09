"""AWS Backup: vaults, the plans that fill them, and what the plans are for.

`simulator.resources.table` gathers `HANDLERS`; `restore_tests` has the plans that restore.
"""

from typing import Any

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag
from simulator.values import Properties

_RULE = {
    "ruleName": "RuleName",
    "targetVaultName": "TargetBackupVaultName",
    "schedule": "ScheduleExpression",
    "scheduleExpressionTimezone": "ScheduleExpressionTimezone",
    "startWindow": "StartWindowMinutes",
    "completionWindow": "CompletionWindowMinutes",
    "recoveryPointTags": "RecoveryPointTags",
}


def _create_vault(call: Call) -> Created:
    names = {"name": "BackupVaultName", "kmsKeyArn": "EncryptionKeyArn", "tags": "BackupVaultTags"}
    made = call.client("backup").create_backup_vault(**call.arguments(names))
    return made["BackupVaultName"], {"arn": made["BackupVaultArn"], "recoveryPoints": 0}


def _retag(call: Call) -> Properties:
    backup, arn = call.client("backup"), call.outputs["arn"]
    retag(
        call,
        lambda _: backup.tag_resource(ResourceArn=arn, Tags=dict(call.inputs["tags"])),
        lambda keys: backup.untag_resource(ResourceArn=arn, TagKeyList=keys),
    )
    return {}


def _delete_vault(call: Call) -> None:
    call.client("backup").delete_backup_vault(BackupVaultName=call.id)


def _put_policy(call: Call) -> Created:
    vault = call.inputs["backupVaultName"]
    call.client("backup").put_backup_vault_access_policy(
        BackupVaultName=vault, Policy=call.inputs["policy"]
    )
    return vault, {}


def _delete_policy(call: Call) -> None:
    call.client("backup").delete_backup_vault_access_policy(BackupVaultName=call.id)


def _plan(call: Call) -> dict[str, Any]:
    return {
        "BackupPlanName": call.inputs["name"],
        "Rules": [_rule(row) for row in call.inputs["rules"]],
    }


def _rule(given: Properties) -> dict[str, Any]:
    if unknown := set(given) - {*_RULE, "copyActions"}:
        raise ValueError(f"the simulated world ignores rules.{min(unknown)}")
    rule: dict[str, Any] = {name: given[key] for key, name in _RULE.items() if key in given}
    copies = [
        {"DestinationBackupVaultArn": one["destinationVaultArn"]}
        for one in given.get("copyActions", [])
    ]
    return {**rule, **({"CopyActions": copies} if copies else {})}


def _create_plan(call: Call) -> Created:
    made = call.client("backup").create_backup_plan(
        BackupPlan=_plan(call), BackupPlanTags=dict(call.inputs.get("tags", {}))
    )
    return made["BackupPlanId"], {"arn": made["BackupPlanArn"], "version": made["VersionId"]}


def _update_plan(call: Call) -> Properties:
    returned = _retag(call)
    if call.changed & {"name", "rules"}:
        made = call.client("backup").update_backup_plan(
            BackupPlanId=call.id, BackupPlan=_plan(call)
        )
        return {**returned, "version": made["VersionId"]}
    return returned


def _delete_plan(call: Call) -> None:
    call.client("backup").delete_backup_plan(BackupPlanId=call.id)


def _create_selection(call: Call) -> Created:
    conditions = {
        "StringEquals": [
            {"ConditionKey": each["key"], "ConditionValue": each["value"]}
            for row in call.inputs.get("conditions", [])
            for each in row["stringEquals"]
        ]
    }
    selection = {
        "SelectionName": call.inputs["name"],
        "IamRoleArn": call.inputs["iamRoleArn"],
        "Resources": call.inputs.get("resources", []),
        "Conditions": conditions,
    }
    made = call.client("backup").create_backup_selection(
        BackupPlanId=call.inputs["planId"], BackupSelection=selection
    )
    return made["SelectionId"], {}


def _delete_selection(call: Call) -> None:
    call.client("backup").delete_backup_selection(
        BackupPlanId=call.inputs["planId"], SelectionId=call.id
    )


HANDLERS = {
    "aws:backup/vault:Vault": Handler(
        create=_create_vault,
        update=_retag,
        delete=_delete_vault,
        applied=words("name kmsKeyArn tags"),
        recorded=words("forceDestroy"),
        replace_on=words("name kmsKeyArn"),
        named_by="name",
    ),
    "aws:backup/vaultPolicy:VaultPolicy": Handler(
        create=_put_policy,
        update=lambda call: _put_policy(call)[1],
        delete=_delete_policy,
        applied=words("backupVaultName policy"),
        replace_on=words("backupVaultName"),
    ),
    "aws:backup/plan:Plan": Handler(
        create=_create_plan,
        update=_update_plan,
        delete=_delete_plan,
        applied=words("name rules tags"),
    ),
    "aws:backup/selection:Selection": Handler(
        create=_create_selection,
        delete=_delete_selection,
        applied=words("name planId iamRoleArn resources conditions"),
    ),
}
