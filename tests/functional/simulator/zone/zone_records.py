"""The records and health checks that lead clients of the small zone to one of its sites.

`conftest.py` loads it by its path: tests are no package.
"""

from typing import Any

from continuity import naming
from continuity.manifest import Site, Traffic, Witness
from continuity.zone import SiteName
from simulator import backstage


def build_records(name: str, sites: dict[SiteName, Site], witness: Witness) -> Traffic:
    route53 = backstage.client("route53", "us-east-1")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    away, latch = sites[SiteName.AWAY], sites[SiteName.AWAY].latch
    at_away, at_witness = (latch.bucket, away.region), (witness.bucket, witness.region)
    closed, again = (
        build_check(route53, at_away, latch.closed_key, reference, Inverted=True)
        for reference in ("closed", "closed again")
    )
    opened = build_check(route53, at_away, latch.open_key, "opened")
    text = {"Type": "HTTPS_STR_MATCH", "SearchString": naming.WARRANTED}
    warrants = [
        build_check(route53, where, latch.warrant_key, where[0], **text)
        for where in (at_away, at_witness)
    ]
    children = [closed, again, *warrants]
    counted = {"Type": "CALCULATED", "ChildHealthChecks": children, "HealthThreshold": 3}
    serves = route53.create_health_check(CallerReference="serves", HealthCheckConfig=counted)
    fronts = sites[SiteName.HOME].hosting.load_balancer, away.hosting.load_balancer
    rows = [
        (f"standby.{name}", "PRIMARY", fronts[1], opened),
        (f"standby.{name}", "SECONDARY", away.hosting.holding_page, None),
        (name, "PRIMARY", fronts[0], serves["HealthCheck"]["Id"]),
        (name, "SECONDARY", f"standby.{name}", None),
    ]
    for row in rows:
        change = {"Action": "CREATE", "ResourceRecordSet": record(zone, *row)}
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})
    return Traffic(name, zone, ttl_s=60, check_interval_s=10, failure_threshold=3)


def build_check(route53: Any, where: tuple[str, str], key: str, name: str, **more: object) -> str:  # noqa: ANN401 - a boto3 client
    host = f"{where[0]}.s3.{where[1]}.amazonaws.com"
    told = {"Type": "HTTPS", "FullyQualifiedDomainName": host, "ResourcePath": f"/{key}"}
    pace = {"Port": 443, "RequestInterval": 10, "FailureThreshold": 3}
    reply = route53.create_health_check(
        CallerReference=name, HealthCheckConfig={**told, **pace, **more}
    )
    return str(reply["HealthCheck"]["Id"])


def record(zone: str, name: str, role: str, target: str, check: str | None) -> dict[str, Any]:
    alias_zone = zone.rsplit("/", 1)[-1]
    if target.endswith("amazonaws.com"):
        alias_zone = balancer_zone(target)
    found = {
        "Name": name,
        "Type": "A",
        "SetIdentifier": f"{name} {role}",
        "Failover": role,
        "AliasTarget": {
            "HostedZoneId": alias_zone,
            "DNSName": target,
            "EvaluateTargetHealth": False,
        },
    }
    return found if check is None else {**found, "HealthCheckId": check}


def balancer_zone(dns_name: str) -> str:
    region = dns_name.split(".")[1]
    balancers = backstage.client("elbv2", region).describe_load_balancers()["LoadBalancers"]
    return next(str(b["CanonicalHostedZoneId"]) for b in balancers if b["DNSName"] == dns_name)
