"""Load balancers, target groups and listeners.

`simulator.resources.table` gathers `HANDLERS`.
"""

from typing import Any

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag
from simulator.values import Properties

_ATTRIBUTES = {
    "dropInvalidHeaderFields": "routing.http.drop_invalid_header_fields.enabled",
    "enableDeletionProtection": "deletion_protection.enabled",
}
_CHECK = {
    "path": "HealthCheckPath",
    "interval": "HealthCheckIntervalSeconds",
    "timeout": "HealthCheckTimeoutSeconds",
    "healthyThreshold": "HealthyThresholdCount",
    "unhealthyThreshold": "UnhealthyThresholdCount",
}


def _create_balancer(call: Call) -> Created:
    names = {"name": "Name", "securityGroups": "SecurityGroups", "subnets": "Subnets"}
    internal = call.inputs.get("internal", False)
    balancer = call.client("elbv2").create_load_balancer(
        **call.arguments(names),
        Type=call.inputs.get("loadBalancerType", "application"),
        Scheme="internal" if internal else "internet-facing",
        Tags=call.tags(),
    )["LoadBalancers"][0]
    arn = balancer["LoadBalancerArn"]
    _set_attributes(call, arn)
    outputs = {
        "arn": arn,
        "arnSuffix": arn.partition(":loadbalancer/")[2],
        "dnsName": balancer["DNSName"],
        "vpcId": balancer["VpcId"],
        "zoneId": balancer["CanonicalHostedZoneId"],
    }
    return arn, outputs


def _set_attributes(call: Call, arn: str) -> None:
    attributes = [
        {"Key": name, "Value": _spelled(call.inputs[key])}
        for key, name in _ATTRIBUTES.items()
        if key in call.inputs
    ]
    if attributes:
        call.client("elbv2").modify_load_balancer_attributes(
            LoadBalancerArn=arn, Attributes=attributes
        )


def _spelled(value: object) -> str:
    return str(value).lower()


def _update_balancer(call: Call) -> Properties:
    balancing = call.client("elbv2")
    _set_attributes(call, call.id)
    if "securityGroups" in call.changed:
        groups = call.inputs["securityGroups"]
        balancing.set_security_groups(LoadBalancerArn=call.id, SecurityGroups=groups)
    if "subnets" in call.changed:
        balancing.set_subnets(LoadBalancerArn=call.id, Subnets=call.inputs["subnets"])
    _retag(call)
    return {}


def _retag(call: Call) -> None:
    balancing = call.client("elbv2")
    retag(
        call,
        lambda tags: balancing.add_tags(ResourceArns=[call.id], Tags=tags),
        lambda keys: balancing.remove_tags(ResourceArns=[call.id], TagKeys=keys),
    )


def _delete_balancer(call: Call) -> None:
    call.client("elbv2").delete_load_balancer(LoadBalancerArn=call.id)


def _health_check(call: Call) -> dict[str, Any]:
    given = call.inputs.get("healthCheck", {})
    arguments = {name: given[key] for key, name in _CHECK.items() if key in given}
    if "matcher" in given:
        arguments["Matcher"] = {"HttpCode": given["matcher"]}
    return arguments


def _create_group(call: Call) -> Created:
    names = {
        "name": "Name",
        "port": "Port",
        "protocol": "Protocol",
        "targetType": "TargetType",
        "vpcId": "VpcId",
    }
    group = call.client("elbv2").create_target_group(
        **call.arguments(names), **_health_check(call), Tags=call.tags()
    )["TargetGroups"][0]
    arn = group["TargetGroupArn"]
    _set_delay(call, arn)
    return arn, {"arn": arn, "arnSuffix": arn.rpartition(":")[2]}


def _set_delay(call: Call, arn: str) -> None:
    if "deregistrationDelay" in call.inputs:
        delay = {
            "Key": "deregistration_delay.timeout_seconds",
            "Value": str(call.inputs["deregistrationDelay"]),
        }
        call.client("elbv2").modify_target_group_attributes(TargetGroupArn=arn, Attributes=[delay])


def _update_group(call: Call) -> Properties:
    _set_delay(call, call.id)
    if "healthCheck" in call.changed:
        call.client("elbv2").modify_target_group(TargetGroupArn=call.id, **_health_check(call))
    _retag(call)
    return {}


def _delete_group(call: Call) -> None:
    call.client("elbv2").delete_target_group(TargetGroupArn=call.id)


HANDLERS = {
    "aws:lb/loadBalancer:LoadBalancer": Handler(
        create=_create_balancer,
        update=_update_balancer,
        delete=_delete_balancer,
        applied=words("name loadBalancerType internal securityGroups subnets tags")
        | set(_ATTRIBUTES),
        replace_on=words("name loadBalancerType internal"),
        named_by="name",
    ),
    "aws:lb/targetGroup:TargetGroup": Handler(
        create=_create_group,
        update=_update_group,
        delete=_delete_group,
        applied=words("name port protocol targetType vpcId deregistrationDelay healthCheck tags"),
        replace_on=words("name port protocol targetType vpcId"),
        named_by="name",
    ),
}
