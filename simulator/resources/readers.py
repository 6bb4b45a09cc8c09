"""How the provider reads an existing object back: what refresh puts into the state, and import.

`simulator.refreshing` asks. Types without a reader are left as the state has them. As in
terraform-provider-aws an instance is found by its `DbiResourceId`, which is its id, or by its
identifier where that is all that an import says; a promoted replica has no source any more
(`aws_db_instance`, `resourceInstanceRead`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from simulator.resources.databases import DESCRIBED, outputs_of
from simulator.resources.handler import Call
from simulator.values import Properties

_RESOURCE = "db-"


@dataclass(frozen=True)
class Reading:
    """An object as AWS has it: inputs under pulumi-aws's names, None for what it lacks."""

    id: str
    inputs: Mapping[str, Any]
    outputs: Properties = field(default_factory=dict)


Reader = Callable[[Call], Reading | None]
"""Reads one object by `call.id`; nothing where AWS has none."""


def _instance(call: Call) -> Reading | None:
    rds = call.client("rds")
    by_resource = {"Filters": [{"Name": "dbi-resource-id", "Values": [call.id]}]}
    by_name = {"DBInstanceIdentifier": call.id}
    try:
        found = rds.describe_db_instances(
            **(by_resource if call.id.startswith(_RESOURCE) else by_name)
        )["DBInstances"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "DBInstanceNotFound":
            raise
        return None
    if not found:
        return None
    [instance] = found
    tags = {tag["Key"]: tag["Value"] for tag in instance.get("TagList", [])}
    inputs = {key: instance.get(name) for key, name in DESCRIBED.items()}
    return Reading(
        instance["DbiResourceId"],
        {
            **inputs,
            "region": call.region,
            "dbSubnetGroupName": instance.get("DBSubnetGroup", {}).get("DBSubnetGroupName"),
            "parameterGroupName": instance["DBParameterGroups"][0]["DBParameterGroupName"],
            "vpcSecurityGroupIds": [
                group["VpcSecurityGroupId"] for group in instance["VpcSecurityGroups"]
            ],
            "port": instance["Endpoint"]["Port"],
            "replicateSourceDb": instance.get("ReadReplicaSourceDBInstanceIdentifier") or None,
            "tags": tags,
        },
        outputs_of(instance),
    )


def _service(call: Call) -> Reading | None:
    ecs = call.client("ecs")
    cluster = call.inputs["cluster"]
    found = ecs.describe_services(cluster=cluster, services=[call.id])["services"]
    active = [service for service in found if service["status"] != "INACTIVE"]
    if not active:
        return None
    keys = ("desiredCount", "taskDefinition")
    return Reading(call.id, {key: active[0][key] for key in keys})


def _target(call: Call) -> Reading | None:
    found = call.client("application-autoscaling").describe_scalable_targets(
        ServiceNamespace=call.inputs["serviceNamespace"],
        ResourceIds=[call.inputs["resourceId"]],
    )["ScalableTargets"]
    if not found:
        return None
    limits = {"minCapacity": "MinCapacity", "maxCapacity": "MaxCapacity"}
    return Reading(call.id, {key: found[0][name] for key, name in limits.items()})


def _log_group(call: Call) -> Reading | None:
    found = call.client("logs").describe_log_groups(logGroupNamePrefix=call.id)["logGroups"]
    group = next((one for one in found if one["logGroupName"] == call.id), None)
    if group is None:
        return None
    inputs = {
        "name": call.id,
        "region": call.region,
        "retentionInDays": group.get("retentionInDays"),
        "kmsKeyId": group.get("kmsKeyId"),
    }
    return Reading(call.id, inputs, {"arn": group["arn"].removesuffix(":*")})


READERS: Mapping[str, Reader] = {
    "aws:rds/instance:Instance": _instance,
    "aws:ecs/service:Service": _service,
    "aws:appautoscaling/target:Target": _target,
    "aws:cloudwatch/logGroup:LogGroup": _log_group,
}
