"""Load balancers: names, hosted zones, certificates and targets, beside plain moto."""

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core import errors
from moto.elbv2.exceptions import ELBClientError

from simulator.backstage import client
from simulator.world import World

REGION = "eu-central-1"


def subnets() -> list[str]:
    return [row["SubnetId"] for row in client("ec2", REGION).describe_subnets()["Subnets"]]


def make(name: str = "platform", chosen: list[str] | None = None) -> dict[str, Any]:
    made: dict[str, Any] = client("elbv2", REGION).create_load_balancer(
        Name=name, Subnets=chosen or subnets()[:2]
    )["LoadBalancers"][0]
    return made


def listen(balancer: dict[str, Any], **settings: object) -> None:
    client("elbv2", REGION).create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        DefaultActions=[
            {
                "Type": "fixed-response",
                "FixedResponseConfig": {"StatusCode": "503", "ContentType": "text/html"},
            }
        ],
        **settings,
    )


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=1) as entered:
        yield entered


def test_a_load_balancer_is_in_its_regions_own_hosted_zone() -> None:
    with World(seed=1, corrected=False):
        assert make()["CanonicalHostedZoneId"] == "Z2P70J7EXAMPLE"
    with World(seed=1):
        assert make()["CanonicalHostedZoneId"] == "Z215JYRZR1TBD5"


def test_a_name_is_one_load_balancer() -> None:
    with World(seed=1, corrected=False):
        assert make()["LoadBalancerArn"] != make()["LoadBalancerArn"]
    with World(seed=1):
        assert make()["LoadBalancerArn"] == make()["LoadBalancerArn"]
        with pytest.raises(ClientError, match="DuplicateLoadBalancerName"):
            make(chosen=subnets()[1:3])


def test_one_availability_zone_is_not_enough() -> None:
    with World(seed=1, corrected=False):
        assert make(chosen=subnets()[:1])["LoadBalancerName"] == "platform"
    with World(seed=1):
        with pytest.raises(ClientError, match="two different Availability Zones"):
            make(chosen=subnets()[:1])
        assert client("elbv2", REGION).describe_load_balancers()["LoadBalancers"] == []


def test_https_needs_a_certificate_that_was_issued() -> None:
    def pending() -> list[dict[str, str]]:
        made = client("acm", REGION).request_certificate(
            DomainName="a.example.com", ValidationMethod="DNS"
        )
        return [{"CertificateArn": made["CertificateArn"]}]

    with World(seed=1, corrected=False):
        listen(make(), Protocol="HTTPS", Port=443)
        listen(make(), Protocol="HTTPS", Port=8443, Certificates=pending())
    with World(seed=1):
        balancer = make()
        with pytest.raises(ClientError, match="certificate must be specified"):
            listen(balancer, Protocol="HTTPS", Port=443)
        with pytest.raises(ClientError, match="UnsupportedCertificate"):
            listen(balancer, Protocol="HTTPS", Port=443, Certificates=pending())
        listen(balancer, Protocol="HTTP", Port=80)


def test_the_targets_of_a_service_are_its_running_tasks(world: World) -> None:
    elbv2, ecs = client("elbv2", REGION), client("ecs", REGION)
    vpc = client("ec2", REGION).describe_vpcs()["Vpcs"][0]["VpcId"]
    group = elbv2.create_target_group(
        Name="app", Protocol="HTTP", Port=80, VpcId=vpc, TargetType="ip"
    )["TargetGroups"][0]["TargetGroupArn"]
    elbv2.create_listener(
        LoadBalancerArn=make()["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )
    ecs.create_cluster(clusterName="zone")
    ecs.register_task_definition(
        family="app", containerDefinitions=[{"name": "app", "image": "app:1", "memory": 512}]
    )
    ecs.create_service(
        cluster="zone",
        serviceName="platform",
        taskDefinition="app",
        desiredCount=3,
        loadBalancers=[{"targetGroupArn": group, "containerName": "app", "containerPort": 80}],
    )

    def healthy() -> int:
        found = elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        assert len({row["Target"]["Id"] for row in found}) == len(found)
        return sum(row["TargetHealth"]["State"] == "healthy" for row in found)

    assert healthy() == 0
    world.clock.sleep(240)
    assert healthy() == 3
    ecs.update_service(cluster="zone", service="platform", desiredCount=1)
    world.clock.sleep(120)
    assert healthy() == 1


def test_a_code_that_aws_uses_and_its_own_model_leaves_out_is_no_mistake() -> None:
    def complaints(*, corrected: bool) -> int:
        with World(seed=1, corrected=corrected), warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            model = client("elbv2", REGION).meta.service_model
            errors.get_error_model(ELBClientError("UnsupportedCertificate", "no"), model)
            return len(told)

    assert complaints(corrected=False) == 1
    assert complaints(corrected=True) == 0
