import json
from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.program import Outcome, run_program
from simulator.state import Resource
from stacks.network import Tier, blocks

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
SITES = ("home", "away")
PROJECT = Path(__file__).parents[3]


def group(ledger: Outcome, site: str, tier: str) -> str:
    return ledger.named(f"ops-{site}-network-firewall-{tier}").urn


def rules(ledger: Outcome, kind: str, urn: str) -> Iterator[Resource]:
    for rule in ledger.of(kind):
        if rule.property_dependencies["securityGroupId"] == (urn,):
            yield rule


@pytest.mark.parametrize("site", SITES)
def test_a_database_admits_the_application_and_the_prober_and_nobody_else(
    ledger: Outcome, site: str
) -> None:
    found = list(rules(ledger, INGRESS, group(ledger, site, "database")))
    admitted = [one.property_dependencies["referencedSecurityGroupId"] for one in found]
    prober = next(
        each.urn
        for each in ledger.of("aws:ec2/securityGroup:SecurityGroup")
        if each.urn.endswith(f"{site}-prober-firewall-prober")
    )
    assert sorted(admitted) == sorted([(group(ledger, site, "application"),), (prober,)])
    assert {(one.inputs["fromPort"], one.inputs["toPort"]) for one in found} == {(5432, 5432)}
    assert not any("cidrIpv4" in one.inputs for one in found)


def test_what_is_built_anew_stands_in_a_group_of_its_own_and_the_old_one_is_left(
    zone: dict[str, Any],
) -> None:
    """The group of the site that was left is shut, and nobody opens it behind the program."""
    zone["sites"]["home"]["incarnation"] = 2
    anew = run_program(PROJECT, "ops", preview=True, config={"holdfast:zone": zone})
    made = anew.named("ops-home-network-firewall-database-2")
    assert made.inputs["name"] == "ops-home-database-2"
    assert made.options.retain_on_delete
    assert len(list(rules(anew, INGRESS, made.urn))) == 2
    stands_in = {
        each.property_dependencies["vpcSecurityGroupIds"]
        for each in anew.of("aws:rds/instance:Instance")
        if str(each.inputs["identifier"]).endswith("-home-2")
    }
    assert stands_in == {(made.urn,)}


@pytest.mark.parametrize("site", SITES)
def test_a_database_may_call_nobody(ledger: Outcome, site: str) -> None:
    assert list(rules(ledger, EGRESS, group(ledger, site, "database"))) == []


@pytest.mark.parametrize("site", SITES)
def test_the_application_admits_load_balancers_only(ledger: Outcome, site: str) -> None:
    found = list(rules(ledger, INGRESS, group(ledger, site, "application")))
    assert [rule.property_dependencies["referencedSecurityGroupId"] for rule in found] == [
        (group(ledger, site, "load-balancer"),)
    ]
    assert found[0].inputs["fromPort"] == 8080


@pytest.mark.parametrize("site", SITES)
def test_the_application_may_call_its_databases_and_aws_and_nothing_else(
    ledger: Outcome, site: str
) -> None:
    found = list(rules(ledger, EGRESS, group(ledger, site, "application")))
    assert sorted(
        target.rsplit("::", 1)[1]
        for rule in found
        for key in ("referencedSecurityGroupId", "prefixListId")
        for target in rule.property_dependencies.get(key, ())
    ) == [
        f"ops-{site}-network-endpoints-dynamodb",
        f"ops-{site}-network-endpoints-s3",
        f"ops-{site}-network-firewall-database",
        f"ops-{site}-network-firewall-endpoints",
        f"ops-safekeeping-files-shared-{site}-group",
    ]
    assert not [rule for rule in found if "cidrIpv4" in rule.inputs]


def test_only_load_balancers_are_open_to_the_internet(ledger: Outcome) -> None:
    opened = {
        rule.property_dependencies["securityGroupId"][0]
        for rule in ledger.of(INGRESS)
        if rule.inputs.get("cidrIpv4") == "0.0.0.0/0"
    }
    assert opened == {group(ledger, site, "load-balancer") for site in SITES}


