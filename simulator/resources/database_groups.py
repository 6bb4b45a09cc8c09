"""Subnet groups and parameter groups of databases, and backups replicated to another region.

`simulator.resources.table` gathers `HANDLERS`.
"""

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag_by_arn
from simulator.values import Properties

_SUBNETS = {
    "name": "DBSubnetGroupName",
    "description": "DBSubnetGroupDescription",
    "subnetIds": "SubnetIds",
}
_GROUP = {
    "name": "DBParameterGroupName",
    "family": "DBParameterGroupFamily",
    "description": "Description",
}
_BATCH = 20
"""ModifyDBParameterGroup takes at most 20 parameters (its API reference)."""


def _create_subnets(call: Call) -> Created:
    group = call.client("rds").create_db_subnet_group(**call.arguments(_SUBNETS), Tags=call.tags())[
        "DBSubnetGroup"
    ]
    return group["DBSubnetGroupName"], {"arn": group["DBSubnetGroupArn"], "vpcId": group["VpcId"]}


def _update_subnets(call: Call) -> Properties:
    if call.changed & {"subnetIds", "description"}:
        call.client("rds").modify_db_subnet_group(**call.arguments(_SUBNETS))
    retag_by_arn(call, "rds", "ResourceName")
    return {}


def _delete_subnets(call: Call) -> None:
    call.client("rds").delete_db_subnet_group(DBSubnetGroupName=call.id)


def _create_group(call: Call) -> Created:
    group = call.client("rds").create_db_parameter_group(
        **call.arguments(_GROUP), Tags=call.tags()
    )["DBParameterGroup"]
    _set_parameters(call)
    return group["DBParameterGroupName"], {"arn": group["DBParameterGroupArn"]}


def _set_parameters(call: Call) -> None:
    rows = [
        {
            "ParameterName": row["name"],
            "ParameterValue": row["value"],
            "ApplyMethod": row.get("applyMethod", "immediate"),
        }
        for row in call.inputs.get("parameters", [])
    ]
    for start in range(0, len(rows), _BATCH):
        call.client("rds").modify_db_parameter_group(
            DBParameterGroupName=call.inputs["name"], Parameters=rows[start : start + _BATCH]
        )


def _update_group(call: Call) -> Properties:
    if "parameters" in call.changed:
        _reset_parameters(call)
        _set_parameters(call)
    retag_by_arn(call, "rds", "ResourceName")
    return {}


def _reset_parameters(call: Call) -> None:
    kept = {row["name"] for row in call.inputs.get("parameters", [])}
    dropped = [row for row in call.before.get("parameters", []) if row["name"] not in kept]
    if dropped:
        call.client("rds").reset_db_parameter_group(
            DBParameterGroupName=call.inputs["name"],
            Parameters=[
                {"ParameterName": row["name"], "ApplyMethod": row.get("applyMethod", "immediate")}
                for row in dropped
            ],
        )


def _delete_group(call: Call) -> None:
    call.client("rds").delete_db_parameter_group(DBParameterGroupName=call.id)


def _start_replication(call: Call) -> Created:
    source = call.inputs["sourceDbInstanceArn"]
    names = {"kmsKeyId": "KmsKeyId", "retentionPeriod": "BackupRetentionPeriod"}
    backup = call.client("rds").start_db_instance_automated_backups_replication(
        SourceDBInstanceArn=source, SourceRegion=source.split(":")[3], **call.arguments(names)
    )["DBInstanceAutomatedBackup"]
    return backup["DBInstanceAutomatedBackupsArn"], {}


def _stop_replication(call: Call) -> None:
    call.client("rds").stop_db_instance_automated_backups_replication(
        SourceDBInstanceArn=call.inputs["sourceDbInstanceArn"]
    )


HANDLERS = {
    "aws:rds/subnetGroup:SubnetGroup": Handler(
        create=_create_subnets,
        update=_update_subnets,
        delete=_delete_subnets,
        applied=words("tags") | set(_SUBNETS),
        replace_on=words("name"),
        named_by="name",
    ),
    "aws:rds/parameterGroup:ParameterGroup": Handler(
        create=_create_group,
        update=_update_group,
        delete=_delete_group,
        applied=words("parameters tags") | set(_GROUP),
        replace_on=words("name family description"),
        named_by="name",
    ),
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": Handler(
        create=_start_replication,
        delete=_stop_replication,
        applied=words("sourceDbInstanceArn kmsKeyId retentionPeriod"),
        named_by="sourceDbInstanceArn",
    ),
}
