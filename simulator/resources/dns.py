"""Hosted zones, records and health checks. Route 53 is global: no region.

`simulator.resources.table` gathers `HANDLERS`.
"""

from collections.abc import Mapping
from typing import Any

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag
from simulator.values import Properties

_CHECK = {
    "fqdn": "FullyQualifiedDomainName",
    "port": "Port",
    "resourcePath": "ResourcePath",
    "failureThreshold": "FailureThreshold",
    "invertHealthcheck": "Inverted",
    "enableSni": "EnableSNI",
    "searchString": "SearchString",
    "childHealthchecks": "ChildHealthChecks",
    "childHealthThreshold": "HealthThreshold",
}
_FIXED = {"type": "Type", "requestInterval": "RequestInterval"}


def _create_zone(call: Call) -> Created:
    made = call.client("route53").create_hosted_zone(
        Name=call.inputs["name"],
        CallerReference=call.name,
        HostedZoneConfig={"Comment": call.inputs.get("comment", "Managed by Pulumi")},
    )
    identity = made["HostedZone"]["Id"].removeprefix("/hostedzone/")
    _tag(call, "hostedzone", identity)
    servers = made["DelegationSet"]["NameServers"]
    outputs = {
        "arn": f"arn:aws:route53:::hostedzone/{identity}",
        "zoneId": identity,
        "nameServers": servers,
        "primaryNameServer": servers[0],
    }
    return identity, outputs


def _update_zone(call: Call) -> Properties:
    if "comment" in call.changed:
        call.client("route53").update_hosted_zone_comment(
            Id=call.id, Comment=call.inputs.get("comment", "Managed by Pulumi")
        )
    _retag(call, "hostedzone")
    return {}


def _delete_zone(call: Call) -> None:
    call.client("route53").delete_hosted_zone(Id=call.id)


def _tag(call: Call, kind: str, identity: str) -> None:
    if call.tags():
        call.client("route53").change_tags_for_resource(
            ResourceType=kind, ResourceId=identity, AddTags=call.tags()
        )


def _retag(call: Call, kind: str) -> None:
    change = call.client("route53").change_tags_for_resource
    retag(
        call,
        lambda tags: change(ResourceType=kind, ResourceId=call.id, AddTags=tags),
        lambda keys: change(ResourceType=kind, ResourceId=call.id, RemoveTagKeys=keys),
    )


def _record_set(inputs: Mapping[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {"Name": inputs["name"], "Type": inputs["type"]}
    if "ttl" in inputs:
        record["TTL"] = inputs["ttl"]
    if "records" in inputs:
        record["ResourceRecords"] = [{"Value": value} for value in inputs["records"]]
    for alias in inputs.get("aliases", []):
        record["AliasTarget"] = {
            "HostedZoneId": alias["zoneId"],
            "DNSName": alias["name"],
            "EvaluateTargetHealth": alias["evaluateTargetHealth"],
        }
    if "setIdentifier" in inputs:
        record["SetIdentifier"] = inputs["setIdentifier"]
    for policy in inputs.get("failoverRoutingPolicies", []):
        record["Failover"] = policy["type"]
    if "healthCheckId" in inputs:
        record["HealthCheckId"] = inputs["healthCheckId"]
    return record


def _change_record(call: Call, action: str, inputs: Mapping[str, Any]) -> None:
    call.client("route53").change_resource_record_sets(
        HostedZoneId=inputs["zoneId"],
        ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": _record_set(inputs)}]},
    )


def _create_record(call: Call) -> Created:
    _change_record(call, "UPSERT" if call.inputs.get("allowOverwrite") else "CREATE", call.inputs)
    name = call.inputs["name"].rstrip(".")
    parts = [call.inputs["zoneId"], name, call.inputs["type"]]
    if "setIdentifier" in call.inputs:
        parts.append(call.inputs["setIdentifier"])
    return "_".join(parts), {"fqdn": name}


def _update_record(call: Call) -> Properties:
    _change_record(call, "UPSERT", call.inputs)
    return {}


def _delete_record(call: Call) -> None:
    _change_record(call, "DELETE", call.inputs)


def _create_check(call: Call) -> Created:
    check = call.client("route53").create_health_check(
        CallerReference=call.name, HealthCheckConfig=call.arguments({**_FIXED, **_CHECK})
    )["HealthCheck"]
    _tag(call, "healthcheck", check["Id"])
    return check["Id"], {"arn": f"arn:aws:route53:::healthcheck/{check['Id']}"}


def _update_check(call: Call) -> Properties:
    if call.changed - {"tags"}:
        call.client("route53").update_health_check(HealthCheckId=call.id, **call.arguments(_CHECK))
    _retag(call, "healthcheck")
    return {}


def _delete_check(call: Call) -> None:
    call.client("route53").delete_health_check(HealthCheckId=call.id)


HANDLERS = {
    "aws:route53/zone:Zone": Handler(
        create=_create_zone,
        update=_update_zone,
        delete=_delete_zone,
        applied=words("name comment tags"),
        recorded=words("enableAcceleratedRecovery"),
        replace_on=words("name"),
        regional=False,
    ),
    "aws:route53/record:Record": Handler(
        create=_create_record,
        update=_update_record,
        delete=_delete_record,
        applied=words(
            "zoneId name type ttl records allowOverwrite setIdentifier aliases "
            "failoverRoutingPolicies healthCheckId"
        ),
        replace_on=words("zoneId name type setIdentifier"),
        named_by="name",
        regional=False,
    ),
    "aws:route53/healthCheck:HealthCheck": Handler(
        create=_create_check,
        update=_update_check,
        delete=_delete_check,
        applied=words("tags") | set(_FIXED) | set(_CHECK),
        replace_on=frozenset(_FIXED),
        regional=False,
    ),
}