def test_databases_and_tasks_have_no_route_to_the_internet(ledger: Outcome) -> None:
    tables = {
        table.rsplit("::", 1)[1]
        for route in ledger.of("aws:ec2/route:Route")
        for table in route.property_dependencies["routeTableId"]
    }
    assert tables == {"ops-home-network-public-routes", "ops-away-network-public-routes"}


@pytest.mark.parametrize("site", SITES)
def test_a_load_balancer_waits_for_the_way_to_the_internet(ledger: Outcome, site: str) -> None:
    """Pulumi makes at once what waits for nothing, and AWS refuses one without a gateway."""
    by_urn = {resource.urn: resource for resource in ledger.resources}
    way = ledger.named(f"ops-{site}-network-internet-route").urn
    region = by_urn[way].inputs["region"]
    balancers = [
        one
        for one in ledger.of("aws:lb/loadBalancer:LoadBalancer")
        if one.inputs["region"] == region
    ]
    assert len(balancers) == 2
    for balancer in balancers:
        subnets = balancer.property_dependencies["subnets"]
        assert all(way in by_urn[subnet].dependencies for subnet in subnets), balancer.name


def test_a_task_finds_every_service_that_it_starts_with_inside(ledger: Outcome) -> None:
    services = {
        endpoint.inputs["serviceName"] for endpoint in ledger.of("aws:ec2/vpcEndpoint:VpcEndpoint")
    }
    names = ("s3", "dynamodb", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "kms")
    assert services == {
        f"com.amazonaws.{region}.{name}" for region in ("eu-west-1", "eu-west-2") for name in names
    }


def test_databases_lie_in_isolated_subnets_of_two_zones(ledger: Outcome) -> None:
    subnets = ledger.named("ops-away-network-databases").property_dependencies["subnetIds"]
    zones = [ledger_zone(ledger, urn) for urn in subnets]
    assert sorted(zones) == ["eu-west-1a", "eu-west-1b"]
    assert all("-isolated-" in urn for urn in subnets)


def ledger_zone(ledger: Outcome, urn: str) -> str:
    subnet = next(resource for resource in ledger.resources if resource.urn == urn)
    zone: str = subnet.inputs["availabilityZone"]
    return zone


def test_every_network_is_logged(ledger: Outcome) -> None:
    logged = {
        log.property_dependencies["vpcId"][0].rsplit("::", 1)[1]
        for log in ledger.of("aws:ec2/flowLog:FlowLog")
    }
    assert logged == {"ops-home-network-vpc", "ops-away-network-vpc"}


def test_a_flow_log_may_write_its_own_group_and_only_list_the_others(ledger: Outcome) -> None:
    policy = json.loads(ledger.named("ops-away-network-flow-logs-policy").inputs["policy"])
    allowed = {
        action: statement["Resource"]
        for statement in policy["Statement"]
        for action in statement["Action"]
    }
    prefix = "arn:aws:logs:eu-west-1:123456789012:log-group"
    group = f"{prefix}:/holdfast/ops/away/flow-logs"
    assert allowed == {
        "logs:CreateLogStream": [group, f"{group}:*"],
        "logs:PutLogEvents": [group, f"{group}:*"],
        "logs:DescribeLogStreams": [group, f"{group}:*"],
        "logs:DescribeLogGroups": [f"{prefix}:*"],
    }


@given(prefix=st.integers(16, 23))
def test_tiers_share_no_address_and_a_load_balancer_finds_room(prefix: int) -> None:
    cidr = IPv4Network(f"10.64.0.0/{prefix}")
    parts = [part for tier in Tier for part in blocks(cidr, tier)]
    assert len(set(parts)) == 12
    assert all(part.subnet_of(cidr) and part.prefixlen <= 27 for part in parts)
