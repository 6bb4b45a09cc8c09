"""Looks at what moves traffic: the records of the zone's name and the health checks on latches.

Both are Route 53's, whose API lives in us-east-1: asked in peace, never during a failover.
"""

from collections.abc import Mapping
from typing import Any

from cloud.door import Door
from cloud.permitted import permitted
from continuity.permissions import LIST_RECORDS, READ_CHECK, READ_CHECK_STATUS
from failover.readiness.picture import Calculated, CheckSettings, HealthCheck, Record


@permitted(LIST_RECORDS)
def records(door: Door, hosted_zone: str, name: str) -> frozenset[Record]:
    """Return every address record of the zone's name and of `standby.` before it."""
    found: list[Record] = []
    asked: dict[str, object] = {}
    while True:
        page = door.read("route53", "ListResourceRecordSets", HostedZoneId=hosted_zone, **asked)
        found += [_record(row) for row in page["ResourceRecordSets"] if row["Type"] in _ADDRESSES]
        if not page.get("IsTruncated"):
            break
        asked = {
            "StartRecordName": page["NextRecordName"],
            "StartRecordType": page["NextRecordType"],
        }
        if page.get("NextRecordIdentifier"):
            asked["StartRecordIdentifier"] = page["NextRecordIdentifier"]
    return frozenset(one for one in found if one.name in {name, f"standby.{name}"})


_ADDRESSES = frozenset({"A", "AAAA", "CNAME"})


@permitted(READ_CHECK, READ_CHECK_STATUS)
def health_check(door: Door, identifier: str) -> HealthCheck:
    """Return a health check's settings and what the checkers found last."""
    config = _config(door, identifier)
    status = door.read("route53", "GetHealthCheckStatus", HealthCheckId=identifier)
    reports = [row.get("StatusReport", {}) for row in status["HealthCheckObservations"]]
    return HealthCheck(
        _settings(config),
        tuple(report.get("Status", "").startswith("Success") for report in reports),
    )


@permitted(READ_CHECK)
def calculated(door: Door, identifier: str) -> Calculated:
    """Return a calculated check with the settings of its children, sorted."""
    config = _config(door, identifier)
    children = [_settings(_config(door, one)) for one in config.get("ChildHealthChecks", ())]
    return Calculated(
        kind=config.get("Type", ""),
        threshold=config.get("HealthThreshold", 0),
        inverted=config.get("Inverted", False),
        disabled=config.get("Disabled", False),
        children=tuple(sorted(children, key=str)),
    )


def _config(door: Door, identifier: str) -> Mapping[str, Any]:
    found = door.read("route53", "GetHealthCheck", HealthCheckId=identifier)["HealthCheck"]
    config: Mapping[str, Any] = found["HealthCheckConfig"]
    return config


def _settings(config: Mapping[str, Any]) -> CheckSettings:
    return CheckSettings(
        host=config.get("FullyQualifiedDomainName", ""),
        path=config.get("ResourcePath", ""),
        inverted=config.get("Inverted", False),
        interval_s=config.get("RequestInterval", 0),
        threshold=config.get("FailureThreshold", 0),
        disabled=config.get("Disabled", False),
        search=config.get("SearchString", ""),
    )


def _record(row: Mapping[str, Any]) -> Record:
    alias = row.get("AliasTarget", {})
    values = [one["Value"] for one in row.get("ResourceRecords", ())]
    return Record(
        name=_bare(row["Name"]),
        role=row.get("Failover", ""),
        target=_bare(alias.get("DNSName") or ",".join(values)),
        check=row.get("HealthCheckId", ""),
        evaluates_target=alias.get("EvaluateTargetHealth", False),
    )


def _bare(name: str) -> str:
    return name.rstrip(".").removeprefix("dualstack.").lower()
